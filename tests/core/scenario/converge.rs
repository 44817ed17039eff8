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

/// A job to write a card's post, held after so many steps, and whether it has fewer.
fn held_job(world: &mut World, steps: usize) -> (Run<Option<u32>>, bool) {
    assert!(world.set("fail update-post unavailable"));
    let started = deliver(world, STARTED);
    finish(world, started);
    world.now_ms += 11_000;
    let mut job = Run::begin(world, hooks::due::run);
    let over = !(0..steps).all(|_| job.go_on(world));
    (job, over)
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
        let (job, over) = held_job(&mut world, steps);
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

/// A channel follows a meeting that has just started, and has no card of it yet.
fn followed() -> World {
    let mut world = World::new();
    assert!(world.set(
        r#"put number_82345678901 {"follows":[{"channel_id":"c-town-square","created_by":"u-alice","topic":"Weekly"}]}"#
    ));
    let started = deliver(&mut world, STARTED);
    finish(&mut world, started);
    world
}

/// The run that posts a card in a channel that follows the meeting ends after each of its steps.
pub(crate) fn an_announcement_whose_run_breaks_off_is_made_once() {
    for steps in 0.. {
        let mut world = followed();
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

/// One of the store's answers to that run fails, and the meeting ends while the server still knows under which key the post was made.
pub(crate) fn an_announcement_that_was_not_noted_shows_what_is_stored() {
    for (effect, answers) in [("kv-get", 10), ("kv-set", 6)] {
        for spared in 0..answers {
            let mut world = followed();
            assert!(world.set(&format!("fail {effect} unavailable {spared}")));
            let announced = Run::begin(&mut world, hooks::due::run);
            finish(&mut world, announced);
            world.now_ms += 5_000;
            // Zoom sends it again where it was there that the store failed.
            for _ in 0..2 {
                let ended = deliver(&mut world, ENDED);
                finish(&mut world, ended);
            }
            let announced = Run::begin(&mut world, hooks::due::run);
            finish(&mut world, announced);
            run_due(&mut world);
            assert_eq!(world.cards(), 1, "{effect} failed after {spared}");
            assert_eq!(world.status("post-1"), "ENDED", "{effect} failed after {spared}");
        }
    }
}

/// Whoever does a job is not done after four minutes and a half: nobody else takes it.
pub(crate) fn a_lease_outlives_the_run_that_holds_it() {
    for steps in 1.. {
        let mut world = begun();
        let (job, over) = held_job(&mut world, steps);
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
