//! What Zoom can say of a meeting that it has not told of. Source: "Get a meeting", "Get past meeting details".

use super::api::{Answer, Api};
use crate::error::Error;
use crate::json::Shape;
use crate::model::Method;
use crate::settings::Settings;
use crate::zoom::MeetingNumber;
use crate::zoom::read::Members;

/// How a number stands at Zoom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// An instance runs.
    pub runs: bool,
    /// The instance that runs, or is expected next. May be empty.
    pub uuid: String,
    /// When it is planned for, in milliseconds since the Unix epoch. `None` for what is not planned.
    pub planned_ms: Option<u64>,
}

impl Answer for Present {
    const WANTED: Shape =
        Shape::Members(&[("status", Shape::Plain), ("uuid", Shape::Plain), ("start_time", Shape::Plain)]);

    fn read(answer: Members<'_>, _: &Settings) -> Option<Self> {
        Some(Self {
            runs: answer.text("status").as_deref() == Some("started"),
            uuid: answer.text("uuid").unwrap_or_default(),
            planned_ms: answer.time_ms("start_time"),
        })
    }
}

/// An instance that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Zoom's name for it.
    pub uuid: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub started_ms: Option<u64>,
    /// When it was over, in milliseconds since the Unix epoch.
    pub ended_ms: u64,
}

impl Answer for Past {
    const WANTED: Shape =
        Shape::Members(&[("uuid", Shape::Plain), ("start_time", Shape::Plain), ("end_time", Shape::Plain)]);

    fn read(answer: Members<'_>, _: &Settings) -> Option<Self> {
        Some(Self {
            uuid: answer.text("uuid")?,
            started_ms: answer.time_ms("start_time"),
            ended_ms: answer.time_ms("end_time")?,
        })
    }
}

/// `GET /meetings/{meetingId}`: whether it runs.
///
/// # Errors
/// `MeetingUnknown` where Zoom has none (any more); other Zoom errors; bugs.
pub async fn present(api: &Api<'_>, number: MeetingNumber) -> Result<Present, Error> {
    api.call(Method::Get, &["meetings", &number.to_string()], None, 200).await
}

/// `GET /past_meetings/{meetingId}`: the latest instance that is over.
///
/// # Errors
/// `MeetingUnknown` where there is none; other Zoom errors; bugs.
pub async fn latest(api: &Api<'_>, number: MeetingNumber) -> Result<Past, Error> {
    api.call(Method::Get, &["past_meetings", &number.to_string()], None, 200).await
}

/// `GET /past_meetings/{uuid}`: this instance.
///
/// # Errors
/// `MeetingUnknown` where it is not over, or too long ago; other Zoom errors; bugs.
pub async fn instance(api: &Api<'_>, uuid: &str) -> Result<Past, Error> {
    // A UUID may hold slashes: Zoom wants it encoded twice, and takes every one so.
    let once: String = url::form_urlencoded::byte_serialize(uuid.as_bytes()).collect();
    api.call(Method::Get, &["past_meetings", &once], None, 200).await
}
