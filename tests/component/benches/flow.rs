//! A fresh instance with a hook that does nothing, and with a whole start of a meeting, side by side. Imports answer at once: what
//! is measured is the engine and the component.

use std::time::{Duration, Instant};

use chat_plugin_engine::api::hooks::{Command, Event};
use chat_plugin_engine::{ComponentSource, Engine, Limits};
use component_tests::{CannedZoom, MemoryServer, zoom_cwasm};

const WARM_UP: usize = 500;
const CALLS: usize = 10_000;

const SETTINGS: &str = r#"{
    "APIKey": "example-api-key",
    "APISecret": "example-api-secret-of-thirty-six-chr",
    "WebhookSecret": "url-secret"
}"#;

#[expect(clippy::print_stdout, reason = "a benchmark's figures")]
fn main() -> anyhow::Result<()> {
    let source = ComponentSource::Precompiled(zoom_cwasm()?);
    let server = MemoryServer::with_people(SETTINGS);
    let engine = Engine::load(server, CannedZoom::default(), source, Limits::default())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut nothing = Vec::with_capacity(CALLS);
        let mut start = Vec::with_capacity(CALLS);
        // In turns, so that whatever else the machine does meets both.
        for number in 0..WARM_UP + CALLS {
            nothing.push(do_nothing(&engine, number).await?);
            start.push(start_meeting(&engine, number).await?);
        }
        println!("{CALLS} calls each         p50        p95");
        report("do nothing", nothing.split_off(WARM_UP));
        report("start a meeting", start.split_off(WARM_UP));
        Ok(())
    })
}

/// The Zoom component asks for no events and ignores this one.
async fn do_nothing(engine: &Engine<MemoryServer, CannedZoom>, number: usize) -> anyhow::Result<Duration> {
    let event =
        Event { id: number.to_string(), name: "nothing".to_owned(), at_ms: 0, payload: "{}".to_owned() };
    let begin = Instant::now();
    engine.handle_event(event).await?;
    Ok(begin.elapsed())
}

async fn start_meeting(engine: &Engine<MemoryServer, CannedZoom>, number: usize) -> anyhow::Result<Duration> {
    let command = Command {
        id: number.to_string(),
        user_id: "u-alice".to_owned(),
        channel_id: "c-town".to_owned(),
        team_id: None,
        root_id: None,
        trigger_id: String::new(),
        // Another meeting was started just before, and nobody is there to say that one more is wanted.
        arguments: "start --new Sprint review".to_owned(),
    };
    let begin = Instant::now();
    let response = engine.execute_command(command).await?;
    let took = begin.elapsed();
    // The link opens only when the meeting was made and posted.
    anyhow::ensure!(response.open_url.is_some(), "no meeting was started: {:?}", response.message);
    Ok(took)
}

#[expect(clippy::print_stdout, reason = "a benchmark's figures")]
fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let micros = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1e6;
    println!("{name:<22} {:>7.1} µs {:>7.1} µs", micros(50), micros(95));
}
