//! What the server calls: each hook goes to the engine, and its answer back.

mod action;
mod command;
mod dialog;
mod event;
mod http;
mod lifecycle;
mod turns;
mod under_way;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use chat_plugin_engine::{
    AllowListClient, CallError, ComponentSource, DueLoop, Engine, KnownService, Limits, Line, LoadError,
    Origins, Party,
};
use tokio::sync::Mutex;

use chat_plugin_engine::ChatServer as _;
use chat_plugin_engine::api::log::Level;

use crate::api::{Api, ApiError};
use crate::goplugin::{Broker, Empty, Service};
use crate::manifest::MANIFEST;
use crate::model::*;
use crate::sentences::{Sentence, say_to_one};
use crate::server::Mattermost;
use turns::Turns;
use under_way::UnderWay;

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
    known: RwLock<KnownService>,
    under_way: UnderWay,
    turns: Turns,
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
    // What the end of the plugin waits for; and what answers instead where too many are under way.
    macro_rules! call {
        ($name:literal, $args:ty, $method:ident, $refuse:ident) => {
            let (taking, refusing) = (hooks.clone(), hooks.clone());
            let take = move |args: $args| {
                let hooks = taking.clone();
                async move {
                    let _under_way = hooks.inner.under_way.begin();
                    hooks.$method(args).await
                }
            };
            let refuse = move |args: $args| {
                let hooks = refusing.clone();
                async move {
                    let _under_way = hooks.inner.under_way.begin();
                    hooks.$refuse(args).await
                }
            };
            service.method_or(concat!("Plugin.", $name), take, refuse);
        };
    }
    hook!("Implemented", Empty, implemented);
    hook!("OnActivate", OnActivateArgs, on_activate);
    hook!("OnDeactivate", Empty, on_deactivate);
    hook!("OnConfigurationChange", Empty, on_configuration_change);
    call!("ExecuteCommand", ExecuteCommandArgs, execute_command, refuse_command);
    call!("ServeHTTP", ServeHTTPArgs, serve_http, refuse_http);
    call!("MessageHasBeenPosted", MessageHasBeenPostedArgs, message_has_been_posted, refuse_event);
    call!("MessageHasBeenDeleted", MessageHasBeenDeletedArgs, message_has_been_deleted, refuse_event);
    call!("UserHasBeenDeactivated", UserHasBeenDeactivatedArgs, user_has_been_deactivated, refuse_event);
    call!("UserHasLeftChannel", UserHasLeftChannelArgs, user_has_left_channel, refuse_event);
    service
}

impl Hooks {
    fn new(broker: Broker, server: Mattermost) -> Self {
        let inner = Inner {
            broker,
            server: Arc::new(server),
            engine: OnceLock::new(),
            due: Mutex::new(None),
            known: RwLock::default(),
            under_way: UnderWay::default(),
            turns: Turns::default(),
        };
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
            let http = AllowListClient::new(Origins::default(), rustls::crypto::ring::default_provider());
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

    /// Whose request it is, as far as that can be told before its body is there.
    fn party(&self, path: &str, query: &str, user_id: Option<&str>) -> Party {
        self.inner.known.read().unwrap_or_else(PoisonError::into_inner).party(path, query, user_id)
    }

    fn set_known(&self, known: KnownService) {
        *self.inner.known.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// Logs that a call of the component failed or found no place, and returns what to tell the user.
    async fn failed(&self, party: &Party, hook: &str, error: &CallError) -> Sentence {
        let sentence = Sentence::of(error);
        let what = match sentence {
            Sentence::Busy | Sentence::ShareTaken => "A call was refused, since too many are under way.",
            Sentence::Stopping => "A call was refused, since the plugin is being stopped.",
            Sentence::Stopped => "A call was cut off, since the plugin is being stopped.",
            Sentence::Failed
            | Sentence::ForeignButton
            | Sentence::MessageGone
            | Sentence::ForeignForm
            | Sentence::Open => "A call of the component failed.",
        };
        let level = if sentence == Sentence::Failed { Level::Error } else { Level::Warn };
        let fields = [("hook", hook), ("error", &error.to_string())];
        self.note(party, level, what, &fields, &[]).await;
        sentence
    }

    /// A sentence in the language of the one who reads it.
    async fn say(&self, user_id: &str, sentence: Sentence) -> String {
        say_to_one(&self.server().locale_of(user_id).await, sentence)
    }

    /// The same for whoever waits for an answer: in the server's language where that is nobody who is signed in.
    async fn say_to(&self, party: &Party, sentence: Sentence) -> String {
        match party {
            Party::User(id) => self.say(id, sentence).await,
            Party::Service | Party::Stranger | Party::Event | Party::Host => {
                say_to_one(&self.server().facts().locale, sentence)
            }
        }
    }

    /// Logs that something from outside was refused. The request's id leads to its user in the server's own log.
    async fn refused(&self, party: &Party, what: &str, reason: &str, request_id: &str) {
        self.note(party, Level::Warn, what, &[("reason", reason)], &[("request_id", request_id)]).await;
    }

    /// Writes a line about what this party did. Lines that differ in `varying` alone say the same.
    async fn note(
        &self,
        party: &Party,
        level: Level,
        message: &str,
        fields: &[(&str, &str)],
        varying: &[(&str, &str)],
    ) {
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let (fields, varying) = (owned(fields), owned(varying));
        if let Ok(engine) = self.running() {
            let line = Line { level, message: message.to_owned(), fields, varying };
            engine.log(party, line).await;
        } else {
            // Without a component nobody counts lines that say the same, and none may be lost.
            self.server().log(level, message.to_owned(), [fields, varying].concat()).await;
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
    base16ct::lower::encode_string(&hash.finalize()[..16])
}
