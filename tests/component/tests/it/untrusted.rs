//! What others write into JSON: as much as a body may hold, in the forms that cost most, never breaks a call.

use chat_plugin_engine::api::hooks::Request;
use chat_plugin_engine::api::http_client::{Error, Method, Request as HttpRequest, Response};
use chat_plugin_engine::limits::{HTTP_RESPONSE_BODY, MAX_BODY};
use chat_plugin_engine::{ComponentSource, Engine, HttpClient, Limits};
use component_tests::{CannedZoom, MemoryServer, zoom_cwasm};

use crate::support::command;

const SETTINGS: &str = r#"{
    "APIKey": "example-api-key",
    "APISecret": "example-api-secret-of-thirty-six-chr",
    "WebhookSecret": "url-secret"
}"#;

fn zoom<H: HttpClient>(http: H) -> Engine<MemoryServer, H> {
    let source = ComponentSource::Precompiled(zoom_cwasm().unwrap());
    Engine::load(MemoryServer::with_people(SETTINGS), http, source, Limits::default()).unwrap()
}

/// Values of about so many bytes, each in a form of its own: many small ones, deep ones, long ones.
fn values(bytes: usize) -> Vec<(&'static str, String)> {
    let list = |item: &str| {
        let items = vec![item; bytes / (item.len() + 1)];
        format!("[{}]", items.join(","))
    };
    let members = |one: &str| {
        let members: Vec<_> = (0..bytes / 12).map(|n| format!(r#""{n:x}":{one}"#)).collect();
        format!("{{{}}}", members.join(","))
    };
    let nested = |open: &str, close: &str| {
        let depth = bytes / (open.len() + close.len()) - 1;
        format!("{}0{}", open.repeat(depth), close.repeat(depth))
    };
    vec![
        ("numbers", list("0")),
        ("empty lists", list("[]")),
        ("empty objects", list("{}")),
        ("small objects", list(r#"{"":0}"#)),
        ("empty texts", list(r#""""#)),
        ("members", members("0")),
        ("members that are objects", members("{}")),
        ("lists in lists", nested("[", "]")),
        ("objects in objects", nested(r#"{"a":"#, "}")),
        ("one long text", format!(r#""{}""#, "x".repeat(bytes - 2))),
        ("a text of escapes", format!(r#""{}""#, "\\n".repeat(bytes / 2 - 1))),
    ]
}

async fn post<H: HttpClient>(engine: &Engine<MemoryServer, H>, path: &str, body: String) -> Response {
    assert!(body.len() <= MAX_BODY, "{} bytes", body.len());
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    let request = Request {
        method: Method::Post,
        path: path.to_owned(),
        query: "secret=url-secret".to_owned(),
        headers,
        body: body.into_bytes(),
        user_id: Some("u-alice".to_owned()),
    };
    engine.serve_http(request).await.unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[tokio::test]
async fn f26_an_event_as_large_as_a_body_is_read_whatever_it_holds() {
    let engine = zoom(CannedZoom::default());
    for (what, value) in values(MAX_BODY - 1000) {
        // Of no interest; of interest, with much that nobody looks at; with much where something else belongs.
        let events = [
            format!(r#"{{"payload":{{"object":{value}}},"event":"user.updated"}}"#),
            format!(
                r#"{{"x":{value},"event":"meeting.started","payload":{{"object":{{"id":1234567890,"uuid":"U"}}}}}}"#
            ),
            format!(
                r#"{{"event":"meeting.started","payload":{{"object":{{"x":{value},"id":1234567890,"uuid":"U"}}}}}}"#
            ),
            format!(
                r#"{{"event":"meeting.ended","payload":{{"object":{{"topic":{value},"id":1234567890,"uuid":"U"}}}}}}"#
            ),
            format!(
                r#"{{"event":"recording.completed","payload":{{"object":{{"recording_files":{value},"id":1234567890,"uuid":"U"}}}}}}"#
            ),
        ];
        for event in events {
            let start: String = event.chars().take(60).collect();
            assert_eq!(post(&engine, "/webhook", event).await.status, 200, "{what}: {start}");
        }
        let refused =
            post(&engine, "/webhook", format!(r#"{{"event":"meeting.started","payload":{value}}}"#)).await;
        assert_eq!(refused.status, 400, "{what}");
        let refused = String::from_utf8(refused.body).unwrap();
        assert!(refused.contains("The event lacks payload.object."), "{what}: {refused}");
    }
}

#[tokio::test]
async fn f26_a_request_as_large_as_a_body_is_answered_whatever_it_holds() {
    let engine = zoom(CannedZoom::default());
    for (what, value) in values(MAX_BODY - 1000) {
        for path in ["/api/v1/meetings", "/api/v1/answers", "/deauthorization"] {
            let answer = post(&engine, path, format!(r#"{{"x":{value}}}"#)).await;
            assert!((200..500).contains(&answer.status), "{what} to {path}: {}", answer.status);
        }
    }
}

/// A Zoom that always says the same.
struct Says(Vec<u8>);

impl HttpClient for Says {
    async fn send(&self, _: HttpRequest, max_body_bytes: u64) -> Result<Response, Error> {
        assert!(self.0.len() as u64 <= max_body_bytes);
        Ok(Response { status: 200, headers: Vec::new(), body: self.0.clone() })
    }
}

#[tokio::test]
async fn f26_an_answer_of_zoom_may_be_as_large_as_the_host_lets_in() {
    let most = usize::try_from(HTTP_RESPONSE_BODY).unwrap();
    for (what, value) in values(most - 1000) {
        for answer in [format!(r#"{{"x":{value}}}"#), value] {
            let engine = zoom(Says(answer.into_bytes()));
            let said = engine
                .execute_command(command("start"))
                .await
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(
                said.message.is_some_and(|said| said.starts_with("Zoom gave an answer that makes no sense.")),
                "{what}"
            );
        }
    }
}
