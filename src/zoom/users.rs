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

/// `GET /users/{userId}` by e-mail address.
///
/// # Errors
/// `UserUnknown` where the account has nobody with this address; other Zoom errors; bugs.
pub async fn find(api: &Api<'_>, email: &str) -> Result<ZoomUser, Error> {
    api.call(Method::Get, &["users", email], None, 200).await
}
