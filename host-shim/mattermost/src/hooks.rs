//! What the server calls: each hook goes to the engine, and its answer back.

mod action;
mod command;
mod dialog;
mod event;
mod http;
mod lifecycle;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use chat_plugin_engine::{
    AllowListClient, CallError, ComponentSource, DueLoop, Engine, Limits, LoadError, Origins,
};
use tokio::sync::Mutex;

use crate::api::{Api, ApiError, LogLevel};
use crate::goplugin::{Broker, Empty, Service};
use crate::manifest::MANIFEST;
use crate::model::*;
use crate::server::Mattermost;

/// What a user reads when the component failed. The log says more.
const FAILED: &str = "Something went wrong inside the Zoom plugin, so nothing was done. Please try again, and tell your administrator if it happens again: the server's log says more.";
/// What a user reads when too many calls are under way.
const BUSY: &str = "Zoom is very busy on this server just now. Please try again in a moment.";

/// The hooks of one plugin. A clone is the same plugin.
#[derive(Clone)]
pub(crate) struct Hooks {
    inner: Arc<Inner>,
}

struct Inner {
    broker: Broker,
    server: Arc<Mattermost>,
    engine: OnceLock<Result<Engine<Mattermost>, LoadError>>,
    /// Runs while the plugin is active. The lock also keeps changes of settings one after another.
    due: Mutex<Option<DueLoop>>,
}

/// The calls that the server makes to a plugin.
pub(crate) fn service(broker: Broker) -> Service {
    let hooks = Hooks::new(broker, Mattermost::default());
    let mut service = Service::default();
    macro_rules! hook {
        ($name:literal, $args:ty, $method:ident) => {
            let hooks = hooks.clone();
            service.method(concat!("Plugin.", $name), move |args: $args| {
                let hooks = hooks.clone();
                async move { hooks.$method(args).await }
            });
        };
    }
    hook!("Implemented", Empty, implemented);
    hook!("OnActivate", OnActivateArgs, on_activate);
    hook!("OnDeactivate", Empty, on_deactivate);
    hook!("OnConfigurationChange", Empty, on_configuration_change);
    hook!("ExecuteCommand", ExecuteCommandArgs, execute_command);
    hook!("ServeHTTP", ServeHTTPArgs, serve_http);
    hook!("MessageHasBeenPosted", MessageHasBeenPostedArgs, message_has_been_posted);
    hook!("MessageHasBeenDeleted", MessageHasBeenDeletedArgs, message_has_been_deleted);
    hook!("UserHasBeenDeactivated", UserHasBeenDeactivatedArgs, user_has_been_deactivated);
    hook!("UserHasLeftChannel", UserHasLeftChannelArgs, user_has_left_channel);
    service
}

impl Hooks {
    fn new(broker: Broker, server: Mattermost) -> Self {
        let inner =
            Inner { broker, server: Arc::new(server), engine: OnceLock::new(), due: Mutex::new(None) };
        Self { inner: Arc::new(inner) }
    }

    /// Hooks whose host calls nothing.
    #[cfg(test)]
    fn of(server: Mattermost) -> Self {
        Self::new(crate::goplugin::idle_broker(), server)
    }

    /// The engine with the bundle's component, loaded at first use: the server waits a few seconds for the process to say where
    /// it listens, and without limit for the first call.
    fn engine(&self) -> Result<&Engine<Mattermost>, LoadError> {
        let engine = self.inner.engine.get_or_init(|| {
            let file = component_file()?;
            let http = AllowListClient::new(Origins::default());
            let source = ComponentSource::Precompiled(&file);
            Engine::load(Arc::clone(&self.inner.server), http, source, Limits::default())
        });
        engine.as_ref().map_err(Clone::clone)
    }

    /// The engine of an active plugin: hooks are called only after it was loaded.
    fn running(&self) -> Result<&Engine<Mattermost>, String> {
        self.engine().map_err(|error| error.to_string())
    }

    fn server(&self) -> &Mattermost {
        &self.inner.server
    }

    fn api(&self) -> Result<&Api, ApiError> {
        self.inner.server.api()
    }

    /// Logs that a call of the component failed, and returns what to tell the user.
    async fn failed(&self, hook: &str, error: &CallError) -> &'static str {
        if let Ok(api) = self.api() {
            let fields = [("hook", hook), ("error", &error.to_string())];
            api.note(LogLevel::Error, "A call of the component failed.", &fields).await;
        }
        if matches!(error, CallError::Busy(_)) { BUSY } else { FAILED }
    }

    /// Logs that something from outside was refused. The request's id leads to its user in the server's own log.
    async fn refused(&self, what: &str, reason: &str, request_id: &str) {
        if let Ok(api) = self.api() {
            api.note(LogLevel::Warn, what, &[("reason", reason), ("request_id", request_id)]).await;
        }
    }
}

/// The component stands beside the executable, wherever the server has unpacked the bundle and whatever its working directory is.
fn component_file() -> Result<PathBuf, LoadError> {
    let executable = std::env::current_exe().map_err(|error| {
        LoadError::Unreadable(format!("the executable's own folder is not known: {error}"))
    })?;
    Ok(executable.with_file_name(format!("{}.cwasm", MANIFEST.id)))
}

/// An id that is the same whenever the server delivers the same thing again, and tells nothing of what it was made from.
fn delivery_id(parts: &[&str]) -> String {
    let mut hash = hmac_sha256::Hash::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
