//! Signatures of Zoom's webhooks. Source: "Using webhooks", "Validate webhooks".

use crate::hex::hex;
use crate::model::{Headers, header};
use crate::settings::{Secret, SigningSecrets};
use hmac_sha256::HMAC;
use subtle::ConstantTimeEq as _;

/// A retry comes up to 85 minutes after the first attempt, and Zoom does not say whether it signs anew.
pub const PAST_WINDOW_S: u64 = 90 * 60;
/// How far a clock may be ahead.
pub const FUTURE_WINDOW_S: u64 = 5 * 60;
/// Zoom's tokens have 22 characters.
const MAX_PLAIN_TOKEN_BYTES: usize = 64;

/// Why a signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSignature {
    /// `x-zm-signature` or `x-zm-request-timestamp` is missing.
    Missing,
    /// The timestamp is not a number of seconds.
    BadTimestamp,
    /// Older than [`PAST_WINDOW_S`].
    Stale,
    /// More than [`FUTURE_WINDOW_S`] ahead.
    Future,
    /// Another secret, or another body.
    Mismatch,
}

impl BadSignature {
    /// For the log and for whoever sent it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing => "The signature is missing.",
            Self::BadTimestamp => "The timestamp is not a number of seconds.",
            Self::Stale => "The timestamp is too old: the clocks differ, or this is a replay.",
            Self::Future => "The timestamp lies in the future: the clocks differ.",
            Self::Mismatch => {
                "The signature does not match: Zoom Webhook Secret is not the Secret Token of the Zoom app, or the body was changed on the way."
            }
        }
    }
}

/// What is known of a delivery whose signature is right.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a, 's> {
    /// The signature, by which a replay is known.
    pub signature: &'a str,
    /// The secret that it was made with.
    pub secret: &'s Secret,
}

/// Checks a signature over the raw bytes of the body. Every secret is tried, whichever is the right one, so that the time says nothing.
///
/// # Errors
/// [`BadSignature`].
pub fn verify<'a, 's>(
    headers: &'a Headers,
    body: &[u8],
    secrets: &'s SigningSecrets,
    now_ms: u64,
) -> Result<Signed<'a, 's>, BadSignature> {
    let (Some(signature), Some(timestamp)) =
        (header(headers, "x-zm-signature"), header(headers, "x-zm-request-timestamp"))
    else {
        return Err(BadSignature::Missing);
    };
    let seconds: u64 = timestamp.parse().map_err(|_| BadSignature::BadTimestamp)?;
    let mut right = None;
    for secret in secrets.iter() {
        let mut mac = HMAC::new(secret.expose());
        mac.update(format!("v0:{timestamp}:"));
        mac.update(body);
        let expected = format!("v0={}", hex(&mac.finalize()));
        if bool::from(expected.as_bytes().ct_eq(signature.as_bytes())) {
            right = Some(secret);
        }
    }
    let secret = right.ok_or(BadSignature::Mismatch)?;
    let now_s = now_ms / 1000;
    if seconds.saturating_add(PAST_WINDOW_S) < now_s {
        return Err(BadSignature::Stale);
    }
    if seconds > now_s + FUTURE_WINDOW_S {
        return Err(BadSignature::Future);
    }
    Ok(Signed { signature, secret })
}

/// Answers Zoom's URL validation. `None` for a token that is not short base64url: signing it could forge an event.
pub fn encrypt_token(plain_token: &str, secret: &Secret) -> Option<String> {
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
    let short = (1..=MAX_PLAIN_TOKEN_BYTES).contains(&plain_token.len());
    (short && plain_token.bytes().all(base64url)).then(|| hex(&HMAC::mac(plain_token, secret.expose())))
}
