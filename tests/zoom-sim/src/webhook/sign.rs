//! How Zoom proves that a webhook is its own.

use base16ct::lower::encode_string as hex;
use hmac_sha256::HMAC;

/// `x-zm-signature`: `v0=` and the hex HMAC-SHA256 of `v0:<timestamp>:<raw body>`.
///
/// `timestamp` is the text of `x-zm-request-timestamp`, Unix seconds.
pub fn signature(secret_token: &str, timestamp: &str, body: &[u8]) -> String {
    let mut message = format!("v0:{timestamp}:").into_bytes();
    message.extend_from_slice(body);
    format!("v0={}", hex(&HMAC::mac(message, secret_token)))
}

/// The answer to a URL validation: the hex HMAC-SHA256 of the `plainToken`.
pub fn encrypted_token(secret_token: &str, plain_token: &str) -> String {
    hex(&HMAC::mac(plain_token, secret_token))
}
