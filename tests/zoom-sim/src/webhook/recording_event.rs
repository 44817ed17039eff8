//! The bodies of `recording.completed` and `recording.transcript_completed`. What [`event`](super::event)
//! says about form holds here too.

use serde::Serialize;

use super::event::Id;
use crate::{
    NewRecording, Recording, RecordingFile,
    clock::{UnixMs, iso},
};

/// What an event tells.
pub(crate) struct Told<'a> {
    pub(crate) recording: &'a Recording,
    /// With the link of each.
    pub(crate) files: &'a [(&'a RecordingFile, String)],
    pub(crate) how: &'a NewRecording,
    pub(crate) account_id: &'a str,
    pub(crate) at_ms: UnixMs,
}

impl Told<'_> {
    /// The body; its `download_token` is beside `event`, not in the payload.
    pub(crate) fn body(&self, event: &'static str, download_token: String) -> String {
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
            share_url: &self.recording.share_url,
            total_size: self.files.iter().map(|(file, _)| file.size).sum(),
            recording_count: self.files.len(),
            on_prem: false,
            recording_play_passcode: protected.then_some(&self.recording.play_passcode),
            recording_files: self.files.iter().map(|(file, link)| self.file(file, link)).collect(),
        }
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
            play_url: file.play_url.as_deref(),
            download_url: link,
            status: file.status(self.at_ms),
        }
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    event: &'static str,
    event_ts: UnixMs,
    download_token: String,
    payload: Payload<'a>,
}

#[derive(Serialize)]
struct Payload<'a> {
    account_id: &'a str,
    object: Object<'a>,
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
    share_url: &'a str,
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
    play_url: Option<&'a str>,
    download_url: &'a str,
    status: &'static str,
}
