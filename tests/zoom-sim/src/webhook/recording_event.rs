//! The bodies of `recording.completed`, `recording.transcript_completed` and of the steps before. What [`event`](super::event)
//! says about form holds here too.

use serde::Serialize;

use super::event::Id;
use crate::{
    Instance, Meeting, NewRecording, Recording, RecordingFile, RecordingStep,
    clock::{UnixMs, iso},
};

/// What an event tells.
pub(crate) struct Told<'a> {
    pub(crate) recording: &'a Recording,
    /// With the link of each.
    pub(crate) files: &'a [(&'a RecordingFile, String)],
    pub(crate) how: &'a NewRecording,
    /// The base of the links as they are kept, and as they are told.
    pub(crate) links_at: (&'a str, &'a str),
    pub(crate) account_id: &'a str,
    pub(crate) at_ms: UnixMs,
}

/// A step of a recording while the meeting runs.
pub(crate) struct Step<'a> {
    pub(crate) room: &'a Meeting,
    pub(crate) instance: &'a Instance,
    pub(crate) begun_ms: UnixMs,
    pub(crate) step: RecordingStep,
    pub(crate) account_id: &'a str,
    pub(crate) at_ms: UnixMs,
}

impl Step<'_> {
    /// The body. The number is a number here, unlike in other events of a running meeting.
    pub(crate) fn body(&self) -> String {
        let ended_ms = (self.step == RecordingStep::Stopped).then_some(self.at_ms);
        let object = Running {
            id: self.room.id,
            uuid: &self.instance.uuid,
            host_id: &self.room.host_id,
            topic: &self.instance.topic,
            r#type: self.instance.kind,
            start_time: iso(self.instance.started_ms),
            timezone: &self.room.timezone,
            duration: self.room.duration_min,
            recording_file: Span { recording_start: iso(self.begun_ms), recording_end: ended_ms.map(iso) },
        };
        let payload = Payload { account_id: self.account_id, object };
        let envelope = super::event::Envelope::new(self.step.event(), self.at_ms, payload);
        serde_json::to_string(&envelope).expect("plain structs of text and numbers are JSON")
    }
}

impl Told<'_> {
    /// The body; its `download_token` is beside `event`, not in the payload.
    pub(crate) fn body(&self, event: &'static str, download_token: Option<String>) -> String {
        let payload = Payload { account_id: self.account_id, object: self.object() };
        let envelope = Envelope { event, event_ts: self.at_ms, download_token, payload };
        serde_json::to_string(&envelope).expect("plain structs of text and numbers are JSON")
    }

    fn object(&self) -> Object<'_> {
        let Recording { ref topic, ref host_id, ref host_email, ref uuid, .. } = *self.recording;
        let id = self.recording.meeting_id;
        let protected = !self.recording.password.is_empty();
        Object {
            id: if self.how.id_as_string { Id::Text(id.to_string()) } else { Id::Number(id) },
            uuid,
            host_id,
            account_id: self.account_id,
            topic,
            r#type: self.recording.kind,
            start_time: iso(self.recording.started_ms),
            password: protected.then_some(&self.recording.password),
            timezone: &self.recording.timezone,
            host_email,
            duration: self.recording.minutes(),
            share_url: self.told(&self.recording.share_url),
            total_size: self.files.iter().map(|(file, _)| file.size).sum(),
            recording_count: self.files.len(),
            on_prem: false,
            recording_play_passcode: protected.then_some(&self.recording.play_passcode),
            recording_files: self.files.iter().map(|(file, link)| self.file(file, link)).collect(),
        }
    }

    fn told(&self, link: &str) -> String {
        let (kept, told) = self.links_at;
        link.strip_prefix(kept).map_or_else(|| link.to_owned(), |path| format!("{told}{path}"))
    }

    fn file<'a>(&'a self, file: &'a RecordingFile, link: &'a str) -> File<'a> {
        let begun = iso(file.starts_ms);
        File {
            id: &file.id,
            meeting_id: &self.recording.uuid,
            recording_start: if self.how.empty_recording_start { String::new() } else { begun },
            recording_end: iso(file.ends_ms),
            recording_type: file.recording_type,
            file_type: file.file_type,
            file_size: file.size,
            file_extension: file.file_extension,
            play_url: file.play_url.as_deref().map(|link| self.told(link)),
            download_url: link,
            status: file.status(self.at_ms),
        }
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    event: &'static str,
    event_ts: UnixMs,
    #[serde(skip_serializing_if = "Option::is_none")]
    download_token: Option<String>,
    payload: Payload<'a, Object<'a>>,
}

#[derive(Serialize)]
struct Payload<'a, O> {
    account_id: &'a str,
    object: O,
}

#[derive(Serialize)]
struct Object<'a> {
    id: Id,
    uuid: &'a str,
    host_id: &'a str,
    account_id: &'a str,
    topic: &'a str,
    r#type: u8,
    start_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a String>,
    timezone: &'a str,
    host_email: &'a str,
    duration: u64,
    share_url: String,
    total_size: u64,
    recording_count: usize,
    on_prem: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording_play_passcode: Option<&'a String>,
    recording_files: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    id: &'a str,
    /// The uuid of the instance, in spite of its name.
    meeting_id: &'a str,
    recording_start: String,
    recording_end: String,
    recording_type: &'a str,
    file_type: &'a str,
    file_size: u64,
    file_extension: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    play_url: Option<String>,
    download_url: &'a str,
    status: &'static str,
}

#[derive(Serialize)]
struct Running<'a> {
    id: u64,
    uuid: &'a str,
    host_id: &'a str,
    topic: &'a str,
    r#type: u8,
    start_time: String,
    timezone: &'a str,
    duration: u32,
    recording_file: Span,
}

/// `recording_end` is null as long as it is recorded.
#[derive(Serialize)]
struct Span {
    recording_start: String,
    recording_end: Option<String>,
}
