//! More keys than a host lists at once. Written out they would be thousands of lines.

use super::step;
use super::world::World;

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
