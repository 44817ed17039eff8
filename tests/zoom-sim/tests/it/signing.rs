//! Signatures and the bytes that are signed.

use anyhow::Result;
use serde_json::{Value, json};
use zoom_sim::{Attendee, RequestIdHeader, WebhookConfig, encrypted_token, signature};

use crate::support::{ALICE, NOW_MS, Receiver, SECRET_TOKEN, World};

/// The expected values were made by `openssl dgst -sha256 -hmac webhook-secret-token`.
#[test]
fn signatures_are_those_of_openssl() {
    let body = r#"{"event":"meeting.ended","event_ts":1767608412999,"payload":{"object":{"topic":"Übersicht / 会議"}}}"#;
    assert_eq!(
        signature(SECRET_TOKEN, "1767608413", body.as_bytes()),
        "v0=6a4f69e423a9000387c6eedf9dcd8d48dbc3a7bac8198067bd4ccee24b94a2f7"
    );
    assert_eq!(
        encrypted_token(SECRET_TOKEN, "Tg7mV0sZQpK2yHc4RbLw9A"),
        "7518940189169d5f011a79a47bb1dd5e58a47d5a7bdf1913736ba00257c9442f"
    );
}

#[tokio::test]
async fn an_event_arrives_with_zooms_headers_and_bytes() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let topic = "Überblick / \"quoted\" \u{2028} 会議 \u{7f}\n";
    let meeting = world.sim.create_meeting(ALICE, &json!({ "type": 1, "topic": topic }))?;
    let instance = world.sim.start_meeting(meeting.id)?;
    world.sim.settle().await;

    let calls = receiver.calls();
    let [call] = calls.as_slice() else { panic!("one delivery, not {}", calls.len()) };
    assert_eq!(call.query, "secret=url-secret");
    assert_eq!(call.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(call.header("user-agent"), "Zoom Marketplace/1.0a");
    assert_eq!(call.header("x-zm-request-timestamp"), (NOW_MS / 1000).to_string());
    assert_eq!(
        call.header("x-zm-signature"),
        signature(SECRET_TOKEN, &(NOW_MS / 1000).to_string(), &call.body)
    );
    assert_eq!(call.header("x-zm-request-id").len(), 36);
    let expected = format!(
        concat!(
            r#"{{"event":"meeting.started","event_ts":1767605412345,"payload":{{"#,
            r#""account_id":"SimAccount000000000000","object":{{"id":"{}","uuid":"{}","host_id":"{}","#,
            r#""topic":{},"type":1,"start_time":"2026-01-05T09:30:12Z","timezone":"UTC","duration":0}}}}}}"#
        ),
        meeting.id, instance.uuid, meeting.host_id, "\"Überblick / \\\"quoted\\\" \u{2028} 会議 \u{7f}\\n\"",
    );
    assert_eq!(String::from_utf8(call.body.to_vec())?, expected);
    Ok(())
}

#[tokio::test]
async fn headers_are_as_configured() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(WebhookConfig {
        request_id_header: RequestIdHeader::TrackingId,
        authorization: Some("verification-token".into()),
        headers: vec![("x-mine".into(), "yes".into())],
        ..WebhookConfig::new(&receiver.url)
    }))?;
    world.sim.send_event(r#"{"event":"anything"}"#)?;
    world.sim.settle().await;
    let call = receiver.calls().remove(0);
    assert_eq!(call.header("authorization"), "verification-token");
    assert_eq!(call.header("x-mine"), "yes");
    assert_eq!(call.header("x-zm-trackingid").len(), 36);
    for absent in ["x-zm-signature", "x-zm-request-timestamp", "x-zm-request-id"] {
        assert_eq!(call.headers.get(absent), None, "{absent}: there is no Secret Token");
    }
    assert_eq!(call.body, r#"{"event":"anything"}"#);
    Ok(())
}

#[tokio::test]
async fn every_event_has_zooms_shape() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let path = "/v2/users/me/meetings";
    let body = json!({ "topic": "Plan", "start_time": "2026-01-06T10:00:00Z", "password": "abc" });
    let meeting = world.post(path, &body).await?.json()?;
    let id = meeting["id"].as_u64().unwrap();
    world.call("PATCH", &format!("/v2/meetings/{id}"), Some(r#"{"topic":"Better plan"}"#)).await?;
    world.sim.start_meeting(id)?;
    world.sim.join_meeting(id, &Attendee::User(ALICE.into()))?;
    world.sim.join_meeting(id, &Attendee::Guest("Carol".into()))?;
    world.sim.end_meeting(id)?;
    world.call("DELETE", &format!("/v2/meetings/{id}"), None).await?;
    world.sim.settle().await;

    let expected = [
        "meeting.created",
        "meeting.updated",
        "meeting.started",
        "meeting.participant_joined",
        "meeting.participant_joined",
        "meeting.participant_left",
        "meeting.participant_left",
        "meeting.ended",
        "meeting.deleted",
    ];
    assert_eq!(receiver.events(), expected);
    let objects = receiver
        .calls()
        .iter()
        .map(|call| Ok(call.json()?["payload"].clone()))
        .collect::<Result<Vec<Value>>>()?;
    let object = |index: usize| &objects[index]["object"];
    assert_eq!((&objects[0]["operator"], &objects[0]["operation"]), (&json!(ALICE), &json!("single")));
    assert_eq!((&object(0)["id"], &object(0)["join_url"]), (&json!(id), &meeting["join_url"]));
    assert_eq!(*object(1), json!({ "id": id, "topic": "Better plan" }), "only what changed");
    assert_eq!(objects[1]["old_object"], json!({ "id": id, "topic": "Plan" }));
    assert_eq!(object(2)["id"], json!(id.to_string()), "a string in events of the running meeting");
    assert_eq!(object(2).get("end_time"), None);
    let participant = |index: usize| &object(index)["participant"];
    assert_eq!(
        (&participant(3)["email"], &participant(3)["user_name"]),
        (&json!(ALICE), &json!("Alice Example"))
    );
    assert_eq!((&participant(4)["id"], &participant(4)["email"]), (&json!(""), &json!("")), "guests");
    assert_eq!(participant(4)["join_time"], "2026-01-05T09:30:12Z");
    assert_eq!(participant(6)["leave_time"], "2026-01-05T09:30:12Z");
    assert_eq!(participant(6).get("join_time"), None);
    assert_eq!(object(7)["end_time"], "2026-01-05T09:30:12Z");
    assert_eq!((&objects[8]["operation"], &object(8)["id"]), (&json!("all"), &json!(id)));
    Ok(())
}

#[tokio::test]
async fn events_carry_the_personal_number() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    let alice = world.sim.user(ALICE).unwrap();
    world.sim.set_webhook(Some(receiver.config()))?;
    let body = json!({ "type": 1, "topic": "Mine", "settings": { "use_pmi": true } });
    let meeting = world.sim.create_meeting(ALICE, &body)?;
    let first = world.sim.start_meeting(meeting.id)?;
    world.sim.end_meeting(meeting.id)?;
    let second = world.sim.start_meeting(alice.pmi)?;
    world.sim.settle().await;
    let seen = receiver
        .calls()
        .iter()
        .map(|call| {
            let object = &call.json()?["payload"]["object"];
            Ok((object["id"].clone(), object["type"].clone(), object["uuid"].clone()))
        })
        .collect::<Result<Vec<_>>>()?;
    let pmi = json!(alice.pmi.to_string());
    let expected = [&first, &first, &second].map(|instance| (pmi.clone(), json!(4), json!(instance.uuid)));
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn quirks_of_old_deliveries() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(WebhookConfig {
        meeting_id_as_number: true,
        omit_end_time: true,
        events: Some(vec!["meeting.ended".into()]),
        ..receiver.config()
    }))?;
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 1 }))?.id;
    world.sim.start_meeting(id)?;
    world.sim.end_meeting(id)?;
    world.sim.settle().await;
    assert_eq!(receiver.events(), ["meeting.ended"], "only what is subscribed");
    let object = receiver.calls()[0].json()?["payload"]["object"].clone();
    assert_eq!(object["id"], json!(id));
    assert_eq!(object.get("end_time"), None);
    Ok(())
}
