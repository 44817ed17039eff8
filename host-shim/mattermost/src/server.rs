//! The chat server that components see: Mattermost, through its plugin API.

mod directory;
mod facts;
mod fault;
mod frontend;
mod installation;
mod keys;
mod people;
mod posts;
mod presence;
mod triggers;

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use chat_plugin_engine::api::{
    directory as contract_directory, files, frontend as contract_frontend, host, key_value, log,
    posts as contract_posts, presence as contract_presence,
};
use chat_plugin_engine::{ChatServer, HostFault};

use crate::api::{Api, ApiError, LogLevel};
use crate::manifest::plugin_path;
use crate::seal::Sealer;

pub(crate) use facts::Facts;
use fault::Fault;
pub(crate) use frontend::{DIALOG_PATH, DialogState};
use people::People;
pub(crate) use posts::{ACTION_PATH, ButtonContext, PrivateReply, plain_text};
use triggers::Triggers;

/// Mattermost, for one plugin.
#[derive(Default)]
pub(crate) struct Mattermost {
    /// Empty until the server activates the plugin.
    api: OnceLock<Api>,
    facts: RwLock<Arc<Facts>>,
    sealer: tokio::sync::OnceCell<Arc<Sealer>>,
    triggers: Triggers,
    people: People,
}

impl Mattermost {
    /// Takes the connection over which the server answers. The server connects once in the life of a process.
    pub(crate) fn connect(&self, api: Api) {
        if self.api.set(api).is_err() {
            tracing::error!(
                "The server activated the plugin twice in one process; the second time was ignored."
            );
        }
    }

    /// The server's API.
    pub(crate) fn api(&self) -> Result<&Api, ApiError> {
        self.api.get().ok_or(ApiError::NotConnected)
    }

    /// What was last learnt of the server.
    pub(crate) fn facts(&self) -> Arc<Facts> {
        Arc::clone(&self.facts.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces what is known of the server, when its settings have changed.
    pub(crate) fn set_facts(&self, facts: Facts) {
        *self.facts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(facts);
    }

    /// Users who were looked up a moment ago.
    fn people(&self) -> &People {
        &self.people
    }

    /// Remembers who may open a dialog by this trigger, and where.
    pub(crate) fn remember_trigger(&self, trigger_id: &str, user_id: &str, channel_id: &str) {
        self.triggers.remember(trigger_id, user_id, channel_id);
    }

    /// A user's language; the server's where the user cannot be asked for, or has chosen none.
    pub(crate) async fn locale_of(&self, user_id: &str) -> String {
        let chosen = match self.api() {
            Ok(api) => api.user(user_id.to_owned()).await.map(|user| user.locale).unwrap_or_default(),
            Err(_) => String::new(),
        };
        if chosen.is_empty() { self.facts().locale.clone() } else { chosen }
    }

    /// The sealer under this plugin's key, which all nodes share.
    pub(crate) async fn sealer(&self) -> Result<Arc<Sealer>, ApiError> {
        let sealer = self.sealer.get_or_try_init(|| async { keys::sealer(self).await.map(Arc::new) });
        sealer.await.map(Arc::clone)
    }
}

impl From<ApiError> for HostFault {
    fn from(error: ApiError) -> Self {
        Self(error.to_string())
    }
}

impl ChatServer for Mattermost {
    async fn about(&self) -> Result<host::Server, HostFault> {
        Ok(self.facts().about())
    }

    async fn settings(&self) -> Result<String, HostFault> {
        Ok(self.facts().settings.clone())
    }

    async fn findings(&self, locale: String) -> Result<Vec<host::Finding>, HostFault> {
        let ships_over = self.facts().replaces_lower_versions;
        Ok(vec![installation::finding(installation::version().as_deref(), ships_over, &locale)])
    }

    async fn personal_url(&self, _user_id: String, path: String) -> Result<String, HostFault> {
        // Clients carry the server's session.
        Ok(format!("{}{}", self.facts().site_url, plugin_path(&path)))
    }

    async fn log(&self, level: log::Level, message: String, fields: Vec<(String, String)>) {
        let level = match level {
            log::Level::Debug => LogLevel::Debug,
            log::Level::Info => LogLevel::Info,
            log::Level::Warn => LogLevel::Warn,
            log::Level::Error => LogLevel::Error,
        };
        // Fails only where the plugin is about to end.
        if let Ok(api) = self.api() {
            let _ = api.log(level, message, &fields).await;
        }
    }

    async fn kv_get(&self, key: String) -> Result<Option<Vec<u8>>, key_value::Error> {
        keys::get(self, key).await
    }

    async fn kv_set(
        &self,
        key: String,
        value: Vec<u8>,
        expires_in_s: Option<u32>,
        condition: key_value::Condition,
    ) -> Result<key_value::Outcome, key_value::Error> {
        keys::set(self, key, value, expires_in_s, condition).await
    }

    async fn kv_delete(
        &self,
        key: String,
        condition: key_value::Condition,
    ) -> Result<key_value::Outcome, key_value::Error> {
        keys::delete(self, key, condition).await
    }

    async fn kv_list(
        &self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<String>, key_value::Error> {
        keys::list(self, &prefix, after.as_deref(), limit).await
    }

    async fn create_post(&self, draft: contract_posts::Draft) -> Result<String, contract_posts::Error> {
        posts::create(self, draft).await
    }

    async fn update_post(
        &self,
        id: String,
        patch: contract_posts::Patch,
    ) -> Result<(), contract_posts::Error> {
        posts::update(self, id, patch).await
    }

    async fn delete_post(&self, id: String) -> Result<(), contract_posts::Error> {
        posts::delete(self, id).await
    }

    async fn get_post(&self, id: String) -> Result<contract_posts::Post, contract_posts::Error> {
        posts::get(self, id).await
    }

    async fn recent_posts(
        &self,
        channel_id: String,
        since_ms: u64,
    ) -> Result<Vec<contract_posts::Post>, contract_posts::Error> {
        posts::recent(self, channel_id, since_ms).await
    }

    async fn send_private(
        &self,
        user_id: String,
        draft: contract_posts::Draft,
        _privacy: contract_posts::Privacy,
    ) -> Result<String, contract_posts::Error> {
        // Either way of this server is for one pair of eyes.
        posts::send_private(self, user_id, draft).await
    }

    async fn update_private(
        &self,
        user_id: String,
        id: String,
        draft: contract_posts::Draft,
    ) -> Result<(), contract_posts::Error> {
        posts::update_private(self, user_id, id, draft).await
    }

    async fn delete_private(&self, user_id: String, id: String) -> Result<(), contract_posts::Error> {
        posts::delete_private(self, user_id, id).await
    }

    async fn store_file(
        &self,
        channel_id: String,
        name: String,
        body: Vec<u8>,
    ) -> Result<String, files::Error> {
        let size = body.len() as u64;
        let stored = match self.api() {
            Ok(api) => api.upload_file(body, channel_id, name).await,
            Err(error) => Err(error),
        };
        stored.map_err(|error| fault::file_error(error, size))
    }

    async fn find_user(&self, id: String) -> Result<contract_directory::User, contract_directory::Error> {
        directory::user(self, id).await
    }

    async fn find_user_by_email(
        &self,
        email: String,
    ) -> Result<contract_directory::User, contract_directory::Error> {
        directory::user_by_email(self, email).await
    }

    async fn bot_user(&self) -> Result<contract_directory::User, contract_directory::Error> {
        directory::user(self, self.facts().bot_id.clone()).await
    }

    async fn find_channel(
        &self,
        id: String,
    ) -> Result<contract_directory::Channel, contract_directory::Error> {
        directory::channel(self, id).await
    }

    async fn is_member(
        &self,
        channel_id: String,
        user_id: String,
    ) -> Result<bool, contract_directory::Error> {
        Ok(self.api().map_err(Fault::from)?.is_member(channel_id, user_id).await.map_err(Fault::from)?)
    }

    async fn member_count(&self, channel_id: String) -> Result<u32, contract_directory::Error> {
        directory::member_count(self, channel_id).await
    }

    async fn may(
        &self,
        user_id: String,
        permission: contract_directory::Permission,
        channel_id: Option<String>,
    ) -> Result<bool, contract_directory::Error> {
        directory::may(self, user_id, permission, channel_id).await
    }

    async fn direct_channel(&self, user_id: String) -> Result<String, contract_directory::Error> {
        directory::direct_channel(self, user_id).await
    }

    async fn preference(
        &self,
        user_id: String,
        name: String,
    ) -> Result<Option<String>, contract_directory::Error> {
        directory::preference(self, &user_id, &name).await
    }

    async fn presence(
        &self,
        user_id: String,
    ) -> Result<Option<contract_presence::CustomStatus>, contract_presence::Error> {
        presence::get(self, user_id).await
    }

    async fn set_presence(
        &self,
        user_id: String,
        status: Option<contract_presence::CustomStatus>,
    ) -> Result<(), contract_presence::Error> {
        presence::set(self, user_id, status).await
    }

    async fn publish(
        &self,
        event: String,
        payload: String,
        to: contract_frontend::Audience,
    ) -> Result<(), contract_frontend::Error> {
        frontend::publish(self, event, payload, to).await
    }

    async fn open_dialog(
        &self,
        trigger_id: String,
        dialog: contract_frontend::Dialog,
    ) -> Result<(), contract_frontend::Error> {
        frontend::open_dialog(self, trigger_id, dialog).await
    }
}

#[cfg(test)]
mod tests;
