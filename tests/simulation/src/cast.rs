//! Who and what there is: people, channels, settings, and the texts by which a secret is known.

use serde_json::{Map, Value, json};

/// Stands in every secret, so that one search finds any of them where none belongs.
pub(crate) const MARK: &str = "Xs3cX";
pub(crate) const CLIENT_ID: &str = "client-id";
const CLIENT_SECRET: &str = "Xs3cX-client-secret-of-the-app";
const ACCOUNT_ID: &str = "account-id";
pub(crate) const URL_SECRET: &str = "Xs3cX-url-secret";
pub(crate) const SIGNING_SECRET: &str = "Xs3cX-signing-secret";

/// People with an account on the chat server, each with one at Zoom. The last of them administers both.
pub(crate) const USERS: usize = 4;
pub(crate) const ADMIN: usize = 3;
const NAMES: [&str; USERS] = ["alice", "bob", "dave", "carol"];

pub(crate) const CHANNELS: usize = 4;
/// Who is in which channel at first.
pub(crate) const MEMBERS: [[bool; CHANNELS]; USERS] = [
    [true, true, true, true],
    [true, true, true, true],
    [true, false, true, false],
    [true, true, false, false],
];
pub(crate) const CHANNEL_NAMES: [&str; CHANNELS] = ["town", "ops", "off", "direct"];

pub(crate) fn user_id(user: usize) -> String {
    format!("u-{}", NAMES[user])
}

pub(crate) fn username(user: usize) -> &'static str {
    NAMES[user]
}

pub(crate) fn zoom_id(user: usize) -> String {
    format!("z-{}", NAMES[user])
}

pub(crate) fn email(user: usize) -> String {
    format!("{}@example.com", NAMES[user])
}

/// The number of a user's personal meeting.
pub(crate) fn pmi(user: usize) -> u64 {
    5_000_000_001 + user as u64
}

/// The user with this id, of chat server or Zoom, this e-mail address or name.
pub(crate) fn user_of(id: &str) -> Option<usize> {
    let name = id.trim_start_matches("u-").trim_start_matches("z-").trim_end_matches("@example.com");
    NAMES.iter().position(|known| *known == name)
}

pub(crate) fn channel_id(channel: usize) -> String {
    format!("c-{}", CHANNEL_NAMES[channel])
}

pub(crate) fn channel_of(id: &str) -> Option<usize> {
    let name = id.strip_prefix("c-")?;
    CHANNEL_NAMES.iter().position(|known| *known == name)
}

/// How the plugin signs in to Zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignIn {
    Jwt,
    ServerToServer,
    Account,
    User,
}

/// What the administrator has set, as far as it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) sign_in: SignIn,
    pub(crate) signed: bool,
    pub(crate) restrict: bool,
    pub(crate) passcodes: bool,
}

impl Settings {
    pub(crate) fn json(self) -> String {
        let mut all = Map::new();
        let mut set = |key: &str, value: Value| all.insert(key.to_owned(), value);
        match self.sign_in {
            SignIn::Jwt => {
                set("APIKey", json!("api-key"));
                set("APISecret", json!("Xs3cX-api-secret-of-thirty-six-chars"));
            }
            SignIn::ServerToServer => {
                set("S2SAccountID", json!(ACCOUNT_ID));
                set("S2SClientID", json!(CLIENT_ID));
                set("S2SClientSecret", json!(CLIENT_SECRET));
            }
            SignIn::Account | SignIn::User => {
                set("OAuthClientID", json!(CLIENT_ID));
                set("OAuthClientSecret", json!(CLIENT_SECRET));
                set("AccountLevelApp", json!(self.sign_in == SignIn::Account));
            }
        }
        set("EncryptionKey", json!("Xs3cX0123456789abcdef0123456789a"));
        set("WebhookSecret", json!(URL_SECRET));
        if self.signed {
            set("ZoomWebhookSecret", json!(SIGNING_SECRET));
        }
        set("RestrictMeetingCreation", json!(self.restrict));
        set("EnablePostingRecordingPassword", json!(self.passcodes));
        Value::Object(all).to_string()
    }
}
