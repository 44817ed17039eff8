//! The main flows of the built Zoom component.

use chat_plugin_engine::api::hooks::Request;
use chat_plugin_engine::api::http_client::{Method, Response};
use chat_plugin_engine::{ComponentSource, Engine, Limits};
use component_tests::{CannedZoom, Fault, MemoryServer, StoredPost, zoom_cwasm};
use serde_json::{Value, json};

use crate::support::command;

const SETTINGS: &str = r#"{
    "APIKey": "example-api-key",
    "APISecret": "example-api-secret-of-thirty-six-chr",
    "WebhookSecret": "url-secret"
}"#;

type Zoom = Engine<MemoryServer, CannedZoom>;

fn zoom(settings: &str) -> Zoom {
    let source = ComponentSource::Precompiled(zoom_cwasm().unwrap());
    Engine::load(MemoryServer::with_people(settings), CannedZoom::default(), source, Limits::default())
        .unwrap()
}

async fn webhook(engine: &Zoom, body: &Value, signature: Option<(&str, &str)>) -> Response {
    let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    if let Some((timestamp, signature)) = signature {
        headers.push(("X-Zm-Request-Timestamp".to_owned(), timestamp.to_owned()));
        headers.push(("X-Zm-Signature".to_owned(), signature.to_owned()));
    }
    let request = Request {
        method: Method::Post,
        path: "/webhook".to_owned(),
        query: "secret=url-secret".to_owned(),
        headers,
        body: body.to_string().into_bytes(),
        user_id: None,
    };
    engine.serve_http(request).await.unwrap()
}

fn only_post(engine: &Zoom) -> StoredPost {
    let posts = engine.server().posts();
    let [stored] = &posts[..] else { panic!("{posts:?}") };
    stored.clone()
}

fn data(stored: &StoredPost) -> Value {
    serde_json::from_str(&stored.post.data).unwrap()
}

#[tokio::test]
async fn started_then_ended() {
    let engine = zoom(SETTINGS);
    assert_eq!(engine.configure().await, Ok(Ok(())));
    let response = engine.execute_command(command("start Sprint review")).await.unwrap();
    let link = "https://example.zoom.us/j/82345678901?pwd=ZmFrZXB3ZA.1";
    assert_eq!((response.message, response.open_url.as_deref()), (None, Some(link)));

    let requests = engine.http().take_requests();
    let urls: Vec<(Method, &str)> =
        requests.iter().map(|request| (request.method, request.url.as_str())).collect();
    assert_eq!(
        urls,
        [
            (Method::Get, "https://api.zoom.us/v2/users/alice@example.com"),
            (Method::Post, "https://api.zoom.us/v2/users/z-alice/meetings"),
        ]
    );
    let asked: Value = serde_json::from_slice(&requests[1].body).unwrap();
    assert_eq!((&asked["topic"], &asked["type"]), (&json!("Sprint review"), &json!(1)));

    let started = only_post(&engine);
    assert_eq!((started.post.user_id.as_str(), started.post.kind.as_str()), ("u-alice", "custom_zoom"));
    assert!(started.post.message.contains(link), "{}", started.post.message);
    assert_eq!(data(&started)["meeting_status"], "STARTED");

    let object = json!({
        "id": "82345678901", "uuid": "uuid-82345678901==", "host_id": "H", "topic": "Sprint review", "type": 1,
        "start_time": "2026-01-05T09:30:12Z", "timezone": "", "duration": 0,
    });
    let event = json!({ "event": "meeting.started", "payload": { "account_id": "A", "object": object } });
    assert_eq!(webhook(&engine, &event, None).await.status, 200);
    assert_eq!(data(&only_post(&engine))["meeting_start_time"], 1_767_605_412_000_u64);

    let mut object = object;
    object["end_time"] = json!("2026-01-05T10:17:40Z");
    let event = json!({ "event": "meeting.ended", "payload": { "account_id": "A", "object": object } });
    // Zoom may send it again.
    for _ in 0..2 {
        assert_eq!(webhook(&engine, &event, None).await.status, 200);
        let ended = only_post(&engine);
        assert_eq!(
            ended.post.message,
            "The Zoom meeting **Sprint review** has ended. It started at 2026-01-05 09:30 UTC. \
             It lasted 47 minutes."
        );
        assert_eq!(data(&ended)["meeting_status"], "ENDED");
        assert_eq!(data(&ended)["meeting_end_time"], 1_767_608_260_000_u64);
        assert_eq!(ended.card.unwrap().links, []);
    }
}

#[tokio::test]
async fn an_e_mail_that_zoom_does_not_know() {
    let engine = zoom(SETTINGS);
    let mut asked = command("start");
    asked.user_id = "u-bob".to_owned();
    let response = engine.execute_command(asked).await.unwrap();
    assert_eq!(
        response.message.as_deref(),
        Some(
            "We could not verify your Mattermost account in Zoom. Please ensure that your Mattermost email \
             address matches your Zoom email address.\n\nIf you have no account in this organisation’s Zoom, \
             ask your administrator to add you, or post your own personal meeting with `/zoom share`."
        )
    );
    assert_eq!(engine.server().posts(), []);
}

#[tokio::test]
async fn a_personal_meeting_is_shared_without_zoom() {
    let engine = zoom(SETTINGS);
    let response = engine.execute_command(command("share 123-456-7890 Coffee")).await.unwrap();
    assert_eq!(response.message, None);
    assert_eq!(engine.http().take_requests().len(), 0);
    let shared = only_post(&engine);
    assert_eq!(
        shared.post.message,
        "I have started a Zoom meeting: **Coffee**\n[Join the meeting](https://zoom.us/j/1234567890)"
    );
    assert_eq!(data(&shared)["meeting_personal"], true);
}

#[tokio::test]
async fn a_post_that_fails_leaves_the_user_the_link() {
    let engine = zoom(SETTINGS);
    engine.server().fail("posts.create", 100, Fault::Unavailable);
    let response = engine.execute_command(command("start")).await.unwrap();
    let message = response.message.unwrap();
    assert!(message.contains("https://example.zoom.us/j/82345678901?pwd=ZmFrZXB3ZA.1"), "{message}");
    assert_eq!(engine.server().posts(), []);
}

#[tokio::test]
async fn the_webhook_url_is_validated_when_zoom_signs() {
    let mut settings: Value = serde_json::from_str(SETTINGS).unwrap();
    settings["ZoomWebhookSecret"] = json!("signing-secret");
    let engine = zoom(&settings.to_string());
    let body = json!({
        "payload": { "plainToken": "Tg7mV0sZQpK2yHc4RbLw9A" },
        "event_ts": 1_767_605_400_000_u64,
        "event": "endpoint.url_validation",
    });
    // Zoom's own timestamp is in seconds; the server's clock stands at it.
    let timestamp = "1767605400";
    let signature = format!("v0={}", sign("signing-secret", &format!("v0:{timestamp}:{body}")));
    let response = webhook(&engine, &body, Some((timestamp, &signature))).await;
    assert_eq!(response.status, 200);
    let answer: Value = serde_json::from_slice(&response.body).unwrap();
    let token = "97a235d5e8288f67f0f766be5c053323e51f12ad1cf9040aa706befd9ed7826a";
    assert_eq!(answer, json!({ "plainToken": "Tg7mV0sZQpK2yHc4RbLw9A", "encryptedToken": token }));

    assert_eq!(webhook(&engine, &body, None).await.status, 401);
    assert_eq!(webhook(&engine, &body, Some((timestamp, "v0=00"))).await.status, 401);
}

fn sign(secret: &str, text: &str) -> String {
    base16ct::lower::encode_string(&hmac_sha256::HMAC::mac(text.as_bytes(), secret.as_bytes()))
}

#[tokio::test]
async fn without_settings_it_runs_and_says_what_is_missing() {
    let engine = zoom("{}");
    let problems = engine.configure().await.unwrap().unwrap_err();
    let says = |key: &str, words: &str| {
        problems.iter().any(|problem| problem.key == key && problem.message.contains(words))
    };
    assert!(says("", "No way to sign in to Zoom is set"), "{problems:?}");
    assert!(says("WebhookSecret", "is empty"), "{problems:?}");
    let event = json!({ "event": "meeting.started", "payload": {} });
    assert_eq!(webhook(&engine, &event, None).await.status, 501);
    let response = engine.execute_command(command("start")).await.unwrap();
    let message = response.message.unwrap_or_default();
    assert!(message.contains("No way to sign in to Zoom is set"), "{message}");
}
