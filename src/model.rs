//! Plain data of the contract, mirrored from `wit/` so that the core knows no bindings.
//!
//! Each type here is the type of the same name in the interface that its documentation names.

/// `directory.user`: an account on the chat server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    /// The server's own id.
    pub id: String,
    /// The name that mentions use.
    pub username: String,
    /// The name that people read.
    pub display_name: String,
    /// As the server has verified it.
    pub email: Option<String>,
    /// The user's language, BCP 47. Empty when unknown.
    pub locale: String,
    /// May administer the server.
    pub is_admin: bool,
    /// Is no person.
    pub is_bot: bool,
    /// An account of another server.
    pub is_remote: bool,
    /// Was switched off.
    pub is_deactivated: bool,
}

/// `directory.channel-kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChannelKind {
    /// Everybody on the server can find it.
    #[default]
    Public,
    /// Those who were invited.
    Private,
    /// Two users.
    Direct,
    /// A few users.
    Group,
}

/// `directory.channel`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Channel {
    /// The server's own id.
    pub id: String,
    /// Who can find and read it.
    pub kind: ChannelKind,
    /// The name that people read. May be empty.
    pub display_name: String,
    /// Closed for new messages.
    pub archived: bool,
}

/// `directory.permission`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Post messages.
    CreatePost,
    /// Change the channel's own settings.
    ManageChannel,
    /// Administer the server.
    Administer,
}

/// `host.server`, as far as the core needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Server {
    /// Product name.
    pub name: String,
    /// Public base URL of the server. Empty when the administrator has set none.
    pub site_url: String,
    /// Public base URL under which `serve-http` answers, without a trailing slash.
    pub plugin_url: String,
    /// What a command starts with: `/` or `!`.
    pub command_prefix: String,
    /// The server's default language, BCP 47. Empty when unknown.
    pub locale: String,
    /// Whether it has the feature `post-history`: a post that was made is found again, even where it was deleted since.
    pub post_history: bool,
}

/// `host.state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In order.
    Good,
    /// Works, or works in part; or could not be checked.
    Warning,
    /// Something cannot work.
    Bad,
}

impl State {
    /// Its name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
}

/// `host.finding`: what the host found out about how it runs the plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFinding {
    /// What was looked at, in a word or two.
    pub check: String,
    /// How it is.
    pub state: State,
    /// What was found: sentences.
    pub found: String,
    /// What to do: sentences. Empty where there is nothing to do.
    pub remedy: String,
}

/// `log.level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Somebody who looks for a fault. The only level with personal data.
    Debug,
    /// Nobody, unless asked.
    Info,
    /// The administrator, some day.
    Warn,
    /// The administrator, today.
    Error,
}

/// `http-client.method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Read.
    #[default]
    Get,
    /// Read the headers alone.
    Head,
    /// Ask what is possible.
    Options,
    /// Create, or do.
    Post,
    /// Replace.
    Put,
    /// Change in part.
    Patch,
    /// Remove.
    Delete,
}

/// `http-client.headers`: names and values.
pub type Headers = Vec<(String, String)>;

/// The first value of a header, whose name compares without regard to case.
pub fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// `http-client.request`: what is sent to another server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpRequest {
    /// Its method.
    pub method: Method,
    /// An absolute URL.
    pub url: String,
    /// Names and values.
    pub headers: Headers,
    /// May be empty.
    pub body: Vec<u8>,
    /// Limit for the whole exchange, in milliseconds.
    pub timeout_ms: u32,
}

/// `http-client.response`: what a server answers, and what the plugin answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// Names and values.
    pub headers: Headers,
    /// May be empty.
    pub body: Vec<u8>,
}

/// `http-client.error`: no response was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpError {
    /// The origin is not allowed.
    Denied,
    /// No answer in time. The server may have acted.
    TimedOut,
    /// Failed before anything was sent.
    Unreachable(String),
    /// The body is over this many bytes.
    TooLarge(u64),
    /// Anything else.
    Other(String),
}

/// `key-value.condition`: what must hold for a write to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Always,
    /// The key is missing.
    Absent,
    /// The key holds exactly these bytes.
    Equals(Vec<u8>),
}

/// `key-value.outcome`: what became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    /// It happened.
    Stored,
    /// The condition did not hold.
    Conflict,
}

/// The errors of `key-value`, `posts` and `directory`, which the core treats alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostError {
    /// No such thing.
    NotFound,
    /// Not allowed.
    Forbidden,
    /// The content is refused, for the reason given.
    Invalid(String),
    /// The host lacks the feature.
    Unsupported,
    /// Nothing happened. Safe to ask again.
    Unavailable(String),
    /// It may or may not have happened.
    Other(String),
}

/// `posts.link`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// What people read.
    pub label: String,
    /// An absolute URL.
    pub url: String,
}

/// `posts.button`, in the default style.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Button {
    /// Names it within its card.
    pub id: String,
    /// What people read on it.
    pub label: String,
    /// The one that most people want.
    pub primary: bool,
    /// Handed back when it is pressed. Other users can read it.
    pub context: String,
    /// The same as a command without its prefix.
    pub command: Option<String>,
}

/// `posts.author`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Author {
    /// The plugin's bot.
    #[default]
    Bot,
    /// The user with this id.
    User(String),
}

/// `posts.privacy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// For one pair of eyes.
    Must,
    /// A host that can only show it to all may.
    Prefer,
}

/// `posts.card`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// Name of its shape.
    pub kind: String,
    /// Plain text.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Plain text.
    pub fallback: String,
    /// Shown below the text.
    pub links: Vec<Link>,
    /// Shown below the links.
    pub buttons: Vec<Button>,
    /// Its facts, a JSON object.
    pub data: String,
}

/// `posts.draft`: a post to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// Where it goes.
    pub channel_id: String,
    /// The thread's first post.
    pub root_id: Option<String>,
    /// Whose name stands over it.
    pub author: Author,
    /// Markdown. Complete without the card.
    pub message: String,
    /// What clients may draw instead.
    pub card: Option<Card>,
    /// Files of the channel.
    pub file_ids: Vec<String>,
    /// Sent again with the same key, it is posted once.
    pub idempotency_key: Option<String>,
}

/// `posts.patch`: what a post becomes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patch {
    /// Markdown.
    pub message: String,
    /// Replaces the card.
    pub card: Card,
}

/// `posts.post`: a post that was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Post {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub channel_id: String,
    /// The thread's first post, when it is a reply.
    pub root_id: Option<String>,
    /// Its author.
    pub user_id: String,
    /// The card's kind.
    pub kind: String,
    /// The card's JSON object.
    pub data: String,
    /// Made by this plugin, as the host knows it.
    pub by_plugin: bool,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// Was deleted.
    pub deleted: bool,
}

/// `hooks.command`: a command that a user typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Command {
    /// The same when it is delivered again.
    pub id: String,
    /// Who typed it.
    pub user_id: String,
    /// Where it was typed.
    pub channel_id: String,
    /// The thread it was typed in.
    pub root_id: Option<String>,
    /// Lets a dialog answer it.
    pub trigger_id: String,
    /// What follows the trigger.
    pub arguments: String,
}

/// `hooks.command-response`: what the user gets back at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommandResponse {
    /// Markdown, shown to the user alone.
    pub message: Option<String>,
    /// Opened by the user's client.
    pub open_url: Option<String>,
}

impl CommandResponse {
    /// A private message and nothing else.
    pub fn message(text: impl Into<String>) -> Self {
        Self { message: Some(text.into()), open_url: None }
    }
}

/// `hooks.action`: a button that a user pressed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Action {
    /// The same when it is delivered again.
    pub id: String,
    /// Who pressed it.
    pub user_id: String,
    /// Where the post is.
    pub channel_id: String,
    /// The post that carries the button.
    pub post_id: String,
    /// The button.
    pub button_id: String,
    /// As it was given to the button.
    pub context: String,
}

/// `hooks.submission`: a dialog that a user sent or closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Submission {
    /// Who sent it.
    pub user_id: String,
    /// Where the dialog was opened.
    pub channel_id: String,
    /// The dialog.
    pub dialog_id: String,
    /// As it was given to the dialog.
    pub state: String,
    /// Names of fields and what stands in them.
    pub values: Vec<(String, String)>,
    /// Closed without being sent.
    pub cancelled: bool,
}

/// `frontend.dialog`: one question with one of a few answers, which is all that ours ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialog {
    /// Names it in the submission.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Markdown above the question. May be empty.
    pub intro: String,
    /// Key of the answer in the submission.
    pub field: String,
    /// What people read beside the answers.
    pub label: String,
    /// A sentence of help below them. May be empty.
    pub help: String,
    /// What people read, and what the submission holds.
    pub choices: Vec<(String, String)>,
    /// What is chosen at first.
    pub value: String,
    /// Text of the button that sends it.
    pub submit_label: String,
    /// Handed back with the submission.
    pub state: String,
}

/// `files.error`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// The origin is not allowed.
    Denied,
    /// The other server answered with this status.
    Status(u16),
    /// Larger than what is taken. The size, as far as it is known.
    TooLarge(u64),
    /// The host stores no files.
    Unsupported,
    /// Nothing was stored. Safe to ask again.
    Unavailable(String),
    /// Anything else.
    Other(String),
}

/// `hooks.request`: a request to the plugin's own URL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Relative to the plugin's URL.
    pub path: String,
    /// Without the question mark.
    pub query: String,
    /// Names and values.
    pub headers: Headers,
    /// At most 1 MiB.
    pub body: Vec<u8>,
    /// The signed-in user, as the host knows it.
    pub user_id: Option<String>,
}

/// `hooks.setting-problem`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// The setting's key.
    pub key: &'static str,
    /// What to do, for the administrator.
    pub message: String,
}

/// `hooks.subcommand`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subcommand {
    /// Words after the trigger.
    pub path: &'static str,
    /// One sentence about it.
    pub help: String,
    /// What follows, in order.
    pub arguments: Vec<Argument>,
    /// Offered to administrators only.
    pub admin_only: bool,
}

/// `hooks.argument`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What to type.
    pub hint: String,
    /// One sentence about it.
    pub help: String,
    /// The subcommand does nothing without it.
    pub required: bool,
}

/// `hooks.registration`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The command's first word.
    pub trigger: &'static str,
    /// One sentence about the plugin.
    pub description: String,
    /// What may follow the trigger.
    pub hint: String,
    /// What the command can do.
    pub subcommands: Vec<Subcommand>,
    /// The bot's user name.
    pub bot_username: &'static str,
    /// The bot's name that people read.
    pub bot_display_name: &'static str,
    /// One sentence about the bot.
    pub bot_description: String,
}
