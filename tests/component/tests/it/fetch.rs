//! What a component may reach, and what of its requests gets there.

use std::sync::Mutex;

use chat_plugin_engine::api::http_client::{Error, Request, Response};
use chat_plugin_engine::{HttpClient, Limits, Origins};

use crate::support::{allow_list, probe_with, say};

/// As `plugin.json` lists them.
const ORIGINS: [&str; 4] = ["https://zoom.us", "https://*.zoom.us", "ZoomURL", "ZoomAPIURL"];

#[tokio::test]
async fn origins_that_are_not_allowed_are_denied() {
    let client = allow_list(Origins::new(&ORIGINS, "{}").unwrap());
    let engine = probe_with(client, Limits::default());
    for url in [
        "https://evil.example/",
        "http://zoom.us/",
        "https://zoom.us.evil.example/",
        "https://zoom.us:8443/",
        "https://user@zoom.us/",
        "http://127.0.0.1:1/",
        "https://ÜOOM.us/",
        "file:///etc/passwd",
        "no URL",
    ] {
        assert_eq!(say(&engine, &format!("fetch {url}")).await.as_deref(), Ok("Err(Error::Denied)"), "{url}");
        assert_eq!(say(&engine, &format!("file {url}")).await.as_deref(), Ok("Err(Error::Denied)"), "{url}");
    }
}

/// The table to which `tests/core` holds the core's own rule.
#[test]
fn f30_the_host_reaches_what_the_core_calls_zooms_and_nothing_else() {
    let json = |text| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let manifest = json(include_str!("../../../../plugin.json"));
    let texts = |list: &serde_json::Value| {
        let texts = list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
        texts.collect::<Vec<_>>()
    };
    let entries = texts(&manifest["props"]["http_origins"]);
    for case in json(include_str!("../../../data/zoom_hosts.json")).as_array().unwrap() {
        let origins = Origins::new(&entries, &case["settings"].to_string()).unwrap();
        for (list, expected) in [("zooms", true), ("others", false)] {
            for url in texts(&case[list]) {
                assert_eq!(origins.allows(&url), expected, "{url} under {}", case["settings"]);
            }
        }
    }
}

#[tokio::test]
async fn a_setting_opens_its_origin_at_once_and_closes_it_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let client = allow_list(Origins::new(&ORIGINS, "{}").unwrap());
    let engine = probe_with(client, Limits::default());
    let fetch = format!("fetch {url}");
    assert_eq!(say(&engine, &fetch).await.as_deref(), Ok("Err(Error::Denied)"));

    let settings = format!(r#"{{"ZoomAPIURL":"{url}"}}"#);
    engine.http().set_origins(Origins::new(&ORIGINS, &settings).unwrap());
    let serving = tokio::spawn(serve_once(
        listener,
        "HTTP/1.1 302 Found\r\nlocation: http://evil.example/\r\ncontent-length: 2\r\n\r\nhi",
    ));
    let answer = say(&engine, &fetch).await.unwrap();
    // The redirect is the plugin's to see, not the client's to follow.
    assert!(answer.contains("status: 302") && answer.contains("http://evil.example/"), "{answer}");
    let received = serving.await.unwrap();
    assert!(received.starts_with("GET /x HTTP/1.1\r\n"), "{received}");
    assert!(received.contains("authorization: Bearer secret\r\n"), "{received}");

    engine.http().set_origins(Origins::new(&ORIGINS, "{}").unwrap());
    assert_eq!(say(&engine, &fetch).await.as_deref(), Ok("Err(Error::Denied)"));
}

#[tokio::test]
async fn f47_a_hosts_own_client_works_beside_the_engine() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let settings = format!(r#"{{"ZoomAPIURL":"{url}"}}"#);
    let engine = probe_with(allow_list(Origins::new(&ORIGINS, &settings).unwrap()), Limits::default());
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
    let serving =
        tokio::spawn(
            async move { serve_next(&listener, answer).await + &serve_next(&listener, answer).await },
        );
    // As a host writes it that knows nothing of the engine's client: no provider of cryptography was chosen, and none is needed.
    let own = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(own.get(&url).send().await.unwrap().text().await.unwrap(), "hi");
    let plugins = say(&engine, &format!("fetch {url}")).await.unwrap();
    assert!(plugins.contains("status: 200"), "{plugins}");
    let received = serving.await.unwrap();
    assert_eq!(received.matches("GET /x HTTP/1.1\r\n").count(), 2, "{received}");
}

#[tokio::test]
async fn a_server_that_is_away_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/?token=hidden", listener.local_addr().unwrap());
    drop(listener);
    let settings = format!(r#"{{"ZoomAPIURL":"{url}"}}"#);
    let client = allow_list(Origins::new(&ORIGINS, &settings).unwrap());
    let answer = say(&probe_with(client, Limits::default()), &format!("fetch {url}")).await.unwrap();
    assert!(answer.starts_with("Err(Error::Unreachable("), "{answer}");
    assert!(!answer.contains("hidden"), "{answer}");
}

/// Takes one connection, reads the head of its request, answers and closes.
async fn serve_once(listener: tokio::net::TcpListener, answer: &str) -> String {
    serve_next(&listener, answer).await
}

async fn serve_next(listener: &tokio::net::TcpListener, answer: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let (mut stream, _) = listener.accept().await.unwrap();
    let mut received = Vec::new();
    while !received.ends_with(b"\r\n\r\n") {
        received.push(stream.read_u8().await.unwrap());
    }
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    String::from_utf8(received).unwrap()
}

#[tokio::test]
async fn a_files_redirects_are_followed_without_credentials_for_strangers() {
    let engine = probe_with(Redirecting::default(), Limits::default());
    assert_eq!(say(&engine, "file https://one.example/a").await.as_deref(), Ok(r#"Ok("file-0001")"#));
    let authorized: Vec<(String, bool)> = {
        let requests = engine.http().0.lock().unwrap();
        requests.iter().map(|request| (request.url.clone(), !request.headers.is_empty())).collect()
    };
    let expected =
        [("https://one.example/a", true), ("https://one.example/b", true), ("https://two.example/c", false)];
    assert_eq!(authorized, expected.map(|(url, with)| (url.to_owned(), with)));
    let file = ("c-town".to_owned(), "file.txt".to_owned(), b"content".to_vec());
    assert_eq!(engine.server().files(), [file]);

    assert_eq!(say(&engine, "file https://one.example/gone").await.as_deref(), Ok("Err(Error::Status(410))"));
    assert_eq!(
        say(&engine, "file https://one.example/large").await.as_deref(),
        Ok("Err(Error::TooLarge(5000))")
    );
    let endless = say(&engine, "file https://one.example/endless").await.unwrap();
    assert!(endless.contains("redirected more than 5 times"), "{endless}");
    assert_eq!(engine.server().files().len(), 1);
}

/// Sends from one origin to the other.
#[derive(Default)]
struct Redirecting(Mutex<Vec<Request>>);

impl HttpClient for Redirecting {
    async fn send(&self, request: Request, max_body_bytes: u64) -> Result<Response, Error> {
        assert_eq!(max_body_bytes, 1000);
        let url = request.url.clone();
        self.0.lock().unwrap().push(request);
        let (status, location, body) = match url.as_str() {
            "https://one.example/a" => (302, "/b", ""),
            "https://one.example/b" => (307, "https://two.example/c", ""),
            "https://two.example/c" => (200, "", "content"),
            "https://one.example/large" => return Err(Error::TooLarge(5000)),
            "https://one.example/endless" => (302, "/endless", ""),
            _ => (410, "", ""),
        };
        let headers = vec![("Location".to_owned(), location.to_owned())];
        Ok(Response { status, headers, body: body.into() })
    }
}
