//! Proof that who exchanges a code is who asked for it (PKCE, RFC 7636).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::error::TokenError;

/// What the authorisation request promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// The verifier itself.
    Plain(String),
    /// base64url of the verifier's SHA-256.
    S256(String),
}

impl Challenge {
    /// The error names a method that is neither.
    pub(crate) fn new(challenge: String, method: Option<&str>) -> Result<Self, String> {
        match method {
            Some("S256") => Ok(Self::S256(challenge)),
            None | Some("plain") => Ok(Self::Plain(challenge)),
            Some(other) => Err(other.to_owned()),
        }
    }

    pub(crate) fn check(&self, verifier: Option<&str>) -> Result<(), TokenError> {
        let Some(verifier) = verifier else {
            return Err(TokenError::verifier("a code_challenge was given, and there is no code_verifier"));
        };
        let kept = match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => {
                *challenge == URL_SAFE_NO_PAD.encode(hmac_sha256::Hash::hash(verifier.as_bytes()))
            }
        };
        if kept { Ok(()) } else { Err(TokenError::verifier("it does not belong to the code_challenge")) }
    }
}
