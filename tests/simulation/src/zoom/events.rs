//! What Zoom reports, and how it signs it.

use super::{PartKind, Zoom};
use crate::cast::{self, MARK, SIGNING_SECRET};
use crate::times::iso;
use serde_json::{Value, json};
use zoom_chat::model::Headers;

/// Something that Zoom reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Started(usize),
    Ended(usize),
    Recorded(usize),
    Transcribed(usize),
    /// A user, and when, where Zoom says it.
    Deauthorized(usize, Option<u64>),
}

pub(crate) fn download_token(now_ms: u64) -> String {
    format!("{MARK}-download-{now_ms}")
}

impl Zoom {
    /// The body of a delivery.
    pub(crate) fn body(&self, event: Event, now_ms: u64) -> String {
        let (name, payload) = match event {
            Event::Started(index) => ("meeting.started", self.life(index, false)),
            Event::Ended(index) => ("meeting.ended", self.life(index, true)),
            Event::Recorded(index) => {
                ("recording.completed", self.recording_object(index, |kind| kind != PartKind::Transcript))
            }
            Event::Transcribed(index) => (
                "recording.transcript_completed",
                self.recording_object(index, |kind| kind == PartKind::Transcript),
            ),
            Event::Deauthorized(user, at_ms) => return deauthorized(user, at_ms),
        };
        let mut body = json!({
            "event": name, "event_ts": now_ms,
            "payload": { "account_id": "account-id", "object": payload },
        });
        if matches!(event, Event::Recorded(_) | Event::Transcribed(_)) {
            body["download_token"] = json!(download_token(now_ms));
        }
        body.to_string()
    }

    fn life(&self, index: usize, ended: bool) -> Value {
        let instance = &self.instances[index];
        let room = &self.rooms[&instance.number];
        let mut object = json!({
            "id": instance.number.to_string(), "uuid": instance.uuid, "host_id": cast::zoom_id(instance.host),
            "topic": room.topic, "type": room.kind, "start_time": iso(instance.start_ms),
            "timezone": "Europe/Paris", "duration": 0,
        });
        if let (true, false, Some(end_ms)) = (ended, instance.omits_end, instance.end_ms) {
            object["end_time"] = json!(iso(end_ms));
        }
        object
    }

    /// With those of the parts that are wanted.
    pub(super) fn recording_object(&self, index: usize, wanted: impl Fn(PartKind) -> bool) -> Value {
        let instance = &self.instances[index];
        let parts = self.parts.iter().enumerate();
        let parts = parts.filter(|(_, part)| part.instance == index && wanted(part.kind));
        let files: Vec<Value> = parts.map(|(id, part)| file(id, part.kind, instance.start_ms)).collect();
        json!({
            "id": instance.number, "uuid": instance.uuid, "host_id": cast::zoom_id(instance.host),
            "topic": self.rooms[&instance.number].topic, "type": self.rooms[&instance.number].kind,
            "start_time": iso(instance.start_ms), "duration": 20,
            "share_url": format!("https://example.zoom.us/rec/share/{index}"),
            "password": passcode(index), "recording_play_passcode": format!("{MARK}-play-{index}"),
            "recording_files": files,
        })
    }

    /// A recording is ready. Answers whether there is anything new.
    pub(crate) fn record(&mut self, index: usize) -> bool {
        if std::mem::replace(&mut self.instances[index].recorded, true) {
            return false;
        }
        for kind in [PartKind::Video, PartKind::Chat] {
            self.parts.push(super::Part { instance: index, kind });
        }
        true
    }

    /// Its transcript is ready.
    pub(crate) fn transcribe(&mut self, index: usize) -> bool {
        if !self.instances[index].recorded || std::mem::replace(&mut self.instances[index].transcribed, true)
        {
            return false;
        }
        self.parts.push(super::Part { instance: index, kind: PartKind::Transcript });
        true
    }
}

/// What the player asks for.
pub(crate) fn passcode(index: usize) -> String {
    format!("{MARK}-passcode-{index}")
}

fn file(id: usize, kind: PartKind, start_ms: u64) -> Value {
    let (file_type, recording_type, member, word) = match kind {
        PartKind::Video => ("MP4", "shared_screen_with_speaker_view", "play_url", "play"),
        PartKind::Chat => ("CHAT", "chat_file", "download_url", "download"),
        PartKind::Transcript => ("TRANSCRIPT", "audio_transcript", "download_url", "download"),
    };
    let mut file = json!({
        "id": format!("file-{id}"), "file_type": file_type, "recording_type": recording_type,
        "recording_start": iso(start_ms), "status": "completed",
    });
    file[member] = json!(format!("https://example.zoom.us/rec/{word}/part-{id}."));
    file
}

fn deauthorized(user: usize, at_ms: Option<u64>) -> String {
    let time = at_ms.map(|at_ms| format!("{}.000Z", iso(at_ms).trim_end_matches('Z')));
    json!({
        "event": "app_deauthorized",
        "payload": {
            "account_id": "account-id", "user_id": cast::zoom_id(user), "signature": "00",
            "deauthorization_time": time, "client_id": cast::CLIENT_ID,
        },
    })
    .to_string()
}

/// Headers of a delivery that was signed at that time with this secret.
pub(crate) fn signed(body: &str, secret: &str, at_ms: u64) -> Headers {
    let timestamp = at_ms / 1000;
    let mac = hmac_sha256::HMAC::mac(format!("v0:{timestamp}:{body}"), secret);
    let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![
        ("content-type".to_owned(), "application/json; charset=utf-8".to_owned()),
        ("x-zm-request-timestamp".to_owned(), timestamp.to_string()),
        ("x-zm-signature".to_owned(), format!("v0={hex}")),
    ]
}

/// Signed as Zoom signs.
pub(crate) fn by_zoom(body: &str, at_ms: u64) -> Headers {
    signed(body, SIGNING_SECRET, at_ms)
}
