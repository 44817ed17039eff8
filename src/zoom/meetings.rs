//! Zoom's meetings. Source: "Create a meeting", "Get a meeting".

use super::{MeetingNumber, api::Api};
use crate::error::Error;
use crate::model::Method;
use serde::{Deserialize, Serialize};
use url::Url;

/// `type` of a meeting that begins at once.
const INSTANT: u8 = 1;

/// `type` of a personal meeting, whose number stands for many.
pub const PERSONAL: u8 = 4;

/// A meeting as Zoom made it. `start_url` is left out on purpose: it is the host's key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ZoomMeeting {
    /// Its number.
    #[serde(deserialize_with = "super::number::deserialize")]
    pub id: MeetingNumber,
    /// The instance that is expected next.
    #[serde(default)]
    pub uuid: String,
    /// Where people join.
    pub join_url: Url,
    /// The passcode. Empty where there is none.
    #[serde(default)]
    pub password: String,
    /// Whose meeting it is.
    #[serde(default)]
    pub host_id: String,
    /// `type`: 1 instant, 2 scheduled, 3 and 8 recurring, 4 personal.
    #[serde(default, rename = "type")]
    pub kind: u8,
    /// What it is about.
    #[serde(default)]
    pub topic: String,
}

impl ZoomMeeting {
    /// The passcode that has to be shown beside the link. `None` where there is none, or the link lets people in without asking
    /// for it.
    pub fn passcode(&self) -> Option<String> {
        let in_link = self.join_url.query_pairs().any(|(name, value)| name == "pwd" && !value.is_empty());
        (!self.password.is_empty() && !in_link).then(|| self.password.clone())
    }
}

#[derive(Serialize)]
struct NewMeeting<'a> {
    topic: &'a str,
    r#type: u8,
    /// Without a passcode Zoom would force the waiting room on.
    default_password: bool,
}

/// `POST /users/{userId}/meetings`: an instant meeting with the user's own defaults, and a link that carries the passcode.
///
/// # Errors
/// Zoom errors; bugs.
pub async fn create(api: &Api<'_>, host_id: &str, topic: &str) -> Result<ZoomMeeting, Error> {
    let new = NewMeeting { topic, r#type: INSTANT, default_password: true };
    let body = serde_json::to_vec(&new).map_err(|_| Error::Bug("a meeting could not be written as JSON"))?;
    let meeting: ZoomMeeting =
        api.call(Method::Post, &["users", host_id, "meetings"], Some(body), 201).await?;
    if meeting.passcode().is_none() {
        return Ok(meeting);
    }
    // Some accounts leave the passcode out of the created link; the meeting read again has it. The card shows it otherwise.
    Ok(find(api, meeting.id).await.unwrap_or(meeting))
}

/// `GET /meetings/{meetingId}`.
///
/// # Errors
/// `MeetingUnknown` where Zoom has none (any more); other Zoom errors; bugs.
pub async fn find(api: &Api<'_>, number: MeetingNumber) -> Result<ZoomMeeting, Error> {
    api.call(Method::Get, &["meetings", &number.to_string()], None, 200).await
}
