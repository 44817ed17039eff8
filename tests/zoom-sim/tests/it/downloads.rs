//! What is behind `download_url`.

use anyhow::Result;
use serde_json::{Value, json};
use zoom_sim::{Attendee, Downloads, FaultAnswer, NewRecording, Recording, Refusal};

use crate::support::{ALICE, NOW_MS, Receiver, World};

/// A recorded meeting, its event, and a caller who follows no redirect.
struct Recorded {
    world: World,
    recording: Recording,
    event: Value,
    http: reqwest::Client,
}

impl Recorded {
    async fn new(new: NewRecording) -> Result<Self> {
        let (world, receiver) = (World::with_links().await?, Receiver::new().await?);
        world.sim.set_webhook(Some(receiver.config()))?;
        let id = world.sim.create_meeting(ALICE, &json!({ "type": 1, "topic": "Review" }))?.id;
        world.sim.start_meeting(id)?;
        world.sim.join_meeting(id, &Attendee::Guest("Dan".into()))?;
        world.sim.end_meeting(id)?;
        let recording = world.sim.record_meeting(id, &new)?;
        world.sim.settle().await;
        let call = receiver.calls().into_iter().find(|call| call.event() == "recording.completed").unwrap();
        world.sim.set_downloads(Downloads { refusal: Refusal::Status, ..Downloads::default() });
        let none = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().no_proxy().redirect(none).build()?;
        Ok(Self { world, recording, event: call.json()?, http })
    }

    fn token(&self) -> String {
        format!("Bearer {}", self.event["download_token"].as_str().unwrap())
    }

    /// The link of a file by its kind.
    fn link(&self, recording_type: &str) -> String {
        let files = self.event["payload"]["object"]["recording_files"].as_array().unwrap();
        let file = files.iter().find(|file| file["recording_type"] == recording_type).unwrap();
        file["download_url"].as_str().unwrap().to_owned()
    }

    async fn get(&self, url: &str, authorization: Option<&str>) -> Result<reqwest::Response> {
        let mut request = self.http.get(url);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        Ok(request.send().await?)
    }

    async fn set(&self, how: Value) -> Result<Value> {
        self.world.call("PUT", "/sim/downloads", Some(&how.to_string())).await?.json()
    }
}

fn location(response: &reqwest::Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_download_wants_a_token() -> Result<()> {
    let recorded = Recorded::new(NewRecording::default()).await?;
    let link = recorded.link("chat_file");
    let api_token = format!("Bearer {}", recorded.world.token());
    for (authorization, status) in [
        (Some(recorded.token()), 302),
        (Some(api_token), 302),
        (None, 401),
        (Some("Bearer made-up".into()), 401),
        (Some(recorded.token().replace("Bearer ", "Basic ")), 401),
    ] {
        let answer = recorded.get(&link, authorization.as_deref()).await?;
        assert_eq!(answer.status(), status, "{authorization:?}");
    }
    let in_query = format!("{link}?access_token={}", recorded.event["download_token"].as_str().unwrap());
    assert_eq!(recorded.get(&in_query, None).await?.status(), 401, "not in the query");
    let unknown = format!("{}/rec/webhook_download/made-up", recorded.world.base);
    assert_eq!(recorded.get(&unknown, Some(&recorded.token())).await?.status(), 404);

    let day_ms = 24 * 60 * 60 * 1000;
    recorded.world.sim.clock().set_ms(NOW_MS + day_ms - 1);
    assert_eq!(recorded.get(&link, Some(&recorded.token())).await?.status(), 302);
    recorded.world.sim.clock().set_ms(NOW_MS + day_ms);
    assert_eq!(recorded.get(&link, Some(&recorded.token())).await?.status(), 401, "after a day");
    Ok(())
}

/// As Zoom does it: an earlier simulation always said 401, which nobody takes for a file.
#[tokio::test]
async fn f27_without_a_good_token_a_download_ends_at_a_page_with_status_200() -> Result<()> {
    let recorded = Recorded::new(NewRecording::default()).await?;
    recorded.set(json!({})).await?;
    let refused = recorded.get(&recorded.link("chat_file"), Some("Bearer made-up")).await?;
    assert_eq!(
        (refused.status().as_u16(), location(&refused)),
        (302, format!("{}/signin", recorded.world.base))
    );
    let hint = recorded.world.sim.requests().pop().and_then(|request| request.hint);
    assert!(hint.is_some_and(|hint| hint.starts_with("no token of a delivery")), "says why");
    let page = recorded.get(&location(&refused), None).await?;
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (200, &"text/html; charset=utf-8".parse()?)
    );
    Ok(())
}

#[tokio::test]
async fn a_token_opens_its_own_recording_alone() -> Result<()> {
    let recorded = Recorded::new(NewRecording::default()).await?;
    let sim = &recorded.world.sim;
    let id = sim.create_meeting(ALICE, &json!({ "type": 1 }))?.id;
    sim.start_meeting(id)?;
    sim.record_meeting(id, &NewRecording::default())?;
    let list = recorded.world.get(&format!("/v2/meetings/{id}/recordings")).await?.json()?;
    let link = list["recording_files"][0]["download_url"].as_str().unwrap();
    assert_eq!(recorded.get(link, Some(&recorded.token())).await?.status(), 401);
    let path = format!("/v2/meetings/{id}/recordings?include_fields=download_access_token&ttl=60");
    let list = recorded.world.get(&path).await?.json()?;
    let token = format!("Bearer {}", list["download_access_token"].as_str().unwrap());
    assert_eq!(recorded.get(link, Some(&token)).await?.status(), 302);
    assert_eq!(recorded.get(&recorded.link("chat_file"), Some(&token)).await?.status(), 401);
    sim.clock().set_ms(sim.now_ms() + 60_000);
    assert_eq!(recorded.get(link, Some(&token)).await?.status(), 401, "after its ttl");
    Ok(())
}

#[tokio::test]
async fn the_files_hold_what_was_said_and_done() -> Result<()> {
    let new = NewRecording { transcript_after_ms: Some(0), ..NewRecording::default() };
    let recorded = Recorded::new(new).await?;
    let path = format!("/v2/meetings/{}/recordings", recorded.recording.meeting_id);
    let list = recorded.world.get(&path).await?.json()?;
    let mut seen = Vec::new();
    for file in list["recording_files"].as_array().unwrap() {
        let first = recorded.get(file["download_url"].as_str().unwrap(), Some(&recorded.token())).await?;
        let next = location(&first);
        assert!(next.starts_with(&format!("{}/cmr/replay/", recorded.world.base)), "{next}");
        let answer = recorded.get(&next, None).await?;
        assert_eq!(answer.status(), 200, "what it leads to is open");
        let media_type = answer.headers()["content-type"].to_str()?.to_owned();
        let body = answer.bytes().await?;
        assert_eq!(file["file_size"], json!(body.len()), "{file}");
        seen.push((media_type, body));
    }
    let types: Vec<&str> = seen.iter().map(|(media_type, _)| media_type.as_str()).collect();
    let text = ["text/plain; charset=utf-8", "application/json", "text/vtt; charset=utf-8"];
    assert_eq!(types, [&["video/mp4", "audio/mp4"][..], &text[..]].concat());
    assert_eq!(&seen[0].1[4..12], b"ftypmp42");
    assert_eq!(std::str::from_utf8(&seen[2].1)?, "00:00:00\tDan:\tHello, this is Dan.\r\n");
    assert_eq!(serde_json::from_slice::<Value>(&seen[3].1)?["timeline"][0]["users"][0]["username"], "Dan");
    let captions = "WEBVTT\r\n\r\n1\r\n00:00:00.000 --> 00:00:04.000\r\nDan: Hello, this is Dan.\r\n";
    assert_eq!(std::str::from_utf8(&seen[4].1)?, captions);
    Ok(())
}

#[tokio::test]
async fn redirects_are_of_every_sort() -> Result<()> {
    let recorded = Recorded::new(NewRecording::default()).await?;
    let (link, token) = (recorded.link("chat_file"), recorded.token());
    recorded.set(json!({ "redirect": "none" })).await?;
    assert_eq!(recorded.get(&link, Some(&token)).await?.status(), 200);

    let set = recorded.set(json!({ "redirect": "other_origin" })).await?;
    let other = set["other_origin"].as_str().unwrap();
    assert_ne!(other, recorded.world.base);
    assert!(other.starts_with("http://127.0.0.1:"), "{other}");
    let next = location(&recorded.get(&link, Some(&token)).await?);
    assert!(next.starts_with(&format!("{other}/cmr/replay/")), "{next}");
    assert_eq!(recorded.get(&next, None).await?.text().await?, "00:00:00\tDan:\tHello, this is Dan.\r\n");
    assert_eq!(recorded.world.get("/sim/downloads").await?.json()?, set, "the port stays");

    recorded.set(json!({ "redirect": { "to": "http://files.example" } })).await?;
    let next = location(&recorded.get(&link, Some(&token)).await?);
    assert!(next.starts_with("http://files.example/cmr/replay/"), "{next}");

    recorded.set(json!({ "redirect": "loop" })).await?;
    let mut url = link.clone();
    for _ in 0..6 {
        url = location(&recorded.get(&url, Some(&token)).await?);
    }
    assert!(url.starts_with(&recorded.world.base), "{url}");
    let follower = reqwest::Client::builder().no_proxy().build()?;
    let lost = follower.get(&link).header("authorization", &token).send().await;
    assert!(lost.is_err_and(|error| error.is_redirect()));
    Ok(())
}

#[tokio::test]
async fn what_was_sent_to_whom_is_kept() -> Result<()> {
    let recorded = Recorded::new(NewRecording::default()).await?;
    let set = recorded.set(json!({ "redirect": "other_origin", "refusal": "status" })).await?;
    let (link, token) = (recorded.link("chat_file"), recorded.token());
    recorded.world.sim.clear_requests();
    recorded.get(&link, None).await?;
    let next = location(&recorded.get(&link, Some(&token)).await?);
    recorded.get(&next, Some(&token)).await?;
    let log = recorded.world.get("/sim/requests").await?.json()?;
    let host = |url: &str| url.strip_prefix("http://").unwrap().to_owned();
    let (here, there) = (host(&recorded.world.base), host(set["other_origin"].as_str().unwrap()));
    let seen: Vec<Value> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|call| json!([call["host"], call["authorization"], call["status"]]))
        .collect();
    assert_eq!(seen, [json!([here, null, 401]), json!([here, token, 302]), json!([there, token, 200])]);
    assert!(log[0]["hint"].as_str().unwrap().contains("no Authorization header"), "{log}");
    Ok(())
}

#[tokio::test]
async fn a_file_may_be_late() -> Result<()> {
    let new = NewRecording { ready_after_ms: 60_000, ..NewRecording::default() };
    let recorded = Recorded::new(new).await?;
    let (link, token) = (recorded.link("chat_file"), recorded.token());
    assert_eq!(recorded.get(&link, Some(&token)).await?.status(), 404);
    let path = format!("/v2/meetings/{}/recordings", recorded.recording.meeting_id);
    assert_eq!(recorded.world.get(&path).await?.json()?["recording_files"][0]["status"], "processing");
    recorded.world.sim.clock().set_ms(recorded.world.sim.now_ms() + 60_000);
    assert_eq!(recorded.get(&link, Some(&token)).await?.status(), 302);
    assert_eq!(recorded.world.get(&path).await?.json()?["recording_files"][0]["status"], "completed");

    let late =
        json!({ "path": "/rec/webhook_download/", "times": 2, "answer": { "kind": "empty", "status": 500 } });
    assert_eq!(recorded.world.post("/sim/faults", &late).await?.status, 201);
    for status in [500, 500, 302] {
        assert_eq!(recorded.get(&link, Some(&token)).await?.status(), status);
    }
    let gone = zoom_sim::Fault::next(FaultAnswer::Disconnect).on("GET", "/cmr/");
    recorded.world.sim.add_fault(gone);
    let next = location(&recorded.get(&link, Some(&token)).await?);
    assert!(recorded.get(&next, None).await.is_err());
    Ok(())
}

#[tokio::test]
async fn bodies_can_be_endless_huge_or_cut() -> Result<()> {
    let recorded = Recorded::new(NewRecording::default()).await?;
    let (link, token) = (recorded.link("audio_only"), recorded.token());
    recorded.set(json!({ "redirect": "none", "body": "endless" })).await?;
    let mut endless = recorded.get(&link, Some(&token)).await?;
    assert_eq!(endless.content_length(), None);
    let mut bytes = 0;
    while bytes < 8 * 1024 * 1024 {
        bytes += endless.chunk().await?.map_or(0, |chunk| chunk.len());
    }
    drop(endless);

    recorded.set(json!({ "redirect": "none", "body": { "announced": 12_000_000_000_u64 } })).await?;
    let mut huge = recorded.get(&link, Some(&token)).await?;
    assert_eq!(huge.content_length(), Some(12_000_000_000));
    assert!(huge.chunk().await?.is_some_and(|chunk| !chunk.is_empty()));
    drop(huge);

    recorded.set(json!({ "redirect": "none", "body": "cut" })).await?;
    let cut = recorded.get(&link, Some(&token)).await?;
    assert_eq!(cut.content_length(), Some(64 * 1024));
    assert!(cut.bytes().await.is_err());
    recorded.set(json!({})).await?;
    assert_eq!(recorded.get(&link, Some(&token)).await?.status(), 302, "as at first");
    Ok(())
}
