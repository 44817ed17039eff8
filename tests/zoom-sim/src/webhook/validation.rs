//! Zoom's challenge to a webhook URL (CRC): when it is saved, and every 72 hours.

use serde::{Deserialize, Serialize};

use super::{Attempt, sign};
use crate::clock::UnixMs;

/// Time between two challenges.
pub(crate) const INTERVAL_MS: i64 = 72 * 60 * 60 * 1000;
/// So many failures in a row disable the subscription.
const FAILURES_MAX: u32 = 6;
/// After so many failures in a row Zoom writes to the app's owner.
const FAILURES_MAILED: [u32; 2] = [2, 4];

/// Name of the event.
pub(crate) const EVENT: &str = "endpoint.url_validation";

/// How the challenges have gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ValidationStatus {
    /// When the next challenge is due; absent without Secret Token.
    pub next_ms: Option<UnixMs>,
    /// Failures since the last success.
    pub failures_in_a_row: u32,
    /// Mails that Zoom has written to the app's owner about failures.
    pub mails: u32,
    /// Too many failures: no event is sent until the URL is saved again.
    pub disabled: bool,
}

impl ValidationStatus {
    pub(crate) fn starting_at(now_ms: UnixMs) -> Self {
        Self { next_ms: Some(now_ms.saturating_add(INTERVAL_MS)), ..Self::default() }
    }

    pub(crate) fn record(&mut self, passed: bool, now_ms: UnixMs) {
        self.next_ms = Some(now_ms.saturating_add(INTERVAL_MS));
        if passed {
            self.failures_in_a_row = 0;
            return;
        }
        self.failures_in_a_row += 1;
        if FAILURES_MAILED.contains(&self.failures_in_a_row) {
            self.mails += 1;
        }
        if self.failures_in_a_row >= FAILURES_MAX {
            self.disabled = true;
            self.next_ms = None;
        }
    }
}

/// The challenge's body; Zoom puts `event` last here.
pub(crate) fn body(plain_token: &str, now_ms: UnixMs) -> String {
    format!(r#"{{"payload":{{"plainToken":"{plain_token}"}},"event_ts":{now_ms},"event":"{EVENT}"}}"#)
}

/// Whether the answer is right; the error says what is wrong with it.
pub(crate) fn check(attempt: &Attempt, plain_token: &str, secret_token: &str) -> Result<(), String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        plain_token: String,
        encrypted_token: String,
    }
    let Some(status) = attempt.status else {
        return Err(attempt.error.clone().unwrap_or_else(|| "no answer".into()));
    };
    if status != 200 {
        return Err(format!("the receiver answered {status}, not 200"));
    }
    let answer: Answer = serde_json::from_str(&attempt.answer)
        .map_err(|error| format!("the answer is not the expected JSON: {error}"))?;
    if answer.plain_token != plain_token {
        return Err("the answer repeats another plainToken".into());
    }
    if answer.encrypted_token != sign::encrypted_token(secret_token, plain_token) {
        return Err("encryptedToken is not the HMAC of plainToken under the Secret Token".into());
    }
    Ok(())
}
