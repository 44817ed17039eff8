//! Engines to test and the words to call them with.

use std::time::Duration;

use chat_plugin_engine::api::hooks::Command;
use chat_plugin_engine::limits::{ROOMS, Room, Rooms};
use chat_plugin_engine::{AllowListClient, CallError, ComponentSource, Engine, HttpClient, Limits, Origins};
use component_tests::{CannedZoom, MemoryServer, probe_cwasm};

pub(crate) type Probe<H = CannedZoom> = Engine<MemoryServer, H>;

/// Limits that a test need not wait long for, and that a slow machine does not reach by itself.
pub(crate) fn short_limits() -> Limits {
    Limits { guest_cpu: Duration::from_millis(300), import: Duration::from_millis(200), ..Limits::default() }
}

/// The probe in a server with people.
pub(crate) fn probe(limits: Limits) -> Probe {
    probe_with(CannedZoom::default(), limits)
}

pub(crate) fn probe_with<H: HttpClient>(http: H, limits: Limits) -> Probe<H> {
    let source = ComponentSource::Precompiled(probe_cwasm().unwrap());
    Engine::load(MemoryServer::with_people("{}"), http, source, limits).unwrap()
}

/// A command of alice in `c-town`; its text is its id.
pub(crate) fn command(arguments: &str) -> Command {
    Command {
        id: arguments.to_owned(),
        user_id: "u-alice".to_owned(),
        channel_id: "c-town".to_owned(),
        team_id: Some("t-team".to_owned()),
        root_id: None,
        trigger_id: "trigger".to_owned(),
        arguments: arguments.to_owned(),
    }
}

/// What the probe says to a command.
pub(crate) async fn say<H: HttpClient>(engine: &Probe<H>, arguments: &str) -> Result<String, CallError> {
    let response = engine.execute_command(command(arguments)).await?;
    Ok(response.message.unwrap_or_default())
}

/// With so many places for calls of users, and so many of them for one.
pub(crate) fn places(active: usize, parked: usize, user_calls: usize) -> Limits {
    let users = Room { active, parked, ..ROOMS.users };
    let rooms = Rooms { users, user_calls, ..ROOMS };
    Limits { rooms, queue_wait: Duration::from_millis(10), ..Limits::default() }
}

/// What the probe says to a command of this user.
pub(crate) async fn say_as(engine: &Probe, user_id: &str, arguments: &str) -> Result<String, CallError> {
    let command = Command { user_id: user_id.to_owned(), ..command(arguments) };
    Ok(engine.execute_command(command).await?.message.unwrap_or_default())
}

/// The real client, with cryptography as a host chooses it.
pub(crate) fn allow_list(origins: Origins) -> AllowListClient {
    AllowListClient::new(origins, rustls::crypto::ring::default_provider())
}
