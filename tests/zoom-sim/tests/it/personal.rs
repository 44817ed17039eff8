//! Personal meetings.

use anyhow::Result;
use serde_json::{Value, json};
use zoom_sim::{PersonalMeeting, SimError};

use crate::support::{ALICE, BOB, Receiver, World};

#[tokio::test]
async fn a_personal_meeting_is_led_by_its_user() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let pmi = world.sim.user(ALICE).unwrap().pmi;
    let room = format!("/sim/users/{ALICE}/personal_meeting");
    let mut uuids = Vec::new();
    for _ in 0..2 {
        assert_eq!(world.call("POST", &format!("{room}/start"), None).await?.status, 200);
        let bob = world.post(&format!("{room}/join"), &json!({ "user": BOB })).await?.json()?;
        assert_eq!(bob["email"], BOB);
        let view = world.get(&room).await?.json()?;
        assert_eq!((&view["id"], &view["status"]), (&json!(pmi), &json!("started")));
        let left = world.post(&format!("{room}/leave"), &json!({ "user_id": bob["user_id"] })).await?;
        assert_eq!(left.status, 200);
        let ended = world.call("POST", &format!("{room}/end"), None).await?.json()?;
        uuids.push(ended["uuid"].clone());
    }
    assert_ne!(uuids[0], uuids[1], "a session has a uuid of its own");
    world.sim.settle().await;
    let calls = receiver.calls();
    assert_eq!(receiver.events().iter().filter(|event| *event == "meeting.started").count(), 2);
    for call in &calls {
        let object = &call.json()?["payload"]["object"];
        assert_eq!((&object["id"], &object["type"]), (&json!(pmi.to_string()), &json!(4)));
        assert!(uuids.contains(&object["uuid"]), "{object}");
    }
    Ok(())
}

#[tokio::test]
async fn the_events_of_a_meeting_on_the_personal_number_carry_that_number() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let alice = world.sim.user(ALICE).unwrap();
    let body = json!({ "type": 2, "settings": { "use_pmi": true } });
    let meeting = world.post("/v2/users/me/meetings", &body).await?.json()?;
    assert_eq!(
        (&meeting["pmi"], &meeting["settings"]["use_pmi"]),
        (&json!(alice.pmi.to_string()), &json!(true))
    );
    let id = meeting["id"].as_u64().unwrap();
    world.sim.start_meeting(id)?;
    world.sim.end_meeting(id)?;
    world.sim.settle().await;
    let objects: Vec<Value> = receiver
        .calls()
        .iter()
        .map(|call| Ok(call.json()?["payload"]["object"].clone()))
        .collect::<Result<_>>()?;
    assert_eq!(
        (&objects[0]["id"], &objects[0]["pmi"]),
        (&json!(id), &json!(alice.pmi.to_string())),
        "created"
    );
    assert_eq!(
        (&objects[1]["id"], &objects[1]["type"]),
        (&json!(alice.pmi.to_string()), &json!(4)),
        "started"
    );
    assert_eq!(objects[2]["id"], json!(alice.pmi.to_string()), "ended");
    Ok(())
}

#[tokio::test]
async fn a_personal_meeting_can_be_switched_off() -> Result<()> {
    let world = World::new().await?;
    let alice = world.sim.user(ALICE).unwrap();
    let off = SimError::PersonalMeetingOff(ALICE.into());
    let planned = world.sim.create_meeting(ALICE, &json!({ "settings": { "use_pmi": true } }))?;
    for (switch, pmi, link) in
        [("zero", json!(0), json!("https://example.zoom.us/j/0")), ("absent", Value::Null, Value::Null)]
    {
        let change = json!({ "personal_meeting": switch }).to_string();
        let user = world.call("PATCH", &format!("/sim/users/{ALICE}"), Some(&change)).await?.json()?;
        assert_eq!((&user["personal_meeting"], &user["pmi"]), (&json!(switch), &json!(alice.pmi)));
        let user = world.get("/v2/users/me").await?.json()?;
        assert_eq!((&user["pmi"], &user["personal_meeting_url"]), (&pmi, &link), "{switch}");
        assert_eq!(user.get("personal_meeting"), None, "Zoom has no such field");
        assert_eq!(user.get("pmi").is_some(), switch == "zero");

        assert_eq!(world.sim.start_meeting(alice.pmi), Err(off.clone()));
        assert_eq!(world.sim.start_meeting(planned.id), Err(off.clone()), "it would take place there");
        let room = world.get(&format!("/v2/meetings/{}", alice.pmi)).await?;
        assert_eq!(room.refusal()?, (404, 3001));
        let body = json!({ "type": 1, "default_password": true, "settings": { "use_pmi": true } });
        let meeting = world.post("/v2/users/me/meetings", &body).await?.json()?;
        assert_eq!((meeting.get("pmi"), &meeting["settings"]["use_pmi"]), (None, &json!(false)));
        assert!(meeting["join_url"].as_str().unwrap().contains(&meeting["id"].to_string()), "{meeting}");
    }
    let on = world.sim.set_personal_meeting(ALICE, PersonalMeeting::On)?;
    assert_eq!(world.get("/v2/users/me").await?.json()?["pmi"], json!(on.pmi));
    assert_eq!(world.sim.start_meeting(alice.pmi)?.started_as, alice.pmi);
    Ok(())
}

#[tokio::test]
async fn the_preference_for_the_personal_meeting_is_switched() -> Result<()> {
    let world = World::new().await?;
    assert_eq!(world.get("/v2/users/me").await?.json()?["use_pmi"], false);
    let change = Some(r#"{"use_pmi":true}"#);
    assert_eq!(world.call("PATCH", &format!("/sim/users/{ALICE}"), change).await?.status, 200);
    assert_eq!(world.get("/v2/users/me").await?.json()?["use_pmi"], true);
    Ok(())
}
