//! What hooks ask of their host: calls are their cost. Facts of the host (about, settings, the clock), logs and wakes reach no server, and
//! what Zoom answers is Zoom's; all else counts.

use super::stepwise::Run;
use super::world::World;
use super::{step, trace};
use std::fmt::Write as _;
use std::future::Future;
use zoom_chat::flow::{Effect, Io};
use zoom_chat::hooks;
use zoom_chat::model::Command;

const TABLE: &str = "\
start                                    11  find-user, may, find-channel, kv-get, kv-set, recent-posts, kv-get, kv-set, kv-set, create-post, kv-set
meeting.started, of a card                4  kv-get, kv-set, update-post, kv-get
meeting.ended, of a card                  3  kv-get, kv-set, update-post
meeting.ended, again                      2  kv-get, get-post
meeting.ended, without a card             1  kv-get
meeting.started, another instance         1  kv-get
recording.completed, without a card       1  kv-get
recording.completed, of a card            4  kv-get, kv-set, kv-get, kv-set
an event of no interest                   0
a number's first event                    1  kv-get
due, with nothing to do                   1  kv-get
a card's link                             3  find-user, kv-get, is-member
";

/// The names of what a hook asks for.
fn calls<T, F: Future<Output = T> + 'static>(
    world: &mut World,
    run: impl FnOnce(Io) -> F,
) -> Vec<&'static str> {
    let mut run = Run::begin(world, run);
    let mut calls = Vec::new();
    loop {
        calls.extend(run.next_effect().filter(|effect| counts(effect)).map(trace::name));
        if !run.go_on(world) {
            return calls;
        }
    }
}

fn counts(effect: &Effect) -> bool {
    !matches!(effect, Effect::About | Effect::Settings | Effect::Log(_) | Effect::Wake | Effect::Http(_))
}

fn event(name: &str, number: u64, uuid: &str, host: &str) -> String {
    format!(
        r#"plain: {{"event":"{name}","payload":{{"object":{{"id":"{number}","uuid":"{uuid}","host_id":"{host}","start_time":"2026-01-05T09:30:12Z","end_time":"2026-01-05T09:50:00Z","recording_files":[{{"id":"f1","file_type":"MP4","play_url":"https://zoom.us/rec/play/one","status":"completed"}}]}}}}}}"#
    )
}

#[expect(clippy::print_stdout, reason = "the table is for people too")]
pub(crate) fn of_each_hook() {
    let mut world = World::new();
    // What a user has chosen is looked for in two places, the first time.
    step::run(&mut world, "command alice off-topic: start");
    step::run(&mut world, "due");
    world.now_ms += 3_600_000;
    let mut table = String::new();
    let mut row = |name: &str, calls: Vec<&str>| {
        let line = format!("{name:40} {:2}  {}", calls.len(), calls.join(", "));
        writeln!(table, "{}", line.trim_end()).unwrap();
    };
    let webhook = |world: &mut World, name: &str, number: u64, uuid: &str, host: &str| {
        let request = step::webhook(&event(name, number, uuid, host), world.now_ms);
        calls(world, |io| hooks::http::serve(io, request))
    };
    let (user_id, channel_id) = ("u-alice".to_owned(), "c-town-square".to_owned());
    let command = Command { user_id, channel_id, arguments: "start".to_owned(), ..Command::default() };
    row("start", calls(&mut world, |io| hooks::command::execute(io, command)));
    let (ours, others) = (82_345_678_902, 99_999_999_999);
    row("meeting.started, of a card", webhook(&mut world, "meeting.started", ours, "U1", "z-alice"));
    row("meeting.ended, of a card", webhook(&mut world, "meeting.ended", ours, "U1", "z-alice"));
    row("meeting.ended, again", webhook(&mut world, "meeting.ended", ours, "U1", "z-alice"));
    let first = webhook(&mut world, "meeting.started", others, "U2", "z-bob");
    row("meeting.ended, without a card", webhook(&mut world, "meeting.ended", others, "U2", "z-bob"));
    world.now_ms += 90_000_000;
    row("meeting.started, another instance", webhook(&mut world, "meeting.started", others, "U3", "z-bob"));
    row(
        "recording.completed, without a card",
        webhook(&mut world, "recording.completed", others, "U3", "z-bob"),
    );
    row("recording.completed, of a card", webhook(&mut world, "recording.completed", ours, "U1", "z-alice"));
    row("an event of no interest", webhook(&mut world, "meeting.participant_joined", ours, "U1", "z-alice"));
    row("a number's first event", first);
    for _ in 0..3 {
        step::run(&mut world, "due");
    }
    row("due, with nothing to do", calls(&mut world, hooks::due::run));
    let mut request = step::webhook("plain: {}", world.now_ms);
    request.method = zoom_chat::model::Method::Get;
    request.path = format!("/join/{}", world.card_id("post-2"));
    request.user_id = Some("u-alice".to_owned());
    row("a card's link", calls(&mut world, |io| hooks::http::serve(io, request)));
    println!("{table}");
    assert_eq!(table, TABLE, "the calls have changed: {table}");
}
