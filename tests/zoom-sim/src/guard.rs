//! Who may call: programs of this machine, and pages that it serves.
//!
//! A page from elsewhere can make a browser send requests to loopback addresses, also under a name of its own that it points
//! there (DNS rebinding) and by which it then reads the answers, secrets included. So the `Host` header has to be one that
//! loopback goes by, and the control takes nothing from another site's page.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Where the control is.
const CONTROL: &str = "/sim";

/// Passes on what may go on.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !text(headers, &header::HOST).is_some_and(is_loopback) {
        let reason = "This address is not known here: use 127.0.0.1 or localhost.\n";
        return (StatusCode::MISDIRECTED_REQUEST, reason).into_response();
    }
    if request.uri().path().starts_with(CONTROL) && is_from_elsewhere(headers) {
        let reason = "Pages of other sites may not control the simulation.\n";
        return (StatusCode::FORBIDDEN, reason).into_response();
    }
    next.run(request).await
}

/// With or without a port: a proxy of this machine may have another one.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        _ => host,
    };
    ["127.0.0.1", "[::1]"].contains(&name) || name.eq_ignore_ascii_case("localhost")
}

/// Browsers say where a request comes from; programs say nothing.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let origin = text(headers, &header::ORIGIN);
    let site = text(headers, &HeaderName::from_static("sec-fetch-site"));
    let is_ours = |origin: &str| origin.strip_prefix("http://").is_some_and(is_loopback);
    origin.is_some_and(|origin| !is_ours(origin)) || site.is_some_and(|site| site == "cross-site")
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}
