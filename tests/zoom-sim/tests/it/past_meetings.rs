//! `/past_meetings/{id|uuid}` and the encoding of uuids.

use std::time::Duration;

use anyhow::Result;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use zoom_sim::{Attendee, FirstUuid, NewUser, SimConfig};

use crate::support::{ALICE, BOB, World};

const URI_COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, URI_COMPONENT).to_string()
}

/// Ended instances of one number: a plain uuid, one that begins with `/` and one that holds `//`.
async fn instances(world: &World) -> Result<(u64, Vec<String>)> {
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 3, "topic": "Daily" }))?.id;
    let mut uuids = Vec::new();
    for _ in 0..6 {
        uuids.push(world.sim.start_meeting(id)?.uuid);
        world.sim.end_meeting(id)?;
    }
    Ok((id, uuids))
}

#[tokio::test]
async fn awkward_uuids_come_up_and_need_double_encoding() -> Result<()> {
    let world = World::new().await?;
    let (_, uuids) = instances(&world).await?;
    let is_awkward = |uuid: &String| uuid.starts_with('/') || uuid.contains("//");
    assert!(uuids.iter().any(|uuid| uuid.starts_with('/')), "{uuids:?}");
    assert!(uuids.iter().any(|uuid| uuid.contains("//")), "{uuids:?}");
    assert!(uuids.iter().any(|uuid| !is_awkward(uuid)), "{uuids:?}");
    for uuid in &uuids {
        assert_eq!(uuid.len(), 24, "{uuid}");
        let twice = world.get(&format!("/v2/past_meetings/{}", encoded(&encoded(uuid)))).await?;
        assert_eq!((twice.status, &twice.json()?["uuid"]), (200, &json!(uuid)));

        let found = if is_awkward(uuid) { 404 } else { 200 };
        for path in [encoded(uuid), uuid.clone()] {
            assert_eq!(world.get(&format!("/v2/past_meetings/{path}")).await?.status, found, "{path}");
        }
    }
    let slash = uuids.iter().find(|uuid| uuid.starts_with('/') && !uuid[1..].contains("//")).unwrap();
    let lost = world.get(&format!("/v2/past_meetings/{slash}")).await?;
    assert_eq!(lost.refusal()?, (404, 3001));
    assert_eq!(
        lost.json()?["message"],
        format!("Meeting does not exist: {}.", slash.trim_start_matches('/'))
    );
    Ok(())
}

#[tokio::test]
async fn awkward_uuids_come_up_whatever_the_order_of_events() -> Result<()> {
    for first_uuid in [FirstUuid::Fresh, FirstUuid::AsCreated] {
        let world = World::with(SimConfig { first_uuid, ..SimConfig::default() }).await?;
        let mut uuids = Vec::new();
        for _ in 0..3 {
            let id = world.sim.create_meeting(ALICE, &json!({ "type": 1 }))?.id;
            uuids.push(world.sim.start_meeting(id)?.uuid);
            world.sim.end_meeting(id)?;
        }
        let shapes = |uuid: &String| (uuid.starts_with('/'), uuid[1..].contains("//"));
        let seen: Vec<(bool, bool)> = uuids.iter().map(shapes).collect();
        assert!(seen.iter().any(|(front, _)| *front), "{first_uuid:?}: {uuids:?}");
        assert!(seen.iter().any(|(_, double)| *double), "{first_uuid:?}: {uuids:?}");
        assert!(seen.contains(&(false, false)), "{first_uuid:?}: {uuids:?}");
    }
    Ok(())
}

#[tokio::test]
async fn it_tells_of_the_last_instance_after_its_end() -> Result<()> {
    let world = World::new().await?;
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 3, "topic": "Daily" }))?.id;
    let path = format!("/v2/past_meetings/{id}");
    assert_eq!(world.get(&path).await?.refusal()?, (404, 3001));
    let uuid = world.sim.start_meeting(id)?.uuid;
    world.sim.join_meeting(id, &Attendee::User(BOB.into()))?;
    world.sim.advance(Duration::from_secs(47 * 60)).await;
    world.sim.join_meeting(id, &Attendee::Guest("Carol".into()))?;
    world.sim.advance(Duration::from_secs(61)).await;
    assert_eq!(world.get(&path).await?.refusal()?, (404, 3001), "not while it runs");
    world.sim.end_meeting(id)?;
    let past = world.get(&path).await?.json()?;
    assert_eq!((&past["uuid"], &past["id"]), (&json!(uuid), &json!(id)));
    assert_eq!((&past["topic"], &past["user_email"]), (&json!("Daily"), &json!(ALICE)));
    assert_eq!(past["start_time"], "2026-01-05T09:30:12Z");
    assert_eq!(past["end_time"], "2026-01-05T10:18:13Z");
    assert_eq!((&past["duration"], &past["total_minutes"]), (&json!(49), &json!(51)));
    assert_eq!(past["participants_count"], 2);

    world.sim.clock().advance(Duration::from_secs(366 * 24 * 60 * 60));
    assert_eq!(world.get(&path).await?.refusal()?, (400, 12702));
    Ok(())
}

#[tokio::test]
async fn it_tells_who_was_there() -> Result<()> {
    let world = World::new().await?;
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 3, "topic": "Daily" }))?.id;
    let path = format!("/v2/past_meetings/{id}/participants");
    let uuid = world.sim.start_meeting(id)?.uuid;
    assert_eq!(world.get(&path).await?.refusal()?, (404, 3001), "not while it runs");
    world.sim.join_meeting(id, &Attendee::User(BOB.into()))?;
    world.sim.advance(Duration::from_secs(90)).await;
    world.sim.join_meeting(id, &Attendee::Guest("Carol".into()))?;
    world.sim.end_meeting(id)?;
    let list = world.get(&path).await?.json()?;
    assert_eq!((&list["total_records"], &list["page_size"]), (&json!(2), &json!(30)));
    let [bob, carol] = list["participants"].as_array().unwrap().as_slice() else { panic!("two: {list}") };
    assert_eq!((&bob["user_email"], &bob["duration"]), (&json!(BOB), &json!(90)));
    assert_eq!(
        (&carol["name"], &carol["id"], &carol["user_email"]),
        (&json!("Carol"), &json!(""), &json!(""))
    );
    assert_eq!(carol["join_time"], "2026-01-05T09:31:42Z");
    let by_uuid = format!("/v2/past_meetings/{}/participants", encoded(&encoded(&uuid)));
    assert_eq!(world.get(&by_uuid).await?.json()?, list);
    let first = world.get(&format!("{path}?page_size=1")).await?.json()?;
    let token = first["next_page_token"].as_str().unwrap();
    let second = world.get(&format!("{path}?page_size=1&next_page_token={token}")).await?.json()?;
    assert_eq!(second["participants"], json!([carol]));

    world.sim.start_meeting(id)?;
    world.sim.join_meeting(id, &Attendee::User(BOB.into()))?;
    world.sim.end_meeting(id)?;
    assert_eq!(world.get(&path).await?.json()?["participants"], json!([]), "one is nobody");

    world.sim.add_user(NewUser { kind: Some(1), ..NewUser::new("basic@example.com") })?;
    let free = world.sim.create_meeting("basic@example.com", &json!({ "type": 3 }))?.id;
    world.sim.start_meeting(free)?;
    world.sim.end_meeting(free)?;
    let path = format!("/v2/past_meetings/{free}/participants");
    assert_eq!(world.get(&path).await?.refusal()?, (400, 200), "paid accounts only");
    Ok(())
}
