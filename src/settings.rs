//! Parses and checks the settings. Every problem has its key and a sentence for the administrator.

use crate::model::SettingProblem;
use crate::zoom::auth::Credentials;
use crate::zoom::auth::jwt::{ApiKey, MIN_SECRET_BYTES};
use serde_json::{Map, Value};
use url::Url;

/// Zoom's own cloud, where `ZoomURL` is empty.
pub const DEFAULT_ZOOM_URL: &str = "https://zoom.us";
/// The API of Zoom's own cloud, where `ZoomAPIURL` is empty.
pub const DEFAULT_API_URL: &str = "https://api.zoom.us/v2";

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
    /// `ZoomWebhookSecret`: signs what Zoom sends. `None`: signatures are not asked for.
    pub zoom_webhook_secret: Option<Secret>,
    /// `RestrictMeetingCreation`: no meetings from public channels.
    pub restrict_meeting_creation: bool,
}

/// A text that must not be shown. Its `Debug` form hides it.
#[derive(Clone, PartialEq, Eq)]
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

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Settings {
    /// Reads the settings object.
    ///
    /// # Errors
    /// Every problem at once, in the order of the settings page.
    pub fn parse(json: &str) -> Result<Self, Vec<SettingProblem>> {
        let Ok(Value::Object(object)) = serde_json::from_str(json) else {
            return Err(vec![problem(
                "",
                "The plugin's settings are not a JSON object. Save them once more in the System Console.",
            )]);
        };
        let mut reader = Reader { object, problems: Vec::new() };

        let credentials = reader.credentials();
        let webhook_secret = reader.required(
            "WebhookSecret",
            "press Regenerate beside Webhook Secret, save, and give Zoom the webhook URL with the new secret",
        );
        let zoom_webhook_secret = reader.text("ZoomWebhookSecret").map(Secret::new);
        let zoom_url = reader.url("ZoomURL", DEFAULT_ZOOM_URL);
        let api_url = reader.url("ZoomAPIURL", DEFAULT_API_URL);
        let restrict_meeting_creation = reader.flag("RestrictMeetingCreation");

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
                    restrict_meeting_creation,
                })
            }
            _ => Err(reader.problems),
        }
    }
}

struct Reader {
    object: Map<String, Value>,
    problems: Vec<SettingProblem>,
}

impl Reader {
    fn credentials(&mut self) -> Option<Credentials> {
        if self.flag("EnableOAuth") {
            self.problem("EnableOAuth", "EnableOAuth is on, but this version signs in with API Key and API Secret only. Turn EnableOAuth off and fill in both.");
            return None;
        }
        let key = self.required("APIKey", "paste the API Key of your Zoom JWT app into API Key");
        let secret = self.required("APISecret", "paste the API Secret of your Zoom JWT app into API Secret");
        let (key, secret) = (key?, secret?);
        let Ok(api_key) = ApiKey::new(key, Secret::new(secret)) else {
            self.problem("APISecret", &format!("API Secret is too short: Zoom's secrets have {MIN_SECRET_BYTES} characters or more. Copy the whole secret from your Zoom app."));
            return None;
        };
        Some(Credentials::Jwt(api_key))
    }

    /// A text without surrounding blanks: a pasted secret often brings one along. `None` when empty or missing.
    fn text(&mut self, key: &'static str) -> Option<String> {
        match self.object.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                self.problem(key, &format!("{key} must be text. Enter it once more and save."));
                None
            }
        }
    }

    fn required(&mut self, key: &'static str, what_to_do: &str) -> Option<String> {
        let known = self.problems.len();
        let text = self.text(key);
        if text.is_none() && self.problems.len() == known {
            self.problem(key, &format!("{key} is empty: {what_to_do}."));
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
                self.problem(key, &format!("{key} must be true or false. Set it once more and save."));
                false
            }
        }
    }

    fn url(&mut self, key: &'static str, default: &str) -> Option<Url> {
        let known = self.problems.len();
        let text = self.text(key).unwrap_or_else(|| default.to_owned());
        if self.problems.len() > known {
            return None;
        }
        let url = base_url(&text);
        if url.is_none() {
            self.problem(key, &format!("{key} must be a URL such as {default}, with https:// in front and no query. Leave it empty for Zoom's own cloud."));
        }
        url
    }

    fn problem(&mut self, key: &'static str, message: &str) {
        self.problems.push(problem(key, message));
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

fn problem(key: &'static str, message: &str) -> SettingProblem {
    SettingProblem { key, message: message.to_owned() }
}
