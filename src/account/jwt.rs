//! Tokens of a JWT app: HS256, `iss` the API key, `exp` in seconds. Zoom's own cloud took them until 2023-09-08; self-hosted Zoom
//! still does. Source: Zoom's page "JWT with Zoom".

use crate::error::Error;
use crate::settings::credentials::ApiKey;
use jwt_simple::prelude::{Duration, HS256Key, JWTClaims, MACLike as _, NoCustomClaims};

/// A token serves the calls of one hook, which ends within a minute.
pub const TOKEN_LIFE_S: u64 = 60;

impl ApiKey {
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
