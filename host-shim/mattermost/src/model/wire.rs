//! Generated from the Go types of github.com/mattermost/mattermost/server/public by host-shim/mattermost/gen: do not edit.
//!
//! Arguments and answers of the calls between the server and a plugin. Fields bear Go's names on the wire.
use super::{Any, BinaryBytes, GoTime, Gob, Header};
use std::collections::BTreeMap;

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct AppError {
    #[gob(name = "Id")]
    pub(crate) id: String,
    #[gob(name = "Message")]
    pub(crate) message: String,
    #[gob(name = "StatusCode")]
    pub(crate) status_code: i64,
    #[gob(name = "Where")]
    pub(crate) r#where: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct AutocompleteArg {
    #[gob(name = "Name")]
    pub(crate) name: String,
    #[gob(name = "HelpText")]
    pub(crate) help_text: String,
    #[gob(name = "Type")]
    pub(crate) r#type: String,
    #[gob(name = "Required")]
    pub(crate) required: bool,
    #[gob(name = "Data")]
    pub(crate) data: Any,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct AutocompleteData {
    #[gob(name = "Trigger")]
    pub(crate) trigger: String,
    #[gob(name = "Hint")]
    pub(crate) hint: String,
    #[gob(name = "HelpText")]
    pub(crate) help_text: String,
    #[gob(name = "RoleID")]
    pub(crate) role_id: String,
    #[gob(name = "Arguments")]
    pub(crate) arguments: Vec<Option<AutocompleteArg>>,
    #[gob(name = "SubCommands")]
    pub(crate) sub_commands: Vec<Option<Self>>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct AutocompleteTextArg {
    #[gob(name = "Hint")]
    pub(crate) hint: String,
    #[gob(name = "Pattern")]
    pub(crate) pattern: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Bot {
    #[gob(name = "Username")]
    pub(crate) username: String,
    #[gob(name = "DisplayName")]
    pub(crate) display_name: String,
    #[gob(name = "Description")]
    pub(crate) description: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Channel {
    #[gob(name = "Id")]
    pub(crate) id: String,
    #[gob(name = "DeleteAt")]
    pub(crate) delete_at: i64,
    #[gob(name = "TeamId")]
    pub(crate) team_id: String,
    #[gob(name = "Type")]
    pub(crate) r#type: String,
    #[gob(name = "DisplayName")]
    pub(crate) display_name: String,
    #[gob(name = "Name")]
    pub(crate) name: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct ChannelMember {
    #[gob(name = "ChannelId")]
    pub(crate) channel_id: String,
    #[gob(name = "UserId")]
    pub(crate) user_id: String,
    #[gob(name = "SchemeAdmin")]
    pub(crate) scheme_admin: bool,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct ChannelStats {
    #[gob(name = "MemberCount")]
    pub(crate) member_count: i64,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Command {
    #[gob(name = "Trigger")]
    pub(crate) trigger: String,
    #[gob(name = "AutoComplete")]
    pub(crate) auto_complete: bool,
    #[gob(name = "AutoCompleteDesc")]
    pub(crate) auto_complete_desc: String,
    #[gob(name = "AutoCompleteHint")]
    pub(crate) auto_complete_hint: String,
    #[gob(name = "DisplayName")]
    pub(crate) display_name: String,
    #[gob(name = "Description")]
    pub(crate) description: String,
    #[gob(name = "AutocompleteData")]
    pub(crate) autocomplete_data: Option<AutocompleteData>,
    #[gob(name = "AutocompleteIconData")]
    pub(crate) autocomplete_icon_data: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct CommandArgs {
    #[gob(name = "UserId")]
    pub(crate) user_id: String,
    #[gob(name = "ChannelId")]
    pub(crate) channel_id: String,
    #[gob(name = "TeamId")]
    pub(crate) team_id: String,
    #[gob(name = "RootId")]
    pub(crate) root_id: String,
    #[gob(name = "TriggerId")]
    pub(crate) trigger_id: String,
    #[gob(name = "Command")]
    pub(crate) command: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct CommandResponse {
    #[gob(name = "ResponseType")]
    pub(crate) response_type: String,
    #[gob(name = "Text")]
    pub(crate) text: String,
    #[gob(name = "GotoLocation")]
    pub(crate) goto_location: String,
    #[gob(name = "SkipSlackParsing")]
    pub(crate) skip_slack_parsing: bool,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Config {
    #[gob(name = "ServiceSettings")]
    pub(crate) service_settings: ServiceSettings,
    #[gob(name = "TeamSettings")]
    pub(crate) team_settings: TeamSettings,
    #[gob(name = "EmailSettings")]
    pub(crate) email_settings: EmailSettings,
    #[gob(name = "LocalizationSettings")]
    pub(crate) localization_settings: LocalizationSettings,
    #[gob(name = "PluginSettings")]
    pub(crate) plugin_settings: PluginSettings,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Context {
    #[gob(name = "RequestId")]
    pub(crate) request_id: String,
    #[gob(name = "IPAddress")]
    pub(crate) ip_address: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct CreatePostArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Post>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct CreatePostReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<Post>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct CustomStatus {
    #[gob(name = "Emoji")]
    pub(crate) emoji: String,
    #[gob(name = "Text")]
    pub(crate) text: String,
    #[gob(name = "Duration")]
    pub(crate) duration: String,
    #[gob(name = "ExpiresAt")]
    pub(crate) expires_at: GoTime,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct DeleteEphemeralPostArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct DeletePostArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct DeletePostReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Dialog {
    #[gob(name = "CallbackId")]
    pub(crate) callback_id: String,
    #[gob(name = "Title")]
    pub(crate) title: String,
    #[gob(name = "IntroductionText")]
    pub(crate) introduction_text: String,
    #[gob(name = "Elements")]
    pub(crate) elements: Vec<DialogElement>,
    #[gob(name = "SubmitLabel")]
    pub(crate) submit_label: String,
    #[gob(name = "NotifyOnCancel")]
    pub(crate) notify_on_cancel: bool,
    #[gob(name = "State")]
    pub(crate) state: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct DialogElement {
    #[gob(name = "DisplayName")]
    pub(crate) display_name: String,
    #[gob(name = "Name")]
    pub(crate) name: String,
    #[gob(name = "Type")]
    pub(crate) r#type: String,
    #[gob(name = "SubType")]
    pub(crate) sub_type: String,
    #[gob(name = "Default")]
    pub(crate) default: String,
    #[gob(name = "HelpText")]
    pub(crate) help_text: String,
    #[gob(name = "Optional")]
    pub(crate) optional: bool,
    #[gob(name = "MaxLength")]
    pub(crate) max_length: i64,
    #[gob(name = "Options")]
    pub(crate) options: Vec<Option<PostActionOptions>>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct EmailSettings {
    #[gob(name = "RequireEmailVerification")]
    pub(crate) require_email_verification: Option<bool>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct EnsureBotUserArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Bot>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct EnsureBotUserReturns {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: Any,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct ErrorString {
    #[gob(name = "Code")]
    pub(crate) code: i64,
    #[gob(name = "Err")]
    pub(crate) err: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct ExecuteCommandArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Context>,
    #[gob(name = "B")]
    pub(crate) b: Option<CommandArgs>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct ExecuteCommandReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<CommandResponse>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct FileInfo {
    #[gob(name = "Id")]
    pub(crate) id: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetChannelArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetChannelMemberArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetChannelMemberReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<ChannelMember>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetChannelReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<Channel>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetChannelStatsArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetChannelStatsReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<ChannelStats>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetConfigReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<Config>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetDirectChannelArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetDirectChannelReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<Channel>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetPostArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetPostReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<Post>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetPostsSinceArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: i64,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetPostsSinceReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<PostList>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetPreferencesForUserArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetPreferencesForUserReturns {
    #[gob(name = "A")]
    pub(crate) a: Vec<Preference>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetServerVersionReturns {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetUserArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetUserByEmailArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetUserByEmailReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<User>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct GetUserReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<User>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct HTTPRequestSubset {
    #[gob(name = "Method")]
    pub(crate) method: String,
    #[gob(name = "URL")]
    pub(crate) url: Option<BinaryBytes>,
    #[gob(name = "Header")]
    pub(crate) header: Header,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct HasPermissionToArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: Option<Permission>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct HasPermissionToChannelArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: String,
    #[gob(name = "C")]
    pub(crate) c: Option<Permission>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct HasPermissionToChannelReturns {
    #[gob(name = "A")]
    pub(crate) a: bool,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct HasPermissionToReturns {
    #[gob(name = "A")]
    pub(crate) a: bool,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct KVDeleteArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct KVDeleteReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct KVGetArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct KVGetReturns {
    #[gob(name = "A")]
    pub(crate) a: Vec<u8>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct KVListArgs {
    #[gob(name = "A")]
    pub(crate) a: i64,
    #[gob(name = "B")]
    pub(crate) b: i64,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct KVListReturns {
    #[gob(name = "A")]
    pub(crate) a: Vec<String>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct KVSetWithOptionsArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: Vec<u8>,
    #[gob(name = "C")]
    pub(crate) c: PluginKVSetOptions,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct KVSetWithOptionsReturns {
    #[gob(name = "A")]
    pub(crate) a: bool,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct LoadPluginConfigurationArgsReturns {
    #[gob(name = "A")]
    pub(crate) a: Vec<u8>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct LocalizationSettings {
    #[gob(name = "DefaultServerLocale")]
    pub(crate) default_server_locale: Option<String>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct LogInfoArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: Vec<Any>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct MessageAttachment {
    #[gob(name = "Fallback")]
    pub(crate) fallback: String,
    #[gob(name = "Title")]
    pub(crate) title: String,
    #[gob(name = "Text")]
    pub(crate) text: String,
    #[gob(name = "Actions")]
    pub(crate) actions: Vec<Option<PostAction>>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct MessageHasBeenDeletedArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Context>,
    #[gob(name = "B")]
    pub(crate) b: Option<Post>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct MessageHasBeenPostedArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Context>,
    #[gob(name = "B")]
    pub(crate) b: Option<Post>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct OnActivateArgs {
    #[gob(name = "APIMuxId")]
    pub(crate) api_mux_id: u32,
    #[gob(name = "DriverMuxId")]
    pub(crate) driver_mux_id: u32,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct OnActivateReturns {
    #[gob(name = "A")]
    pub(crate) a: Any,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct OnConfigurationChangeReturns {
    #[gob(name = "A")]
    pub(crate) a: Any,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct OnDeactivateReturns {
    #[gob(name = "A")]
    pub(crate) a: Any,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct OpenDialogRequest {
    #[gob(name = "TriggerId")]
    pub(crate) trigger_id: String,
    #[gob(name = "URL")]
    pub(crate) url: String,
    #[gob(name = "Dialog")]
    pub(crate) dialog: Dialog,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct OpenInteractiveDialogArgs {
    #[gob(name = "A")]
    pub(crate) a: OpenDialogRequest,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct OpenInteractiveDialogReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Permission {
    #[gob(name = "Id")]
    pub(crate) id: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct PluginKVSetOptions {
    #[gob(name = "Atomic")]
    pub(crate) atomic: bool,
    #[gob(name = "OldValue")]
    pub(crate) old_value: Vec<u8>,
    #[gob(name = "ExpireInSeconds")]
    pub(crate) expire_in_seconds: i64,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct PluginSettings {
    #[gob(name = "AutomaticPrepackagedPlugins")]
    pub(crate) automatic_prepackaged_plugins: Option<bool>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Post {
    #[gob(name = "Id")]
    pub(crate) id: String,
    #[gob(name = "CreateAt")]
    pub(crate) create_at: i64,
    #[gob(name = "UpdateAt")]
    pub(crate) update_at: i64,
    #[gob(name = "EditAt")]
    pub(crate) edit_at: i64,
    #[gob(name = "DeleteAt")]
    pub(crate) delete_at: i64,
    #[gob(name = "IsPinned")]
    pub(crate) is_pinned: bool,
    #[gob(name = "UserId")]
    pub(crate) user_id: String,
    #[gob(name = "ChannelId")]
    pub(crate) channel_id: String,
    #[gob(name = "RootId")]
    pub(crate) root_id: String,
    #[gob(name = "OriginalId")]
    pub(crate) original_id: String,
    #[gob(name = "Message")]
    pub(crate) message: String,
    #[gob(name = "Type")]
    pub(crate) r#type: String,
    #[gob(name = "Props")]
    pub(crate) props: BTreeMap<String, Any>,
    #[gob(name = "Hashtags")]
    pub(crate) hashtags: String,
    #[gob(name = "FileIds")]
    pub(crate) file_ids: Vec<String>,
    #[gob(name = "PendingPostId")]
    pub(crate) pending_post_id: String,
    #[gob(name = "HasReactions")]
    pub(crate) has_reactions: bool,
    #[gob(name = "RemoteId")]
    pub(crate) remote_id: Option<String>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct PostAction {
    #[gob(name = "Id")]
    pub(crate) id: String,
    #[gob(name = "Type")]
    pub(crate) r#type: String,
    #[gob(name = "Name")]
    pub(crate) name: String,
    #[gob(name = "Style")]
    pub(crate) style: String,
    #[gob(name = "Integration")]
    pub(crate) integration: Option<PostActionIntegration>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct PostActionIntegration {
    #[gob(name = "URL")]
    pub(crate) url: String,
    #[gob(name = "Context")]
    pub(crate) context: BTreeMap<String, Any>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct PostActionOptions {
    #[gob(name = "Text")]
    pub(crate) text: String,
    #[gob(name = "Value")]
    pub(crate) value: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct PostList {
    #[gob(name = "Order")]
    pub(crate) order: Vec<String>,
    #[gob(name = "Posts")]
    pub(crate) posts: BTreeMap<String, Option<Post>>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct Preference {
    #[gob(name = "Category")]
    pub(crate) category: String,
    #[gob(name = "Name")]
    pub(crate) name: String,
    #[gob(name = "Value")]
    pub(crate) value: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct PublishWebSocketEventArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: BTreeMap<String, Any>,
    #[gob(name = "C")]
    pub(crate) c: Option<WebsocketBroadcast>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct RegisterCommandArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Command>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct RegisterCommandReturns {
    #[gob(name = "A")]
    pub(crate) a: Any,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct RemoveUserCustomStatusArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct RemoveUserCustomStatusReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct SendEphemeralPostArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: Option<Post>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct SendEphemeralPostReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<Post>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct ServeHTTPArgs {
    #[gob(name = "ResponseWriterStream")]
    pub(crate) response_writer_stream: u32,
    #[gob(name = "Request")]
    pub(crate) request: Option<HTTPRequestSubset>,
    #[gob(name = "Context")]
    pub(crate) context: Option<Context>,
    #[gob(name = "RequestBodyStream")]
    pub(crate) request_body_stream: u32,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct ServiceSettings {
    #[gob(name = "SiteURL")]
    pub(crate) site_url: Option<String>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct SetProfileImageArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: Vec<u8>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct SetProfileImageReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct TeamSettings {
    #[gob(name = "TeammateNameDisplay")]
    pub(crate) teammate_name_display: Option<String>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UpdateEphemeralPostArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: Option<Post>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UpdateEphemeralPostReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<Post>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UpdatePostArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Post>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UpdatePostReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<Post>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UpdateUserCustomStatusArgs {
    #[gob(name = "A")]
    pub(crate) a: String,
    #[gob(name = "B")]
    pub(crate) b: Option<CustomStatus>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UpdateUserCustomStatusReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UploadFileArgs {
    #[gob(name = "A")]
    pub(crate) a: Vec<u8>,
    #[gob(name = "B")]
    pub(crate) b: String,
    #[gob(name = "C")]
    pub(crate) c: String,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UploadFileReturns {
    #[gob(name = "A")]
    pub(crate) a: Option<FileInfo>,
    #[gob(name = "B")]
    pub(crate) b: Option<AppError>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct User {
    #[gob(name = "Id")]
    pub(crate) id: String,
    #[gob(name = "UpdateAt")]
    pub(crate) update_at: i64,
    #[gob(name = "DeleteAt")]
    pub(crate) delete_at: i64,
    #[gob(name = "Username")]
    pub(crate) username: String,
    #[gob(name = "AuthService")]
    pub(crate) auth_service: String,
    #[gob(name = "Email")]
    pub(crate) email: String,
    #[gob(name = "EmailVerified")]
    pub(crate) email_verified: bool,
    #[gob(name = "Nickname")]
    pub(crate) nickname: String,
    #[gob(name = "FirstName")]
    pub(crate) first_name: String,
    #[gob(name = "LastName")]
    pub(crate) last_name: String,
    #[gob(name = "Roles")]
    pub(crate) roles: String,
    #[gob(name = "Props")]
    pub(crate) props: BTreeMap<String, String>,
    #[gob(name = "LastPictureUpdate")]
    pub(crate) last_picture_update: i64,
    #[gob(name = "Locale")]
    pub(crate) locale: String,
    #[gob(name = "Timezone")]
    pub(crate) timezone: BTreeMap<String, String>,
    #[gob(name = "RemoteId")]
    pub(crate) remote_id: Option<String>,
    #[gob(name = "IsBot")]
    pub(crate) is_bot: bool,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UserHasBeenDeactivatedArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Context>,
    #[gob(name = "B")]
    pub(crate) b: Option<User>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct UserHasLeftChannelArgs {
    #[gob(name = "A")]
    pub(crate) a: Option<Context>,
    #[gob(name = "B")]
    pub(crate) b: Option<ChannelMember>,
    #[gob(name = "C")]
    pub(crate) c: Option<User>,
}

#[derive(Gob, Debug, Default, Clone)]
pub(crate) struct WebsocketBroadcast {
    #[gob(name = "UserId")]
    pub(crate) user_id: String,
    #[gob(name = "ChannelId")]
    pub(crate) channel_id: String,
    #[gob(name = "ConnectionId")]
    pub(crate) connection_id: String,
}
