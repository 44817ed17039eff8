//! Zoom's events. Source: "Meeting events" (recordings are among them), and "endpoint.url_validation" in "Using webhooks".

use crate::meeting::{Event, Time};
use crate::recording::{self, Recording};
use crate::time::parse_ms;
use crate::zoom::{MeetingNumber, number};
use serde_json::Value;

/// An event as far as it concerns us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoomEvent {
    /// `endpoint.url_validation`: holds the plain token.
    UrlValidation(String),
    /// `meeting.started`, `meeting.ended`.
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
    /// When the instance began, where Zoom says so, in milliseconds since the Unix epoch.
    pub start_ms: Option<u64>,
    /// What happened.
    pub event: Event,
}

/// Why a body is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnEvent {
    /// Not a JSON object with an `event`.
    Malformed,
    /// An event of ours that lacks what it must have. Holds the member's name.
    Missing(&'static str),
}

/// Zoom's UUIDs have 24 characters; a longer text is none.
const MAX_UUID_BYTES: usize = 128;

/// Reads a body that came in at `now_ms`.
///
/// # Errors
/// [`NotAnEvent`].
pub fn parse(body: &[u8], now_ms: u64) -> Result<ZoomEvent, NotAnEvent> {
    let body: Value = crate::json::read(body).map_err(|_| NotAnEvent::Malformed)?;
    let payload = &body["payload"];
    match body["event"].as_str().ok_or(NotAnEvent::Malformed)? {
        "endpoint.url_validation" => {
            let token = payload["plainToken"].as_str().ok_or(NotAnEvent::Missing("payload.plainToken"))?;
            Ok(ZoomEvent::UrlValidation(token.to_owned()))
        }
        "meeting.started" => meeting(&payload["object"], now_ms, |started, _| Event::Started {
            started: started.unwrap_or_else(|| receipt(now_ms)),
        }),
        "meeting.ended" => {
            meeting(&payload["object"], now_ms, |started, ended| Event::Ended { started, ended })
        }
        event @ ("recording.completed" | "recording.transcript_completed") => {
            let uuid = uuid(&payload["object"])?;
            Ok(ZoomEvent::Recording(recording::parse(event, &body, uuid)))
        }
        "app_deauthorized" => Ok(ZoomEvent::Deauthorized(payload.clone())),
        _ => Ok(ZoomEvent::Other),
    }
}

fn meeting(
    object: &Value,
    now_ms: u64,
    event: impl Fn(Option<Time>, Time) -> Event,
) -> Result<ZoomEvent, NotAnEvent> {
    let number = number::deserialize(&object["id"]).map_err(|_| NotAnEvent::Missing("payload.object.id"))?;
    let uuid = uuid(object)?.to_owned();
    let (started, ended) = (time(&object["start_time"]), time(&object["end_time"]));
    let event = event(started, ended.unwrap_or_else(|| receipt(now_ms)));
    let topic = object["topic"].as_str().unwrap_or_default().to_owned();
    Ok(ZoomEvent::Meeting(MeetingEvent { number, uuid, topic, start_ms: started.map(|time| time.ms), event }))
}

fn uuid(object: &Value) -> Result<&str, NotAnEvent> {
    let uuid = object["uuid"].as_str().filter(|uuid| !uuid.is_empty() && uuid.len() <= MAX_UUID_BYTES);
    uuid.ok_or(NotAnEvent::Missing("payload.object.uuid"))
}

/// Times may be missing, null or empty.
fn time(value: &Value) -> Option<Time> {
    value.as_str().and_then(parse_ms).map(|ms| Time { ms, by_zoom: true })
}

fn receipt(now_ms: u64) -> Time {
    Time { ms: now_ms, by_zoom: false }
}
