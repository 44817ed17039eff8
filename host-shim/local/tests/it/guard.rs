//! Only this machine's own pages may act; from outside only the plugin is reachable.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use local_host::web::guard::Guard;

const PAGE: &str = "/api/channels/town-square/posts";
const WEBHOOK: &str = "/plugins/zoom/webhook";
const OWN: &str = "127.0.0.1:8765";

/// `Ok`: whether the demo's cookie counts. `Err`: the status of the refusal.
fn judged(method: &Method, path: &str, headers: &[(&str, &str)]) -> Result<bool, u16> {
    let guard = Guard::new(8765, Some("127.0.0.1:8065".to_owned()), Some("chat.example.com".to_owned()));
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect();
    let judged = guard.judge(method, path, &headers);
    judged.map(|caller| caller.is_ours).map_err(|refusal| refusal.status.as_u16())
}

#[test]
fn the_host_header_is_one_of_ours() {
    for (host, expected) in [
        (OWN, Ok(true)),
        ("localhost:8765", Ok(true)),
        ("LocalHost:8765", Ok(true)),
        ("[::1]:8765", Ok(true)),
        ("127.0.0.1:8065", Ok(true)),
        ("localhost:8065", Err(421)),
        ("127.0.0.1:8766", Err(421)),
        ("127.0.0.1", Err(421)),
        ("rebound.example:8765", Err(421)),
        ("127.0.0.1.example:8765", Err(421)),
        ("", Err(421)),
    ] {
        assert_eq!(judged(&Method::GET, "/", &[("host", host)]), expected, "host {host:?}");
        assert_eq!(judged(&Method::POST, PAGE, &[("host", host)]), expected, "host {host:?}");
    }
    assert_eq!(judged(&Method::GET, "/", &[]), Err(421));
}

#[test]
fn changes_come_from_our_own_page() {
    for (name, value, expected) in [
        ("origin", "http://127.0.0.1:8765", Ok(true)),
        ("origin", "http://127.0.0.1:9999", Err(403)),
        ("origin", "http://localhost:8765", Err(403)),
        ("origin", "https://127.0.0.1:8765", Err(403)),
        ("origin", "https://evil.example", Err(403)),
        ("origin", "null", Err(403)),
        ("sec-fetch-site", "same-origin", Ok(true)),
        ("sec-fetch-site", "none", Ok(true)),
        ("sec-fetch-site", "same-site", Err(403)),
        ("sec-fetch-site", "cross-site", Err(403)),
    ] {
        let headers = [("host", OWN), (name, value)];
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(judged(&method, PAGE, &headers), expected, "{method} with {name}: {value}");
        }
    }
}

#[test]
fn another_page_reaches_the_plugin_as_nobody() {
    let headers = [("host", OWN), ("origin", "https://evil.example")];
    assert_eq!(judged(&Method::POST, "/plugins/zoom/api/v1/meetings", &headers), Ok(false));
    assert_eq!(judged(&Method::GET, "/", &headers), Ok(false));
}

#[test]
fn whom_another_page_leads_here_is_who_they_are() {
    let page = "/plugins/zoom/oauth2/complete";
    let visit = |site: &'static str, mode: &'static str, dest: &'static str| {
        vec![("host", OWN), ("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)]
    };
    for (headers, counts) in [
        (visit("cross-site", "navigate", "document"), true),
        (visit("same-site", "navigate", "document"), true),
        (visit("none", "navigate", "document"), true),
        // Within another page, where its buttons could be clicked unseen.
        (visit("cross-site", "navigate", "iframe"), false),
        (visit("cross-site", "no-cors", "image"), false),
        (visit("cross-site", "cors", "empty"), false),
    ] {
        assert_eq!(judged(&Method::GET, page, &headers), Ok(counts), "{headers:?}");
    }
    let visit = visit("cross-site", "navigate", "document");
    assert_eq!(judged(&Method::POST, page, &visit), Ok(false), "a form of another page");
    assert_eq!(judged(&Method::POST, PAGE, &visit), Err(403));
    let tunnelled = [visit, vec![("x-forwarded-for", "203.0.113.7")]].concat();
    assert_eq!(judged(&Method::GET, page, &tunnelled), Ok(false), "from outside");
}

#[test]
fn from_outside_only_the_plugin_is_reachable() {
    let tunnelled = [
        vec![("host", "chat.example.com")],
        vec![("host", "CHAT.example.com")],
        vec![("host", OWN), ("x-forwarded-for", "203.0.113.7")],
        vec![("host", OWN), ("forwarded", "for=203.0.113.7")],
        vec![("host", OWN), ("cf-connecting-ip", "203.0.113.7")],
    ];
    for headers in tunnelled {
        assert_eq!(judged(&Method::POST, WEBHOOK, &headers), Ok(false), "{headers:?}");
        for path in
            ["/", "/api/state", PAGE, "/plugins/zoom", "/plugins/zoomed/webhook", "/plugins/../api/state"]
        {
            assert_eq!(judged(&Method::GET, path, &headers), Err(403), "{path} with {headers:?}");
        }
    }
}
