//! The imports of the contract, one by one.

use super::{LOCALE, LocalServer, NAME, PLUGIN_PATH, convert};
use crate::{
    model::{Card, NewPost, User},
    seed::BOT_ID,
    store::StoreError,
    view,
};
use chat_plugin_engine::{
    ChatServer, HostFault,
    api::{directory, files, frontend, host, key_value, log, posts, presence},
};
use serde_json::{Value, json};

/// The one team.
pub(super) const TEAM_ID: &str = "team";
/// Posts that `recent` gives at most: fixed by the contract.
const RECENT_MAX: usize = 60;
/// Longest message in characters, as in Mattermost, so that a plugin that works here works there.
const MESSAGE_CHARS_MAX: usize = 16_383;

impl ChatServer for LocalServer {
    async fn about(&self) -> Result<host::Server, HostFault> {
        Ok(host::Server {
            name: NAME.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            site_url: self.addresses.public.clone(),
            plugin_url: format!("{}{PLUGIN_PATH}", self.addresses.public),
            command_prefix: "/".to_owned(),
            locale: LOCALE.to_owned(),
            // Of deleted posts nothing is kept.
            features: host::Features::all() ^ host::Features::POST_HISTORY,
        })
    }

    async fn settings(&self) -> Result<String, HostFault> {
        Ok(self.settings_json())
    }

    async fn personal_url(&self, _user_id: String, path: String) -> Result<String, HostFault> {
        Ok(format!("{}{PLUGIN_PATH}{path}", self.addresses.local))
    }

    async fn log(&self, level: log::Level, message: String, fields: Vec<(String, String)>) {
        let name = match level {
            log::Level::Debug => "debug",
            log::Level::Info => "info",
            log::Level::Warn => "warn",
            log::Level::Error => "error",
        };
        let words: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let line = [message, words.join(" ")].join(" ");
        let line = line.trim_end();
        match level {
            log::Level::Debug => tracing::debug!(target: "plugin", "{line}"),
            log::Level::Info => tracing::info!(target: "plugin", "{line}"),
            log::Level::Warn => tracing::warn!(target: "plugin", "{line}"),
            log::Level::Error => tracing::error!(target: "plugin", "{line}"),
        }
        let line = json!({ "at_ms": self.store.now_ms(), "level": name, "text": line });
        self.keep_log_line(line.clone());
        self.hub.tell_everybody(json!({ "type": "log", "line": line }));
    }

    async fn kv_get(&self, key: String) -> Result<Option<Vec<u8>>, key_value::Error> {
        self.stored(move |store| store.kv_get(&key)).await.map_err(convert::key_value_error)
    }

    async fn kv_set(
        &self,
        key: String,
        value: Vec<u8>,
        expires_in_s: Option<u32>,
        condition: key_value::Condition,
    ) -> Result<key_value::Outcome, key_value::Error> {
        let condition = convert::condition(condition);
        let written = self.stored(move |store| store.kv_set(&key, &value, expires_in_s, &condition)).await;
        written.map(convert::outcome).map_err(convert::key_value_error)
    }

    async fn kv_delete(
        &self,
        key: String,
        condition: key_value::Condition,
    ) -> Result<key_value::Outcome, key_value::Error> {
        let condition = convert::condition(condition);
        let written = self.stored(move |store| store.kv_delete(&key, &condition)).await;
        written.map(convert::outcome).map_err(convert::key_value_error)
    }

    async fn kv_list(
        &self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<String>, key_value::Error> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let listed = self.stored(move |store| store.kv_list(&prefix, after.as_deref(), limit)).await;
        listed.map_err(convert::key_value_error)
    }

    async fn create_post(&self, draft: posts::Draft) -> Result<String, posts::Error> {
        let key = draft.idempotency_key.clone();
        let new = self.checked(draft).await?;
        let channel_id = new.channel_id.clone();
        let channel =
            self.stored(move |store| store.channel(&channel_id)).await.map_err(convert::posts_error)?;
        if channel.archived {
            return Err(posts::Error::Invalid("the channel is archived".to_owned()));
        }
        if new.user_id != BOT_ID && !channel.has_member(&new.user_id) {
            return Err(posts::Error::Forbidden);
        }
        Ok(self.post(new, key).await.map_err(convert::posts_error)?.id)
    }

    async fn update_post(&self, id: String, patch: posts::Patch) -> Result<(), posts::Error> {
        self.own_post(id.clone()).await?;
        let (message, card) = self.checked_content(patch.message, patch.card).await?;
        let changed = self.stored(move |store| {
            let post = store.update_post(&id, message, card)?;
            let channel = store.channel(&post.channel_id)?;
            Ok((post, channel))
        });
        let (post, channel) = changed.await.map_err(convert::posts_error)?;
        self.hub.tell_members(&channel, json!({ "type": "post", "post": view::post(&post) }));
        Ok(())
    }

    async fn delete_post(&self, id: String) -> Result<(), posts::Error> {
        match self.own_post(id.clone()).await {
            Ok(()) => {}
            Err(posts::Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        }
        self.unpost(id).await.map(drop).map_err(convert::posts_error)
    }

    async fn get_post(&self, id: String) -> Result<posts::Post, posts::Error> {
        self.stored(move |store| store.post(&id)).await.map(convert::post).map_err(convert::posts_error)
    }

    async fn recent_posts(
        &self,
        channel_id: String,
        since_ms: u64,
    ) -> Result<Vec<posts::Post>, posts::Error> {
        let found = self.stored(move |store| {
            store.channel(&channel_id)?;
            store.posts_in(&channel_id, RECENT_MAX)
        });
        let found = found.await.map_err(convert::posts_error)?;
        Ok(found.into_iter().rev().filter(|post| post.created_ms >= since_ms).map(convert::post).collect())
    }

    async fn send_private(
        &self,
        user_id: String,
        draft: posts::Draft,
        _privacy: posts::Privacy,
    ) -> Result<String, posts::Error> {
        let new = self.checked(draft).await?;
        let (user, channel) = (user_id.clone(), new.channel_id.clone());
        let found = self.stored(move |store| Ok((store.user(&user)?, store.channel(&channel)?)));
        found.await.map_err(convert::posts_error)?;
        Ok(self.reply_privately(&user_id, new).id)
    }

    async fn update_private(
        &self,
        user_id: String,
        id: String,
        draft: posts::Draft,
    ) -> Result<(), posts::Error> {
        let new = self.checked(draft).await?;
        let post =
            self.replies().update(&user_id, &id, new.message, new.card).ok_or(posts::Error::NotFound)?;
        self.hub.tell_user(&user_id, json!({ "type": "private", "post": view::post(&post) }));
        Ok(())
    }

    async fn delete_private(&self, user_id: String, id: String) -> Result<(), posts::Error> {
        if let Some(post) = self.replies().remove(&user_id, &id) {
            let news = json!({ "type": "private-removed", "id": post.id, "channel_id": post.channel_id });
            self.hub.tell_user(&user_id, news);
        }
        Ok(())
    }

    async fn store_file(
        &self,
        channel_id: String,
        name: String,
        body: Vec<u8>,
    ) -> Result<String, files::Error> {
        let stored = self.stored(move |store| {
            store.channel(&channel_id)?;
            store.put_file(&channel_id, &name, &body)
        });
        stored.await.map(|file| file.id).map_err(convert::files_error)
    }

    async fn find_user(&self, id: String) -> Result<directory::User, directory::Error> {
        let found = self.stored(move |store| convert::user(store, store.user(&id)?));
        found.await.map_err(convert::directory_error)
    }

    async fn find_user_by_email(&self, email: String) -> Result<directory::User, directory::Error> {
        let found = self.stored(move |store| {
            let has_it =
                |user: &User| user.email.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(&email));
            let user = store.users()?.into_iter().find(has_it).ok_or(StoreError::NotFound("user"))?;
            convert::user(store, user)
        });
        found.await.map_err(convert::directory_error)
    }

    async fn bot_user(&self) -> Result<directory::User, directory::Error> {
        self.find_user(BOT_ID.to_owned()).await
    }

    async fn find_channel(&self, id: String) -> Result<directory::Channel, directory::Error> {
        let found = self.stored(move |store| store.channel(&id)).await;
        found.map(convert::channel).map_err(convert::directory_error)
    }

    async fn is_member(&self, channel_id: String, user_id: String) -> Result<bool, directory::Error> {
        match self.stored(move |store| store.channel(&channel_id)).await {
            Ok(channel) => Ok(channel.has_member(&user_id)),
            Err(StoreError::NotFound(_)) => Ok(false),
            Err(error) => Err(convert::directory_error(error)),
        }
    }

    async fn member_count(&self, channel_id: String) -> Result<u32, directory::Error> {
        let channel = self.stored(move |store| store.channel(&channel_id)).await;
        let count = channel.map_err(convert::directory_error)?.members.len();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn may(
        &self,
        user_id: String,
        permission: directory::Permission,
        channel_id: Option<String>,
    ) -> Result<bool, directory::Error> {
        let found = self.stored(move |store| {
            let channel = channel_id.map(|id| store.channel(&id)).transpose()?;
            Ok((store.user(&user_id)?, channel))
        });
        let (user, channel) = match found.await {
            Ok(found) => found,
            Err(StoreError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(convert::directory_error(error)),
        };
        let is_member = channel.as_ref().is_some_and(|channel| channel.has_member(&user.id));
        let is_open = channel.as_ref().is_some_and(|channel| !channel.archived);
        Ok(match permission {
            directory::Permission::CreatePost => is_open && is_member,
            // No channel has administrators of its own here.
            directory::Permission::ManageChannel | directory::Permission::Administer => user.is_admin,
        })
    }

    async fn direct_channel(&self, user_id: String) -> Result<String, directory::Error> {
        let channel = self.stored(move |store| {
            store.user(&user_id)?;
            store.direct_channel(BOT_ID, &user_id)
        });
        let channel = channel.await.map_err(convert::directory_error)?;
        self.hub.tell_members(&channel, json!({ "type": "state" }));
        Ok(channel.id)
    }

    async fn preference(&self, user_id: String, _name: String) -> Result<Option<String>, directory::Error> {
        // This chat keeps none, of nobody that it knows.
        self.find_user(user_id).await.map(|_| None)
    }

    async fn presence(&self, user_id: String) -> Result<Option<presence::CustomStatus>, presence::Error> {
        let status = self.stored(move |store| {
            store.user(&user_id)?;
            store.status(&user_id)
        });
        Ok(status.await.map_err(convert::presence_error)?.map(convert::custom_status))
    }

    async fn set_presence(
        &self,
        user_id: String,
        status: Option<presence::CustomStatus>,
    ) -> Result<(), presence::Error> {
        let status = status.map(convert::status);
        let set = self.stored(move |store| {
            store.user(&user_id)?;
            store.set_status(&user_id, status.as_ref())
        });
        set.await.map_err(convert::presence_error)?;
        self.hub.tell_everybody(json!({ "type": "state" }));
        Ok(())
    }

    async fn publish(
        &self,
        event: String,
        payload: String,
        to: frontend::Audience,
    ) -> Result<(), frontend::Error> {
        let payload: Value =
            serde_json::from_str(&payload).map_err(|error| frontend::Error::Other(error.to_string()))?;
        let news = json!({ "type": "plugin-event", "event": event, "payload": payload });
        match (to.user_id, to.channel_id) {
            (Some(user_id), Some(channel_id)) => {
                if self.is_member(channel_id, user_id.clone()).await.unwrap_or(false) {
                    self.hub.tell_user(&user_id, news);
                }
            }
            (Some(user_id), None) => self.hub.tell_user(&user_id, news),
            (None, Some(channel_id)) => {
                let channel = self.stored(move |store| store.channel(&channel_id)).await;
                let channel = channel.map_err(|error| frontend::Error::Other(error.to_string()))?;
                self.hub.tell_members(&channel, news);
            }
            (None, None) => {}
        }
        Ok(())
    }

    async fn open_dialog(&self, trigger_id: String, dialog: frontend::Dialog) -> Result<(), frontend::Error> {
        let form = self.forms().open(&trigger_id, dialog);
        let form =
            form.ok_or_else(|| frontend::Error::Other("the trigger is unknown or used up".to_owned()))?;
        self.hub.tell_user(&form.user_id, json!({ "type": "form", "form": view::form(&form) }));
        Ok(())
    }
}

impl LocalServer {
    /// A draft as a post, with its author, root and mentions resolved.
    async fn checked(&self, draft: posts::Draft) -> Result<NewPost, posts::Error> {
        let user_id = match draft.author {
            posts::Author::Bot => BOT_ID.to_owned(),
            posts::Author::User(id) => id,
        };
        let (message, card) = self.checked_content(draft.message, draft.card).await?;
        if let Some(root_id) = draft.root_id.clone() {
            let root = self.stored(move |store| store.post(&root_id)).await.map_err(convert::posts_error)?;
            if root.channel_id != draft.channel_id || root.root_id.is_some() {
                return Err(posts::Error::Invalid(
                    "the thread is in another channel, or is itself a reply".to_owned(),
                ));
            }
        }
        Ok(NewPost {
            channel_id: draft.channel_id,
            root_id: draft.root_id,
            user_id,
            message,
            card,
            file_ids: draft.file_ids,
            by_plugin: true,
        })
    }

    async fn checked_content(
        &self,
        message: String,
        card: Option<posts::Card>,
    ) -> Result<(String, Option<Card>), posts::Error> {
        let card = card.map(convert::card).transpose()?;
        if message.chars().count() > MESSAGE_CHARS_MAX {
            return Err(posts::Error::Invalid(format!(
                "a message has at most {MESSAGE_CHARS_MAX} characters"
            )));
        }
        let named = self.stored(move |store| {
            let message = convert::mentions(&message, store)?;
            let card = match card {
                Some(card) => Some(Card { text: convert::mentions(&card.text, store)?, ..card }),
                None => None,
            };
            Ok((message, card))
        });
        named.await.map_err(convert::posts_error)
    }

    /// Fails unless the plugin made the post.
    async fn own_post(&self, id: String) -> Result<(), posts::Error> {
        let post = self.stored(move |store| store.post(&id)).await.map_err(convert::posts_error)?;
        if post.by_plugin { Ok(()) } else { Err(posts::Error::Forbidden) }
    }
}
