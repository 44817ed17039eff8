//! Zoom's meetings. Source: "Create a meeting", "Get a meeting".

use super::api::{Answer, Api};
use crate::error::Error;
use crate::json::Shape;
use crate::model::Method;
use crate::settings::Settings;
use crate::zoom::read::Members;
use crate::zoom::{MeetingNumber, hosts, join_link};
use serde::Serialize;
use url::Url;

/// `type` of a meeting that begins at once.
const INSTANT: u8 = 1;

/// `type` of a personal meeting, whose number stands for many.
pub const PERSONAL: u64 = 4;

/// A meeting as Zoom made it. `start_url` is left out on purpose: it is the host's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoomMeeting {
    /// Its number, where Zoom or the link says it.
    pub id: Option<MeetingNumber>,
    /// The instance that is expected next. May be empty.
    pub uuid: String,
    /// Where people join: a link of Zoom's. Where Zoom gives none, it follows from the number.
    pub join_url: Url,
    /// The passcode. Empty where there is none.
    pub password: String,
    /// Whose meeting it is. May be empty.
    pub host_id: String,
    /// `type`: 1 instant, 2 scheduled, 3 and 8 recurring, 4 personal. 0 where Zoom does not say.
    pub kind: u64,
    /// What it is about. May be empty.
    pub topic: String,
    /// Held in the host's personal meeting: Zoom's events carry that one's number.
    pub uses_personal: bool,
}

impl Answer for ZoomMeeting {
    const WANTED: Shape = Shape::Members(&[
        ("id", Shape::Plain),
        ("uuid", Shape::Plain),
        ("join_url", Shape::Plain),
        ("password", Shape::Plain),
        ("host_id", Shape::Plain),
        ("type", Shape::Plain),
        ("topic", Shape::Plain),
        ("settings", Shape::Members(&[("use_pmi", Shape::Plain)])),
    ]);

    fn read(answer: Members<'_>, settings: &Settings) -> Option<Self> {
        let link = answer.text("join_url").and_then(|link| hosts::link(settings, &link));
        let in_link = || join_link::number_of(link.as_ref()?, settings);
        let id = answer.number("id").or_else(in_link);
        let by_number = || join_link::url(&settings.zoom_url, id?);
        let text = |name| answer.text(name).unwrap_or_default();
        Some(Self {
            id,
            uuid: text("uuid"),
            join_url: link.clone().or_else(by_number)?,
            password: text("password"),
            host_id: text("host_id"),
            kind: answer.whole("type").unwrap_or_default(),
            topic: text("topic"),
            uses_personal: answer.object("settings").truth("use_pmi"),
        })
    }
}

impl ZoomMeeting {
    /// The passcode that has to be shown beside the link. `None` where there is none, or the link lets people in without asking
    /// for it.
    pub fn passcode(&self) -> Option<String> {
        let is_needed = !self.password.is_empty() && !hosts::carries_passcode(&self.join_url);
        is_needed.then(|| self.password.clone())
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
    let Some(number) = meeting.id.filter(|_| meeting.passcode().is_some()) else { return Ok(meeting) };
    // Some accounts leave the passcode out of the created link; the meeting read again has it. The card shows it otherwise.
    Ok(find(api, number).await.unwrap_or(meeting))
}

/// The link to a personal meeting, and the passcode that has to be shown beside it. Accounts that do not embed passcodes in links leave
/// it out of the user's own link too, and only the meeting itself says it. Without an answer people are asked for it.
pub async fn personal(api: &Api<'_>, number: MeetingNumber, link: Url) -> (Url, Option<String>) {
    if hosts::carries_passcode(&link) {
        return (link, None);
    }
    match find(api, number).await {
        Ok(meeting) if hosts::carries_passcode(&meeting.join_url) => (meeting.join_url, None),
        Ok(meeting) => (link, meeting.passcode()),
        Err(_) => (link, None),
    }
}

/// `GET /meetings/{meetingId}`.
///
/// # Errors
/// `MeetingUnknown` where Zoom has none (any more); other Zoom errors; bugs.
pub async fn find(api: &Api<'_>, number: MeetingNumber) -> Result<ZoomMeeting, Error> {
    api.call(Method::Get, &["meetings", &number.to_string()], None, 200).await
}
