//! Who may call: this machine's own pages, and from outside only the plugin's URL.
//!
//! A page from elsewhere can make a browser send requests to loopback addresses, also under a name of its own that it
//! points there (DNS rebinding). So the `Host` header has to be one of ours, and whatever changes something has to
//! come from our own page.

use crate::server::PLUGIN_PATH;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};

/// Headers that proxies and tunnels add: what carries one comes from outside, whatever its `Host` says.
const FORWARDED: [&str; 5] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "cf-connecting-ip"];

/// Knows the names that this host goes by.
#[derive(Clone, Debug)]
pub struct Guard {
    port: u16,
    /// `Host` of requests that come by a proxy of this machine.
    proxy: Option<String>,
    /// `Host` of requests that come through the tunnel.
    public_host: Option<String>,
}

/// A request that may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Sent by our own page, by a person or program of this machine, or by a browser that another page leads here, as Zoom's
    /// sign-in does: the demo's cookie counts.
    pub is_ours: bool,
}

/// A request that may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// For a person.
    pub reason: String,
}

impl Guard {
    /// A guard of the page on this port. `proxy` is the name of the proxy before it, with its port, and `public_host` that of the
    /// tunnel, with its port where it has one.
    pub fn new(port: u16, proxy: Option<String>, public_host: Option<String>) -> Self {
        Self { port, proxy, public_host }
    }

    /// Whether the request may go on.
    ///
    /// # Errors
    /// Why it may not.
    pub fn judge(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let host = text(headers, header::HOST).unwrap_or_default();
        let for_plugin = path.strip_prefix(PLUGIN_PATH).is_some_and(|rest| rest.starts_with('/'));
        let from_outside = FORWARDED.iter().any(|name| headers.contains_key(*name))
            || self.public_host.as_deref().is_some_and(|public| public.eq_ignore_ascii_case(host));
        if from_outside {
            return if for_plugin {
                Ok(Caller { is_ours: false })
            } else {
                Err(refusal(StatusCode::FORBIDDEN, "From outside only the plugin is reachable.".to_owned()))
            };
        }
        if !self.is_local(host) {
            let reason = format!("This address is not known here: use http://127.0.0.1:{}.", self.port);
            return Err(refusal(StatusCode::MISDIRECTED_REQUEST, reason));
        }
        let is_ours = is_same_origin(host, headers);
        let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        if changes && !is_ours && !for_plugin {
            let reason = "Only the chat's own page may do this.".to_owned();
            return Err(refusal(StatusCode::FORBIDDEN, reason));
        }
        Ok(Caller { is_ours: is_ours || is_visit(method, headers) })
    }

    fn is_local(&self, host: &str) -> bool {
        if self.proxy.as_deref().is_some_and(|proxy| proxy.eq_ignore_ascii_case(host)) {
            return true;
        }
        let Some((name, port)) = host.rsplit_once(':') else { return false };
        port.parse() == Ok(self.port)
            && (["127.0.0.1", "[::1]"].contains(&name) || name.eq_ignore_ascii_case("localhost"))
    }
}

/// Browsers say where a request comes from; whoever says nothing is no browser's page.
fn is_same_origin(host: &str, headers: &HeaderMap) -> bool {
    let origin = text(headers, header::ORIGIN);
    let site = text(headers, HeaderName::from_static("sec-fetch-site"));
    origin
        .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(|own| own.eq_ignore_ascii_case(host)))
        && site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// A page that somebody follows a link to: it changes nothing, and no other page gets to read it. Browsers say so themselves, and
/// no page can in their place.
fn is_visit(method: &Method, headers: &HeaderMap) -> bool {
    let says = |name, value: &str| text(headers, HeaderName::from_static(name)) == Some(value);
    method == Method::GET && says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document")
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

fn refusal(status: StatusCode, reason: String) -> Refusal {
    Refusal { status, reason }
}
