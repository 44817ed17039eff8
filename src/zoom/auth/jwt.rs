//! Tokens of a JWT app: HS256, `iss` the API key, `exp` in seconds. Zoom's own cloud took them until 2023-09-08; self-hosted Zoom
//! still does. Source: Zoom's page "JWT with Zoom".

use crate::error::Error;
use crate::settings::Secret;
use jwt_simple::prelude::{Duration, HS256Key, JWTClaims, MACLike as _, NoCustomClaims};

/// A shorter secret is none of Zoom's (they have 36) and too weak for HS256.
pub const MIN_SECRET_BYTES: usize = 32;
/// A token serves the calls of one hook, which ends within a minute.
pub const TOKEN_LIFE_S: u64 = 60;

/// API Key and API Secret of a JWT app.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    key: String,
    secret: Secret,
}

/// The secret has fewer than [`MIN_SECRET_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the API secret is shorter than {MIN_SECRET_BYTES} bytes")]
pub struct SecretTooShort;

impl ApiKey {
    /// Takes key and secret.
    ///
    /// # Errors
    /// [`SecretTooShort`].
    pub fn new(key: String, secret: Secret) -> Result<Self, SecretTooShort> {
        if secret.expose().len() < MIN_SECRET_BYTES {
            return Err(SecretTooShort);
        }
        Ok(Self { key, secret })
    }

    /// A token that lives [`TOKEN_LIFE_S`] from now.
    ///
    /// # Errors
    /// [`Error::Bug`]: the secret's length was checked, so signing cannot fail.
    pub fn token(&self, now_ms: u64) -> Result<String, Error> {
        let claims = JWTClaims {
            issued_at: None,
            expires_at: Some(Duration::from_secs(now_ms / 1000 + TOKEN_LIFE_S)),
            invalid_before: None,
            issuer: Some(self.key.clone()),
            subject: None,
            audiences: None,
            jwt_id: None,
            nonce: None,
            custom: NoCustomClaims {},
        };
        HS256Key::from_bytes(self.secret.expose().as_bytes())
            .authenticate(claims)
            .map_err(|_| Error::Bug("a JWT could not be signed"))
    }
}
