//! The kinds of files that Zoom records, and contents for them.

use std::fmt::Write as _;

use super::Recording;
use crate::{UnixMs, clock::timestamp, meetings::Participant};

/// A `recording_type` with what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) recording_type: &'static str,
    pub(crate) file_type: &'static str,
    pub(crate) file_extension: &'static str,
    pub(crate) media_type: &'static str,
}

/// The one that has an event of its own.
pub(crate) const TRANSCRIPT: &str = "audio_transcript";

/// What is recorded if nothing is said.
pub(crate) const USUAL: [&str; 4] =
    ["shared_screen_with_speaker_view", "audio_only", "chat_file", "timeline"];

/// Made-up media have so many bytes.
const MEDIA_BYTES: usize = 64 * 1024;
/// A caption is shown so long, in milliseconds.
const CAPTION_MS: i64 = 4000;

impl Kind {
    pub(crate) fn find(recording_type: &str) -> Option<Self> {
        let (file_type, file_extension, media_type) = match recording_type {
            "audio_only" | "audio_interpretation" => ("M4A", "M4A", "audio/mp4"),
            "chat_file" => ("CHAT", "TXT", "text/plain; charset=utf-8"),
            TRANSCRIPT => ("TRANSCRIPT", "VTT", "text/vtt; charset=utf-8"),
            "closed_caption" => ("CC", "VTT", "text/vtt; charset=utf-8"),
            "timeline" => ("TIMELINE", "JSON", "application/json"),
            "summary" => ("SUMMARY", "JSON", "application/json"),
            "poll" => ("CSV", "CSV", "text/csv; charset=utf-8"),
            _ => ("MP4", "MP4", "video/mp4"),
        };
        let recording_type = NAMES.iter().find(|name| **name == recording_type)?;
        Some(Self { recording_type, file_type, file_extension, media_type })
    }

    /// Whether it has a link to the player.
    pub(crate) fn plays(self) -> bool {
        matches!(self.file_type, "MP4" | "M4A")
    }

    /// Contents made up from who was there.
    pub(crate) fn content(self, recording: &Recording, people: &[Participant], size: Option<u64>) -> Vec<u8> {
        let size = size.and_then(|size| usize::try_from(size).ok());
        let text = match self.file_type {
            "MP4" | "M4A" => return media(size.unwrap_or(MEDIA_BYTES)),
            "CHAT" => chat(recording.started_ms, people),
            "TRANSCRIPT" | "CC" => captions(recording.started_ms, people),
            "TIMELINE" => timeline(recording.started_ms, people),
            "CSV" => "Name,Question,Answer\r\n".to_owned(),
            _ => serde_json::json!({ "topic": recording.topic }).to_string(),
        };
        let mut content = text.into_bytes();
        if let Some(size) = size {
            content.resize(size, b' ');
        }
        content
    }
}

const NAMES: [&str; 16] = [
    "shared_screen_with_speaker_view",
    "shared_screen_with_speaker_view(CC)",
    "shared_screen_with_gallery_view",
    "active_speaker",
    "gallery_view",
    "shared_screen",
    "speaker_view",
    "host_video",
    "audio_only",
    "audio_interpretation",
    TRANSCRIPT,
    "chat_file",
    "closed_caption",
    "timeline",
    "summary",
    "poll",
];

/// The head of an MP4 file, and bytes that no text has.
fn media(size: usize) -> Vec<u8> {
    let head = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
    let filler = (0..=u8::MAX).cycle();
    head.iter().copied().chain(filler).take(size).collect()
}

fn chat(started_ms: UnixMs, people: &[Participant]) -> String {
    people.iter().fold(String::new(), |mut text, person| {
        let at = clock_time(person.joined_ms - started_ms);
        let _ = write!(text, "{at}\t{}:\tHello, this is {}.\r\n", person.user_name, person.user_name);
        text
    })
}

fn captions(started_ms: UnixMs, people: &[Participant]) -> String {
    people.iter().zip(1..).fold("WEBVTT\r\n".to_owned(), |mut text, (person, number)| {
        let from_ms = person.joined_ms - started_ms;
        let (from, to) = (clock_time(from_ms), clock_time(from_ms + CAPTION_MS));
        let name = &person.user_name;
        let _ = write!(text, "\r\n{number}\r\n{from}.000 --> {to}.000\r\n{name}: Hello, this is {name}.\r\n");
        text
    })
}

fn timeline(started_ms: UnixMs, people: &[Participant]) -> String {
    let entry = |person: &Participant| {
        serde_json::json!({
            "ts": format!("{}.000", clock_time(person.joined_ms - started_ms)),
            "users": [{ "username": person.user_name, "user_id": person.user_id }],
        })
    };
    serde_json::json!({ "timeline": people.iter().map(entry).collect::<Vec<_>>() }).to_string()
}

/// `01:02:03` from the start on.
fn clock_time(ms: i64) -> String {
    timestamp(ms.max(0)).strftime("%H:%M:%S").to_string()
}
