//! How the plugin signs in to Zoom's API: one variant for each way, chosen by which settings are filled.

pub mod jwt;

use crate::error::{Error, UserError};
use crate::flow::Io;
use crate::model::User;
use crate::settings::Settings;

/// The credentials that the administrator has set.
#[derive(Debug, Clone, PartialEq)]
pub enum Credentials {
    /// A JWT app: API key and secret.
    Jwt(jwt::ApiKey),
}

/// What a hook's calls to Zoom carry.
#[derive(Clone, PartialEq, Eq)]
pub struct Access {
    /// What stands behind `Bearer`.
    pub token: String,
    /// How paths name the user's own Zoom account.
    pub who: String,
}

/// Signs in for a user.
///
/// # Errors
/// [`UserError::NoEmail`] where the user is found by e-mail and has none.
pub async fn access(io: &Io, settings: &Settings, user: &User) -> Result<Access, Error> {
    match &settings.credentials {
        Credentials::Jwt(api_key) => {
            let who = user.email.clone().ok_or(UserError::NoEmail)?;
            Ok(Access { token: api_key.token(io.now_ms())?, who })
        }
    }
}
