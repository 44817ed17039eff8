//! What the chat is made of: users, channels and posts, as they are stored and as the page gets them.

use serde::{Deserialize, Serialize};

/// Somebody in the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Names the user in channels, posts and the demo's cookie.
    pub id: String,
    /// The name that mentions use, without `@`.
    pub username: String,
    /// The name that people read.
    pub display_name: String,
    /// What Zoom is asked for. `None`: the chat knows no address.
    pub email: Option<String>,
    /// May see administrators' commands.
    #[serde(default)]
    pub is_admin: bool,
    /// Is in the channels it was invited to and in no others.
    #[serde(default)]
    pub is_guest: bool,
    /// Is the plugin's account.
    #[serde(default)]
    pub is_bot: bool,
    /// One line for the page's list of people: why this user is worth a try.
    #[serde(default)]
    pub note: String,
}

/// How a user reads words and times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regional {
    /// BCP 47 tag of the language.
    pub locale: String,
    /// Name in the IANA time zone database.
    pub timezone: String,
}

impl Default for Regional {
    fn default() -> Self {
        Self { locale: "en".to_owned(), timezone: "UTC".to_owned() }
    }
}

/// Who can find and read a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Everybody but guests.
    Public,
    /// Its members.
    Private,
    /// Two users.
    Direct,
}

/// A place where messages go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Names the channel.
    pub id: String,
    /// The name that mentions use, without `~`. Empty for direct channels.
    pub name: String,
    /// The name that people read. Empty for direct channels.
    pub display_name: String,
    /// What it is for, in one line. May be empty.
    pub purpose: String,
    /// Who can find and read it.
    pub kind: ChannelKind,
    /// Ids of its members.
    pub members: Vec<String>,
    /// Closed for new messages.
    pub archived: bool,
}

impl Channel {
    /// Whether the user is in it.
    pub fn has_member(&self, user_id: &str) -> bool {
        self.members.iter().any(|member| member == user_id)
    }
}

/// How much a button stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ButtonStyle {
    /// As any other.
    Default,
    /// The one that most people want.
    Primary,
    /// Takes something away.
    Danger,
}

/// A button of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Names the button within its card.
    pub id: String,
    /// What people read on it.
    pub label: String,
    /// How much it stands out.
    pub style: ButtonStyle,
    /// Goes back to the plugin when it is pressed. The page never gets it.
    pub context: String,
}

/// Somewhere to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What people read.
    pub label: String,
    /// An absolute URL.
    pub url: String,
}

/// Facts of a post that the page draws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Name of its shape, for example `custom_zoom`.
    pub kind: String,
    /// Plain text.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Plain text for notifications.
    pub fallback: String,
    /// Shown below the text.
    pub links: Vec<Link>,
    /// Shown below the links.
    pub buttons: Vec<Button>,
    /// The card's facts, a JSON object.
    pub data: serde_json::Value,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Names the post. Later posts have greater ids.
    pub id: String,
    /// Where it is.
    pub channel_id: String,
    /// The thread's first post, when it is a reply.
    pub root_id: Option<String>,
    /// Its author.
    pub user_id: String,
    /// Markdown.
    pub message: String,
    /// What is drawn beside the message.
    pub card: Option<Card>,
    /// Ids of the files that hang on it.
    pub file_ids: Vec<String>,
    /// The plugin made it.
    pub by_plugin: bool,
    /// In milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// When the author or the plugin last changed it, in milliseconds since the Unix epoch.
    pub edited_ms: Option<u64>,
}

/// A post before it has an id and a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPost {
    /// Where it goes.
    pub channel_id: String,
    /// The thread's first post, when it is a reply.
    pub root_id: Option<String>,
    /// Its author.
    pub user_id: String,
    /// Markdown.
    pub message: String,
    /// What is drawn beside the message.
    pub card: Option<Card>,
    /// Ids of the files that hang on it.
    pub file_ids: Vec<String>,
    /// The plugin makes it.
    pub by_plugin: bool,
}

impl NewPost {
    /// The post, once it has an id and a time.
    pub(crate) fn into_post(self, id: String, created_ms: u64) -> Post {
        Post {
            id,
            channel_id: self.channel_id,
            root_id: self.root_id,
            user_id: self.user_id,
            message: self.message,
            card: self.card,
            file_ids: self.file_ids,
            by_plugin: self.by_plugin,
            created_ms,
            edited_ms: None,
        }
    }
}

/// A file that hangs on a post, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Names the file.
    pub id: String,
    /// Whose members may read it.
    pub channel_id: String,
    /// Its name, for people.
    pub name: String,
    /// Size of the content in bytes.
    pub bytes: u64,
}

/// A few words that a user shows beside the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Short name of an emoji, without colons. May be empty.
    pub emoji: String,
    /// Plain text.
    pub text: String,
    /// When it goes by itself, in milliseconds since the Unix epoch.
    pub expires_ms: Option<u64>,
}
