//! What the page's requests work on.

use crate::{
    model::User, seed::BOT_ID, server::LocalServer, settings::Settings, simulation::Simulation,
    store::StoreError,
};
use chat_plugin_engine::{
    CallError, Engine, KnownService, Origins, Party, ServiceRequests,
    api::hooks::{Event, Registration, SettingProblem, Subcommand},
};
use serde_json::{Value, json};
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;
use zoom_sim::SimError;

/// The chat, the plugin in it, and the simulated Zoom where there is one.
pub struct App {
    engine: Engine<LocalServer>,
    zoom: Option<Simulation>,
    manifest: Manifest,
    known: RwLock<KnownService>,
    registration: Registration,
    problems: RwLock<Vec<SettingProblem>>,
    ending: watch::Receiver<bool>,
    boot: String,
    last_event: AtomicU64,
}

/// What the plugin's manifest says to its host.
#[derive(Debug, serde::Deserialize)]
pub struct Manifest {
    /// What the plugin may reach.
    pub http_origins: Vec<String>,
    /// How requests of Zoom are told from those of strangers.
    pub service_requests: ServiceRequests,
}

/// Why signing was not switched.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// There is no simulated Zoom.
    #[error("there is no simulated Zoom")]
    NoZoom,
    /// Zoom could not validate the plugin's URL.
    #[error(transparent)]
    Zoom(#[from] SimError),
    /// The plugin did not answer.
    #[error(transparent)]
    Plugin(#[from] CallError),
}

impl App {
    /// Asks the plugin what it brings, and has it check its settings. `manifest` is its own.
    ///
    /// # Errors
    /// When the plugin gives no answer.
    pub async fn new(
        engine: Engine<LocalServer>,
        zoom: Option<Simulation>,
        manifest: Manifest,
        ending: watch::Receiver<bool>,
    ) -> Result<Self, CallError> {
        let registration = engine.describe().await?;
        let boot = engine.server().stored(|store| Ok(store.now_ms())).await.unwrap_or_default().to_string();
        let app = Self {
            engine,
            zoom,
            manifest,
            known: RwLock::default(),
            registration,
            problems: RwLock::default(),
            ending,
            boot,
            last_event: AtomicU64::default(),
        };
        app.check_settings().await?;
        Ok(app)
    }

    /// The plugin.
    pub fn engine(&self) -> &Engine<LocalServer> {
        &self.engine
    }

    /// Whose request to the plugin it is, as far as that can be told before its body is there.
    pub fn party(&self, path: &str, query: &str, user_id: Option<&str>) -> Party {
        self.known.read().unwrap_or_else(PoisonError::into_inner).party(path, query, user_id)
    }

    /// The chat.
    pub fn server(&self) -> &LocalServer {
        self.engine.server()
    }

    /// The simulated Zoom, unless a real account is used.
    pub fn zoom(&self) -> Option<&Simulation> {
        self.zoom.as_ref()
    }

    /// Becomes true when the program ends.
    pub fn ending(&self) -> watch::Receiver<bool> {
        self.ending.clone()
    }

    /// Names this run of the program: an open page that meets another one loads everything anew.
    pub fn boot(&self) -> &str {
        &self.boot
    }

    /// The plugin's account, as the plugin wishes it to be.
    pub fn bot(&self) -> User {
        User {
            id: BOT_ID.to_owned(),
            username: self.registration.bot_username.clone(),
            display_name: self.registration.bot_display_name.clone(),
            email: None,
            is_admin: false,
            is_guest: false,
            is_bot: true,
            note: self.registration.bot_description.clone(),
        }
    }

    /// Everybody but the bot: administrators first, guests last.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn people(&self) -> Result<Vec<User>, StoreError> {
        let mut users = self.server().stored(|store| store.users()).await?;
        users.retain(|user| !user.is_bot);
        users.sort_by_key(|user| (user.is_guest, !user.is_admin));
        Ok(users)
    }

    /// The command's first word.
    pub fn trigger(&self) -> String {
        self.registration.trigger.clone()
    }

    /// What this user can do with the command, for completion.
    pub fn command(&self, me: &User) -> Value {
        let registration = &self.registration;
        let offered =
            registration.subcommands.iter().filter(|subcommand| me.is_admin || !subcommand.admin_only);
        json!({
            "prefix": "/",
            "trigger": registration.trigger,
            "description": registration.description,
            "hint": registration.hint,
            "subcommands": offered.map(subcommand).collect::<Vec<_>>(),
        })
    }

    /// What the plugin says is wrong with its settings.
    pub fn problems(&self) -> Vec<Value> {
        let problems = self.problems.read().unwrap_or_else(PoisonError::into_inner);
        problems.iter().map(|problem| json!({ "key": problem.key, "message": problem.message })).collect()
    }

    /// Tells the plugin of something that happened, if it asked for such events. Does not wait for it.
    pub fn tell_plugin(&self, name: &str, payload: Value) {
        if !self.registration.events.iter().any(|wanted| wanted == name) {
            return;
        }
        let number = self.last_event.fetch_add(1, Ordering::Relaxed);
        let (engine, name, id) =
            (self.engine.clone(), name.to_owned(), format!("event:{}:{number}", self.boot));
        tokio::spawn(async move {
            let at_ms = engine.server().stored(|store| Ok(store.now_ms())).await.unwrap_or_default();
            let event = Event { id, name, at_ms, payload: payload.to_string() };
            if let Err(error) = engine.handle_event(event).await {
                tracing::error!("{error}");
            }
        });
    }

    /// Has the simulated Zoom sign its events, and the plugin ask for it; or neither.
    ///
    /// # Errors
    /// When there is no simulated Zoom, or the plugin fails Zoom's validation.
    pub async fn sign_webhooks(&self, on: bool) -> Result<(), SigningError> {
        let zoom = self.zoom().ok_or(SigningError::NoZoom)?;
        self.server().set_setting("ZoomWebhookSecret", zoom.signing_secret(on).into());
        self.check_settings().await?;
        let own = &self.server().addresses().own;
        zoom.subscribe(own, on).await?;
        self.server().hub().tell_everybody(json!({ "type": "zoom" }));
        Ok(())
    }

    /// Changes some of the plugin's settings until the program ends, and has the plugin check them.
    ///
    /// # Errors
    /// When the plugin gives no answer.
    pub async fn change_settings(&self, changed: Settings) -> Result<(), CallError> {
        for (key, value) in changed {
            self.server().set_setting(&key, value);
        }
        self.check_settings().await?;
        self.server().hub().tell_everybody(json!({ "type": "state" }));
        Ok(())
    }

    /// After a change of settings: which origins may be reached, and what is wrong.
    async fn check_settings(&self) -> Result<(), CallError> {
        let settings = self.server().settings_json();
        let known = KnownService::new(self.manifest.service_requests.clone(), &settings);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        match Origins::new(&self.manifest.http_origins, &settings) {
            Ok(origins) => self.engine.http().set_origins(origins),
            Err(reason) => tracing::error!("the plugin may reach nothing: {reason}"),
        }
        let problems = self.engine.configure().await?.err().unwrap_or_default();
        *self.problems.write().unwrap_or_else(PoisonError::into_inner) = problems;
        Ok(())
    }
}

/// Tells open pages whenever the simulated Zoom changes.
pub async fn tell_of_zoom(app: Arc<App>) {
    let Some(zoom) = app.zoom() else { return };
    let mut changes = zoom.sim().subscribe();
    // Whatever was missed, the next look at the panel shows.
    while !matches!(changes.recv().await, Err(tokio::sync::broadcast::error::RecvError::Closed)) {
        app.server().hub().tell_everybody(json!({ "type": "zoom" }));
    }
}

fn subcommand(subcommand: &Subcommand) -> Value {
    let arguments: Vec<Value> = subcommand
        .arguments
        .iter()
        .map(|argument| {
            json!({ "name": argument.name, "hint": argument.hint, "help": argument.help, "required": argument.required })
        })
        .collect();
    json!({ "path": subcommand.path, "help": subcommand.help, "arguments": arguments })
}
