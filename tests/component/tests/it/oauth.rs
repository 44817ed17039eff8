//! The built component beside the simulated Zoom: tokens that are renewed, and tokens that lie in the store.

use std::sync::Arc;
use std::time::Duration;

use crate::simulated::World;

/// Nobody is sent to Zoom who is connected.
fn is_link(said: Option<&str>) -> bool {
    said.is_some_and(|said| said.contains("/oauth2/connect?link="))
}

/// As many as one user may have under way.
const STARTS: usize = 40;

#[tokio::test]
async fn all_starts_of_a_user_at_once_renew_a_token_once() {
    let world = Arc::new(World::new().await);
    world.connect("alice").await;
    world.advance(Duration::from_secs(3600));
    let starts = (1..=STARTS).map(|number| {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.types("alice", number, "start").await })
    });
    for start in starts.collect::<Vec<_>>() {
        assert_eq!(start.await.unwrap(), None);
    }
    let requests = world.zoom.token_requests().refresh_token;
    assert_eq!((requests.granted, requests.refused), (1, 0));
    assert_eq!(world.engine.server().posts().len(), STARTS);
    assert_eq!(world.zoom.meetings().iter().filter(|view| view.meeting.kind == 1).count(), STARTS);
}

#[tokio::test]
async fn a_token_that_zoom_alone_knows_to_have_ended_is_renewed_once() {
    let world = Arc::new(World::new().await);
    world.connect("alice").await;
    assert_eq!(world.zoom.expire_access_tokens(), 1);
    let starts = (1..=16).map(|number| {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.types("alice", number, "start").await })
    });
    for start in starts.collect::<Vec<_>>() {
        assert_eq!(start.await.unwrap(), None);
    }
    let requests = world.zoom.token_requests().refresh_token;
    assert_eq!((requests.granted, requests.refused), (1, 0));
}

#[tokio::test]
async fn no_value_holds_a_secret_in_clear_text() {
    let world = World::new().await;
    world.connect("alice").await;
    assert_eq!(world.types("alice", 1, "start").await, None);
    world.advance(Duration::from_secs(3600));
    assert_eq!(world.types("alice", 2, "start").await, None);
    // A visit that is under way.
    assert!(is_link(world.types("bob", 1, "start Review").await.as_deref()));
    let secrets = world.secrets();
    assert!(secrets.len() >= 4, "{} secrets", secrets.len());
    let stored = world.engine.server().stored();
    assert!(stored.iter().any(|(key, _)| key.starts_with("connectlink_")));
    for (key, value) in stored {
        for secret in &secrets {
            let part = &secret.as_bytes()[..20];
            let found = value.windows(part.len()).any(|window| window == part);
            assert!(!found && !key.contains(secret.as_str()), "{key} holds a secret");
        }
    }
}

/// Whoever can write to the store gains nothing by it: what was changed, cut, moved or put together reads as not connected.
#[tokio::test]
async fn a_sealed_value_that_was_tampered_with_reads_as_not_connected() {
    let world = World::new().await;
    world.connect("alice").await;
    let (alices, good) = world.grant();
    let mut bad: Vec<Vec<u8>> = vec![b"{}".to_vec(), good[..good.len() - 1].to_vec(), good[..13].to_vec()];
    for at in [0, 1, 12, 13, good.len() / 2, good.len() - 1] {
        let mut changed = good.clone();
        changed[at] ^= 1;
        bad.push(changed);
    }
    bad.push([good.clone(), vec![0]].concat());
    let mut number = 1;
    for value in bad {
        world.engine.server().put(&alices, value.clone());
        let said = world.types("alice", number, "start").await;
        assert!(is_link(said.as_deref()), "{} bytes: {said:?}", value.len());
        assert_eq!(world.grant(), (alices.clone(), value), "what cannot be read is left alone");
        number += 1;
    }
    assert_eq!(world.engine.server().posts(), []);
    world.engine.server().put(&alices, good.clone());
    assert_eq!(world.types("alice", number, "start").await, None);
}

/// A grant under another user's key would start meetings in another's name.
#[tokio::test]
async fn a_sealed_value_that_was_moved_reads_as_not_connected() {
    let world = World::new().await;
    world.connect("alice").await;
    let (alices, grant) = world.grant();
    world.connect("bob").await;
    let stored = world.engine.server().stored();
    let bobs = stored.into_iter().find(|(key, _)| key.starts_with("grant_") && *key != alices).unwrap().0;
    world.engine.server().put(&bobs, grant);
    assert!(is_link(world.types("bob", 1, "start").await.as_deref()));
    assert_eq!(world.types("alice", 1, "start").await, None);
    let lines = world.engine.server().log_lines();
    let secrets = world.secrets();
    assert!(lines.iter().any(|line| line.message.contains("cannot be opened")), "{lines:?}");
    for line in lines {
        let text = format!("{line:?}");
        assert!(secrets.iter().all(|secret| !text.contains(secret.as_str())), "a secret stands in the log");
    }
}
