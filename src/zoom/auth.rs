//! How the plugin signs in to Zoom's API: one variant for each way, chosen by which settings are filled.

pub mod jwt;

use crate::error::Error;
use crate::flow::Io;

/// The credentials that the administrator has set.
#[derive(Debug, Clone, PartialEq)]
pub enum Credentials {
    /// A JWT app: API key and secret.
    Jwt(jwt::ApiKey),
}

impl Credentials {
    /// What stands behind `Bearer` in this hook's calls. Asynchronous: other ways to sign in ask Zoom or the store for it.
    ///
    /// # Errors
    /// [`Error::Bug`] when the token cannot be made.
    pub async fn access_token(&self, io: &Io) -> Result<String, Error> {
        match self {
            Self::Jwt(api_key) => api_key.token(io.now_ms()),
        }
    }
}
