//! Files from servers that mean ill: what is fetched goes where it was allowed to, ends, and is not too large.

use std::sync::{Arc, Mutex};

use chat_plugin_engine::{AllowListClient, Limits, Origins};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Probe, allow_list, probe_with, say};

/// 12 GB, as announced.
const HUGE: u64 = 12 << 30;

#[tokio::test]
async fn a_redirect_leads_to_allowed_origins_only() {
    let (other, theirs) = serve().await;
    let (server, engine) = allowed().await;
    for target in [
        // Another port is another origin, of the same machine too.
        format!("{other}/file"),
        other.replace("127.0.0.1", "localhost"),
        other.replace("127.0.0.1", "[::1]"),
        "http://127.0.0.1/".to_owned(),
        "https://zoom.us.evil.example/file".to_owned(),
        "//zoom.us.evil.example/file".to_owned(),
        "https://zoom.us@evil.example/file".to_owned(),
        // A plain address of a host that is allowed under https.
        "http://zoom.us/file".to_owned(),
        "http://file.zoom.us/file".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:text/plain,secret".to_owned(),
    ] {
        let refused = say(&engine, &format!("file {server}/to/{target}")).await.unwrap();
        let no_url = refused.contains("redirected to something that is no URL");
        assert!(refused == "Err(Error::Denied)" || no_url, "{target}: {refused}");
    }
    assert_eq!(theirs.lock().unwrap().len(), 0, "somebody was asked who is not allowed");
    assert_eq!(engine.server().files(), []);
    let file = say(&engine, &format!("file {server}/to/{server}/file")).await;
    assert_eq!(file.as_deref(), Ok(r#"Ok("file-0001")"#), "the same origin");
}

#[tokio::test]
async fn redirects_in_a_circle_and_chains_without_end_are_given_up() {
    for path in ["circle", "chain/0"] {
        let (server, engine) = allowed().await;
        let refused = say(&engine, &format!("file {server}/{path}")).await.unwrap();
        assert!(refused.contains("redirected more than 5 times"), "{path}: {refused}");
    }
    // Five lead to a file.
    let (server, engine) = allowed().await;
    assert_eq!(say(&engine, &format!("file {server}/five/0")).await.as_deref(), Ok(r#"Ok("file-0001")"#));
}

#[tokio::test]
async fn a_redirect_that_says_no_address_is_a_status_of_its_own() {
    let (server, engine) = allowed().await;
    let answer = say(&engine, &format!("file {server}/nowhere")).await;
    assert_eq!(answer.as_deref(), Ok("Err(Error::Status(302))"));
    for path in ["to/http://", "to/https://a b/"] {
        let refused = say(&engine, &format!("file {server}/{path}")).await.unwrap();
        assert!(refused.contains("redirected to something that is no URL"), "{path}: {refused}");
    }
}

#[tokio::test]
async fn a_file_that_is_announced_too_large_is_not_read() {
    let (server, engine) = allowed().await;
    let refused = say(&engine, &format!("file {server}/huge")).await;
    assert_eq!(refused, Ok(format!("Err(Error::TooLarge({HUGE}))")));
    assert_eq!(engine.server().files(), []);
}

#[tokio::test]
async fn a_file_without_end_is_cut_off() {
    for path in ["endless", "endless-chunks"] {
        let (server, engine) = allowed().await;
        let refused = say(&engine, &format!("file {server}/{path}")).await.unwrap();
        let size = refused.strip_prefix("Err(Error::TooLarge(").and_then(|rest| rest.strip_suffix("))"));
        let size: u64 = size.unwrap_or_else(|| panic!("{path}: {refused}")).parse().unwrap();
        // What came with the byte too many, and nothing after it.
        assert!(1000 < size && size < 1 << 20, "{path}: {size} bytes were read");
        assert_eq!(engine.server().files(), []);
    }
}

#[tokio::test]
async fn a_server_that_stops_talking_is_not_waited_for() {
    let (server, engine) = allowed().await;
    for path in ["silent", "silent-body"] {
        let refused = say(&engine, &format!("file {server}/{path}")).await.unwrap();
        assert!(refused.contains("did not answer in time"), "{path}: {refused}");
    }
}

#[tokio::test]
async fn half_a_file_is_no_file() {
    let (server, engine) = allowed().await;
    let refused = say(&engine, &format!("file {server}/half")).await.unwrap();
    assert!(refused.starts_with("Err(Error::Other("), "{refused}");
    for (path, status) in [("partial", 206), ("empty", 204)] {
        let refused = say(&engine, &format!("file {server}/{path}")).await.unwrap();
        assert_eq!(refused, format!("Err(Error::Status({status}))"));
    }
    assert_eq!(engine.server().files(), []);
}

#[tokio::test]
async fn f27_a_page_is_no_file() {
    let (server, engine) = allowed().await;
    for media_type in ["text/html", "Text/HTML;charset=utf-8", "application/xhtml+xml"] {
        for path in [format!("as/{media_type}"), format!("to/{server}/as/{media_type}")] {
            let refused = say(&engine, &format!("file {server}/{path}")).await.unwrap();
            assert!(refused.starts_with("Err(Error::Unavailable("), "{path}: {refused}");
        }
    }
    assert_eq!(engine.server().files(), []);
    for media_type in ["text/plain", "text/vtt; charset=utf-8", "application/octet-stream", "text/htmlx"] {
        let stored = say(&engine, &format!("file {server}/as/{media_type}")).await.unwrap();
        assert!(stored.starts_with("Ok("), "{media_type}: {stored}");
    }
}

/// Paths that a server was asked for.
type Asked = Arc<Mutex<Vec<String>>>;

/// A server that a setting allows, and the probe that may reach it.
async fn allowed() -> (String, Probe<AllowListClient>) {
    let (server, _) = serve().await;
    let settings = format!(r#"{{"ZoomAPIURL":"{server}"}}"#);
    let origins = Origins::new(&["https://zoom.us", "https://*.zoom.us", "ZoomAPIURL"], &settings).unwrap();
    (server, probe_with(allow_list(origins), Limits::default()))
}

/// A server, by its URL without a trailing slash, and what it is asked for.
async fn serve() -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Asked::default();
    let noted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let noted = Arc::clone(&noted);
            // The client goes away from some answers in the middle.
            tokio::spawn(async move { answer(stream, &noted).await });
        }
    });
    (url, asked)
}

async fn answer(mut stream: TcpStream, asked: &Asked) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
    asked.lock().unwrap().push(path.clone());
    let redirect = |to: &str| {
        format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    };
    let hops = |from: &str| from.parse::<u32>().unwrap_or_default() + 1;
    let text = match path.split_once('/').unwrap_or((&path, "")) {
        ("to", target) => redirect(target),
        ("circle", _) => redirect("/circle"),
        ("chain", n) => redirect(&format!("/chain/{}", hops(n))),
        ("five", "4") => redirect("/file"),
        ("five", n) => redirect(&format!("/five/{}", hops(n))),
        ("nowhere", _) => "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
        ("partial", _) => {
            "HTTP/1.1 206 Partial Content\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi".to_owned()
        }
        ("empty", _) => "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_owned(),
        ("as", media_type) => {
            let media_type = media_type.replace("%20", " ");
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi"
            )
        }
        ("half", _) => "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nhalf".to_owned(),
        ("huge", _) => format!("HTTP/1.1 200 OK\r\ncontent-length: {HUGE}\r\n\r\n"),
        ("endless", _) => "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned(),
        ("endless-chunks", _) => "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(),
        ("silent-body", _) => "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".to_owned(),
        ("silent", _) => String::new(),
        _ => "HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: close\r\n\r\ncontent".to_owned(),
    };
    stream.write_all(text.as_bytes()).await?;
    match path.as_str() {
        // Until the client has had enough.
        "endless" => loop {
            stream.write_all(&[b'x'; 4096]).await?;
        },
        "endless-chunks" => loop {
            stream.write_all(b"4\r\nxxxx\r\n").await?;
        },
        "huge" | "silent" | "silent-body" => {
            // Held open until the client closes it.
            let _ = stream.read_u8().await;
            Ok(())
        }
        _ => stream.shutdown().await,
    }
}
