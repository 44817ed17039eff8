//! Recordings: their events and `/meetings/{id|uuid}/recordings`.

use std::time::Duration;

use anyhow::Result;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use zoom_sim::{Attendee, NewRecording, SimError};

use crate::support::{ALICE, BOB, NOW_MS, Receiver, World};

const MINUTE_MS: i64 = 60 * 1000;

/// A meeting of Alice that took fifty minutes, with Bob in it. Gives its number and its uuid.
async fn held(world: &World) -> Result<(u64, String)> {
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 1, "topic": "Sprint review" }))?.id;
    let uuid = world.sim.start_meeting(id)?.uuid;
    world.sim.join_meeting(id, &Attendee::User(BOB.into()))?;
    world.sim.clock().set_ms(world.sim.now_ms() + 50 * MINUTE_MS);
    world.sim.end_meeting(id)?;
    Ok((id, uuid))
}

/// The bodies of the events about recordings so far.
async fn told(world: &World, receiver: &Receiver) -> Result<Vec<Value>> {
    world.sim.settle().await;
    let calls = receiver.calls().into_iter().filter(|call| call.event().starts_with("recording."));
    calls.map(|call| call.json()).collect()
}

fn files(event: &Value) -> &Vec<Value> {
    event["payload"]["object"]["recording_files"].as_array().unwrap()
}

#[tokio::test]
async fn a_recording_is_told_of_with_all_that_zoom_says() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let (id, uuid) = held(&world).await?;
    let alice = world.sim.user(ALICE).unwrap();
    let recording = world.post(&format!("/sim/meetings/{id}/record"), &json!({})).await?;
    assert_eq!(recording.status, 201, "{}", recording.body);
    let recording = recording.json()?;
    let events = told(&world, &receiver).await?;
    let [event] = events.as_slice() else { panic!("one: {events:?}") };
    assert_eq!(
        (&event["event"], &event["event_ts"]),
        (&json!("recording.completed"), &json!(NOW_MS + 50 * MINUTE_MS))
    );
    assert!(event["download_token"].as_str().is_some_and(|token| token.len() == 64), "beside event");
    assert_eq!(event["payload"].as_object().unwrap().len(), 2, "account_id and object");
    let object = &event["payload"]["object"];
    assert_eq!((&object["id"], &object["uuid"]), (&json!(id), &json!(uuid)), "a number here");
    assert_eq!((&object["type"], &object["duration"]), (&json!(1), &json!(50)));
    assert_eq!((&object["host_id"], &object["host_email"]), (&json!(alice.id), &json!(ALICE)));
    assert_eq!(
        (&object["topic"], &object["start_time"]),
        (&json!("Sprint review"), &json!("2026-01-05T09:30:12Z"))
    );
    assert_eq!((&object["timezone"], &object["on_prem"]), (&json!("UTC"), &json!(false)));
    assert_eq!((&object["recording_count"], &object["share_url"]), (&json!(4), &recording["share_url"]));
    assert_eq!(object["password"].as_str().map(str::len), Some(8));
    assert!(object["recording_play_passcode"].as_str().is_some_and(|passcode| passcode.len() == 32));

    let total: u64 = files(event).iter().map(|file| file["file_size"].as_u64().unwrap()).sum();
    assert_eq!(object["total_size"], json!(total));
    let kinds: Vec<_> = files(event)
        .iter()
        .map(|file| [&file["recording_type"], &file["file_type"], &file["file_extension"]])
        .collect();
    assert_eq!(
        json!(kinds),
        json!([
            ["shared_screen_with_speaker_view", "MP4", "MP4"],
            ["audio_only", "M4A", "M4A"],
            ["chat_file", "CHAT", "TXT"],
            ["timeline", "TIMELINE", "JSON"],
        ])
    );
    for file in files(event) {
        assert_eq!((&file["meeting_id"], &file["status"]), (&json!(uuid), &json!("completed")));
        assert_eq!(file["recording_start"], "2026-01-05T09:30:12Z");
        assert_eq!(file["recording_end"], "2026-01-05T10:20:12Z");
        let plays = ["MP4", "M4A"].contains(&file["file_type"].as_str().unwrap());
        assert_eq!(file.get("play_url").is_some(), plays, "{file}");
        let link = file["download_url"].as_str().unwrap();
        assert!(link.starts_with("https://example.zoom.us/rec/webhook_download/"), "{link}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_survives_parse_and_stringify() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let (id, _) = held(&world).await?;
    world.sim.record_meeting(id, &NewRecording::default())?;
    told(&world, &receiver).await?;
    let call = receiver.calls().into_iter().find(|call| call.event() == "recording.completed").unwrap();
    let body = std::str::from_utf8(&call.body)?;
    assert!(!body.contains("\\/") && !body.contains(": ") && !body.contains("\\u"), "{body}");
    assert!(body.starts_with(r#"{"event":"recording.completed","event_ts":"#), "Zoom's order: {body}");
    Ok(())
}

#[tokio::test]
async fn twins_differ_in_links_and_token_alone() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let (id, _) = held(&world).await?;
    world.post(&format!("/sim/meetings/{id}/record"), &json!({ "twins": true })).await?;
    let mut events = told(&world, &receiver).await?;
    assert_eq!(events.len(), 2);
    assert_ne!(events[0]["download_token"], events[1]["download_token"]);
    for (one, other) in files(&events[0]).iter().zip(files(&events[1])) {
        assert_ne!(one["download_url"], other["download_url"]);
    }
    for event in &mut events {
        event["download_token"] = Value::Null;
        for file in event["payload"]["object"]["recording_files"].as_array_mut().unwrap() {
            file["download_url"] = Value::Null;
        }
    }
    assert_eq!(events[0], events[1]);
    Ok(())
}

#[tokio::test]
async fn what_reports_differ_in_has_a_switch() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let (id, uuid) = held(&world).await?;
    let path = format!("/sim/meetings/{id}/record");
    let chat = json!([{ "recording_type": "chat_file", "content": "hello", "announced_size": 7 }]);
    let odd = json!({
        "id_as_string": true, "empty_recording_start": true, "ready_after_ms": 60_000, "passcode": "",
        "files": chat,
    });
    assert_eq!(world.post(&path, &odd).await?.status, 201);
    let events = told(&world, &receiver).await?;
    let object = &events[0]["payload"]["object"];
    assert_eq!(object["id"], json!(id.to_string()));
    assert_eq!((object.get("password"), object.get("recording_play_passcode")), (None, None), "no passcode");
    let [file] = files(&events[0]).as_slice() else { panic!("one") };
    assert_eq!((&file["recording_start"], &file["status"]), (&json!(""), &json!("processing")));
    assert_eq!(file["file_size"], 7);

    // Stopped and begun anew: an event with the new part alone, and all of it at the API.
    let (from, to) = (NOW_MS + 10 * MINUTE_MS, NOW_MS + 12 * MINUTE_MS);
    let part = json!({ "recording_type": "gallery_view", "size": 3000, "starts_ms": from, "ends_ms": to });
    world.post(&path, &json!({ "uuid": uuid, "files": [part] })).await?;
    let events = told(&world, &receiver).await?;
    let [part] = files(&events[1]).as_slice() else { panic!("one") };
    assert_eq!((&part["file_size"], &part["recording_type"]), (&json!(3000), &json!("gallery_view")));
    assert_eq!(part["recording_start"], "2026-01-05T09:40:12Z");
    assert_eq!(part["recording_end"], "2026-01-05T09:42:12Z");
    let list = world.get(&format!("/v2/meetings/{id}/recordings")).await?.json()?;
    assert_eq!((&list["recording_count"], &list["total_size"]), (&json!(2), &json!(3007)));

    let evil = "https://example.zoom.us.evil.example";
    world.post(&path, &json!({ "links_at": evil, "without_token": true })).await?;
    let event = told(&world, &receiver).await?.remove(2);
    assert_eq!(event.get("download_token"), None);
    let links = files(&event).iter().flat_map(|file| [&file["play_url"], &file["download_url"]]);
    let links: Vec<&str> =
        links.chain([&event["payload"]["object"]["share_url"]]).filter_map(Value::as_str).collect();
    assert_eq!(links.len(), 7);
    assert!(links.iter().all(|link| link.starts_with(&format!("{evil}/rec/"))), "{links:?}");

    world.post(&path, &json!({ "silent": true })).await?;
    assert_eq!(told(&world, &receiver).await?.len(), 3, "no event");
    Ok(())
}

#[tokio::test]
async fn the_transcript_comes_later() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let (id, uuid) = held(&world).await?;
    let new = NewRecording { transcript_after_ms: Some(600_000), ..NewRecording::default() };
    let recording = world.sim.record_meeting(id, &new)?;
    world.sim.advance(Duration::from_secs(599)).await;
    assert_eq!(told(&world, &receiver).await?.len(), 1);
    world.sim.advance(Duration::from_secs(1)).await;
    let events = told(&world, &receiver).await?;
    let [completed, transcript] = events.as_slice() else { panic!("two: {events:?}") };
    assert_eq!(transcript["event"], "recording.transcript_completed");
    assert_eq!(transcript["event_ts"], json!(NOW_MS + 60 * MINUTE_MS));
    assert_ne!(transcript["download_token"], completed["download_token"]);
    assert_eq!(transcript["payload"]["object"]["uuid"], json!(uuid));
    let [file] = files(transcript).as_slice() else { panic!("one") };
    assert_eq!((&file["file_type"], &file["file_extension"]), (&json!("TRANSCRIPT"), &json!("VTT")));
    assert_eq!((&file["recording_type"], &file["status"]), (&json!("audio_transcript"), &json!("completed")));
    assert_eq!(file.get("play_url"), None);

    let path = format!("/sim/recordings/{}/transcript", recording.number);
    let shown = world.post(&path, &json!({ "content": "WEBVTT\n" })).await?.json()?;
    assert_eq!(shown["files"].as_array().map(Vec::len), Some(6));
    assert_eq!(files(&told(&world, &receiver).await?[2])[0]["file_size"], 7);
    assert_eq!(world.get(&format!("/sim/recordings/{}", recording.number)).await?.json()?, shown);
    assert_eq!(world.get("/sim/recordings").await?.json()?, json!([shown]));
    Ok(())
}

#[tokio::test]
async fn the_api_tells_of_recordings_by_number_and_uuid() -> Result<()> {
    let world = World::new().await?;
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 3, "topic": "Daily" }))?.id;
    let path = format!("/v2/meetings/{id}/recordings");
    assert_eq!(world.get(&path).await?.refusal()?, (404, 3301), "not recorded");
    let mut uuids = Vec::new();
    for _ in 0..3 {
        uuids.push(world.sim.start_meeting(id)?.uuid);
        world.sim.clock().set_ms(world.sim.now_ms() + MINUTE_MS);
        world.sim.end_meeting(id)?;
        world.sim.record_meeting(id, &NewRecording::default())?;
    }
    let last = world.get(&path).await?.json()?;
    assert_eq!((&last["uuid"], &last["id"]), (&json!(uuids[2]), &json!(id.to_string())), "a string here");
    assert_eq!((&last["type"], &last["recording_count"]), (&json!("3"), &json!(4)));
    assert_eq!(last["recording_files"][0]["meeting_id"], json!(uuids[2]));
    assert_eq!(last.get("download_access_token"), None);
    for uuid in &uuids {
        let once = utf8_percent_encode(uuid, NON_ALPHANUMERIC).to_string();
        let twice = utf8_percent_encode(&once, NON_ALPHANUMERIC).to_string();
        let found = world.get(&format!("/v2/meetings/{twice}/recordings")).await?;
        assert_eq!((found.status, &found.json()?["uuid"]), (200, &json!(uuid)));
        let awkward = uuid.starts_with('/') || uuid.contains("//");
        for path in [once, uuid.clone()] {
            let answer = world.get(&format!("/v2/meetings/{path}/recordings")).await?;
            assert_eq!(answer.status, if awkward { 404 } else { 200 }, "{path}");
        }
    }
    assert!(uuids.iter().any(|uuid| uuid.starts_with('/')), "{uuids:?}");
    assert_eq!(world.get("/v2/meetings/85555555555/recordings").await?.refusal()?, (404, 3001));
    let bare = world.sim.start_meeting(id)?.uuid;
    world.sim.end_meeting(id)?;
    let twice = utf8_percent_encode(&bare, NON_ALPHANUMERIC).to_string().replace('%', "%25");
    assert_eq!(world.get(&format!("/v2/meetings/{twice}/recordings")).await?.refusal()?, (404, 3301));
    assert_eq!(world.get(&format!("{path}?ttl=soon")).await?.refusal()?, (400, 300));
    Ok(())
}

#[tokio::test]
async fn the_recording_of_a_personal_meeting_has_its_number() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let pmi = world.sim.user(ALICE).unwrap().pmi;
    let id = world.sim.create_meeting(ALICE, &json!({ "settings": { "use_pmi": true } }))?.id;
    world.sim.start_meeting(id)?;
    world.sim.end_meeting(id)?;
    world.sim.record_meeting(id, &NewRecording::default())?;
    let events = told(&world, &receiver).await?;
    let object = &events[0]["payload"]["object"];
    assert_eq!((&object["id"], &object["type"]), (&json!(pmi), &json!(4)));
    for number in [id, pmi] {
        assert_eq!(world.get(&format!("/v2/meetings/{number}/recordings")).await?.status, 200);
    }
    Ok(())
}

#[tokio::test]
async fn only_what_was_held_is_recorded() -> Result<()> {
    let world = World::new().await?;
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 1 }))?.id;
    let usual = NewRecording::default();
    assert_eq!(world.sim.record_meeting(id, &usual), Err(SimError::NotHeld(id)));
    assert_eq!(world.sim.record_meeting(1, &usual), Err(SimError::NoSuchMeeting(1)));
    world.sim.start_meeting(id)?;
    let path = format!("/sim/meetings/{id}/record");
    for (body, status, sentence) in [
        (json!({ "uuid": "other" }), 409, "was not held"),
        (json!({ "files": [{ "recording_type": "hologram" }] }), 400, "`hologram` is no recording_type"),
        (json!({ "file": [] }), 422, "unknown field `file`"),
    ] {
        let answer = world.post(&path, &body).await?;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.body.contains(sentence), "{}", answer.body);
    }
    assert!(world.sim.recordings().is_empty(), "nothing half done");
    assert_eq!(world.get("/sim/recordings/1").await?.status, 404);
    Ok(())
}

#[tokio::test]
async fn links_to_the_player_lead_to_a_page() -> Result<()> {
    let world = World::with_links().await?;
    let (id, _) = held(&world).await?;
    let recording = world.sim.record_meeting(id, &NewRecording::default())?;
    let play = recording.files[0].play_url.clone().unwrap();
    for link in [play, recording.share_url] {
        let page = world.get(link.strip_prefix(&world.base).unwrap()).await?;
        assert_eq!(page.status, 200);
        assert!(
            page.body.contains("<h1>Sprint review</h1>") && page.body.contains("50 min"),
            "{}",
            page.body
        );
        assert!(!page.body.contains(&recording.password), "the passcode is not shown");
    }
    assert_eq!(world.get("/rec/play/made-up").await?.status, 404);
    Ok(())
}

/// Zoom's API reference: `recording_play_passcode` is "to be used in the URL", `password` is the recording's own. An earlier
/// simulation took either, and the plugin posted the wrong one.
#[tokio::test]
async fn f21_each_passcode_of_a_recording_opens_it_in_its_own_way() -> Result<()> {
    let world = World::with_links().await?;
    let (id, _) = held(&world).await?;
    let recording = world.sim.record_meeting(id, &NewRecording::default())?;
    let (typed, in_link) = (&recording.password, &recording.play_passcode);
    let play = recording.files[0].play_url.clone().unwrap();
    let play = play.strip_prefix(&world.base).unwrap();
    for (query, said) in [
        (String::new(), "would ask for its passcode"),
        (format!("?typed={typed}"), "It plays."),
        (format!("?pwd={in_link}"), "It plays."),
        (format!("?typed={in_link}"), "would ask again"),
        (format!("?pwd={typed}"), "would ask for its passcode"),
    ] {
        let page = world.get(&format!("{play}{query}")).await?;
        assert!(page.body.contains(said), "{query}: {}", page.body);
    }
    Ok(())
}

#[tokio::test]
async fn the_steps_of_a_recording_are_told() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 1 }))?.id;
    let path = format!("/sim/meetings/{id}/recording");
    assert_eq!(world.post(&path, &json!({ "step": "started" })).await?.status, 409, "not while it waits");
    let uuid = world.sim.start_meeting(id)?.uuid;
    for step in ["started", "paused", "resumed", "stopped"] {
        world.sim.clock().set_ms(world.sim.now_ms() + MINUTE_MS);
        assert_eq!(world.post(&path, &json!({ "step": step })).await?.status, 204);
    }
    let events = told(&world, &receiver).await?;
    let names: Vec<&Value> = events.iter().map(|event| &event["event"]).collect();
    assert_eq!(names, ["recording.started", "recording.paused", "recording.resumed", "recording.stopped"]);
    for event in &events {
        let object = &event["payload"]["object"];
        assert_eq!((&object["id"], &object["uuid"]), (&json!(id), &json!(uuid)), "a number here");
        let stopped = event["event"] == "recording.stopped";
        let end = if stopped { json!("2026-01-05T09:34:12Z") } else { Value::Null };
        let span = json!({ "recording_start": "2026-01-05T09:31:12Z", "recording_end": end });
        assert_eq!(object["recording_file"], span);
    }
    world.sim.end_meeting(id)?;
    world.sim.record_meeting(id, &NewRecording::default())?;
    let completed = told(&world, &receiver).await?.remove(4);
    assert_eq!(files(&completed)[0]["recording_start"], "2026-01-05T09:31:12Z", "from when it was begun");
    Ok(())
}
