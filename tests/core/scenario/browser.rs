//! Browsers and their cookies, by the rules that real ones keep (RFC 6265bis), so far as a sign-in depends on them.

use std::collections::BTreeMap;
use zoom_chat::model::{HttpResponse, Method, header};

/// Cookies by the browser's name.
#[derive(Default)]
pub(crate) struct Browsers(BTreeMap<String, Vec<Cookie>>);

struct Cookie {
    name: String,
    value: String,
    path: String,
    secure: bool,
    /// Browsers take cookies that say nothing for `Lax`.
    same_site: String,
    until_ms: Option<u64>,
}

/// A visit to an address of the chat server.
pub(crate) struct Visit<'a> {
    pub(crate) browser: &'a str,
    /// `https://chat.example.com/plugins/zoom/oauth2/connect`
    pub(crate) url: &'a str,
    pub(crate) method: Method,
    /// Another site's page led here.
    pub(crate) cross_site: bool,
    pub(crate) now_ms: u64,
}

impl Visit<'_> {
    fn is_secure(&self) -> bool {
        self.url.starts_with("https://")
    }

    fn path(&self) -> &str {
        let after = self.url.split_once("://").map_or(self.url, |(_, rest)| rest);
        after.find('/').map_or("/", |at| &after[at..])
    }
}

impl Browsers {
    /// The `Cookie` header of a visit.
    pub(crate) fn sent(&self, visit: &Visit<'_>) -> Option<String> {
        let is_sent = |cookie: &&Cookie| {
            cookie.until_ms.is_none_or(|until_ms| until_ms > visit.now_ms)
                && (visit.is_secure() || !cookie.secure)
                && below(visit.path(), &cookie.path)
                && (!visit.cross_site
                    || cookie.same_site == "None"
                    || (cookie.same_site == "Lax" && visit.method == Method::Get))
        };
        let sent: Vec<String> = self
            .0
            .get(visit.browser)?
            .iter()
            .filter(is_sent)
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!sent.is_empty()).then(|| sent.join("; "))
    }

    /// Keeps what an answer sets. A cookie that breaks a rule of its name or attributes is dropped without a word.
    pub(crate) fn keep(&mut self, visit: &Visit<'_>, response: &HttpResponse) {
        let set = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        for (_, line) in set {
            let Some(cookie) = Cookie::read(line, visit) else { continue };
            let jar = self.0.entry(visit.browser.to_owned()).or_default();
            jar.retain(|kept| (&kept.name, &kept.path) != (&cookie.name, &cookie.path));
            jar.push(cookie);
        }
    }

    /// Empties a browser that keeps no cookies.
    pub(crate) fn forget(&mut self, browser: &str) {
        self.0.remove(browser);
    }

    /// A cookie that somebody else put there: another host below the same domain, or a page without encryption.
    pub(crate) fn plant(&mut self, browser: &str, pair: &str) {
        let (name, value) = pair.split_once('=').unwrap();
        // Browsers refuse such names from both.
        if name.starts_with("__Host-") {
            return;
        }
        let cookie = Cookie {
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            secure: false,
            same_site: "Lax".to_owned(),
            until_ms: None,
        };
        self.0.entry(browser.to_owned()).or_default().push(cookie);
    }
}

impl Cookie {
    fn read(line: &str, visit: &Visit<'_>) -> Option<Self> {
        let mut parts = line.split("; ");
        let (name, value) = parts.next()?.split_once('=')?;
        let attributes: BTreeMap<String, &str> = parts
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        let secure = attributes.contains_key("secure");
        let path = *attributes.get("path").unwrap_or(&"/");
        let is_whole_host = secure && path == "/" && !attributes.contains_key("domain");
        let is_fit = (visit.is_secure() || !secure)
            && (!name.starts_with("__Host-") || is_whole_host)
            && (!name.starts_with("__Secure-") || secure);
        assert!(attributes.contains_key("httponly"), "a script could read {name}");
        is_fit.then(|| Self {
            name: name.to_owned(),
            value: value.to_owned(),
            path: path.to_owned(),
            secure,
            same_site: (*attributes.get("samesite").unwrap_or(&"Lax")).to_owned(),
            until_ms: attributes
                .get("max-age")
                .map(|seconds| visit.now_ms + seconds.parse::<u64>().unwrap() * 1000),
        })
    }
}

/// What a page sets, for people to read: the value is random.
pub(crate) fn set_cookies(response: &HttpResponse) -> Option<String> {
    let line = header(&response.headers, "set-cookie")?;
    let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
    let name = pair.split('=').next().unwrap_or_default();
    Some(format!("sets {name};{attributes}"))
}

/// RFC 6265, 5.1.4.
fn below(path: &str, folder: &str) -> bool {
    let Some(rest) = path.strip_prefix(folder) else { return false };
    folder.ends_with('/') || rest.is_empty() || rest.starts_with('/') || rest.starts_with('?')
}
