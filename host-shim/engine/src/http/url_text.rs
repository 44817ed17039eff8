//! Reading URLs that others wrote.

use url::Url;

/// Parses an absolute URL, with a host in plain ASCII. `None` for everything else.
///
/// The tables for international host names are left out of `url` in this project: without them it would take such hosts for
/// something that they are not. They work in their `xn--` form.
pub(crate) fn parse_url(text: &str) -> Option<Url> {
    plain_host(text)
        .then(|| Url::parse(text).ok())
        .flatten()
        .filter(|url| url.host_str().is_some_and(is_name))
}

/// Resolves a reference, such as the one of a redirect, as [`parse_url`] would.
pub(crate) fn join_url(base: &Url, reference: &str) -> Option<Url> {
    plain_host(reference)
        .then(|| base.join(reference).ok())
        .flatten()
        .filter(|url| url.host_str().is_some_and(is_name))
}

/// Whether the text is ASCII and stays so where `url` decodes `%`: in the host.
fn plain_host(text: &str) -> bool {
    // `url` drops these wherever they are, and takes backslashes for slashes.
    let text: String = text.trim_matches(|c| c <= ' ').chars().filter(|c| !"\t\n\r".contains(*c)).collect();
    let text = text.replace('\\', "/");
    let is_scheme = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let host = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        // One slash begins a path, two a host.
        _ => text.strip_prefix("//").unwrap_or_default(),
    };
    let host = host.trim_start_matches('/').split(['/', '?', '#']).next();
    text.is_ascii() && !host.is_some_and(|host| host.contains('%'))
}

/// Whether the host is one that can exist: an address in brackets, or labels of letters, digits, hyphens and underscores.
fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    host.starts_with('[') || host.strip_suffix('.').unwrap_or(host).split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{join_url, parse_url};

    #[test]
    fn reads_urls_with_plain_hosts() {
        for (text, url) in [
            ("https://Zoom.us", "https://zoom.us/"),
            ("https://zoom.us/j/1?pwd=a%20b", "https://zoom.us/j/1?pwd=a%20b"),
            ("http://[::1]:80/", "http://[::1]/"),
            ("https://xn--zom-vma.us/", "https://xn--zom-vma.us/"),
        ] {
            assert_eq!(parse_url(text).map(String::from).as_deref(), Some(url), "{text}");
        }
    }

    #[test]
    fn refuses_hosts_that_are_no_plain_names() {
        for text in [
            "",
            "zoom.us",
            "/path",
            "https://*",
            "https://*.zoom.us/",
            "https://ÜOOM.us/",
            "https://zоom.us/",
            "https://%C3%9Com.us/",
            "https:%C3%9Com.us/",
            "https:\t/\\%C3%9Com.us/",
            "ht\ntps://%C3%9Com.us/",
            "\u{1}https://%C3%9Com.us/",
            "https://zoom.us/ü",
            "https://zoom..us/",
            "https://.zoom.us/",
            "https://a b/",
            "data:text/plain,zoom.us",
        ] {
            assert_eq!(parse_url(text), None, "{text}");
        }
    }

    #[test]
    fn resolves_references_as_urls() {
        let base = parse_url("https://zoom.us/a/b").unwrap();
        for (reference, url) in [
            ("c%20d", Some("https://zoom.us/a/c%20d")),
            ("/c%20d", Some("https://zoom.us/c%20d")),
            ("?q=%C3%BC", Some("https://zoom.us/a/b?q=%C3%BC")),
            ("//other.example/", Some("https://other.example/")),
            ("http://other.example/%C3%BC", Some("http://other.example/%C3%BC")),
            ("//%C3%9Com.us/", None),
            ("\\\\%C3%9Com.us/", None),
            ("https://ÜOOM.us/", None),
        ] {
            assert_eq!(join_url(&base, reference).map(String::from).as_deref(), url, "{reference}");
        }
    }
}
