//! Zoom's users. Source: "Get a user".

use super::api::Api;
use crate::error::Error;
use crate::flow::Io;
use crate::model::Method;
use crate::settings::{Secret, Settings};
use serde::Deserialize;

/// A user of the administrator's Zoom account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ZoomUser {
    /// Zoom's own id, which stays when the e-mail changes.
    pub id: String,
}

/// `GET /users/me`, for a token that has just been handed out and is stored nowhere yet.
///
/// # Errors
/// Zoom errors; bugs.
pub async fn of_token(io: &Io, settings: &Settings, token: &Secret) -> Result<ZoomUser, Error> {
    Api::with_token(io, settings, token.clone()).call(Method::Get, &["users", "me"], None, 200).await
}

/// `GET /users/{userId}`: the Zoom account of the user that was signed in for.
///
/// # Errors
/// `UserUnknown` where Zoom's account has nobody with the user's e-mail address; other Zoom errors; bugs.
pub async fn own(api: &Api<'_>) -> Result<ZoomUser, Error> {
    api.call(Method::Get, &["users", api.who()], None, 200).await
}
