//! The list of origins that a plugin may reach.

use std::collections::BTreeSet;
use std::net::IpAddr;

use url::{Host, Url};

use crate::http::address::is_public;
use crate::http::url_text::parse_url;

/// The origins that a plugin may reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// From the manifest: public by nature.
    patterns: Vec<Pattern>,
    /// From settings: the administrator named them, private or not.
    named: BTreeSet<Origin>,
    /// From settings: these hosts and all below them, private or not.
    domains: BTreeSet<Origin>,
}

/// Where one server is reached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Origin {
    scheme: String,
    /// As `url` writes it: lower case, punycode, IPv6 in brackets.
    host: String,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    /// With an empty host where the pattern stands for all hosts below a domain.
    origin: Origin,
    /// `.zoom.us` for `https://*.zoom.us`.
    below: Option<String>,
}

impl Origins {
    /// From the manifest's `props.http_origins` and the settings as one JSON object.
    ///
    /// An entry is an origin (`https://zoom.us`), a pattern for all hosts below a domain at any depth (`https://*.zoom.us`), the
    /// name of a setting that holds a URL (`ZoomURL`), whose origin is then allowed as it stands, or such a name for that URL's
    /// host and all hosts below it (`*.ZoomURL`), over https on its usual port or by the scheme and port of the setting. Plain
    /// http and private addresses are reached only through settings. A setting that is missing, empty or no URL allows nothing.
    /// Fails with a sentence about the first entry that is none of these.
    pub fn new<E: AsRef<str>>(http_origins: &[E], settings_json: &str) -> Result<Self, String> {
        let settings: serde_json::Value = serde_json::from_str(settings_json).unwrap_or_default();
        let mut origins = Self::default();
        for entry in http_origins {
            let entry = entry.as_ref();
            let (name, with_below) = entry.strip_prefix("*.").map_or((entry, false), |name| (name, true));
            if entry.contains("://") {
                origins.patterns.push(Pattern::parse(entry)?);
            } else if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                let url = settings.get(name).and_then(|value| value.as_str()).and_then(parse_url);
                let list = if with_below { &mut origins.domains } else { &mut origins.named };
                list.extend(url.as_ref().and_then(Origin::of));
            } else {
                return Err(format!(
                    "`{entry}` in http_origins is neither an origin nor the name of a setting"
                ));
            }
        }
        Ok(origins)
    }

    /// The URL if a request to it may be sent, as far as its text can say: a name may still turn out to be a private address,
    /// see [`may_resolve_to`](Self::may_resolve_to).
    pub(crate) fn allowed(&self, text: &str) -> Option<Url> {
        let url = parse_url(text)?;
        let origin = Origin::of(&url)?;
        let anonymous = url.username().is_empty() && url.password().is_none();
        let listed = self.named.contains(&origin)
            || self.domains.iter().any(|domain| domain.covers(&origin))
            || self.patterns.iter().any(|pattern| pattern.matches(&origin));
        (anonymous && listed).then_some(url)
    }

    /// Whether requests to this URL are sent, as far as its text can say.
    pub fn allows(&self, url: &str) -> bool {
        self.allowed(url).is_some()
    }

    /// Whether `host`, a name that is about to be connected to, may be at this address. Names that are not on the list belong to
    /// the system's proxy: requests to them have been refused before.
    pub(crate) fn may_resolve_to(&self, host: &str, address: IpAddr) -> bool {
        let named = self.named.iter().any(|origin| origin.host == host)
            || self.domains.iter().any(|domain| is_at_or_below(host, &domain.host));
        let listed = self.patterns.iter().any(|pattern| pattern.matches_host(host));
        named || !listed || is_public(address)
    }
}

impl Origin {
    /// Of an http or https URL.
    fn of(url: &Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// Whether a setting that names this origin and all below it allows the other one.
    fn covers(&self, other: &Self) -> bool {
        let same_way = other.scheme == self.scheme && other.port == self.port;
        let by_https = other.scheme == "https" && other.port == 443;
        (same_way || by_https) && is_at_or_below(&other.host, &self.host)
    }
}

fn is_at_or_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

impl Pattern {
    fn parse(entry: &str) -> Result<Self, String> {
        let (text, wild) = match entry.split_once("://*.") {
            Some((scheme, domain)) => (format!("{scheme}://{domain}"), true),
            None => (entry.to_owned(), false),
        };
        let bad = |what: &str| Err(format!("`{entry}` in http_origins {what}"));
        let Some(url) = parse_url(&text) else {
            return bad("is no URL with a host in plain letters");
        };
        if url.scheme() != "https" {
            return bad("is not https: plain http is only reached where a setting names it");
        }
        if !matches!(url.host(), Some(Host::Domain(_))) {
            return bad("has no domain: addresses are only reached where a setting names them");
        }
        if url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
        {
            return bad("holds more than scheme, host and port");
        }
        match Origin::of(&url) {
            Some(mut origin) if wild => {
                let below = Some(format!(".{}", std::mem::take(&mut origin.host)));
                Ok(Self { origin, below })
            }
            Some(origin) => Ok(Self { origin, below: None }),
            None => bad("is no URL"),
        }
    }

    fn matches(&self, origin: &Origin) -> bool {
        self.origin.scheme == origin.scheme
            && self.origin.port == origin.port
            && self.matches_host(&origin.host)
    }

    fn matches_host(&self, host: &str) -> bool {
        match &self.below {
            Some(below) => host.len() > below.len() && host.ends_with(below.as_str()),
            None => self.origin.host == host,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Origins;

    const MANIFEST: [&str; 4] = ["https://zoom.us", "https://*.zoom.us", "ZoomURL", "ZoomAPIURL"];

    #[test]
    fn allows_listed_origins_and_no_others() {
        let settings =
            r#"{"ZoomURL": " https://Zoom.Example.com/path ", "ZoomAPIURL": "http://127.0.0.1:4321"}"#;
        let origins = Origins::new(&MANIFEST, settings).unwrap();
        let allowed = [
            "https://zoom.us/",
            "https://ZOOM.us:443/j/1?x#y",
            "https://api.zoom.us/v2/users/me",
            "https://a.b.zoom.us/",
            "https://zoom.example.com/",
            "http://127.0.0.1:4321/v2",
        ];
        for url in allowed {
            assert!(origins.allowed(url).is_some(), "{url}");
        }
        let denied = [
            "http://zoom.us/",
            "https://zoom.us:8443/",
            "https://zoom.us.evil.example/",
            "https://evilzoom.us/",
            "https://zoom.us./",
            "https://.zoom.us/",
            "https://user@zoom.us/",
            "https://zoom.us:pass@evil.example/",
            "https://:pass@zoom.us/",
            "https://127.0.0.1:4321/",
            "http://127.0.0.1/",
            "http://127.0.0.1:4322/",
            "http://localhost:4321/",
            "http://[::1]:4321/",
            "https://zооm.us/",
            "https://zoom.us\u{3002}evil.example/",
            "ftp://zoom.us/",
            "file:///etc/passwd",
            "data:text/plain,zoom.us",
            "https://xn--zom-vma.us/",
            "https://ZÖÖM.us/",
            "https://*/",
            "https://*.zoom.us/",
        ];
        for url in denied {
            assert_eq!(origins.allowed(url), None, "{url}");
        }
    }

    #[test]
    fn f30_a_setting_may_name_all_hosts_below_its_own() {
        let settings =
            r#"{"ZoomURL": "http://zoom.example.com:8080/base", "ZoomAPIURL": "https://10.0.0.1/v2"}"#;
        let origins = Origins::new(&["*.ZoomURL", "*.ZoomAPIURL", "*.Missing"], settings).unwrap();
        let allowed = [
            "http://zoom.example.com:8080/",
            "http://files.zoom.example.com:8080/",
            "https://zoom.example.com/",
            "https://a.b.zoom.example.com/",
            "https://10.0.0.1/",
        ];
        for url in allowed {
            assert!(origins.allowed(url).is_some(), "{url}");
        }
        let denied = [
            "http://zoom.example.com/",
            "https://zoom.example.com:8080/",
            "https://zoom.example.com:8443/",
            "https://evilzoom.example.com/",
            "https://example.com/",
            "https://zoom.example.com.evil.example/",
            "https://x@files.zoom.example.com/",
            "http://10.0.0.1/",
            "https://0.10.0.0.1/",
            "https://zoom.us/",
        ];
        for url in denied {
            assert_eq!(origins.allowed(url), None, "{url}");
        }
        let private = "10.0.0.2".parse().unwrap();
        assert!(origins.may_resolve_to("files.zoom.example.com", private));
        let cloud = Origins::new(&["https://*.zoom.us", "*.ZoomURL"], settings).unwrap();
        assert!(!cloud.may_resolve_to("files.zoom.us", private));
    }

    #[test]
    fn settings_that_are_no_urls_allow_nothing() {
        let nothing = Origins::new(&["ZoomURL"], "{}").unwrap();
        for settings in [
            "",
            "null",
            "[]",
            r#"{"ZoomURL": 7}"#,
            r#"{"ZoomURL": "zoom.us"}"#,
            r#"{"ZoomURL": "ftp://zoom.us"}"#,
        ] {
            assert_eq!(Origins::new(&["ZoomURL"], settings).unwrap(), nothing, "{settings}");
        }
    }

    #[test]
    fn manifests_that_open_too_much_are_refused() {
        for entry in [
            "",
            "*",
            "https://*",
            "https://*.",
            "https://*.*",
            "https://*.*.us",
            "https://zo*.us",
            "https://ZÖÖM.us",
            "http://zoom.us",
            "https://10.0.0.1",
            "https://[::1]",
            "https://zoom.us/path",
            "a b",
            "*.",
            "*.*.ZoomURL",
        ] {
            let error = Origins::new(&[entry], "{}").unwrap_err();
            assert!(error.contains(&format!("`{entry}`")), "{error}");
        }
    }

    #[test]
    fn a_public_name_at_a_private_address_is_refused_unless_a_setting_names_it() {
        let origins = Origins::new(&MANIFEST, r#"{"ZoomURL": "https://zoom.corp.example"}"#).unwrap();
        let private = "10.0.0.1".parse().unwrap();
        let public = "170.114.1.1".parse().unwrap();
        assert!(!origins.may_resolve_to("zoom.us", private));
        assert!(!origins.may_resolve_to("api.zoom.us", private));
        assert!(origins.may_resolve_to("api.zoom.us", public));
        assert!(origins.may_resolve_to("zoom.corp.example", private));
        assert!(origins.may_resolve_to("proxy.corp.example", private), "the system's proxy");
    }
}
