//! Zoom's events. Source: "Meeting events" (recordings are among them), and "endpoint.url_validation" in "Using webhooks".

use super::recording::{self, Recording};
use crate::json::Shape;
use crate::zoom::MeetingNumber;
use crate::zoom::read::{Members, document};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An event as far as it concerns us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoomEvent {
    /// `endpoint.url_validation`: holds the plain token.
    UrlValidation(String),
    /// `meeting.started`, `meeting.ended`, and the same of webinars.
    Meeting(MeetingEvent),
    /// `recording.completed`, `recording.transcript_completed`.
    Recording(Recording),
    /// `app_deauthorized`: holds the payload. It has an address of its own, but an app may have been given this one for both.
    Deauthorized(Value),
    /// Any other. Understood, and of no interest.
    Other,
}

/// Something happened to an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingEvent {
    /// The meeting's number.
    pub number: MeetingNumber,
    /// The instance.
    pub uuid: String,
    /// What it is about, as Zoom says it. May be empty.
    pub topic: String,
    /// What happened.
    pub event: Event,
}

/// A time, and who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// Milliseconds since the Unix epoch.
    pub ms: u64,
    /// Zoom's own word; otherwise the time at which its event came in.
    pub by_zoom: bool,
}

/// What happens to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// `meeting.started`
    Started {
        /// `start_time`, or when it came in.
        started: Time,
    },
    /// `meeting.ended`
    Ended {
        /// `start_time`.
        started: Option<Time>,
        /// `end_time`, or when it came in.
        ended: Time,
    },
}

/// Why a body is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnEvent {
    /// Not a JSON object with an `event`.
    Malformed,
    /// An event of ours that lacks what it must have. Holds the member's name.
    Missing(&'static str),
}

/// What is read of an event. An event of no interest, or what else one holds, may be as large and as deep as Zoom likes.
const WANTED: Shape =
    Shape::Members(&[("event", Shape::Plain), ("download_token", Shape::Plain), ("payload", PAYLOAD)]);
const PAYLOAD: Shape = Shape::Members(&[
    ("plainToken", Shape::Plain),
    ("account_id", Shape::Plain),
    ("user_id", Shape::Plain),
    ("client_id", Shape::Plain),
    ("deauthorization_time", Shape::Plain),
    ("download_token", Shape::Plain),
    ("object", OBJECT),
]);
const OBJECT: Shape = Shape::Members(&[
    ("id", Shape::Plain),
    ("uuid", Shape::Plain),
    ("host_id", Shape::Plain),
    ("topic", Shape::Plain),
    ("start_time", Shape::Plain),
    ("end_time", Shape::Plain),
    ("practice_session", Shape::Plain),
    ("share_url", Shape::Plain),
    ("password", Shape::Plain),
    ("recording_play_passcode", Shape::Plain),
    ("recording_files", recording::FILES),
]);

/// Zoom's UUIDs have 24 characters; a longer text is none.
const MAX_UUID_BYTES: usize = 128;

/// Reads a body that came in at `now_ms`.
///
/// # Errors
/// [`NotAnEvent`].
pub fn parse(body: &[u8], now_ms: u64) -> Result<ZoomEvent, NotAnEvent> {
    let body = document(body, WANTED).map_err(|_| NotAnEvent::Malformed)?;
    let event = body["event"].as_str().ok_or(NotAnEvent::Malformed)?;
    let members = Members::of(&body);
    let payload = members.object("payload");
    let object = payload.object("object");
    match event {
        "endpoint.url_validation" => {
            let token = payload.text("plainToken").ok_or(NotAnEvent::Missing("payload.plainToken"))?;
            Ok(ZoomEvent::UrlValidation(token))
        }
        // The hosts rehearse: nothing begins or ends for those who were invited.
        "webinar.started" | "webinar.ended" if object.truth("practice_session") => Ok(ZoomEvent::Other),
        "meeting.started" | "webinar.started" => meeting(object, now_ms, |started, _| Event::Started {
            started: started.unwrap_or_else(|| receipt(now_ms)),
        }),
        "meeting.ended" | "webinar.ended" => {
            meeting(object, now_ms, |started, ended| Event::Ended { started, ended })
        }
        "recording.completed" | "recording.transcript_completed" => {
            Ok(ZoomEvent::Recording(recording::parse(event, members, &uuid(object)?, now_ms)))
        }
        "app_deauthorized" => Ok(ZoomEvent::Deauthorized(body["payload"].clone())),
        _ => Ok(ZoomEvent::Other),
    }
}

fn meeting(
    object: Members<'_>,
    now_ms: u64,
    event: impl Fn(Option<Time>, Time) -> Event,
) -> Result<ZoomEvent, NotAnEvent> {
    let number = object.number("id").ok_or(NotAnEvent::Missing("payload.object.id"))?;
    let uuid = uuid(object)?;
    let time = |name| object.time_ms(name).map(|ms| Time { ms, by_zoom: true });
    let (started, ended) = (time("start_time"), time("end_time"));
    let event = event(started, ended.unwrap_or_else(|| receipt(now_ms)));
    let topic = object.text("topic").unwrap_or_default();
    Ok(ZoomEvent::Meeting(MeetingEvent { number, uuid, topic, event }))
}

fn uuid(object: Members<'_>) -> Result<String, NotAnEvent> {
    let uuid = object.text("uuid").filter(|uuid| uuid.len() <= MAX_UUID_BYTES);
    uuid.ok_or(NotAnEvent::Missing("payload.object.uuid"))
}

fn receipt(now_ms: u64) -> Time {
    Time { ms: now_ms, by_zoom: false }
}
