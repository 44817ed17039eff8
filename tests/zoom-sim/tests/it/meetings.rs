//! `/users/{user}/meetings` and `/meetings/{id}`

use anyhow::Result;
use serde_json::{Value, json};
use zoom_sim::{Attendee, FirstUuid, MeetingStatus, SimConfig, SimError};

use crate::support::{ALICE, BOB, NOW_MS, World};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn create(world: &World, body: Value) -> Result<Value> {
    let answer = world.post("/v2/users/me/meetings", &body).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()
}

fn id_of(meeting: &Value) -> u64 {
    meeting["id"].as_u64().unwrap()
}

#[tokio::test]
async fn an_instant_meeting_has_all_that_zoom_answers() -> Result<()> {
    let world = World::new().await?;
    let alice = world.sim.user(ALICE).unwrap();
    let meeting =
        create(&world, json!({ "topic": "Überblick 会議", "type": 1, "default_password": true })).await?;
    let id = id_of(&meeting);
    assert!(id > u64::from(u32::MAX) && id.to_string().len() == 11, "{id}");
    assert_eq!(meeting["topic"], "Überblick 会議");
    assert_eq!(meeting["host_id"], json!(alice.id));
    assert_eq!(meeting["host_email"], ALICE);
    assert_eq!((&meeting["type"], &meeting["status"]), (&json!(1), &json!("waiting")));
    assert_eq!((&meeting["duration"], &meeting["timezone"]), (&json!(0), &json!("UTC")));
    assert_eq!(meeting["created_at"], "2026-01-05T09:30:12Z");
    assert_eq!(meeting["settings"]["waiting_room"], false, "a passcode protects it");
    for field in ["uuid", "start_url", "password", "h323_password", "pstn_password", "encrypted_password"] {
        assert!(meeting[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {meeting}");
    }
    let pwd = meeting["encrypted_password"].as_str().unwrap();
    assert_eq!(meeting["join_url"], format!("https://example.zoom.us/j/{id}?pwd={pwd}"));
    assert_eq!(world.get(&format!("/v2/meetings/{id}")).await?.json()?, meeting);
    Ok(())
}

#[tokio::test]
async fn what_nothing_protects_gets_a_waiting_room() -> Result<()> {
    let world = World::new().await?;
    let open = create(&world, json!({ "type": 1 })).await?;
    assert_eq!(open["settings"]["waiting_room"], true);
    assert_eq!(open["password"], "");
    assert_eq!(open["join_url"], format!("https://example.zoom.us/j/{}", id_of(&open)));
    let signed_in = create(&world, json!({ "settings": { "meeting_authentication": true } })).await?;
    assert_eq!(signed_in["settings"]["waiting_room"], false);

    let strict = World::with(SimConfig { require_passcode: true, ..SimConfig::default() }).await?;
    let meeting = create(&strict, json!({ "type": 1 })).await?;
    assert_eq!(meeting["settings"]["waiting_room"], false);
    assert_eq!(meeting["password"].as_str().map(str::len), Some(6));
    Ok(())
}

#[tokio::test]
async fn a_wrong_field_is_named() -> Result<()> {
    let world = World::new().await?;
    let cases = [
        (json!({ "topic": "x".repeat(201) }), vec!["topic"]),
        (json!({ "topic": 5 }), vec!["topic"]),
        (json!({ "agenda": "x".repeat(2001) }), vec!["agenda"]),
        (json!({ "type": 4 }), vec!["type"]),
        (json!({ "password": "longer than ten" }), vec!["password"]),
        (json!({ "timezone": "Mars/Base", "start_time": "tomorrow" }), vec!["timezone", "start_time"]),
        (
            json!({ "settings": { "jbh_time": 7, "waiting_room": "yes" } }),
            vec!["settings.jbh_time", "settings.waiting_room"],
        ),
        (json!({ "settings": [] }), vec!["settings"]),
    ];
    for (body, wrong) in cases {
        let answer = world.post("/v2/users/me/meetings", &body).await?;
        assert_eq!(answer.refusal()?, (400, 300), "{body}");
        let answer = answer.json()?;
        let mut fields: Vec<&str> =
            answer["errors"].as_array().unwrap().iter().filter_map(|error| error["field"].as_str()).collect();
        fields.sort_by_key(|field| wrong.iter().position(|wanted| wanted == field));
        assert_eq!(fields, wrong, "{body}");
    }
    for body in ["", "null", "[]", "{", "\"text\""] {
        let answer = world.call("POST", "/v2/users/me/meetings", Some(body)).await?;
        assert_eq!(answer.refusal()?, (400, 300), "{body}");
    }
    // The limit counts characters, not bytes; unknown fields and nulls are passed over.
    create(&world, json!({ "topic": "é".repeat(200), "agenda": null, "unknown": {} })).await?;
    Ok(())
}

#[tokio::test]
async fn a_planned_start_is_utc_or_local() -> Result<()> {
    let world = World::new().await?;
    let utc = json!({ "start_time": "2026-07-01T10:00:00Z", "timezone": "Europe/Paris", "duration": 45 });
    let utc = create(&world, utc).await?;
    assert_eq!((&utc["type"], &utc["duration"]), (&json!(2), &json!(45)), "scheduled if not said");
    assert_eq!(utc["start_time"], "2026-07-01T10:00:00Z");
    let local =
        create(&world, json!({ "start_time": "2026-07-01T10:00:00", "timezone": "Europe/Paris" })).await?;
    assert_eq!(local["start_time"], "2026-07-01T08:00:00Z");
    let recurring = create(&world, json!({ "type": 3, "start_time": "2026-07-01T10:00:00Z" })).await?;
    assert_eq!(recurring.get("start_time"), None);
    Ok(())
}

#[tokio::test]
async fn a_meeting_goes_from_waiting_to_started_to_over() -> Result<()> {
    let world = World::new().await?;
    let meeting = create(&world, json!({ "type": 1 })).await?;
    let id = id_of(&meeting);
    let path = format!("/v2/meetings/{id}");
    assert_eq!(world.sim.end_meeting(id), Err(SimError::NotStarted(id)));

    let first = world.sim.start_meeting(id)?;
    assert_ne!(json!(first.uuid), meeting["uuid"], "a start has a uuid of its own");
    assert_eq!(world.sim.start_meeting(id), Err(SimError::AlreadyStarted(id)));
    let running = world.get(&path).await?.json()?;
    assert_eq!((&running["status"], &running["uuid"]), (&json!("started"), &json!(first.uuid)));

    let ended = world.call("PUT", &format!("{path}/status"), Some(r#"{"action":"end"}"#)).await?;
    assert_eq!((ended.status, ended.body.as_str()), (204, ""));
    assert_eq!(world.get(&path).await?.refusal()?, (404, 3001), "an instant meeting is gone when over");
    assert_eq!(world.sim.meeting(id).map(|view| view.status), Some(MeetingStatus::Ended));

    let second = world.sim.start_meeting(id)?;
    assert_ne!(second.uuid, first.uuid, "the same number again is another instance");
    assert_eq!(world.get(&path).await?.json()?["uuid"], json!(second.uuid));
    Ok(())
}

#[tokio::test]
async fn a_recurring_meeting_waits_again_under_a_new_uuid() -> Result<()> {
    let world = World::with(SimConfig { first_uuid: FirstUuid::AsCreated, ..SimConfig::default() }).await?;
    let meeting = create(&world, json!({ "type": 3 })).await?;
    let id = id_of(&meeting);
    let first = world.sim.start_meeting(id)?;
    assert_eq!(json!(first.uuid), meeting["uuid"]);
    world.sim.end_meeting(id)?;
    let waiting = world.get(&format!("/v2/meetings/{id}")).await?.json()?;
    assert_eq!(waiting["status"], "waiting");
    assert_ne!(waiting["uuid"], json!(first.uuid));
    assert_ne!(world.sim.start_meeting(id)?.uuid, first.uuid);
    Ok(())
}

#[tokio::test]
async fn a_meeting_on_the_personal_number_takes_place_there() -> Result<()> {
    let world = World::new().await?;
    let alice = world.sim.user(ALICE).unwrap();
    let meeting = create(&world, json!({ "type": 1, "settings": { "use_pmi": true } })).await?;
    let id = id_of(&meeting);
    assert_ne!(id, alice.pmi, "the answer has a number of its own");
    assert_eq!(meeting["pmi"], json!(alice.pmi.to_string()), "a string here");
    assert_eq!(meeting["join_url"], json!(alice.personal_meeting_url));

    let instance = world.sim.start_meeting(id)?;
    assert_eq!(world.sim.start_meeting(alice.pmi), Err(SimError::AlreadyStarted(alice.pmi)));
    let room = world.get(&format!("/v2/meetings/{}", alice.pmi)).await?.json()?;
    assert_eq!((&room["status"], &room["uuid"]), (&json!("started"), &json!(instance.uuid)));
    world.sim.end_meeting(alice.pmi)?;
    assert_eq!(world.get(&format!("/v2/meetings/{id}")).await?.refusal()?, (404, 3001));
    assert_eq!(world.get(&format!("/v2/meetings/{}", alice.pmi)).await?.json()?["status"], "waiting");
    Ok(())
}

#[tokio::test]
async fn an_update_changes_what_it_says() -> Result<()> {
    let world = World::new().await?;
    let meeting =
        create(&world, json!({ "topic": "Old", "start_time": "2026-07-01T10:00:00Z", "password": "abc" }))
            .await?;
    let path = format!("/v2/meetings/{}", id_of(&meeting));
    let change =
        json!({ "topic": "New", "start_time": "2020-01-01T00:00:00Z", "password": "def" }).to_string();
    let answer = world.call("PATCH", &path, Some(&change)).await?;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    let after = world.get(&path).await?.json()?;
    assert_eq!(after["topic"], "New");
    assert_eq!(after["start_time"], "2026-07-01T10:00:00Z", "a start in the past is passed over");
    assert_eq!(after["password"], "def");
    assert_ne!(after["join_url"], meeting["join_url"], "the link carries the new passcode");

    let answer = world.call("PATCH", &path, Some(r#"{"topic":7}"#)).await?;
    assert_eq!(answer.refusal()?, (400, 300));
    assert_eq!(world.call("PATCH", "/v2/meetings/1", Some("{}")).await?.refusal()?, (404, 3001));
    Ok(())
}

#[tokio::test]
async fn a_deleted_meeting_is_gone_until_it_is_recovered() -> Result<()> {
    let world = World::new().await?;
    let alice = world.sim.user(ALICE).unwrap();
    let id = id_of(&create(&world, json!({})).await?);
    let path = format!("/v2/meetings/{id}");
    world.sim.start_meeting(id)?;
    assert_eq!(world.call("DELETE", &path, None).await?.refusal()?, (400, 3002), "while it runs");
    world.sim.end_meeting(id)?;
    assert_eq!(world.call("DELETE", &path, None).await?.status, 204);
    assert_eq!(world.get(&path).await?.refusal()?, (404, 3001));
    assert_eq!(world.call("DELETE", &path, None).await?.refusal()?, (404, 3001));
    let recover = Some(r#"{"action":"recover"}"#);
    assert_eq!(world.call("PUT", &format!("{path}/status"), recover).await?.status, 204);
    assert_eq!(world.get(&path).await?.status, 200);

    let personal = format!("/v2/meetings/{}", alice.pmi);
    assert_eq!(world.call("DELETE", &personal, None).await?.refusal()?, (400, 3018));
    Ok(())
}

#[tokio::test]
async fn old_meetings_are_forgotten() -> Result<()> {
    let world = World::new().await?;
    let scheduled = id_of(&create(&world, json!({ "start_time": "2026-01-06T00:00:00Z" })).await?);
    let recurring = id_of(&create(&world, json!({ "type": 3 })).await?);
    let status = |id| world.sim.meeting(id).unwrap().status;
    world.sim.clock().set_ms(NOW_MS + 30 * DAY_MS);
    assert_eq!((status(scheduled), status(recurring)), (MeetingStatus::Waiting, MeetingStatus::Waiting));
    world.sim.clock().set_ms(NOW_MS + 31 * DAY_MS);
    assert_eq!((status(scheduled), status(recurring)), (MeetingStatus::Ended, MeetingStatus::Waiting));
    world.sim.clock().set_ms(NOW_MS + 366 * DAY_MS);
    assert_eq!((status(scheduled), status(recurring)), (MeetingStatus::Ended, MeetingStatus::Ended));
    Ok(())
}

#[tokio::test]
async fn a_missing_or_odd_number_is_refused() -> Result<()> {
    let world = World::new().await?;
    let answer = world.get("/v2/meetings/85555555555").await?;
    assert_eq!(answer.refusal()?, (404, 3001));
    assert_eq!(answer.json()?["message"], "Meeting does not exist: 85555555555.");
    for id in ["abc", "-1", "1.5", "99999999999999999999"] {
        assert_eq!(world.get(&format!("/v2/meetings/{id}")).await?.refusal()?, (400, 300), "{id}");
    }
    Ok(())
}

#[tokio::test]
async fn another_host_can_be_named() -> Result<()> {
    let world = World::new().await?;
    let meeting = create(&world, json!({ "schedule_for": BOB })).await?;
    assert_eq!(meeting["host_email"], BOB);
    let answer = world.post("/v2/users/me/meetings", &json!({ "schedule_for": "x@example.com" })).await?;
    assert_eq!(answer.refusal()?, (404, 1001));
    Ok(())
}

#[tokio::test]
async fn people_are_connections() -> Result<()> {
    let world = World::new().await?;
    let id = id_of(&create(&world, json!({ "type": 1 })).await?);
    let guest = Attendee::Guest("Carol".into());
    assert_eq!(world.sim.join_meeting(id, &guest), Err(SimError::NotStarted(id)));
    world.sim.start_meeting(id)?;
    let carol = world.sim.join_meeting(id, &guest)?;
    assert_eq!((carol.id.as_str(), carol.email.as_str()), ("", ""), "guests have neither");
    let bob = world.sim.join_meeting(id, &Attendee::User(BOB.into()))?;
    assert_eq!(bob.email, BOB);
    world.sim.leave_meeting(id, &carol.user_id)?;
    let gone = SimError::NoSuchParticipant { meeting: id, user_id: carol.user_id.clone() };
    assert_eq!(world.sim.leave_meeting(id, &carol.user_id), Err(gone));
    assert_ne!(world.sim.join_meeting(id, &guest)?.user_id, carol.user_id, "back on a new connection");
    let running = world.sim.meeting(id).and_then(|view| view.meeting.running).unwrap();
    let present: Vec<&str> = running.present().map(|participant| participant.user_name.as_str()).collect();
    assert_eq!(present, ["Bob", "Carol"]);
    let unknown = Attendee::User("x@example.com".into());
    assert_eq!(world.sim.join_meeting(id, &unknown), Err(SimError::NoSuchUser("x@example.com".into())));
    Ok(())
}

#[tokio::test]
async fn the_same_seed_gives_the_same_identifiers() -> Result<()> {
    let (mut all, body) = (Vec::new(), json!({ "type": 1, "default_password": true }));
    for seed in [7, 7, 8] {
        let world = World::with(SimConfig { seed, ..SimConfig::default() }).await?;
        let meeting = create(&world, body.clone()).await?;
        all.push((meeting["id"].clone(), meeting["uuid"].clone(), meeting["password"].clone()));
    }
    assert_eq!(all[0], all[1]);
    assert_ne!(all[0], all[2]);
    Ok(())
}
