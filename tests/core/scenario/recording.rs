//! Recordings that are delivered twice at once, and runs that break off at every point. Written out they would be hundreds of scenarios.

use super::step;
use super::stepwise::Run;
use super::world::World;
use zoom_chat::hooks;
use zoom_chat::model::HttpResponse;

const CARD: &str = r#"post old-1 town-square custom_zoom {"meeting_id":82345678901,"meeting_link":"https://zoom.us/j/82345678901","meeting_status":"ENDED","meeting_topic":"Sprint review"}"#;

/// The videos of two sessions and a chat, as the twin with this number tells of them.
fn delivery(twin: u8) -> String {
    let file = |id: &str, minute: u8, rest: &str| {
        format!(
            r#"{{"id":"{id}","recording_start":"2026-01-05T09:{minute}:20Z","status":"completed",{rest}}}"#
        )
    };
    let video = |id: &str, minute| {
        let rest = format!(r#""file_type":"MP4","play_url":"https://zoom.us/rec/play/{id}-{twin}""#);
        file(id, minute, &rest)
    };
    let (first, second) = (video("f1", 33), video("f3", 43));
    let chat = file(
        "f2",
        33,
        &format!(r#""recording_type":"chat_file","download_url":"https://zoom.us/dl/{twin}""#),
    );
    format!(
        r#"{{"event":"recording.completed","download_token":"token-{twin}","payload":{{"object":{{"id":82345678901,"uuid":"first==","recording_files":[{first},{second},{chat}]}}}}}}"#
    )
}

fn deliver(world: &mut World, twin: u8) -> Run<HttpResponse> {
    let request = step::webhook(&format!("plain: {}", delivery(twin)), world.now_ms);
    Run::begin(world, |io| hooks::http::serve(io, request))
}

fn world() -> World {
    let mut world = World::new();
    assert!(world.set(CARD) && world.set("put post_meeting_first== old-1"));
    step::run(&mut world, "configure");
    world
}

/// The next runs of due work, long enough after one that died.
fn run_due(world: &mut World) {
    for _ in 0..2 {
        world.now_ms += 331_000;
        let mut run = Run::begin(world, hooks::due::run);
        while run.go_on(world) {}
    }
}

/// The hook or the job ends after each of its steps, without a word: Zoom sends the event again, the host runs the job again. The
/// server's clock is ahead by this.
fn break_off(server_ahead_ms: i64) {
    for steps in 0.. {
        let mut world = world();
        world.server_ahead_ms = server_ahead_ms;
        let mut hook = deliver(&mut world, 1);
        let hook_steps = (0..steps).take_while(|_| hook.go_on(&mut world)).count();
        drop(hook);
        let mut again = deliver(&mut world, 2);
        while again.go_on(&mut world) {}
        let mut job = Run::begin(&mut world, hooks::due::run);
        let over = !(hook_steps..steps).all(|_| job.go_on(&mut world));
        drop(job);
        run_due(&mut world);
        let replies = world.replies("old-1");
        assert_eq!(replies, 3, "{server_ahead_ms} ms ahead, broke off after {steps} steps");
        if over {
            return;
        }
    }
}

pub(crate) fn a_run_that_breaks_off_repeats_nothing() {
    break_off(0);
}

/// Neither is a reply made twice, nor one taken for the next.
pub(crate) fn clocks_that_differ_repeat_nothing_and_leave_nothing_out() {
    for server_ahead_ms in [-30_000, -200, 200, 30_000] {
        break_off(server_ahead_ms);
    }
}

/// Two nodes get a twin each, and both run the job, the second after each step of the first.
pub(crate) fn twins_at_once_are_passed_on_once() {
    for steps in 0.. {
        let mut world = world();
        let mut twins = [deliver(&mut world, 1), deliver(&mut world, 2)];
        let hook_steps = (0..steps).take_while(|_| twins[0].go_on(&mut world)).count();
        while twins[1].go_on(&mut world) {}
        while twins[0].go_on(&mut world) {}
        let due = hooks::due::run;
        let mut jobs = [Run::begin(&mut world, due), Run::begin(&mut world, due)];
        let over = !(hook_steps..steps).all(|_| jobs[0].go_on(&mut world));
        while jobs[1].go_on(&mut world) {}
        while jobs[0].go_on(&mut world) {}
        run_due(&mut world);
        assert_eq!(world.replies("old-1"), 3, "the second came in after {steps} steps");
        assert_eq!(world.files, 1, "the second came in after {steps} steps");
        if over {
            return;
        }
    }
}
