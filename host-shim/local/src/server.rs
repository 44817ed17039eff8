//! The chat server as the plugin sees it.

mod convert;
mod imports;

use crate::{
    hub::Hub,
    model::{NewPost, Post},
    private::{Forms, PrivateReplies},
    settings::Settings,
    store::{Store, StoreError},
    view,
};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

/// The name that people know this chat by.
pub const NAME: &str = "Local Chat";
/// Where the plugin's URL is below a base.
pub const PLUGIN_PATH: &str = "/plugins/zoom";
/// The language of what all read.
pub const LOCALE: &str = "en";
/// Lines of the plugin's log that the page can show.
const LOG_LINES_MAX: usize = 200;

/// Where things are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Where the program itself listens, without a trailing slash.
    pub own: String,
    /// Where this machine's browser finds the chat, without a trailing slash: at `own`, or at a proxy before it.
    pub local: String,
    /// Where Zoom finds the plugin's host, without a trailing slash.
    pub public: String,
}

/// The chat: what lasts, what open pages see, and the plugin's settings.
pub struct LocalServer {
    store: Arc<Store>,
    hub: Hub,
    addresses: Addresses,
    settings: RwLock<Settings>,
    replies: Mutex<PrivateReplies>,
    forms: Mutex<Forms>,
    log: Mutex<VecDeque<Value>>,
}

impl LocalServer {
    /// A chat on this store.
    pub fn new(store: Arc<Store>, hub: Hub, addresses: Addresses, settings: Settings) -> Self {
        Self {
            store,
            hub,
            addresses,
            settings: settings.into(),
            replies: Mutex::default(),
            forms: Mutex::default(),
            log: Mutex::default(),
        }
    }

    /// Open pages.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Where things are reached.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The plugin's settings.
    pub fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The settings as one JSON object.
    pub fn settings_json(&self) -> String {
        serde_json::to_string(&self.settings()).expect("a map of JSON values is JSON")
    }

    /// Changes one setting. The plugin reads it with its next call.
    pub fn set_setting(&self, key: &str, value: Value) {
        self.settings.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), value);
    }

    /// Private replies.
    pub fn replies(&self) -> MutexGuard<'_, PrivateReplies> {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forms.
    pub fn forms(&self) -> MutexGuard<'_, Forms> {
        self.forms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last lines of the plugin's log, oldest first.
    pub fn log_lines(&self) -> Vec<Value> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn keep_log_line(&self, line: Value) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == LOG_LINES_MAX {
            log.pop_front();
        }
        log.push_back(line);
    }

    /// Runs work on the store where waiting for the disk holds up nobody.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn stored<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || work(&store)).await.unwrap_or(Err(StoreError::Ending))
    }

    /// Makes a post and tells the pages.
    ///
    /// # Errors
    /// When the channel is missing, or the storage fails.
    pub async fn post(&self, new: NewPost, idempotency_key: Option<String>) -> Result<Post, StoreError> {
        let (post, is_new, channel) = self
            .stored(move |store| {
                let channel = store.channel(&new.channel_id)?;
                let (post, is_new) = store.create_post(new, idempotency_key.as_deref())?;
                Ok((post, is_new, channel))
            })
            .await?;
        if is_new {
            self.hub.tell_members(&channel, json!({ "type": "post", "post": view::post(&post) }));
        }
        Ok(post)
    }

    /// Deletes a post with its replies, and tells the pages.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn unpost(&self, id: String) -> Result<Vec<Post>, StoreError> {
        let deleted = self.stored(move |store| store.delete_post(&id)).await?;
        if let Some(channel_id) = deleted.first().map(|post| post.channel_id.clone()) {
            let channel = self.stored(move |store| store.channel(&channel_id)).await?;
            for post in &deleted {
                let news = json!({ "type": "post-deleted", "id": post.id, "channel_id": post.channel_id });
                self.hub.tell_members(&channel, news);
            }
        }
        Ok(deleted)
    }

    /// Shows something to one user alone.
    pub fn reply_privately(&self, user_id: &str, new: NewPost) -> Post {
        // The list of replies names it.
        let post = new.into_post(String::new(), self.store.now_ms());
        let post = self.replies().add(user_id, post);
        self.hub.tell_user(user_id, json!({ "type": "private", "post": view::post(&post) }));
        post
    }
}
