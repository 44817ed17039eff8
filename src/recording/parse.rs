//! Zoom's recording events. Source: "recording.completed" and "recording.transcript_completed" in "Meeting events".

use super::{Kind, Part, Recording};
use crate::json::Shape;
use crate::settings::Secret;
use crate::store::card_id_for;
use crate::zoom::read::Members;

/// What is read of `recording_files`. Zoom makes a handful of files a session, most of which are not passed on.
pub(crate) const FILES: Shape = Shape::Items(
    500,
    &Shape::Members(&[
        ("id", Shape::Plain),
        ("recording_type", Shape::Plain),
        ("recording_start", Shape::Plain),
        ("file_type", Shape::Plain),
        ("status", Shape::Plain),
        ("play_url", Shape::Plain),
        ("download_url", Shape::Plain),
    ]),
);
/// More are not passed on.
const MAX_PARTS: usize = 100;

/// Reads an event of this name about the instance with this UUID. Dates may be missing or empty, and files that are unknown, not
/// ready or without a URL are left out.
pub(crate) fn parse(event: &str, body: Members<'_>, uuid: &str) -> Recording {
    let payload = body.object("payload");
    let object = payload.object("object");
    let mut parts: Vec<Part> = Vec::new();
    for file in object.items("recording_files") {
        let part = part(event, object, file, uuid);
        if let Some(part) = part.filter(|part| parts.iter().all(|known| known.id != part.id)) {
            parts.push(part);
        }
    }
    parts.truncate(MAX_PARTS);
    let token = body.text("download_token").or_else(|| payload.text("download_token"));
    // It goes into a header.
    let token = token.filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()));
    let passcode = object.text("recording_play_passcode").or_else(|| object.text("password"));
    Recording {
        number: object.number("id"),
        uuid: uuid.to_owned(),
        host_id: object.text("host_id"),
        token: token.map(Secret::new),
        passcode: passcode.map(Secret::new),
        parts,
    }
}

fn part(event: &str, object: Members<'_>, file: Members<'_>, uuid: &str) -> Option<Part> {
    let named = |name: &str| file.text(name).unwrap_or_default();
    let (form, session) = (named("recording_type"), named("recording_start"));
    // Zoom sends the transcript again in an event of its own, when it is ready.
    let kind = match (event, form.as_str(), named("file_type").as_str()) {
        ("recording.completed", "chat_file", _) => Kind::Chat,
        ("recording.completed", _, "MP4") => Kind::Video,
        ("recording.transcript_completed", "audio_transcript", _) => Kind::Transcript,
        _ => return None,
    };
    // What is not ready comes in another event.
    if !matches!(named("status").as_str(), "" | "completed") {
        return None;
    }
    let url = match kind {
        Kind::Video => file.text("play_url").or_else(|| object.text("share_url")),
        Kind::Chat | Kind::Transcript => file.text("download_url"),
    }?;
    let id = match file.text("id") {
        Some(id) => card_id_for(&format!("{form}/{id}")),
        None => card_id_for(&format!("{form}/{uuid}/{session}")),
    };
    Some(Part { id, kind, session, url })
}
