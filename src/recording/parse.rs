//! Zoom's recording events. Source: "recording.completed" and "recording.transcript_completed" in "Meeting events".

use super::{Kind, Part, Recording};
use crate::settings::Secret;
use crate::store::card_id_for;
use crate::zoom::number;
use serde_json::Value;

/// Zoom makes a handful of files a session.
const MAX_PARTS: usize = 100;

/// Reads an event of this name about the instance with this UUID. Dates may be missing or empty, and files that are unknown, not
/// ready or without a URL are left out.
pub fn parse(event: &str, body: &Value, uuid: &str) -> Recording {
    let object = &body["payload"]["object"];
    let files = object["recording_files"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut parts: Vec<Part> = Vec::new();
    for file in files {
        let part = part(event, object, file, uuid);
        if let Some(part) = part.filter(|part| parts.iter().all(|known| known.id != part.id)) {
            parts.push(part);
        }
    }
    parts.truncate(MAX_PARTS);
    let token = text(body, "download_token").or_else(|| text(&body["payload"], "download_token"));
    // It goes into a header.
    let token = token.filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()));
    let passcode = text(object, "recording_play_passcode").or_else(|| text(object, "password"));
    Recording {
        number: number::read(&object["id"]),
        uuid: uuid.to_owned(),
        host_id: text(object, "host_id").map(str::to_owned),
        token: token.map(Secret::new),
        passcode: passcode.map(Secret::new),
        parts,
    }
}

fn part(event: &str, object: &Value, file: &Value, uuid: &str) -> Option<Part> {
    let named = |name: &str| text(file, name).unwrap_or_default();
    let (form, session) = (named("recording_type"), named("recording_start"));
    // Zoom sends the transcript again in an event of its own, when it is ready.
    let kind = match (event, form, named("file_type")) {
        ("recording.completed", "chat_file", _) => Kind::Chat,
        ("recording.completed", _, "MP4") => Kind::Video,
        ("recording.transcript_completed", "audio_transcript", _) => Kind::Transcript,
        _ => return None,
    };
    // What is not ready comes in another event.
    if !matches!(named("status"), "" | "completed") {
        return None;
    }
    let url = match kind {
        Kind::Video => text(file, "play_url").or_else(|| text(object, "share_url")),
        Kind::Chat | Kind::Transcript => text(file, "download_url"),
    }?;
    let id = match text(file, "id") {
        Some(id) => card_id_for(&format!("{form}/{id}")),
        None => card_id_for(&format!("{form}/{uuid}/{session}")),
    };
    Some(Part { id, kind, session: session.to_owned(), url: url.to_owned() })
}

/// A member that is a text with something in it.
fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object[name].as_str().filter(|text| !text.is_empty())
}
