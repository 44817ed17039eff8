//! What a chat server does for plugins.

use std::future::Future;
use std::time::SystemTime;

use crate::api::{directory, files, frontend, host, key_value, log, posts, presence};

/// The server could not answer an import that has no error of its own: the hook's call fails. The text is for logs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct HostFault(pub String);

/// One method for each import of the contract that the chat server answers; `http-client.send`, the fetching half of
/// `files.store-response`, `host.wake` and `host.pause` are the engine's own.
///
/// The meaning of every method, its arguments and its errors is written in `wit/`. Many calls run at once.
///
/// A future may be dropped at any await, when the call that made it runs over its time limit. A method that must not stop
/// half-way (a write on a shared connection) spawns its work and awaits the handle.
#[expect(missing_docs, reason = "each method is documented in wit/, under the same name")]
pub trait ChatServer: Send + Sync + 'static {
    /// The wall clock that the plugin sees. Only a test has a reason to give another one.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    // host
    fn about(&self) -> impl Future<Output = Result<host::Server, HostFault>> + Send;
    /// A JSON object.
    fn settings(&self) -> impl Future<Output = Result<String, HostFault>> + Send;
    /// Most hosts have nothing to say.
    fn findings(
        &self,
        _locale: String,
    ) -> impl Future<Output = Result<Vec<host::Finding>, HostFault>> + Send {
        std::future::ready(Ok(Vec::new()))
    }
    fn personal_url(
        &self,
        user_id: String,
        path: String,
    ) -> impl Future<Output = Result<String, HostFault>> + Send;

    /// Cannot fail: a line that cannot be written is lost.
    fn log(
        &self,
        level: log::Level,
        message: String,
        fields: Vec<(String, String)>,
    ) -> impl Future<Output = ()> + Send;

    // key-value; keys and values are within the sizes of `Limits`, values are not empty.
    fn kv_get(&self, key: String) -> impl Future<Output = Result<Option<Vec<u8>>, key_value::Error>> + Send;
    fn kv_set(
        &self,
        key: String,
        value: Vec<u8>,
        expires_in_s: Option<u32>,
        condition: key_value::Condition,
    ) -> impl Future<Output = Result<key_value::Outcome, key_value::Error>> + Send;
    fn kv_delete(
        &self,
        key: String,
        condition: key_value::Condition,
    ) -> impl Future<Output = Result<key_value::Outcome, key_value::Error>> + Send;
    fn kv_list(
        &self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<String>, key_value::Error>> + Send;

    // posts
    fn create_post(&self, draft: posts::Draft) -> impl Future<Output = Result<String, posts::Error>> + Send;
    fn update_post(
        &self,
        id: String,
        patch: posts::Patch,
    ) -> impl Future<Output = Result<(), posts::Error>> + Send;
    fn delete_post(&self, id: String) -> impl Future<Output = Result<(), posts::Error>> + Send;
    fn get_post(&self, id: String) -> impl Future<Output = Result<posts::Post, posts::Error>> + Send;
    fn recent_posts(
        &self,
        channel_id: String,
        since_ms: u64,
    ) -> impl Future<Output = Result<Vec<posts::Post>, posts::Error>> + Send;
    fn send_private(
        &self,
        user_id: String,
        draft: posts::Draft,
        privacy: posts::Privacy,
    ) -> impl Future<Output = Result<String, posts::Error>> + Send;
    fn update_private(
        &self,
        user_id: String,
        id: String,
        draft: posts::Draft,
    ) -> impl Future<Output = Result<(), posts::Error>> + Send;
    fn delete_private(
        &self,
        user_id: String,
        id: String,
    ) -> impl Future<Output = Result<(), posts::Error>> + Send;

    /// Stores `body` as a file of the channel and returns its id. The engine has fetched it and held it to its size.
    fn store_file(
        &self,
        channel_id: String,
        name: String,
        body: Vec<u8>,
    ) -> impl Future<Output = Result<String, files::Error>> + Send;

    // directory
    fn find_user(&self, id: String)
    -> impl Future<Output = Result<directory::User, directory::Error>> + Send;
    fn find_user_by_email(
        &self,
        email: String,
    ) -> impl Future<Output = Result<directory::User, directory::Error>> + Send;
    fn bot_user(&self) -> impl Future<Output = Result<directory::User, directory::Error>> + Send;
    fn find_channel(
        &self,
        id: String,
    ) -> impl Future<Output = Result<directory::Channel, directory::Error>> + Send;
    fn is_member(
        &self,
        channel_id: String,
        user_id: String,
    ) -> impl Future<Output = Result<bool, directory::Error>> + Send;
    fn member_count(&self, channel_id: String) -> impl Future<Output = Result<u32, directory::Error>> + Send;
    fn may(
        &self,
        user_id: String,
        permission: directory::Permission,
        channel_id: Option<String>,
    ) -> impl Future<Output = Result<bool, directory::Error>> + Send;
    fn direct_channel(
        &self,
        user_id: String,
    ) -> impl Future<Output = Result<String, directory::Error>> + Send;
    fn preference(
        &self,
        user_id: String,
        name: String,
    ) -> impl Future<Output = Result<Option<String>, directory::Error>> + Send;

    // presence
    fn presence(
        &self,
        user_id: String,
    ) -> impl Future<Output = Result<Option<presence::CustomStatus>, presence::Error>> + Send;
    fn set_presence(
        &self,
        user_id: String,
        status: Option<presence::CustomStatus>,
    ) -> impl Future<Output = Result<(), presence::Error>> + Send;

    // frontend
    fn publish(
        &self,
        event: String,
        payload: String,
        to: frontend::Audience,
    ) -> impl Future<Output = Result<(), frontend::Error>> + Send;
    fn open_dialog(
        &self,
        trigger_id: String,
        dialog: frontend::Dialog,
    ) -> impl Future<Output = Result<(), frontend::Error>> + Send;
}
