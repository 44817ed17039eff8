//! Meetings that repeat.

use anyhow::Result;
use serde_json::{Value, json};
use zoom_sim::MeetingStatus;

use crate::support::{ALICE, NOW_MS, Receiver, World};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A meeting that repeats from Monday, 2026-03-02, 09:00 in Paris on.
async fn create(world: &World, recurrence: Value) -> Result<Value> {
    let body = json!({
        "type": 8, "topic": "Stand-up", "duration": 15, "start_time": "2026-03-02T09:00:00",
        "timezone": "Europe/Paris", "recurrence": recurrence,
    });
    let answer = world.post("/v2/users/me/meetings", &body).await?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()
}

fn starts(meeting: &Value) -> Vec<&str> {
    let occurrences = meeting["occurrences"].as_array().unwrap();
    occurrences.iter().map(|occurrence| occurrence["start_time"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn occurrences_follow_from_the_rule() -> Result<()> {
    let world = World::new().await?;
    let cases = [
        (json!({ "type": 1, "end_times": 2 }), vec!["2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z"]),
        (
            json!({ "type": 1, "repeat_interval": 3, "end_date_time": "2026-03-08T08:00:00Z" }),
            vec!["2026-03-02T08:00:00Z", "2026-03-05T08:00:00Z", "2026-03-08T08:00:00Z"],
        ),
        // The clocks go forward on 29 March: still at nine.
        (
            json!({ "type": 2, "repeat_interval": 2, "weekly_days": "2,1", "end_times": 4 }),
            vec![
                "2026-03-02T08:00:00Z",
                "2026-03-15T08:00:00Z",
                "2026-03-16T08:00:00Z",
                "2026-03-29T07:00:00Z",
            ],
        ),
        (json!({ "type": 2, "end_times": 2 }), vec!["2026-03-02T08:00:00Z", "2026-03-09T08:00:00Z"]),
        (
            json!({ "type": 3, "monthly_day": 31, "end_times": 2 }),
            vec!["2026-03-31T07:00:00Z", "2026-05-31T07:00:00Z"],
        ),
        (
            json!({ "type": 3, "monthly_week": -1, "monthly_week_day": 6, "end_times": 2 }),
            vec!["2026-03-27T08:00:00Z", "2026-04-24T07:00:00Z"],
        ),
        (json!({ "type": 1 }), vec!["2026-03-02T08:00:00Z"]),
    ];
    for (recurrence, expected) in cases {
        let meeting = create(&world, recurrence.clone()).await?;
        assert_eq!(starts(&meeting), expected, "{recurrence}");
        assert_eq!((&meeting["type"], &meeting["start_time"]), (&json!(8), &json!(expected[0])));
        assert_eq!(meeting["recurrence"]["type"], recurrence["type"]);
        let read = world.get(&format!("/v2/meetings/{}", meeting["id"])).await?.json()?;
        assert_eq!(read, meeting);
    }
    let far = create(&world, json!({ "type": 1, "end_date_time": "2036-01-01T00:00:00Z" })).await?;
    assert_eq!(starts(&far).len(), 60, "Zoom plans no more");
    let occurrence = &far["occurrences"][0];
    assert_eq!(occurrence["occurrence_id"], "1772438400000");
    assert_eq!((&occurrence["duration"], &occurrence["status"]), (&json!(15), &json!("available")));
    Ok(())
}

#[tokio::test]
async fn a_wrong_rule_is_named() -> Result<()> {
    let world = World::new().await?;
    let cases = [
        (json!(null), "recurrence"),
        (json!("daily"), "recurrence"),
        (json!({}), "recurrence.type"),
        (json!({ "type": 4 }), "recurrence.type"),
        (json!({ "type": 2, "repeat_interval": 51 }), "recurrence.repeat_interval"),
        (json!({ "type": 2, "weekly_days": "8" }), "recurrence.weekly_days"),
        (json!({ "type": 3, "monthly_day": 32 }), "recurrence.monthly_day"),
        (json!({ "type": 1, "end_times": 61 }), "recurrence.end_times"),
        (json!({ "type": 1, "end_date_time": "someday" }), "recurrence.end_date_time"),
    ];
    for (recurrence, field) in cases {
        let answer =
            world.post("/v2/users/me/meetings", &json!({ "type": 8, "recurrence": recurrence })).await?;
        assert_eq!(answer.refusal()?, (400, 300), "{recurrence}");
        assert_eq!(answer.json()?["errors"], json!([{ "field": field, "message": "Invalid field." }]));
    }
    Ok(())
}

#[tokio::test]
async fn each_occurrence_has_a_uuid_of_its_own_under_one_number() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    for (kind, recurrence) in [(3, Value::Null), (8, json!({ "type": 1, "end_times": 3 }))] {
        let body = json!({ "type": kind, "topic": "Daily", "recurrence": recurrence });
        let meeting = world.post(&format!("/sim/users/{ALICE}/meetings"), &body).await?.json()?;
        let id = meeting["id"].as_u64().unwrap();
        let mut uuids = Vec::new();
        for _ in 0..3 {
            uuids.push(world.sim.start_meeting(id)?.uuid);
            assert_eq!(world.sim.meeting(id).unwrap().status, MeetingStatus::Started);
            world.sim.end_meeting(id)?;
            assert_eq!(world.sim.meeting(id).unwrap().status, MeetingStatus::Waiting);
        }
        world.sim.settle().await;
        let (mut started, mut ended) = (Vec::new(), Vec::new());
        for call in receiver.calls() {
            let event = call.json()?;
            let object = &event["payload"]["object"];
            if object["id"] != json!(id.to_string()) {
                continue;
            }
            assert_eq!((&object["type"], &object["topic"]), (&json!(kind), &json!("Daily")));
            let uuid = object["uuid"].as_str().unwrap().to_owned();
            if event["event"] == "meeting.started" { started.push(uuid) } else { ended.push(uuid) }
        }
        assert_eq!((&started, &ended), (&uuids, &uuids));
        uuids.dedup();
        assert_eq!(uuids.len(), 3);
        let read = world.get(&format!("/v2/meetings/{id}")).await?.json()?;
        assert_eq!((&read["type"], &read["topic"]), (&json!(kind), &json!("Daily")));
        assert_eq!(read["host_id"], json!(world.sim.user(ALICE).unwrap().id));
        assert!(read["join_url"].as_str().unwrap().contains(&id.to_string()));
    }
    Ok(())
}

#[tokio::test]
async fn one_occurrence_can_go() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let meeting = create(&world, json!({ "type": 1, "end_times": 3 })).await?;
    let path = format!("/v2/meetings/{}", meeting["id"]);
    let gone = meeting["occurrences"][0]["occurrence_id"].as_str().unwrap();
    let delete = format!("{path}?occurrence_id={gone}");
    assert_eq!(world.call("DELETE", &delete, None).await?.status, 204);
    assert_eq!(world.call("DELETE", &delete, None).await?.refusal()?, (400, 300), "once");
    let read = world.get(&path).await?.json()?;
    assert_eq!(read["occurrences"][0]["status"], "deleted");
    assert_eq!(read["start_time"], "2026-03-03T08:00:00Z", "the next one");

    let change = json!({ "recurrence": { "type": 1, "end_times": 2 } }).to_string();
    assert_eq!(world.call("PATCH", &path, Some(&change)).await?.status, 204);
    let read = world.get(&path).await?.json()?;
    let states: Vec<&str> =
        read["occurrences"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["deleted", "available"], "what was deleted stays so");

    world.sim.settle().await;
    let deleted = receiver.calls().into_iter().find(|call| call.event() == "meeting.deleted").unwrap();
    let payload = deleted.json()?["payload"].clone();
    assert_eq!(payload["operation"], "single");
    assert_eq!(payload["object"]["occurrences"][0]["occurrence_id"], gone);
    assert_eq!(world.call("DELETE", &path, None).await?.status, 204, "and the whole");
    assert_eq!(world.get(&path).await?.refusal()?, (404, 3001));
    Ok(())
}

#[tokio::test]
async fn a_series_is_forgotten_a_year_after_its_last_time() -> Result<()> {
    let world = World::new().await?;
    let meeting = create(&world, json!({ "type": 1, "end_times": 2 })).await?;
    let id = meeting["id"].as_u64().unwrap();
    let last_ms: i64 = meeting["occurrences"][1]["occurrence_id"].as_str().unwrap().parse()?;
    assert!(last_ms > NOW_MS);
    world.sim.clock().set_ms(last_ms + 365 * DAY_MS);
    assert_eq!(world.sim.meeting(id).unwrap().status, MeetingStatus::Waiting);
    world.sim.clock().set_ms(last_ms + 366 * DAY_MS);
    assert_eq!(world.sim.meeting(id).unwrap().status, MeetingStatus::Ended);
    Ok(())
}
