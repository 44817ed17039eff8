//! Lists of meetings, and invitations.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::{ALICE, BOB, NOW_MS, World};

const MINUTE_MS: i64 = 60 * 1000;

async fn topics(world: &World, kind: &str) -> Result<Vec<String>> {
    let list = world.get(&format!("/v2/users/{ALICE}/meetings?type={kind}")).await?.json()?;
    let meetings = list["meetings"].as_array().unwrap();
    assert_eq!(list["total_records"], meetings.len());
    Ok(meetings.iter().map(|meeting| meeting["topic"].as_str().unwrap().to_owned()).collect())
}

/// One of each kind; the clock says 09:30 on 2026-01-05.
fn meetings_of_alice(world: &World) -> Result<()> {
    let sim = &world.sim;
    for body in [
        json!({ "topic": "Gone by", "start_time": "2026-01-04T10:00:00Z" }),
        json!({ "topic": "Tomorrow", "start_time": "2026-01-06T10:00:00Z" }),
        json!({ "topic": "Soon", "start_time": "2026-01-05T11:00:00Z", "duration": 45 }),
        json!({ "topic": "Any time", "type": 3 }),
        json!({ "topic": "Each day", "type": 8, "start_time": "2026-01-04T12:00:00Z",
            "recurrence": { "type": 1, "end_times": 9 } }),
        json!({ "topic": "At once", "type": 1 }),
    ] {
        sim.create_meeting(ALICE, &body)?;
    }
    sim.create_meeting(BOB, &json!({ "topic": "Another's", "start_time": "2026-01-05T10:00:00Z" }))?;
    Ok(())
}

#[tokio::test]
async fn lists_hold_what_they_are_asked_for() -> Result<()> {
    let world = World::new().await?;
    meetings_of_alice(&world)?;
    let scheduled = ["Gone by", "Any time", "Soon", "Each day", "Tomorrow"];
    assert_eq!(topics(&world, "scheduled").await?, scheduled, "not the instant one, not Bob's");
    assert_eq!(topics(&world, "upcoming").await?, scheduled[1..]);
    assert_eq!(topics(&world, "upcoming_meetings").await?, scheduled[1..]);
    assert!(topics(&world, "live").await?.is_empty());
    assert!(topics(&world, "previous_meetings").await?.is_empty());

    let id_of = |topic: &str| {
        let mut all = world.sim.meetings().into_iter();
        all.find(|view| view.meeting.topic == topic).map(|view| view.meeting.id).unwrap()
    };
    let uuid = world.sim.start_meeting(id_of("Gone by"))?.uuid;
    world.sim.start_meeting(id_of("At once"))?;
    assert_eq!(topics(&world, "live").await?, ["Gone by"]);
    assert!(topics(&world, "upcoming").await?.contains(&"Gone by".to_owned()), "live ones too");
    world.sim.clock().set_ms(NOW_MS + 40 * MINUTE_MS);
    world.sim.end_meeting(id_of("Gone by"))?;
    world.sim.end_meeting(id_of("At once"))?;
    assert!(topics(&world, "live").await?.is_empty());
    let list = world.get("/v2/users/me/meetings?type=previous_meetings").await?.json()?;
    let [past] = list["meetings"].as_array().unwrap().as_slice() else { panic!("one: {list}") };
    assert_eq!((&past["uuid"], &past["duration"]), (&json!(uuid), &json!(40)));
    assert_eq!(past["start_time"], "2026-01-05T09:30:12Z", "its real start");
    Ok(())
}

#[tokio::test]
async fn an_entry_has_what_a_reader_needs() -> Result<()> {
    let world = World::new().await?;
    meetings_of_alice(&world)?;
    let list = world.get("/v2/users/me/meetings").await?.json()?;
    assert_eq!((&list["page_size"], &list["next_page_token"]), (&json!(30), &json!("")));
    let alice = world.sim.user(ALICE).unwrap();
    for entry in list["meetings"].as_array().unwrap() {
        let read = world.get(&format!("/v2/meetings/{}", entry["id"])).await?.json()?;
        for field in ["uuid", "id", "topic", "type", "join_url", "timezone", "created_at", "duration"] {
            assert_eq!(entry[field], read[field], "{field} of {entry}");
        }
        assert_eq!(entry["host_id"], json!(alice.id));
        assert_eq!(entry.get("start_time").is_some(), entry["type"] != 3);
        assert_eq!(entry.get("start_url"), None, "the host's link is not in lists");
    }
    let body = json!({ "topic": "Room", "settings": { "use_pmi": true } });
    world.sim.create_meeting(ALICE, &body)?;
    let list = world.get("/v2/users/me/meetings").await?.json()?;
    let room = list["meetings"].as_array().unwrap().iter().find(|entry| entry["topic"] == "Room").unwrap();
    assert_eq!(room["pmi"], json!(alice.pmi.to_string()));
    Ok(())
}

#[tokio::test]
async fn pages_follow_each_other() -> Result<()> {
    let world = World::new().await?;
    for number in 0..5 {
        world.sim.create_meeting(ALICE, &json!({ "type": 3, "topic": number.to_string() }))?;
    }
    let mut path = "/v2/users/me/meetings?page_size=2".to_owned();
    let mut pages: Vec<Vec<Value>> = Vec::new();
    let mut last_token = String::new();
    loop {
        let list = world.get(&path).await?.json()?;
        assert_eq!((&list["total_records"], &list["page_count"]), (&json!(5), &json!(3)));
        pages.push(list["meetings"].as_array().unwrap().clone());
        let token = list["next_page_token"].as_str().unwrap();
        if token.is_empty() {
            break;
        }
        token.clone_into(&mut last_token);
        path = format!("/v2/users/me/meetings?page_size=2&next_page_token={token}");
    }
    let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [2, 2, 1]);
    let mut ids: Vec<u64> = pages.concat().iter().map(|entry| entry["id"].as_u64().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5, "nothing twice");
    let second = world.get("/v2/users/me/meetings?page_size=2&page_number=2").await?.json()?;
    assert_eq!(second["meetings"], json!(pages[1]), "the older way to ask");

    let again = format!("/v2/users/me/meetings?page_size=2&next_page_token={last_token}");
    assert_eq!(world.get(&again).await?.status, 200);
    let other = format!("/v2/users/{BOB}/meetings?page_size=2&next_page_token={last_token}");
    assert_eq!(world.get(&other).await?.refusal()?, (400, 300), "a token is of one list");
    world.sim.clock().set_ms(NOW_MS + 15 * MINUTE_MS);
    assert_eq!(world.get(&again).await?.refusal()?, (400, 300), "a token lives a quarter of an hour");
    Ok(())
}

#[tokio::test]
async fn an_odd_question_is_refused() -> Result<()> {
    let world = World::new().await?;
    for (query, field) in [
        ("type=all", "type"),
        ("page_size=301", "page_size"),
        ("page_size=0", "page_size"),
        ("page_size=x", "page_size"),
        ("page_number=0", "page_number"),
    ] {
        let answer = world.get(&format!("/v2/users/me/meetings?{query}")).await?;
        assert_eq!(answer.refusal()?, (400, 300), "{query}");
        assert_eq!(answer.json()?["errors"][0]["field"], field);
    }
    let answer = world.get("/v2/users/me/meetings?next_page_token=made-up").await?;
    assert_eq!(answer.refusal()?, (400, 300));
    assert_eq!(world.get("/v2/users/x@example.com/meetings").await?.refusal()?, (404, 1001));
    assert_eq!(world.get("/v2/users/x@example.com/upcoming_meetings").await?.refusal()?, (404, 3001));
    Ok(())
}

#[tokio::test]
async fn the_next_day_has_a_list_of_its_own() -> Result<()> {
    let world = World::new().await?;
    meetings_of_alice(&world)?;
    let list = world.get("/v2/users/me/upcoming_meetings").await?.json()?;
    let meetings = list["meetings"].as_array().unwrap();
    let topics: Vec<&Value> = meetings.iter().map(|meeting| &meeting["topic"]).collect();
    assert_eq!(topics, ["Soon", "Each day"], "tomorrow's is more than a day away");
    assert_eq!((&meetings[0]["duration"], &meetings[0]["is_host"]), (&json!(45), &json!(true)));
    Ok(())
}

#[tokio::test]
async fn an_invitation_says_how_to_come() -> Result<()> {
    let world = World::new().await?;
    let body = json!({
        "topic": "Review", "start_time": "2026-07-01T10:00:00Z", "timezone": "Europe/Paris",
        "default_password": true,
    });
    let meeting = world.sim.create_meeting(ALICE, &body)?;
    let answer = world.get(&format!("/v2/meetings/{}/invitation", meeting.id)).await?.json()?;
    let text = answer["invitation"].as_str().unwrap();
    let id = meeting.id.to_string();
    let passcode = format!("Passcode: {}", meeting.password);
    let number = format!("Meeting ID: {} {} {}", &id[..3], &id[3..7], &id[7..]);
    let dial = format!("+12125550100,,{id}#,,,,*{}# US (New York)", meeting.dial_in_password);
    let time = "Time: Jul 1, 2026 12:00 PM Europe/Paris";
    for line in ["Topic: Review", time, &meeting.join_url, &number, &passcode, &dial] {
        assert!(text.lines().any(|shown| shown == line), "{line} is not in\n{text}");
    }
    assert!(text.starts_with("Alice Example asks you"), "{text}");
    assert!(!text.contains(&meeting.start_url));

    let open = world.sim.create_meeting(ALICE, &json!({ "type": 1 }))?;
    let answer = world.get(&format!("/v2/meetings/{}/invitation", open.id)).await?.json()?;
    let text = answer["invitation"].as_str().unwrap();
    assert!(!text.contains("Passcode") && !text.contains("Time:"), "{text}");
    assert_eq!(world.get("/v2/meetings/85555555555/invitation").await?.refusal()?, (404, 3001));
    Ok(())
}
