//! Zoom's users. Source: "Get a user".

use super::api::{Answer, Api};
use crate::error::Error;
use crate::flow::Io;
use crate::json::Shape;
use crate::model::Method;
use crate::settings::{Secret, Settings};
use crate::zoom::read::Members;
use crate::zoom::{MeetingNumber, hosts};
use url::Url;

/// How paths name the user whose own token it is.
pub(super) const ME: &str = "me";

/// A user of the administrator's Zoom account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoomUser {
    /// Zoom's own id, which stays when the e-mail changes.
    pub id: String,
    account_id: Option<String>,
    email: Option<String>,
    personal_number: Option<MeetingNumber>,
    personal_link: Option<Url>,
}

impl Answer for ZoomUser {
    const WANTED: Shape = Shape::Members(&[
        ("id", Shape::Plain),
        ("account_id", Shape::Plain),
        ("email", Shape::Plain),
        ("pmi", Shape::Plain),
        ("personal_meeting_url", Shape::Plain),
    ]);

    fn read(answer: Members<'_>, settings: &Settings) -> Option<Self> {
        Some(Self {
            id: answer.text("id")?,
            account_id: answer.text("account_id"),
            email: answer.text("email"),
            personal_number: answer.number("pmi"),
            personal_link: answer.text("personal_meeting_url").and_then(|link| hosts::link(settings, &link)),
        })
    }
}

impl ZoomUser {
    /// The organisation's account at Zoom that the user belongs to.
    pub fn account_id(&self) -> Option<&str> {
        self.account_id.as_deref()
    }

    /// How people know the account: its e-mail address, or the id where Zoom gives none.
    pub fn name(&self) -> &str {
        self.email.as_deref().unwrap_or(&self.id)
    }

    /// The number of the user's personal meeting and the link to it, which carries the passcode where the account says so. `None`
    /// where either is missing: it is switched off.
    pub fn personal_meeting(&self) -> Option<(MeetingNumber, Url)> {
        Some((self.personal_number?, self.personal_link.clone()?))
    }
}

/// `GET /users/me`, for a token that has just been handed out and is stored nowhere yet.
///
/// # Errors
/// Zoom errors; bugs.
pub async fn of_token(io: &Io, settings: &Settings, token: &Secret) -> Result<ZoomUser, Error> {
    Api::with_token(io, settings, token.clone()).call(Method::Get, &["users", ME], None, 200).await
}

/// How paths name the Zoom account of the user that was signed in for, where nothing else about it is needed. A token of the
/// user's own needs no question; otherwise Zoom is asked whether its account knows the e-mail address.
///
/// # Errors
/// Those of [`own`].
pub async fn id(api: &Api<'_>) -> Result<String, Error> {
    match api.who() {
        ME => Ok(ME.to_owned()),
        _ => Ok(own(api).await?.id),
    }
}

/// `GET /users/{userId}`: the Zoom account of the user that was signed in for.
///
/// # Errors
/// `UserUnknown` where Zoom's account has nobody with the user's e-mail address; other Zoom errors; bugs.
pub async fn own(api: &Api<'_>) -> Result<ZoomUser, Error> {
    api.call(Method::Get, &["users", api.who()], None, 200).await
}
