//! More keys than a host lists at once. Written out they would be thousands of lines.

use super::step;
use super::stepwise::Run;
use super::world::World;
use zoom_chat::hooks;

/// Keys that are listed at once where numbers are looked at, and where the latest of them are looked for.
const LOOKED_AT: usize = 500;
const LOOKED_FOR: usize = 1_000;

/// A page of keys that cannot be read does not end the list.
pub(crate) fn a_page_of_watched_keys_that_cannot_be_read() {
    let mut world = World::new();
    step::run(&mut world, "command alice town-square: start");
    step::run(&mut world, "due");
    for index in 0..LOOKED_AT {
        assert!(world.set(&format!("put watch_000000001_x{index} 1")));
    }
    assert!(world.set("advance 9h"));
    step::run(&mut world, "due");
    assert_eq!(world.status("post-1"), "ENDED");
}

/// The meetings that were started last say when Zoom was heard, however many were started in the two hours before.
pub(crate) fn a_busy_server_knows_when_zoom_was_heard() {
    let mut world = World::new();
    // 2026-01-05T09:10:00Z, in tens of minutes.
    for index in 0..LOOKED_FOR {
        assert!(world.set(&format!("put watch_002946007_{} 1", 90_000_000_000 + index)));
    }
    step::run(&mut world, "command alice town-square: start");
    step::run(
        &mut world,
        r#"webhook plain: {"event":"meeting.started","payload":{"object":{"id":"82345678901","uuid":"U1","host_id":"z-alice","start_time":"2026-01-05T09:30:12Z"}}}"#,
    );
    assert!(world.set(r#"user alice {"is_admin":true}"#));
    let lines = step::run(&mut world, "command alice town-square: doctor").join("\n");
    assert!(!lines.contains("Zoom has reported nothing"), "{lines}");
}

/// What the official plugin has left is taken over in as many runs as it takes, each of which goes on where the one before it has stopped.
pub(crate) fn a_large_store_is_taken_over_in_several_runs() {
    let mut world = World::new();
    for index in 10..60 {
        assert!(world.set(&format!("put post_meeting_u{index}== gone-{index}")));
    }
    assert!(world.set(
        r#"put meeting_channel_82345678901 {"channel_id":"c-town-square","is_subscription":true,"created_by":"u-bob"}"#
    ));
    // Each answer takes a second.
    let run = Run::begin(&mut world, hooks::configure);
    slowly(&mut world, run);
    for _ in 0..3 {
        assert!(world.set("advance 5m"));
        let run = Run::begin(&mut world, hooks::due::run);
        slowly(&mut world, run);
    }
    let lines = step::run(&mut world, "command alice town-square: subscription list").join("\n");
    assert!(lines.contains("823 4567 8901"), "{lines}");
}

fn slowly<T>(world: &mut World, mut run: Run<T>) {
    while run.go_on(world) {
        world.now_ms += 1_000;
    }
}
