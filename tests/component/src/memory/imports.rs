//! The imports, each on the state.

use std::time::SystemTime;

use chat_plugin_engine::api::{directory, files, frontend, host, key_value, log, posts, presence};
use chat_plugin_engine::{ChatServer, HostFault};

use super::{LogLine, MemoryServer, milliseconds};

impl ChatServer for MemoryServer {
    fn now(&self) -> SystemTime {
        self.state().now
    }

    async fn about(&self) -> Result<host::Server, HostFault> {
        self.enter("host.about").await.map_err(HostFault)?;
        Ok(host::Server {
            name: "Mattermost".to_owned(),
            version: "10.7.0".to_owned(),
            site_url: "https://chat.example.com".to_owned(),
            plugin_url: "https://chat.example.com/plugins/zoom".to_owned(),
            command_prefix: "/".to_owned(),
            locale: "en".to_owned(),
            // Of deleted posts nothing is kept.
            features: host::Features::all() ^ host::Features::POST_HISTORY,
        })
    }

    async fn settings(&self) -> Result<String, HostFault> {
        self.enter("host.settings").await.map_err(HostFault)?;
        Ok(self.state().settings.clone())
    }

    async fn findings(&self, locale: String) -> Result<Vec<host::Finding>, HostFault> {
        self.enter("host.findings").await.map_err(HostFault)?;
        Ok(vec![host::Finding {
            check: "Memory".to_owned(),
            state: host::State::Warning,
            found: format!("This server forgets everything, and says so in {locale}."),
            remedy: "Use it for tests alone.".to_owned(),
        }])
    }

    async fn personal_url(&self, _user_id: String, path: String) -> Result<String, HostFault> {
        self.enter("host.personal-url").await.map_err(HostFault)?;
        Ok(format!("https://chat.example.com/plugins/zoom{path}"))
    }

    async fn log(&self, level: log::Level, message: String, fields: Vec<(String, String)>) {
        self.state().log.push(LogLine { level, message, fields });
    }

    async fn kv_get(&self, key: String) -> Result<Option<Vec<u8>>, key_value::Error> {
        self.enter("key-value.get").await.map_err(key_value::Error::Unavailable)?;
        let state = self.state();
        Ok(state.keys.get(&key, state.now))
    }

    async fn kv_set(
        &self,
        key: String,
        value: Vec<u8>,
        expires_in_s: Option<u32>,
        condition: key_value::Condition,
    ) -> Result<key_value::Outcome, key_value::Error> {
        self.enter("key-value.set").await.map_err(key_value::Error::Unavailable)?;
        let mut state = self.state();
        let now = state.now;
        let outcome = state.keys.set(key, value, expires_in_s, &condition, now);
        drop(state);
        self.written.notify_waiters();
        Ok(outcome)
    }

    async fn kv_delete(
        &self,
        key: String,
        condition: key_value::Condition,
    ) -> Result<key_value::Outcome, key_value::Error> {
        self.enter("key-value.delete").await.map_err(key_value::Error::Unavailable)?;
        let mut state = self.state();
        let now = state.now;
        Ok(state.keys.delete(&key, &condition, now))
    }

    async fn kv_list(
        &self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<String>, key_value::Error> {
        self.enter("key-value.list").await.map_err(key_value::Error::Unavailable)?;
        let state = self.state();
        Ok(state.keys.list(&prefix, after.as_deref(), limit, state.now))
    }

    async fn create_post(&self, draft: posts::Draft) -> Result<String, posts::Error> {
        self.enter("posts.create").await.map_err(posts::Error::Unavailable)?;
        let state = &mut *self.state();
        state.posts.create(&state.directory, draft, milliseconds(state.now))
    }

    async fn update_post(&self, id: String, patch: posts::Patch) -> Result<(), posts::Error> {
        self.enter("posts.update").await.map_err(posts::Error::Unavailable)?;
        self.state().posts.update(&id, patch)
    }

    async fn delete_post(&self, id: String) -> Result<(), posts::Error> {
        self.enter("posts.delete").await.map_err(posts::Error::Unavailable)?;
        self.state().posts.delete(&id)
    }

    async fn get_post(&self, id: String) -> Result<posts::Post, posts::Error> {
        self.enter("posts.get").await.map_err(posts::Error::Unavailable)?;
        self.state().posts.get(&id)
    }

    async fn recent_posts(
        &self,
        channel_id: String,
        since_ms: u64,
    ) -> Result<Vec<posts::Post>, posts::Error> {
        self.enter("posts.recent").await.map_err(posts::Error::Unavailable)?;
        Ok(self.state().posts.recent(&channel_id, since_ms))
    }

    async fn send_private(
        &self,
        user_id: String,
        draft: posts::Draft,
        _privacy: posts::Privacy,
    ) -> Result<String, posts::Error> {
        self.enter("posts.send-private").await.map_err(posts::Error::Unavailable)?;
        let state = &mut *self.state();
        state.posts.send_private(&state.directory, user_id, draft)
    }

    async fn update_private(
        &self,
        user_id: String,
        id: String,
        draft: posts::Draft,
    ) -> Result<(), posts::Error> {
        self.enter("posts.update-private").await.map_err(posts::Error::Unavailable)?;
        self.state().posts.update_private(&user_id, &id, draft)
    }

    async fn delete_private(&self, user_id: String, id: String) -> Result<(), posts::Error> {
        self.enter("posts.delete-private").await.map_err(posts::Error::Unavailable)?;
        self.state().posts.delete_private(&user_id, &id);
        Ok(())
    }

    async fn store_file(
        &self,
        channel_id: String,
        name: String,
        body: Vec<u8>,
    ) -> Result<String, files::Error> {
        self.enter("files.store-response").await.map_err(files::Error::Unavailable)?;
        let mut state = self.state();
        if !state.directory.channels.contains_key(&channel_id) {
            return Err(files::Error::Other("no such channel".to_owned()));
        }
        let id = format!("file-{:04}", state.files.len() + 1);
        state.files.insert(id.clone(), (channel_id, name, body));
        Ok(id)
    }

    async fn find_user(&self, id: String) -> Result<directory::User, directory::Error> {
        self.enter("directory.find-user").await.map_err(directory::Error::Unavailable)?;
        self.state().directory.users.get(&id).cloned().ok_or(directory::Error::NotFound)
    }

    async fn find_user_by_email(&self, email: String) -> Result<directory::User, directory::Error> {
        self.enter("directory.find-user-by-email").await.map_err(directory::Error::Unavailable)?;
        self.state().directory.user_by_email(&email).cloned().ok_or(directory::Error::NotFound)
    }

    async fn bot_user(&self) -> Result<directory::User, directory::Error> {
        self.enter("directory.bot-user").await.map_err(directory::Error::Unavailable)?;
        Ok(super::directory::bot())
    }

    async fn find_channel(&self, id: String) -> Result<directory::Channel, directory::Error> {
        self.enter("directory.find-channel").await.map_err(directory::Error::Unavailable)?;
        self.state().directory.channels.get(&id).cloned().ok_or(directory::Error::NotFound)
    }

    async fn is_member(&self, channel_id: String, user_id: String) -> Result<bool, directory::Error> {
        self.enter("directory.is-member").await.map_err(directory::Error::Unavailable)?;
        Ok(self.state().directory.is_member(&channel_id, &user_id))
    }

    async fn member_count(&self, channel_id: String) -> Result<u32, directory::Error> {
        self.enter("directory.member-count").await.map_err(directory::Error::Unavailable)?;
        let count = self.state().directory.member_count(&channel_id).ok_or(directory::Error::NotFound)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn may(
        &self,
        user_id: String,
        permission: directory::Permission,
        channel_id: Option<String>,
    ) -> Result<bool, directory::Error> {
        self.enter("directory.may").await.map_err(directory::Error::Unavailable)?;
        Ok(self.state().directory.may(&user_id, permission, channel_id.as_deref()))
    }

    async fn direct_channel(&self, user_id: String) -> Result<String, directory::Error> {
        self.enter("directory.direct-channel").await.map_err(directory::Error::Unavailable)?;
        self.state().directory.direct_channel(&user_id).ok_or(directory::Error::NotFound)
    }

    async fn preference(&self, user_id: String, name: String) -> Result<Option<String>, directory::Error> {
        self.enter("directory.preference").await.map_err(directory::Error::Unavailable)?;
        Ok(self.state().directory.preferences.get(&(user_id, name)).cloned())
    }

    async fn presence(&self, user_id: String) -> Result<Option<presence::CustomStatus>, presence::Error> {
        self.enter("presence.get").await.map_err(presence::Error::Unavailable)?;
        let state = self.state();
        if !state.directory.users.contains_key(&user_id) {
            return Err(presence::Error::NotFound);
        }
        let now_ms = milliseconds(state.now);
        let lasts = |status: &&presence::CustomStatus| status.expires_ms.is_none_or(|end| now_ms < end);
        Ok(state.statuses.get(&user_id).filter(lasts).cloned())
    }

    async fn set_presence(
        &self,
        user_id: String,
        status: Option<presence::CustomStatus>,
    ) -> Result<(), presence::Error> {
        self.enter("presence.set").await.map_err(presence::Error::Unavailable)?;
        let mut state = self.state();
        if !state.directory.users.contains_key(&user_id) {
            return Err(presence::Error::NotFound);
        }
        match status {
            Some(status) => state.statuses.insert(user_id, status),
            None => state.statuses.remove(&user_id),
        };
        Ok(())
    }

    async fn publish(
        &self,
        event: String,
        payload: String,
        to: frontend::Audience,
    ) -> Result<(), frontend::Error> {
        self.enter("frontend.publish").await.map_err(frontend::Error::Unavailable)?;
        self.state().events.push((event, payload, to));
        Ok(())
    }

    async fn open_dialog(&self, trigger_id: String, dialog: frontend::Dialog) -> Result<(), frontend::Error> {
        self.enter("frontend.open-dialog").await.map_err(frontend::Error::Unavailable)?;
        if trigger_id.is_empty() {
            return Err(frontend::Error::Other("a dialog answers a trigger, and this is none".to_owned()));
        }
        self.state().dialogs.push((trigger_id, dialog));
        Ok(())
    }
}
