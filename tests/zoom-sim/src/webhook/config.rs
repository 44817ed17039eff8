//! The app's event subscription.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::SimError;

/// Where events go and how they are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookConfig {
    /// The receiver, with its query (`?secret=…`). Plain http only.
    pub url: String,
    /// The app's Secret Token. Without it nothing is signed and no URL is validated.
    pub secret_token: Option<String>,
    /// The subscribed events; all if absent.
    pub events: Option<Vec<String>>,
    /// How often each event is delivered: more than once if subscriptions overlap.
    pub copies: u32,
    /// Whether a retry has a new timestamp, signature and request id, or those of the first attempt.
    /// Undocumented, so that a receiver must take both.
    pub renew_on_retry: bool,
    /// Whether what is due at one time is sent at once, or one after another.
    pub concurrent: bool,
    /// How long the receiver may take, in milliseconds of real time.
    pub timeout_ms: u64,
    /// `id` as a number in `meeting.started` and `meeting.ended`, as some deliveries have it.
    pub meeting_id_as_number: bool,
    /// `meeting.ended` without `end_time`, as old deliveries were.
    pub omit_end_time: bool,
    /// Name of the header that carries the request's id.
    pub request_id_header: RequestIdHeader,
    /// Value of `authorization`: the old verification token, or the administrator's own.
    pub authorization: Option<String>,
    /// The administrator's own headers.
    pub headers: Vec<(String, String)>,
}

impl Default for WebhookConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            secret_token: None,
            events: None,
            copies: 1,
            renew_on_retry: true,
            concurrent: false,
            timeout_ms: 3000,
            meeting_id_as_number: false,
            omit_end_time: false,
            request_id_header: RequestIdHeader::RequestId,
            authorization: None,
            headers: Vec::new(),
        }
    }
}

impl WebhookConfig {
    /// All events, unsigned, to this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// All events, signed with the Secret Token, to this URL.
    pub fn signed(url: impl Into<String>, secret_token: impl Into<String>) -> Self {
        Self { secret_token: Some(secret_token.into()), ..Self::new(url) }
    }

    pub(crate) fn check(&self) -> Result<(), SimError> {
        if can_be_reached(&self.url) { Ok(()) } else { Err(SimError::WebhookUrl(self.url.clone())) }
    }

    pub(crate) fn wants(&self, event: &str) -> bool {
        self.events.as_ref().is_none_or(|events| events.iter().any(|wanted| wanted == event))
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

/// Whether webhooks can go there: plain http only.
pub(crate) fn can_be_reached(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.scheme() == "http" && url.has_host())
}

/// The header that names a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestIdHeader {
    /// `x-zm-request-id`
    RequestId,
    /// `x-zm-trackingid`, older.
    TrackingId,
}

impl RequestIdHeader {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RequestId => "x-zm-request-id",
            Self::TrackingId => "x-zm-trackingid",
        }
    }
}
