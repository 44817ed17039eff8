//! Parses and checks the settings. Every problem has its key; `text::settings` has the sentences for the administrator.

pub mod credentials;

use credentials::{ApiKey, Credentials, OAuthClient};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

/// Zoom's own cloud, where `ZoomURL` is empty.
pub const DEFAULT_ZOOM_URL: &str = "https://zoom.us";
/// The API of Zoom's own cloud, where `ZoomAPIURL` is empty.
pub const DEFAULT_API_URL: &str = "https://api.zoom.us/v2";

/// Lengths of an AES key.
const ENCRYPTION_KEY_BYTES: [usize; 3] = [16, 24, 32];

/// What the administrator has set. Keys are those of `plugin.json`; ones that are not used here are left alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `ZoomURL`: where people join meetings. Never ends with a slash.
    pub zoom_url: Url,
    /// `ZoomAPIURL`: base of the REST API. Never ends with a slash.
    pub api_url: Url,
    /// How the plugin signs in.
    pub credentials: Credentials,
    /// `WebhookSecret`: stands in the URL that Zoom calls.
    pub webhook_secret: Secret,
    /// `ZoomWebhookSecret`: one of them signs what Zoom sends. `None`: signatures are not asked for.
    pub zoom_webhook_secret: Option<SigningSecrets>,
    /// `EncryptionKey`: seals what is stored. Never `None` under OAuth.
    pub encryption_key: Option<Secret>,
    /// `RestrictMeetingCreation`: no meetings from public channels.
    pub restrict_meeting_creation: bool,
    /// `EnablePostingRecordingPassword`: a recording's passcode stands beside its link.
    pub post_recording_passcode: bool,
}

/// A text that must not be shown. Its `Debug` form hides it; its JSON form does not, and is only ever sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is this one, in a time that does not depend on where they differ.
    pub fn matches(&self, text: &str) -> bool {
        use subtle::ConstantTimeEq as _;
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

/// The Secret Tokens of Zoom apps, at least one: each app has its own, and one that is made anew takes over while events signed with the
/// old one are still on their way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningSecrets(Vec<Secret>);

impl SigningSecrets {
    /// Reads texts that blanks, line breaks, commas or semicolons separate: Zoom's tokens have none of these. `None` without any.
    pub fn parse(text: &str) -> Option<Self> {
        let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
        let secrets: Vec<_> =
            text.split(is_between).filter(|text| !text.is_empty()).map(Secret::new).collect();
        (!secrets.is_empty()).then_some(Self(secrets))
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Secret> {
        self.0.iter()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Something wrong with the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// The setting's key; empty when the fault is in no single one.
    pub key: &'static str,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The settings are not a JSON object.
    NoObject,
    /// No way to sign in is filled.
    NoSignIn,
    /// It is needed, and empty.
    Empty,
    /// It is no text.
    NotText,
    /// It is neither true nor false.
    NotAFlag,
    /// It is no URL that can be used.
    NotAUrl {
        /// One that could be.
        example: &'static str,
    },
    /// It has this many bytes: no AES key.
    KeyLength(u64),
    /// It is shorter than Zoom's secrets.
    SecretTooShort,
}

impl Settings {
    /// Zoom's own cloud has ended JWT apps; a Zoom of one's own has not.
    pub fn uses_jwt_in_zooms_cloud(&self) -> bool {
        let host = self.api_url.host_str().unwrap_or_default();
        matches!(self.credentials, Credentials::Jwt(_)) && (host == "zoom.us" || host.ends_with(".zoom.us"))
    }

    /// Reads the settings object.
    ///
    /// # Errors
    /// Every problem at once, in the order of the settings page.
    pub fn parse(json: &str) -> Result<Self, Vec<Problem>> {
        let Ok(Value::Object(object)) = crate::json::read(json.as_bytes()) else {
            return Err(vec![Problem { key: "", fault: Fault::NoObject }]);
        };
        let mut reader = Reader { object, problems: Vec::new() };

        let credentials = reader.credentials();
        let webhook_secret = reader.required("WebhookSecret");
        let zoom_webhook_secret =
            reader.text("ZoomWebhookSecret").and_then(|text| SigningSecrets::parse(&text));
        let zoom_url = reader.url("ZoomURL", DEFAULT_ZOOM_URL);
        let api_url = reader.url("ZoomAPIURL", DEFAULT_API_URL);
        let encryption_key = reader.text("EncryptionKey").map(Secret::new);
        let restrict_meeting_creation = reader.flag("RestrictMeetingCreation");
        let post_recording_passcode = reader.flag("EnablePostingRecordingPassword");

        match (credentials, webhook_secret, zoom_url, api_url) {
            (Some(credentials), Some(webhook_secret), Some(zoom_url), Some(api_url))
                if reader.problems.is_empty() =>
            {
                Ok(Self {
                    zoom_url,
                    api_url,
                    credentials,
                    webhook_secret: Secret::new(webhook_secret),
                    zoom_webhook_secret,
                    encryption_key,
                    restrict_meeting_creation,
                    post_recording_passcode,
                })
            }
            _ => Err(reader.problems),
        }
    }
}

/// The secret of Zoom's addresses by itself, for whoever sets the plugin up: the other settings may still have problems. `None`
/// where there is none.
pub fn webhook_secret(json: &str) -> Option<Secret> {
    let settings = crate::json::read::<Value>(json.as_bytes()).ok()?;
    let secret = settings["WebhookSecret"].as_str()?.trim();
    (!secret.is_empty()).then(|| Secret::new(secret))
}

struct Reader {
    object: Map<String, Value>,
    problems: Vec<Problem>,
}

impl Reader {
    /// Which way to sign in is filled. A newer one wins over an older one whose settings were left behind, but a server of one's
    /// own that was told to use JWT goes on doing so.
    fn credentials(&mut self) -> Option<Credentials> {
        let count = |keys: &[&str]| keys.iter().filter(|key| self.is_filled(key)).count();
        let s2s = count(&["S2SAccountID", "S2SClientID", "S2SClientSecret"]);
        let (oauth, jwt) = (count(&["OAuthClientID", "OAuthClientSecret"]), count(&["APIKey", "APISecret"]));
        let wants_oauth = self.enable_oauth();
        let own_zoom_by_jwt = wants_oauth == Some(false) && self.is_filled("ZoomAPIURL");
        if s2s > 0 {
            self.server_to_server()
        } else if jwt == 2 && (oauth < 2 || own_zoom_by_jwt) {
            self.jwt()
        } else if oauth > 0 || wants_oauth == Some(true) {
            self.oauth()
        } else if jwt > 0 {
            self.jwt()
        } else {
            self.problem("", Fault::NoSignIn);
            None
        }
    }

    fn server_to_server(&mut self) -> Option<Credentials> {
        let account_id = self.required("S2SAccountID");
        let client_id = self.required("S2SClientID");
        let secret = self.required("S2SClientSecret");
        let (account_id, client_id, secret) = (account_id?, client_id?, Secret::new(secret?));
        Some(Credentials::ServerToServer { account_id, client: OAuthClient { id: client_id, secret } })
    }

    fn oauth(&mut self) -> Option<Credentials> {
        let id = self.required("OAuthClientID");
        let secret = self.required("OAuthClientSecret");
        let key = self.required("EncryptionKey");
        let account_level = self.flag("AccountLevelApp");
        // The official plugin uses the text's bytes as an AES key: other lengths are none.
        let wrong = key.as_ref().map(String::len).filter(|bytes| !ENCRYPTION_KEY_BYTES.contains(bytes));
        if let Some(bytes) = wrong {
            let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
            self.problem("EncryptionKey", Fault::KeyLength(bytes));
            return None;
        }
        let client = OAuthClient { id: id?, secret: Secret::new(secret?) };
        key?;
        Some(if account_level { Credentials::Account(client) } else { Credentials::User(client) })
    }

    fn jwt(&mut self) -> Option<Credentials> {
        let key = self.required("APIKey");
        let secret = self.required("APISecret");
        let (key, secret) = (key?, secret?);
        let Ok(api_key) = ApiKey::new(key, Secret::new(secret)) else {
            self.problem("APISecret", Fault::SecretTooShort);
            return None;
        };
        Some(Credentials::Jwt(api_key))
    }

    /// The official plugin's switch between OAuth and JWT, until its version 1.6. It is no setting of ours any more: a host
    /// hands on what it still holds, in lower case.
    fn enable_oauth(&self) -> Option<bool> {
        let value = self.object.get("EnableOAuth").or_else(|| self.object.get("enableoauth"))?;
        value.as_bool().or_else(|| value.as_str()?.trim().parse().ok())
    }

    fn is_filled(&self, key: &str) -> bool {
        match self.object.get(key) {
            Some(Value::String(text)) => !text.trim().is_empty(),
            None | Some(Value::Null) => false,
            // Of a wrong kind: whoever reads it says so.
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => true,
        }
    }

    /// A text without surrounding blanks: a pasted secret often brings one along. `None` when empty or missing.
    fn text(&mut self, key: &'static str) -> Option<String> {
        match self.object.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                self.problem(key, Fault::NotText);
                None
            }
        }
    }

    fn required(&mut self, key: &'static str) -> Option<String> {
        let known = self.problems.len();
        let text = self.text(key);
        if text.is_none() && self.problems.len() == known {
            self.problem(key, Fault::Empty);
        }
        text
    }

    fn flag(&mut self, key: &'static str) -> bool {
        match self.object.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) if matches!(text.trim(), "" | "false") => false,
            Some(Value::String(text)) if text.trim() == "true" => true,
            Some(Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                self.problem(key, Fault::NotAFlag);
                false
            }
        }
    }

    fn url(&mut self, key: &'static str, default: &'static str) -> Option<Url> {
        let known = self.problems.len();
        let text = self.text(key).unwrap_or_else(|| default.to_owned());
        if self.problems.len() > known {
            return None;
        }
        let url = base_url(&text);
        if url.is_none() {
            self.problem(key, Fault::NotAUrl { example: default });
        }
        url
    }

    fn problem(&mut self, key: &'static str, fault: Fault) {
        self.problems.push(Problem { key, fault });
    }
}

/// A base that paths can be appended to. Plain http is for self-hosted Zoom and tests: whoever types it means it.
fn base_url(text: &str) -> Option<Url> {
    // `url` is built without the tables for international host names: they are typed in their ASCII form.
    if !text.is_ascii() {
        return None;
    }
    let mut url = Url::parse(text.trim_end_matches('/')).ok()?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !plain || !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return None;
    }
    // `Url` gives an origin the path `/`; a base is kept without it.
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Some(url)
}
