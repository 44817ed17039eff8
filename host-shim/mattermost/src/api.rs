//! The server's API for plugins, as typed calls.

use std::time::Duration;

use chat_plugin_engine::{FairQueue, Place};
use tokio::time::Instant;

use crate::goplugin::{Client, Empty, RpcError};
use crate::model::*;

/// Posts that are read at once. All answers come over one stream, one after another, and people may put a megabyte into a post: the
/// answers to everybody else's calls wait behind no more than these.
const READS: usize = 2;
/// How long a read waits for those before it. By then whoever wanted the post has given up.
const READ_WAIT: Duration = Duration::from_secs(10);

/// Why a call had no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The server answered that it did not do it. Its sentence is left out: it may quote what a user typed.
    #[error("{place}: {id} (status {status})")]
    Refused {
        /// An HTTP status: who is at fault.
        status: i64,
        /// Names the error in the server's translations.
        id: String,
        /// The server's function.
        place: String,
    },
    /// The server failed at what the plugin sets up for itself, of which users type nothing.
    #[error("{place}: {reason}")]
    Failed {
        /// The server's function.
        place: &'static str,
        /// In the server's words.
        reason: String,
    },
    /// No answer, or none that could be read. The call may have had its effect.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// The server has not told the plugin yet where to call it.
    #[error("the server has not activated the plugin yet")]
    NotConnected,
    /// The server broke its own rules.
    #[error("the server answered {0} with nothing")]
    Empty(&'static str),
}

type Result<T, E = ApiError> = std::result::Result<T, E>;

/// One plugin's view of its server. A clone is the same connection.
#[derive(Clone)]
pub(crate) struct Api {
    rpc: Client,
    reads: FairQueue,
}

/// Who should read a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

impl Api {
    /// Speaks over this connection.
    pub(crate) fn new(rpc: Client) -> Self {
        Self { rpc, reads: FairQueue::new(READS, usize::MAX) }
    }

    /// The plugin's settings as JSON: keys in lower case, defaults filled in.
    pub(crate) async fn settings(&self) -> Result<Vec<u8>> {
        let answer: LoadPluginConfigurationArgsReturns =
            self.rpc.call("LoadPluginConfiguration", Empty {}).await?;
        Ok(answer.a)
    }

    /// The server's own settings, as far as they are used here.
    pub(crate) async fn config(&self) -> Result<Config> {
        let answer: GetConfigReturns = self.rpc.call("GetConfig", Empty {}).await?;
        answer.a.ok_or(ApiError::Empty("GetConfig"))
    }

    /// The server's version, for example `10.11.6`.
    pub(crate) async fn server_version(&self) -> Result<String> {
        let answer: GetServerVersionReturns = self.rpc.call("GetServerVersion", Empty {}).await?;
        Ok(answer.a)
    }

    /// Writes a line to the server's log.
    pub(crate) async fn log(
        &self,
        level: LogLevel,
        message: String,
        fields: &[(String, String)],
    ) -> Result<()> {
        let method = match level {
            LogLevel::Debug => "LogDebug",
            LogLevel::Info => "LogInfo",
            LogLevel::Warn => "LogWarn",
            LogLevel::Error => "LogError",
        };
        let pairs = fields.iter().flat_map(|(name, value)| [text(name), text(value)]).collect();
        let _: Empty = self.rpc.call(method, LogInfoArgs { a: message, b: pairs }).await?;
        Ok(())
    }

    /// Writes a line to the server's log; one that cannot be written there goes to stderr.
    pub(crate) async fn note(&self, level: LogLevel, message: &str, fields: &[(&str, &str)]) {
        let owned: Vec<_> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if let Err(error) = self.log(level, message.into(), &owned).await {
            tracing::warn!(?level, message, ?fields, %error, "A line for the server's log.");
        }
    }

    /// `None` for a missing key or one whose time is over.
    pub(crate) async fn kv_get(&self, key: String) -> Result<Option<Vec<u8>>> {
        let answer: KVGetReturns = self.rpc.call("KVGet", KVGetArgs { a: key }).await?;
        done(answer.b)?;
        // The wire knows no difference between an empty value and none, and no value is ever empty.
        Ok(Some(answer.a).filter(|value| !value.is_empty()))
    }

    /// Sets a value that is not empty, or with an atomic option deletes it by an empty one. False: the condition did not hold.
    pub(crate) async fn kv_set(
        &self,
        key: String,
        value: Vec<u8>,
        options: PluginKVSetOptions,
    ) -> Result<bool> {
        let args = KVSetWithOptionsArgs { a: key, b: value, c: options };
        let answer: KVSetWithOptionsReturns = self.rpc.call("KVSetWithOptions", args).await?;
        done(answer.b)?;
        Ok(answer.a)
    }

    /// Deleting a missing key is no error.
    pub(crate) async fn kv_delete(&self, key: String) -> Result<()> {
        let answer: KVDeleteReturns = self.rpc.call("KVDelete", KVDeleteArgs { a: key }).await?;
        done(answer.a)
    }

    /// A page of the keys of the plugin, in an order of the server's own; those whose time is over are left out.
    pub(crate) async fn kv_list(&self, page: usize, per_page: usize) -> Result<Vec<String>> {
        let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
        let args = KVListArgs { a: number(page), b: number(per_page) };
        let answer: KVListReturns = self.rpc.call("KVList", args).await?;
        done(answer.b)?;
        Ok(answer.a)
    }

    pub(crate) async fn user(&self, id: String) -> Result<User> {
        let answer: GetUserReturns = self.rpc.call("GetUser", GetUserArgs { a: id }).await?;
        done(answer.b)?;
        answer.a.ok_or(ApiError::Empty("GetUser"))
    }

    pub(crate) async fn user_by_email(&self, email: String) -> Result<User> {
        let answer: GetUserByEmailReturns =
            self.rpc.call("GetUserByEmail", GetUserByEmailArgs { a: email }).await?;
        done(answer.b)?;
        answer.a.ok_or(ApiError::Empty("GetUserByEmail"))
    }

    /// Archived channels too.
    pub(crate) async fn channel(&self, id: String) -> Result<Channel> {
        let answer: GetChannelReturns = self.rpc.call("GetChannel", GetChannelArgs { a: id }).await?;
        done(answer.b)?;
        answer.a.ok_or(ApiError::Empty("GetChannel"))
    }

    /// `None` for those who are no members.
    pub(crate) async fn member(&self, channel_id: String, user_id: String) -> Result<Option<ChannelMember>> {
        let args = GetChannelMemberArgs { a: channel_id, b: user_id };
        let answer: GetChannelMemberReturns = self.rpc.call("GetChannelMember", args).await?;
        match done(answer.b) {
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
            Ok(()) => Ok(answer.a),
        }
    }

    pub(crate) async fn is_member(&self, channel_id: String, user_id: String) -> Result<bool> {
        Ok(self.member(channel_id, user_id).await?.is_some())
    }

    pub(crate) async fn member_count(&self, channel_id: String) -> Result<i64> {
        let args = GetChannelStatsArgs { a: channel_id };
        let answer: GetChannelStatsReturns = self.rpc.call("GetChannelStats", args).await?;
        done(answer.b)?;
        Ok(answer.a.ok_or(ApiError::Empty("GetChannelStats"))?.member_count)
    }

    /// Whether the user's roles give the permission on the whole server.
    pub(crate) async fn has_permission(&self, user_id: String, permission: &str) -> Result<bool> {
        let args = HasPermissionToArgs { a: user_id, b: Some(Permission { id: permission.into() }) };
        let answer: HasPermissionToReturns = self.rpc.call("HasPermissionTo", args).await?;
        Ok(answer.a)
    }

    pub(crate) async fn has_channel_permission(
        &self,
        user_id: String,
        channel_id: String,
        permission: &str,
    ) -> Result<bool> {
        let permission = Some(Permission { id: permission.into() });
        let args = HasPermissionToChannelArgs { a: user_id, b: channel_id, c: permission };
        let answer: HasPermissionToChannelReturns = self.rpc.call("HasPermissionToChannel", args).await?;
        Ok(answer.a)
    }

    /// The channel between two users, made when missing.
    pub(crate) async fn direct_channel(&self, user_id: String, other_id: String) -> Result<Channel> {
        let args = GetDirectChannelArgs { a: user_id, b: other_id };
        let answer: GetDirectChannelReturns = self.rpc.call("GetDirectChannel", args).await?;
        done(answer.b)?;
        answer.a.ok_or(ApiError::Empty("GetDirectChannel"))
    }

    /// All that the user has set, for this plugin and otherwise. Asking for a single one has the same answer where it is missing
    /// as where the server cannot read it.
    pub(crate) async fn preferences(&self, user_id: String) -> Result<Vec<Preference>> {
        let args = GetPreferencesForUserArgs { a: user_id };
        let answer: GetPreferencesForUserReturns = self.rpc.call("GetPreferencesForUser", args).await?;
        done(answer.b)?;
        Ok(answer.a)
    }

    pub(crate) async fn create_post(&self, post: Post) -> Result<Post> {
        let answer: CreatePostReturns = self.rpc.call("CreatePost", CreatePostArgs { a: Some(post) }).await?;
        done(answer.b)?;
        answer.a.ok_or(ApiError::Empty("CreatePost"))
    }

    /// Overwrites message, props and files.
    pub(crate) async fn update_post(&self, post: Post) -> Result<()> {
        let answer: UpdatePostReturns = self.rpc.call("UpdatePost", UpdatePostArgs { a: Some(post) }).await?;
        done(answer.b)
    }

    pub(crate) async fn delete_post(&self, id: String) -> Result<()> {
        let answer: DeletePostReturns = self.rpc.call("DeletePost", DeletePostArgs { a: id }).await?;
        done(answer.a)
    }

    /// A deleted post is not found.
    pub(crate) async fn post(&self, id: String) -> Result<Post> {
        let _turn = self.read("GetPost").await?;
        let answer: GetPostReturns = self.rpc.call("GetPost", GetPostArgs { a: id }).await?;
        done(answer.b)?;
        answer.a.ok_or(ApiError::Empty("GetPost"))
    }

    /// Posts of the channel that were made, changed or deleted since then, in no order, without what they say: a busy channel may
    /// have a thousand of them, each with a megabyte.
    pub(crate) async fn post_heads_since(&self, channel_id: String, since_ms: i64) -> Result<Vec<Post>> {
        const UNNEEDED: [&str; 5] = ["Message", "MessageSource", "Props", "Hashtags", "Metadata"];
        let _turn = self.read("GetPostsSince").await?;
        let args = GetPostsSinceArgs { a: channel_id, b: since_ms };
        let answer: GetPostsSinceReturns = self.rpc.call_without(&UNNEEDED, "GetPostsSince", args).await?;
        done(answer.b)?;
        let list = answer.a.ok_or(ApiError::Empty("GetPostsSince"))?;
        Ok(list.posts.into_values().flatten().collect())
    }

    /// A turn among those who read posts.
    async fn read(&self, method: &'static str) -> Result<Place> {
        let turn = self.reads.take("", Instant::now() + READ_WAIT).await;
        turn.map_err(|_| RpcError::TimedOut { method }.into())
    }

    /// Shows a post to one user until the client is reloaded.
    pub(crate) async fn send_ephemeral(&self, user_id: String, post: Post) -> Result<()> {
        let args = SendEphemeralPostArgs { a: user_id, b: Some(post) };
        let _: SendEphemeralPostReturns = self.rpc.call("SendEphemeralPost", args).await?;
        Ok(())
    }

    pub(crate) async fn update_ephemeral(&self, user_id: String, post: Post) -> Result<()> {
        let args = UpdateEphemeralPostArgs { a: user_id, b: Some(post) };
        let _: UpdateEphemeralPostReturns = self.rpc.call("UpdateEphemeralPost", args).await?;
        Ok(())
    }

    pub(crate) async fn delete_ephemeral(&self, user_id: String, id: String) -> Result<()> {
        let _: Empty =
            self.rpc.call("DeleteEphemeralPost", DeleteEphemeralPostArgs { a: user_id, b: id }).await?;
        Ok(())
    }

    /// Stores a file and returns its id.
    pub(crate) async fn upload_file(
        &self,
        data: Vec<u8>,
        channel_id: String,
        name: String,
    ) -> Result<String> {
        let args = UploadFileArgs { a: data, b: channel_id, c: name };
        let answer: UploadFileReturns = self.rpc.call("UploadFile", args).await?;
        done(answer.b)?;
        Ok(answer.a.ok_or(ApiError::Empty("UploadFile"))?.id)
    }

    /// The bot's user id. Makes the bot when it is missing, and brings its names up to date.
    pub(crate) async fn ensure_bot(&self, bot: Bot) -> Result<String> {
        let answer: EnsureBotUserReturns =
            self.rpc.call("EnsureBotUser", EnsureBotUserArgs { a: Some(bot) }).await?;
        succeeded(&answer.b, "EnsureBotUser")?;
        Ok(answer.a)
    }

    /// Gives the user a picture. PNG, JPEG and GIF are taken.
    pub(crate) async fn set_profile_image(&self, user_id: String, image: Vec<u8>) -> Result<()> {
        let args = SetProfileImageArgs { a: user_id, b: image };
        let answer: SetProfileImageReturns = self.rpc.call("SetProfileImage", args).await?;
        done(answer.a)
    }

    /// Offers a slash command; replaces an earlier one of the same trigger.
    pub(crate) async fn register_command(&self, command: Command) -> Result<()> {
        let args = RegisterCommandArgs { a: Some(command) };
        let answer: RegisterCommandReturns = self.rpc.call("RegisterCommand", args).await?;
        succeeded(&answer.a, "RegisterCommand")
    }

    pub(crate) async fn open_dialog(&self, request: OpenDialogRequest) -> Result<()> {
        let args = OpenInteractiveDialogArgs { a: request };
        let answer: OpenInteractiveDialogReturns = self.rpc.call("OpenInteractiveDialog", args).await?;
        done(answer.a)
    }

    /// Sends an event to clients, as `custom_<plugin id>_<event>`.
    pub(crate) async fn publish(&self, event: String, payload: Props, to: WebsocketBroadcast) -> Result<()> {
        let args = PublishWebSocketEventArgs { a: event, b: payload, c: Some(to) };
        let _: Empty = self.rpc.call("PublishWebSocketEvent", args).await?;
        Ok(())
    }

    pub(crate) async fn set_custom_status(&self, user_id: String, status: CustomStatus) -> Result<()> {
        let args = UpdateUserCustomStatusArgs { a: user_id, b: Some(status) };
        let answer: UpdateUserCustomStatusReturns = self.rpc.call("UpdateUserCustomStatus", args).await?;
        done(answer.a)
    }

    pub(crate) async fn remove_custom_status(&self, user_id: String) -> Result<()> {
        let args = RemoveUserCustomStatusArgs { a: user_id };
        let answer: RemoveUserCustomStatusReturns = self.rpc.call("RemoveUserCustomStatus", args).await?;
        done(answer.a)
    }
}

impl ApiError {
    pub(crate) fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// The HTTP status of a refusal.
    pub(crate) fn status(&self) -> Option<i64> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            Self::Failed { .. } | Self::Rpc(_) | Self::NotConnected | Self::Empty(_) => None,
        }
    }
}

fn done(error: Option<AppError>) -> Result<()> {
    error.map_or(Ok(()), |error| {
        Err(ApiError::Refused { status: error.status_code, id: error.id, place: error.r#where })
    })
}

fn succeeded(error: &Any, place: &'static str) -> Result<()> {
    error_text(error).map_or(Ok(()), |reason| Err(ApiError::Failed { place, reason }))
}
