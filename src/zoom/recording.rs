//! Zoom's recording events. Source: "recording.completed" and "recording.transcript_completed" in "Meeting events".

use super::MeetingNumber;
use crate::hex::digest;
use crate::json::Shape;
use crate::settings::Secret;
use crate::zoom::read::Members;
use serde::{Deserialize, Serialize};

/// What Zoom reports of an instance's recording, as far as it concerns us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// The meeting's number, where Zoom says it.
    pub number: Option<MeetingNumber>,
    /// The instance.
    pub uuid: String,
    /// The Zoom user whose meeting it was, where Zoom says it.
    #[serde(default)]
    pub host_id: Option<String>,
    /// Lets files be downloaded, for about a day.
    pub token: Option<Secret>,
    /// What Zoom's player asks people for.
    pub passcode: Option<Secret>,
    /// What lets people in when the link carries it. The player refuses it when it is typed.
    #[serde(default)]
    pub link_passcode: Option<Secret>,
    /// At least one, each once.
    pub parts: Vec<Part>,
    /// When its event came in, in milliseconds since the Unix epoch.
    #[serde(default)]
    pub received_ms: u64,
}

/// One file of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Names it, however often Zoom delivers it.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// When its recording session began, as Zoom writes it. May be empty.
    pub session: String,
    /// Where it is watched or downloaded.
    pub url: String,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Pictures and sound: watched at Zoom.
    Video,
    /// Sound alone: listened to at Zoom.
    Audio,
    /// What was written.
    Chat,
    /// What was said.
    Transcript,
}

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

/// Reads an event of this name about the instance with this UUID, which came in at `now_ms`. Dates may be missing or empty, and files
/// that are unknown, not ready or without a URL are left out.
pub(crate) fn parse(event: &str, body: Members<'_>, uuid: &str, now_ms: u64) -> Recording {
    let payload = body.object("payload");
    let object = payload.object("object");
    let files: Vec<File> = object.items("recording_files").map(File::read).collect();
    let mut parts: Vec<Part> = Vec::new();
    for file in &files {
        // Zoom keeps the sound of each session apart too: whoever can watch it needs no second link.
        let is_seen = |other: &File| other.form_of_data == "MP4" && other.session == file.session;
        if file.kind(event) == Some(Kind::Audio) && files.iter().any(is_seen) {
            continue;
        }
        let part = file.part(event, object, uuid);
        if let Some(part) = part.filter(|part| parts.iter().all(|known| known.id != part.id)) {
            parts.push(part);
        }
    }
    parts.truncate(MAX_PARTS);
    let token = body.text("download_token").or_else(|| payload.text("download_token"));
    Recording {
        number: object.number("id"),
        uuid: uuid.to_owned(),
        host_id: object.text("host_id"),
        token: token.filter(|token| is_header_value(token)).map(Secret::new),
        passcode: object.text("password").map(Secret::new),
        link_passcode: object.text("recording_play_passcode").map(Secret::new),
        parts,
        received_ms: now_ms,
    }
}

/// Whether a token can stand in a header.
pub(crate) fn is_header_value(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What names a file of an instance, in events and in answers of Zoom's API alike.
pub(crate) fn part_id(form: &str, id: Option<&str>, uuid: &str, session: &str) -> String {
    match id {
        Some(id) => digest(&format!("{form}/{id}")),
        None => digest(&format!("{form}/{uuid}/{session}")),
    }
}

/// A file as Zoom reports it.
struct File {
    id: Option<String>,
    /// `recording_type`: what it shows.
    form: String,
    /// `file_type`: how it is kept.
    form_of_data: String,
    session: String,
    status: String,
    play_url: Option<String>,
    download_url: Option<String>,
}

impl File {
    fn read(file: Members<'_>) -> Self {
        let named = |name: &str| file.text(name).unwrap_or_default();
        Self {
            id: file.text("id"),
            form: named("recording_type"),
            form_of_data: named("file_type"),
            session: named("recording_start"),
            status: named("status"),
            play_url: file.text("play_url"),
            download_url: file.text("download_url"),
        }
    }

    /// What it is for us in an event of this name. Zoom sends the transcript again in an event of its own, when it is ready.
    fn kind(&self, event: &str) -> Option<Kind> {
        match (event, self.form.as_str(), self.form_of_data.as_str()) {
            ("recording.completed", "chat_file", _) => Some(Kind::Chat),
            ("recording.completed", _, "MP4") => Some(Kind::Video),
            ("recording.completed", "audio_only", _) => Some(Kind::Audio),
            ("recording.transcript_completed", "audio_transcript", _) => Some(Kind::Transcript),
            _ => None,
        }
    }

    fn part(&self, event: &str, object: Members<'_>, uuid: &str) -> Option<Part> {
        let kind = self.kind(event)?;
        // What is not ready comes in another event.
        if !matches!(self.status.as_str(), "" | "completed") {
            return None;
        }
        let url = match kind {
            Kind::Video | Kind::Audio => self.play_url.clone().or_else(|| object.text("share_url")),
            Kind::Chat | Kind::Transcript => self.download_url.clone(),
        }?;
        let id = part_id(&self.form, self.id.as_deref(), uuid, &self.session);
        Some(Part { id, kind, session: self.session.clone(), url })
    }
}
