//! Posts follow the stored state, however hooks come between each other and wherever one breaks off. Written out it would be hundreds of
//! scenarios.

use super::step;
use super::stepwise::Run;
use super::world::World;
use zoom_chat::hooks;
use zoom_chat::model::{Command, CommandResponse, HttpResponse};

const STARTED: &str = r#"plain: {"event":"meeting.started","payload":{"object":{"id":"82345678901","uuid":"U1","host_id":"z-alice","start_time":"2026-01-05T09:30:12Z"}}}"#;
const ENDED: &str = r#"plain: {"event":"meeting.ended","payload":{"object":{"id":"82345678901","uuid":"U1","host_id":"z-alice","start_time":"2026-01-05T09:30:12Z","end_time":"2026-01-05T09:50:00Z"}}}"#;

fn deliver(world: &mut World, event: &str) -> Run<HttpResponse> {
    let request = step::webhook(event, world.now_ms);
    Run::begin(world, |io| hooks::http::serve(io, request))
}

fn start(world: &mut World) -> Run<CommandResponse> {
    let command = Command {
        id: format!("command-{}", world.hooks + 1),
        user_id: "u-alice".to_owned(),
        channel_id: "c-town-square".to_owned(),
        arguments: "start".to_owned(),
        ..Command::default()
    };
    Run::begin(world, |io| hooks::command::execute(io, command))
}

fn finish<T>(world: &mut World, mut run: Run<T>) {
    while run.go_on(world) {}
}

/// Runs of due work, each after all leases and waits are over.
fn run_due(world: &mut World) {
    for _ in 0..3 {
        world.now_ms += 3_601_000;
        let run = Run::begin(world, hooks::due::run);
        finish(world, run);
    }
}

fn begun() -> World {
    let mut world = World::new();
    let run = start(&mut world);
    finish(&mut world, run);
    world
}

/// A node handles the start and is held after each of its steps, while another handles the end whole.
pub(crate) fn whoever_is_slower_writes_no_older_state() {
    for steps in 0.. {
        let mut world = begun();
        let mut held = deliver(&mut world, STARTED);
        let over = !(0..steps).all(|_| held.go_on(&mut world));
        let ended = deliver(&mut world, ENDED);
        finish(&mut world, ended);
        finish(&mut world, held);
        assert_eq!(world.status("post-1"), "ENDED", "held after {steps} steps");
        if over {
            return;
        }
    }
}

/// A due job is held after each of its steps, while an event changes the state and cannot write it: what it asks for is done after the
/// job is over.
pub(crate) fn a_job_that_ends_leaves_what_was_asked_for_meanwhile() {
    for steps in 0.. {
        let mut world = begun();
        assert!(world.set("fail update-post unavailable"));
        let started = deliver(&mut world, STARTED);
        finish(&mut world, started);
        world.now_ms += 11_000;
        let mut job = Run::begin(&mut world, hooks::due::run);
        let over = !(0..steps).all(|_| job.go_on(&mut world));
        assert!(world.set("fail update-post unavailable"));
        let ended = deliver(&mut world, ENDED);
        finish(&mut world, ended);
        finish(&mut world, job);
        run_due(&mut world);
        assert_eq!(world.status("post-1"), "ENDED", "held after {steps} steps");
        if over {
            return;
        }
    }
}

/// The start ends after each of its steps, without a word. The server has forgotten by then under which key a post was made.
pub(crate) fn a_post_that_was_not_noted_is_made_once() {
    for steps in 0.. {
        let mut world = World::new();
        let mut run = start(&mut world);
        let over = !(0..steps).all(|_| run.go_on(&mut world));
        drop(run);
        let posted = world.cards();
        world.now_ms += 120_000;
        let ended = deliver(&mut world, ENDED);
        finish(&mut world, ended);
        run_due(&mut world);
        assert!(posted <= world.cards() && world.cards() <= 1, "{} cards after {steps} steps", world.cards());
        if world.cards() == 1 {
            assert_eq!(world.status("post-1"), "ENDED", "broke off after {steps} steps");
        }
        if over {
            return;
        }
    }
}

/// The run that posts a card in a channel that follows the meeting ends after each of its steps.
pub(crate) fn an_announcement_whose_run_breaks_off_is_made_once() {
    for steps in 0.. {
        let mut world = World::new();
        assert!(world.set(
            r#"put number_82345678901 {"follows":[{"channel_id":"c-town-square","created_by":"u-alice","topic":"Weekly"}],"official":{"imported":true}}"#
        ));
        let started = deliver(&mut world, STARTED);
        finish(&mut world, started);
        let mut job = Run::begin(&mut world, hooks::due::run);
        let over = !(0..steps).all(|_| job.go_on(&mut world));
        drop(job);
        run_due(&mut world);
        assert_eq!(world.cards(), 1, "broke off after {steps} steps");
        if over {
            return;
        }
    }
}

/// Whoever does a job is not done after four minutes and a half: nobody else takes it.
pub(crate) fn a_lease_outlives_the_run_that_holds_it() {
    for steps in 1.. {
        let mut world = begun();
        assert!(world.set("fail update-post unavailable"));
        let started = deliver(&mut world, STARTED);
        finish(&mut world, started);
        world.now_ms += 11_000;
        let mut job = Run::begin(&mut world, hooks::due::run);
        let over = !(0..steps).all(|_| job.go_on(&mut world));
        if over {
            return;
        }
        world.now_ms += 270_000;
        let others = step::run(&mut world, "due");
        let took =
            others.iter().any(|line| line.starts_with("    update-post") || line.starts_with("update-post"));
        // Before the lease is written the job is anybody's.
        assert!(!took || steps < 4, "the job was done twice after {steps} steps: {others:#?}");
        finish(&mut world, job);
    }
}

/// The list of due work is full: that is said.
pub(crate) fn work_that_is_dropped_is_said() {
    let mut world = begun();
    let job =
        |index: usize| format!(r#"{{"work":{{"card":"{index:032x}"}},"due_ms":9999999999999,"attempts":1}}"#);
    let jobs: Vec<String> = (0..1_000).map(job).collect();
    assert!(world.set(&format!(r#"put due_jobs {{"jobs":[{}]}}"#, jobs.join(","))));
    assert!(world.set("fail update-post unavailable"));
    let lines = step::run(&mut world, &format!("webhook {STARTED}"));
    let said =
        "log error: too much work waits: the oldest was given up, and its posts stay as they are jobs=\"1\"";
    assert!(lines.iter().any(|line| line == said), "{lines:#?}");
}
