//! The control over HTTP.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::{ALICE, NOW_MS, Receiver, SECRET_TOKEN, World};

async fn control(world: &World, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Value)> {
    let body = body.map(|body| body.to_string());
    let answer = world.call_as(None, method, &format!("/sim{path}"), body.as_deref()).await?;
    let json = if answer.body.is_empty() { Value::Null } else { answer.json()? };
    Ok((answer.status, json))
}

#[tokio::test]
async fn a_meeting_is_led_from_start_to_end() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    let webhook = json!({ "url": receiver.url, "secret_token": SECRET_TOKEN });
    let (status, saved) = control(&world, "PUT", "/webhook", Some(webhook)).await?;
    assert_eq!((status, &saved["validation"]["failures_in_a_row"]), (200, &json!(0)));
    let user = json!({ "email": "carol@example.com", "display_name": "Carol C" });
    assert_eq!(control(&world, "POST", "/users", Some(user)).await?.0, 201);
    let path = "/users/carol@example.com/meetings";
    let (status, meeting) = control(&world, "POST", path, Some(json!({ "type": 1, "topic": "T" }))).await?;
    assert_eq!((status, &meeting["status"], &meeting["topic"]), (201, &json!("waiting"), &json!("T")));
    let meeting = format!("/meetings/{}", meeting["id"]);

    assert_eq!(control(&world, "POST", &format!("{meeting}/start"), None).await?.0, 200);
    let (status, guest) =
        control(&world, "POST", &format!("{meeting}/join"), Some(json!({ "guest": "Dan" }))).await?;
    assert_eq!((status, &guest["user_name"]), (200, &json!("Dan")));
    let carol = Some(json!({ "user": "carol@example.com" }));
    control(&world, "POST", &format!("{meeting}/join"), carol).await?;
    let leave = Some(json!({ "user_id": guest["user_id"] }));
    assert_eq!(control(&world, "POST", &format!("{meeting}/leave"), leave).await?.0, 200);
    let (status, time) = control(&world, "POST", "/clock", Some(json!({ "advance_ms": 60_000 }))).await?;
    assert_eq!((status, time), (200, json!({ "now_ms": NOW_MS + 60_000, "manual": true })));
    assert_eq!(control(&world, "POST", &format!("{meeting}/end"), None).await?.0, 200);
    assert_eq!(control(&world, "POST", "/settle", None).await?.0, 204);

    let (_, view) = control(&world, "GET", &meeting, None).await?;
    assert_eq!((&view["status"], &view["past"][0]["ended_ms"]), (&json!("ended"), &json!(NOW_MS + 60_000)));
    let expected = [
        "endpoint.url_validation",
        "meeting.started",
        "meeting.participant_joined",
        "meeting.participant_joined",
        "meeting.participant_left",
        "meeting.participant_left",
        "meeting.ended",
    ];
    assert_eq!(receiver.events(), expected);

    let (_, deliveries) = control(&world, "GET", "/deliveries", None).await?;
    let last = &deliveries[6];
    assert_eq!((&last["event"], &last["state"]), (&json!("meeting.ended"), &json!("delivered")));
    assert_eq!(last["attempts"][0]["status"], 200);
    let again = format!("/deliveries/{}/redeliver", last["id"]);
    assert_eq!(control(&world, "POST", &again, Some(json!({}))).await?, (202, json!({ "deliveries": [8] })));
    control(&world, "POST", "/settle", None).await?;
    assert_eq!(control(&world, "GET", "/deliveries/8", None).await?.1["redelivery_of"], last["id"]);
    assert_eq!(receiver.events().len(), 8);
    Ok(())
}

#[tokio::test]
async fn faults_limits_app_and_users_are_set() -> Result<()> {
    let world = World::new().await?;
    let fault =
        json!({ "method": "GET", "path": "/users/", "times": 1, "answer": { "kind": "bad_gateway" } });
    assert_eq!(control(&world, "POST", "/faults", Some(fault)).await?.0, 201);
    let slow = json!({ "times": 1, "delay": { "real_ms": 1 }, "answer": { "kind": "error", "status": 200, "code": 200, "message": "no" } });
    control(&world, "POST", "/faults", Some(slow)).await?;
    assert_eq!(control(&world, "GET", "/faults", None).await?.1.as_array().map(Vec::len), Some(2));
    assert_eq!(world.get("/v2/users/me").await?.status, 502);
    assert_eq!(world.get("/v2/users/me").await?.json()?, json!({ "code": 200, "message": "no" }));
    control(&world, "POST", "/faults", Some(json!({ "answer": { "kind": "disconnect" } }))).await?;
    assert_eq!(control(&world, "DELETE", "/faults", None).await?.0, 204);

    assert_eq!(control(&world, "PUT", "/app", Some(json!({ "active": false }))).await?.0, 204);
    assert_eq!(world.get("/v2/users/me").await?.refusal()?, (401, 124));
    control(&world, "PUT", "/app", Some(json!({ "active": true }))).await?;
    let limits = json!({ "writes_per_day": 0, "retry_after": "date" });
    let (_, set) = control(&world, "PUT", "/rate_limits", Some(limits)).await?;
    assert_eq!(
        set,
        json!({ "per_second": null, "per_day": null, "writes_per_day": 0, "retry_after": "date" })
    );
    assert_eq!(world.post("/v2/users/me/meetings", &json!({})).await?.refusal()?, (429, 429));

    let alice = format!("/users/{ALICE}");
    let (_, user) = control(&world, "PATCH", &alice, Some(json!({ "status": "inactive" }))).await?;
    assert_eq!(user["status"], "inactive");
    assert_eq!(control(&world, "DELETE", &alice, None).await?.0, 200);
    assert_eq!(control(&world, "GET", &alice, None).await?.0, 404);
    Ok(())
}

#[tokio::test]
async fn what_zoom_was_asked_is_kept() -> Result<()> {
    let world = World::new().await?;
    world.post("/v2/users/me/meetings?x=1", &json!({ "topic": "T" })).await?;
    let (_, requests) = control(&world, "GET", "/requests", None).await?;
    let [request] = requests.as_array().unwrap().as_slice() else { panic!("one: {requests}") };
    assert_eq!((&request["method"], &request["path"]), (&json!("POST"), &json!("/v2/users/me/meetings")));
    assert_eq!((&request["query"], &request["body"]), (&json!("x=1"), &json!(r#"{"topic":"T"}"#)));
    assert_eq!((&request["status"], &request["content_type"]), (&json!(201), &json!("application/json")));
    assert_eq!(request["authorization"], format!("Bearer {}", world.token()));
    assert_eq!(request["at_ms"], NOW_MS);
    assert_eq!(control(&world, "DELETE", "/requests", None).await?.0, 204);
    assert_eq!(control(&world, "GET", "/requests", None).await?.1, json!([]));
    Ok(())
}

#[tokio::test]
async fn deliveries_are_held_and_released() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    let webhook = Some(json!({ "url": receiver.url }));
    control(&world, "PUT", "/webhook?validate=false", webhook).await?;
    assert_eq!(control(&world, "POST", "/webhook/hold", None).await?.1["holding"], true);
    for event in ["a", "b"] {
        assert_eq!(control(&world, "POST", "/events", Some(json!({ "event": event }))).await?.0, 202);
    }
    let order = Some(json!({ "order": "reversed" }));
    assert_eq!(control(&world, "POST", "/webhook/release", order).await?, (200, json!({ "released": 2 })));
    control(&world, "POST", "/settle", None).await?;
    assert_eq!(receiver.events(), ["b", "a"]);
    assert_eq!(control(&world, "DELETE", "/webhook", None).await?.0, 204);
    assert_eq!(control(&world, "GET", "/webhook", None).await?.1["config"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_refusal_says_why() -> Result<()> {
    let world = World::new().await?;
    let cases = [
        ("POST", "/meetings/85555555555/start", None, 404, "no meeting 85555555555"),
        ("POST", "/events", Some(json!({})), 409, "save a URL first"),
        ("POST", "/users", Some(json!({ "email": "carol" })), 400, "not an e-mail address"),
        ("POST", "/users", Some(json!({ "email": ALICE })), 409, "already has a user"),
        ("POST", "/users", Some(json!({ "mail": ALICE })), 422, "unknown field `mail`"),
        ("PUT", "/webhook", Some(json!({ "url": "https://x.example" })), 400, "plain http only"),
        ("POST", "/webhook/validate", None, 409, "no webhook is set"),
        ("POST", "/deliveries/7/redeliver", Some(json!({})), 404, "number 7"),
    ];
    for (method, path, body, status, sentence) in cases {
        let (got, answer) = control(&world, method, path, body).await?;
        let error = answer["error"].as_str().unwrap_or_default();
        assert_eq!(got, status, "{path}: {error}");
        assert!(error.contains(sentence), "{path}: {error}");
    }
    Ok(())
}
