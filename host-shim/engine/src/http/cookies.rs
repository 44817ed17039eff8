//! Which cookies of a request a plugin sees.

/// What names of a plugin's own cookies begin with. Browsers take names with the second from the host itself alone.
const OWN: [&str; 2] = ["plugin-", "__Host-plugin-"];

/// The plugin's own cookies of a `Cookie` header. `None`: there is none. The others are the server's or a proxy's, and may sign
/// somebody in.
pub fn own_cookies(header: &str) -> Option<String> {
    let is_own = |pair: &&str| OWN.iter().any(|begin| pair.starts_with(begin));
    let own: Vec<&str> = header.split(';').map(str::trim).filter(is_own).collect();
    (!own.is_empty()).then(|| own.join("; "))
}

#[cfg(test)]
mod tests {
    use super::own_cookies;

    #[test]
    fn only_the_plugins_own_cookies_pass() {
        for (header, own) in [
            (
                "MMAUTHTOKEN=secret; __Host-plugin-zoom-browser=a; MMCSRF=b",
                Some("__Host-plugin-zoom-browser=a"),
            ),
            ("plugin-a=1;plugin-b=2; x=plugin-c=3", Some("plugin-a=1; plugin-b=2")),
            ("sso=plugin-a; Plugin-a=1; xplugin-a=1", None),
            ("", None),
        ] {
            assert_eq!(own_cookies(header).as_deref(), own, "{header}");
        }
    }
}
