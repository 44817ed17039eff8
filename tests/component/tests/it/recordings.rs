//! Recordings by way of the built component: from Zoom's event to the replies below the card, whatever the downloads do.

use std::time::Duration;

use component_tests::StoredPost;
use serde_json::{Value, json};
use zoom_sim::{
    Downloads, Fault, FaultAnswer, FileBody, NewFile, NewRecording, Redirect, Refusal, SeenRequest,
};

use crate::simulated::World;

const CHAT: &str = "09:31:02\t From Alice : Hello\n09:31:40\t From Bob : Grüße 👋\n";
const TRANSCRIPT: &str = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nAlice: Hello\n";

/// A meeting of alice's that was held, and is over.
async fn held() -> (World, u64) {
    let world = World::new().await;
    world.connect("alice").await;
    world.receive_events().await;
    assert_eq!(world.types("alice", 1, "start Review").await, None);
    let number = world.zoom.meetings().into_iter().find(|view| view.meeting.kind == 1).unwrap().meeting.id;
    world.zoom.start_meeting(number).unwrap();
    world.advance(Duration::from_secs(600));
    world.zoom.end_meeting(number).unwrap();
    world.settle().await;
    (world, number)
}

fn recording(kinds: &[&str]) -> NewRecording {
    let file = |kind: &&str| NewFile {
        content: (*kind == "chat_file").then(|| CHAT.to_owned()),
        ..NewFile::new(*kind)
    };
    NewRecording { files: Some(kinds.iter().map(file).collect()), ..NewRecording::default() }
}

/// Does what is due now, and what becomes due within so many seconds. Answers how often a wait lay between.
async fn pass_on(world: &World, mut seconds: u64) -> usize {
    let mut waits = 0;
    loop {
        world.engine.run_due().await.unwrap();
        if !world.engine.server().stored().iter().any(|(key, _)| key.starts_with("recording_"))
            || seconds == 0
        {
            return waits;
        }
        // The host asks at least once a minute.
        let step = seconds.min(60);
        world.advance(Duration::from_secs(step));
        seconds -= step;
        waits += 1;
    }
}

/// What stands below the card.
fn replies(world: &World) -> Vec<StoredPost> {
    let posts = world.engine.server().posts();
    posts.into_iter().filter(|stored| stored.post.root_id.is_some()).collect()
}

fn only_reply(world: &World) -> StoredPost {
    let replies = replies(world);
    let [reply] = &replies[..] else { panic!("{replies:?}") };
    reply.clone()
}

fn downloads(world: &World) -> Vec<SeenRequest> {
    let requests = world.zoom.requests();
    requests
        .into_iter()
        .filter(|request| request.path.starts_with("/rec/") || request.path.starts_with("/cmr/"))
        .collect()
}

#[tokio::test]
async fn each_part_is_passed_on_once_by_way_of_a_redirect() {
    let (world, number) = held().await;
    let kinds = ["shared_screen_with_speaker_view", "audio_only", "chat_file", "timeline"];
    let made = world.zoom.record_meeting(number, &NewRecording { twins: true, ..recording(&kinds) }).unwrap();
    world.settle().await;
    assert_eq!(pass_on(&world, 0).await, 0);
    world.zoom.transcribe(made.number, Some(TRANSCRIPT.to_owned())).unwrap();
    world.settle().await;
    pass_on(&world, 0).await;
    let replies = replies(&world);
    let kinds: Vec<&str> = replies.iter().map(|reply| reply.post.kind.as_str()).collect();
    assert_eq!(kinds, ["", "custom_zoom_chat", "custom_zoom_transcript"]);
    assert!(replies[0].post.message.contains("/rec/play/"), "{}", replies[0].post.message);
    let files = world.engine.server().files();
    let contents: Vec<&[u8]> = files.iter().map(|(_, _, content)| content.as_slice()).collect();
    assert_eq!(contents, [CHAT.as_bytes(), TRANSCRIPT.as_bytes()]);
    for (reply, number) in replies[1..].iter().zip(1..) {
        let data: Value = serde_json::from_str(&reply.post.data).unwrap();
        assert_eq!(data["captions"], json!([{ "file_id": format!("file-{number:04}") }]));
    }
    let paths = downloads(&world);
    assert!(paths.iter().any(|request| request.path.starts_with("/cmr/")), "no redirect was followed");
}

#[tokio::test]
async fn a_file_that_is_not_there_yet_is_asked_for_again() {
    let (world, number) = held().await;
    let error = FaultAnswer::Error { status: 404, code: 3301, message: "There is no recording.".to_owned() };
    for _ in 0..2 {
        world.zoom.add_fault(Fault::next(error.clone()).on("GET", "/rec/webhook_download/"));
    }
    world.zoom.record_meeting(number, &recording(&["chat_file"])).unwrap();
    world.settle().await;
    let waits = pass_on(&world, 3600).await;
    assert!(waits > 0, "it came at once");
    assert_eq!(only_reply(&world).post.kind, "custom_zoom_chat");
    let statuses: Vec<Option<u16>> = downloads(&world)
        .iter()
        .filter(|request| request.path.starts_with("/rec/"))
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [Some(404), Some(404), Some(302)]);
}

/// Zoom answers a download without a token that it likes with a page and status 200, or with 401; after an hour it is asked for a
/// new token, by a UUID that it takes in no other form than encoded twice.
#[tokio::test]
async fn f28_a_file_that_zoom_refuses_comes_with_a_new_token() {
    for refusal in [Refusal::SignIn, Refusal::Status] {
        let (world, number, uuid) = held_with_slashes().await;
        world.zoom.set_downloads(Downloads { refusal, ..Downloads::default() });
        let new = NewRecording { without_token: true, ..recording(&["chat_file"]) };
        world.zoom.record_meeting(number, &new).unwrap();
        world.settle().await;
        pass_on(&world, 1800).await;
        assert_eq!((replies(&world), world.engine.server().files().len()), (Vec::new(), 0), "{refusal:?}");
        pass_on(&world, 7200).await;
        assert_eq!(only_reply(&world).post.kind, "custom_zoom_chat", "{refusal:?}");
        let files = world.engine.server().files();
        let contents: Vec<&[u8]> = files.iter().map(|(_, _, content)| content.as_slice()).collect();
        assert_eq!(contents, [CHAT.as_bytes()], "{refusal:?}");
        let asked = |request: &SeenRequest| {
            request.path.contains("/v2/meetings/") && request.path.ends_with("/recordings")
        };
        let asked: Vec<_> =
            world.zoom.requests().into_iter().filter(asked).map(|request| request.status).collect();
        assert_eq!(asked, [Some(200)], "{uuid}");
    }
}

/// A meeting that was held, whose UUID begins with a slash or holds two in a row.
async fn held_with_slashes() -> (World, u64, String) {
    let world = World::new().await;
    world.connect("alice").await;
    world.receive_events().await;
    for room in 1..1000 {
        assert_eq!(world.types("alice", room, "start Review").await, None);
        let meetings = world.zoom.meetings().into_iter().filter(|view| view.meeting.kind == 1);
        let number = meetings.map(|view| view.meeting.id).next_back().unwrap();
        let uuid = world.zoom.start_meeting(number).unwrap().uuid;
        if uuid.starts_with('/') || uuid.contains("//") {
            world.zoom.end_meeting(number).unwrap();
            world.settle().await;
            return (world, number, uuid);
        }
    }
    panic!("no such UUID");
}

#[tokio::test]
async fn what_cannot_be_fetched_is_told_in_a_sentence() {
    let large = NewRecording {
        files: Some(vec![NewFile { size: Some(11 << 20), ..NewFile::new("chat_file") }]),
        ..NewRecording::default()
    };
    let (chat, too_large, elsewhere) =
        (recording(&["chat_file"]), "larger than 10 MiB", "does not lie on the Zoom server");
    let cases = [
        (Downloads::default(), large, too_large),
        (
            Downloads { body: FileBody::Announced(12_000_000_000), ..Downloads::default() },
            chat.clone(),
            too_large,
        ),
        (Downloads { body: FileBody::Endless, ..Downloads::default() }, chat.clone(), too_large),
        (Downloads { redirect: Redirect::OtherOrigin, ..Downloads::default() }, chat.clone(), elsewhere),
        (
            Downloads { redirect: Redirect::To("http://127.0.0.1:1".to_owned()), ..Downloads::default() },
            chat,
            elsewhere,
        ),
    ];
    for (how, recording, says) in cases {
        let (world, number) = held().await;
        world.zoom.set_downloads(how.clone());
        world.zoom.record_meeting(number, &recording).unwrap();
        world.settle().await;
        assert_eq!(pass_on(&world, 0).await, 0, "{how:?}");
        let message = only_reply(&world).post.message;
        assert!(message.contains(says) && message.contains("could not be posted"), "{how:?}: {message}");
        assert_eq!(world.engine.server().files(), [], "{how:?}");
        // The token goes to no second address.
        let own = world.zoom.requests()[0].host.clone();
        let shown: Vec<SeenRequest> =
            downloads(&world).into_iter().filter(|request| request.authorization.is_some()).collect();
        assert!(!shown.is_empty() && shown.iter().all(|request| request.host == own), "{how:?}: {shown:?}");
    }
}

#[tokio::test]
async fn links_to_a_host_that_only_looks_like_zoom_lead_nowhere() {
    let (world, number) = held().await;
    let kinds = ["shared_screen_with_speaker_view", "chat_file"];
    let evil =
        NewRecording { links_at: Some("https://zoom.us.evil.example".to_owned()), ..recording(&kinds) };
    world.zoom.record_meeting(number, &evil).unwrap();
    world.settle().await;
    pass_on(&world, 0).await;
    for reply in replies(&world) {
        assert!(!reply.post.message.contains("evil"), "{}", reply.post.message);
    }
    assert_eq!((world.engine.server().files(), downloads(&world).len()), (Vec::new(), 0));
}

/// A circle is given up each time, and told in the end, when a day of tries is over.
#[tokio::test]
async fn redirects_in_a_circle_are_told_after_the_last_try() {
    let (world, number) = held().await;
    world.zoom.set_downloads(Downloads { redirect: Redirect::Loop, ..Downloads::default() });
    world.zoom.record_meeting(number, &recording(&["chat_file"])).unwrap();
    world.settle().await;
    pass_on(&world, 2 * 86_400).await;
    let message = only_reply(&world).post.message;
    assert!(message.contains("Zoom did not hand it out"), "{message}");
}

/// The store's value holds a token and a passcode: it lies sealed, and is gone when it was passed on.
#[tokio::test]
async fn what_waits_to_be_passed_on_lies_sealed() {
    let (world, number) = held().await;
    let made = world.zoom.record_meeting(number, &recording(&["chat_file"])).unwrap();
    world.settle().await;
    let body = world.zoom.deliveries().into_iter().last().unwrap().body;
    let event: Value = serde_json::from_str(&body).unwrap();
    let token = event["download_token"].as_str().unwrap();
    let secrets = [&token[..20], made.play_passcode.as_str()];
    let stored = world.engine.server().stored();
    assert!(stored.iter().any(|(key, _)| key.starts_with("recording_")));
    for (key, value) in stored {
        for secret in secrets {
            let found = value.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{key} holds a secret");
        }
    }
    pass_on(&world, 0).await;
    assert!(!world.engine.server().stored().iter().any(|(key, _)| key.starts_with("recording_")));
}
