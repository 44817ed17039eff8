//! A chat server in memory, with the semantics that the contract promises.

mod directory;
mod fault;
mod imports;
mod key_value;
mod posts;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chat_plugin_engine::api::directory::{Channel, User};
use chat_plugin_engine::api::frontend::{Audience, Dialog};
use chat_plugin_engine::api::key_value::Condition;
use chat_plugin_engine::api::log::Level;
use chat_plugin_engine::api::presence::CustomStatus;
use tokio::sync::Notify;

pub use fault::Fault;
pub use posts::{PrivateReply, StoredPost};

/// A chat server in memory: users, channels, permissions, key-value storage on a clock that tests control, posts, private
/// replies and a log. It fails when it is told to.
#[derive(Debug)]
pub struct MemoryServer {
    state: Mutex<State>,
    /// Told whenever an import begins to hang.
    hung: Notify,
    /// Told whenever a key has been written.
    written: Notify,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// Who should read it.
    pub level: Level,
    /// Its text.
    pub message: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

#[derive(Debug)]
struct State {
    now: SystemTime,
    settings: String,
    directory: directory::Directory,
    keys: key_value::Keys,
    posts: posts::Posts,
    /// Files by id: channel, name and content.
    files: BTreeMap<String, (String, String, Vec<u8>)>,
    statuses: BTreeMap<String, CustomStatus>,
    /// Events that were published to clients: name, payload, audience.
    events: Vec<(String, String, Audience)>,
    /// Dialogs that were opened, by the trigger that they answer.
    dialogs: Vec<(String, Dialog)>,
    log: Vec<LogLine>,
    faults: fault::Faults,
}

impl Default for MemoryServer {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryServer {
    /// A server without settings, users and channels, on 2026-01-05 at 09:30:00 UTC.
    pub fn new() -> Self {
        let state = State {
            now: UNIX_EPOCH + Duration::from_secs(1_767_605_400),
            settings: "{}".to_owned(),
            directory: directory::Directory::default(),
            keys: key_value::Keys::default(),
            posts: posts::Posts::default(),
            files: BTreeMap::new(),
            statuses: BTreeMap::new(),
            events: Vec::new(),
            dialogs: Vec::new(),
            log: Vec::new(),
            faults: fault::Faults::default(),
        };
        Self { state: Mutex::new(state), hung: Notify::new(), written: Notify::new() }
    }

    /// A server with the settings (a JSON object), the users `u-alice` and `u-bob` with e-mail addresses at `example.com`, and
    /// the public channel `c-town` that both are members of.
    pub fn with_people(settings: &str) -> Self {
        let server = Self::new();
        server.set_settings(settings);
        for name in ["alice", "bob"] {
            server.add_user(directory::user(name));
        }
        server.add_channel(directory::channel("c-town"), &["u-alice", "u-bob"]);
        server
    }

    /// Replaces the settings, a JSON object.
    pub fn set_settings(&self, settings: &str) {
        settings.clone_into(&mut self.state().settings);
    }

    /// Adds a user or replaces the one with the same id.
    pub fn add_user(&self, user: User) {
        self.state().directory.users.insert(user.id.clone(), user);
    }

    /// Adds a channel and its members' ids, or replaces the one with the same id.
    pub fn add_channel(&self, channel: Channel, members: &[&str]) {
        self.state().directory.add_channel(channel, members);
    }

    /// Sets what a user prefers for the plugin under this name.
    pub fn set_preference(&self, user_id: &str, name: &str, value: &str) {
        let key = (user_id.to_owned(), name.to_owned());
        self.state().directory.preferences.insert(key, value.to_owned());
    }

    /// Moves the clock, which stands still otherwise.
    pub fn advance(&self, time: Duration) {
        self.state().now += time;
    }

    /// Has the next `calls` calls of an import (for example `posts.create`) fail.
    pub fn fail(&self, import: &'static str, calls: u32, fault: Fault) {
        self.state().faults.add(import, calls, fault);
    }

    /// Waits until an import hangs, as [`Fault::Hang`] makes it.
    pub async fn hung(&self) {
        self.hung.notified().await;
    }

    /// Waits until the key has this value.
    pub async fn until_value(&self, key: &str, value: &str) {
        loop {
            let mut written = std::pin::pin!(self.written.notified());
            // Before looking: what is written in between counts.
            written.as_mut().enable();
            if self.value(key).as_deref() == Some(value) {
                return;
            }
            written.await;
        }
    }

    /// Posts a message as this user, and returns its id.
    pub fn say(&self, channel_id: &str, user_id: &str, message: &str) -> String {
        let state = &mut *self.state();
        let now_ms = state.now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        state.posts.say(channel_id, user_id, message, u64::try_from(now_ms).unwrap_or_default())
    }

    /// All posts in the order of their making, deleted ones too.
    pub fn posts(&self) -> Vec<StoredPost> {
        self.state().posts.all.clone()
    }

    /// All private replies that were not taken back, in the order of their making.
    pub fn private_replies(&self) -> Vec<PrivateReply> {
        self.state().posts.private.clone()
    }

    /// A key's value as text, if there is one and its time is not over.
    pub fn value(&self, key: &str) -> Option<String> {
        let state = self.state();
        let value = state.keys.get(key, state.now)?;
        Some(String::from_utf8_lossy(&value).into_owned())
    }

    /// Every key whose time is not over, with its value as it is stored.
    pub fn stored(&self) -> Vec<(String, Vec<u8>)> {
        let state = self.state();
        state.keys.all(state.now)
    }

    /// Stores a value behind the plugin's back, for ever.
    pub fn put(&self, key: &str, value: Vec<u8>) {
        let state = &mut *self.state();
        state.keys.set(key.to_owned(), value, None, &Condition::Always, state.now);
    }

    /// The log so far.
    pub fn log_lines(&self) -> Vec<LogLine> {
        self.state().log.clone()
    }

    /// Events that were published to clients: name, payload, audience.
    pub fn events(&self) -> Vec<(String, String, Audience)> {
        self.state().events.clone()
    }

    /// Dialogs that were opened, each with the trigger that it answers.
    pub fn dialogs(&self) -> Vec<(String, Dialog)> {
        self.state().dialogs.clone()
    }

    /// Stored files in the order of their making: channel, name and content.
    pub fn files(&self) -> Vec<(String, String, Vec<u8>)> {
        self.state().files.values().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every import begins here: fails or hangs when it was told to.
    async fn enter(&self, import: &'static str) -> Result<(), String> {
        let fault = self.state().faults.take(import);
        match fault {
            None => Ok(()),
            Some(Fault::Unavailable) => Err(format!("{import} fails as it was told to")),
            Some(Fault::Hang) => {
                self.hung.notify_one();
                std::future::pending().await
            }
        }
    }
}

/// In milliseconds since the Unix epoch.
fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
