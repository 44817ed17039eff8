//! Zoom's users. Source: "Get a user".

use super::api::Api;
use crate::error::Error;
use crate::model::Method;
use serde::Deserialize;

/// A user of the administrator's Zoom account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ZoomUser {
    /// Zoom's own id, which stays when the e-mail changes.
    pub id: String,
}

/// `GET /users/{userId}`: the Zoom account of the user that was signed in for.
///
/// # Errors
/// `UserUnknown` where Zoom's account has nobody with the user's e-mail address; other Zoom errors; bugs.
pub async fn own(api: &Api<'_>) -> Result<ZoomUser, Error> {
    api.call(Method::Get, &["users", api.who()], None, 200).await
}
