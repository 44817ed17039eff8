//! Cloud recordings: what was recorded, and which links and tokens lead to the files.

pub(crate) mod kind;
mod life;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixMs,
    ids::Ids,
    meetings::{DAY_MS, Instance, Meeting},
};

/// A delivery's token opens its files so long.
const TOKEN_LIFE_MS: i64 = DAY_MS;

/// What of a meeting was recorded, and how Zoom tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewRecording {
    /// The instance; the meeting's last one if absent.
    pub uuid: Option<String>,
    /// The files; a video, its sound, the chat and the timeline if absent.
    pub files: Option<Vec<NewFile>>,
    /// Passcode of the recording: drawn if absent, none if empty.
    pub passcode: Option<String>,
    /// Sends `recording.transcript_completed` so many milliseconds later on the simulation's clock.
    pub transcript_after_ms: Option<u64>,
    /// For so many milliseconds the files are `processing`, as the event then says, and cannot be had.
    pub ready_after_ms: u64,
    /// The event comes twice, told apart by `download_url` and `download_token` alone.
    pub twins: bool,
    /// The meeting's number is a string in the event.
    pub id_as_string: bool,
    /// The files have `""` for `recording_start` in the event.
    pub empty_recording_start: bool,
    /// Links in the event lead below this address instead of the account's own: for links that a plugin must
    /// neither show nor follow.
    pub links_at: Option<String>,
    /// The event has no `download_token`, as Zoom's own samples of transcripts.
    pub without_token: bool,
    /// No event: only the API knows.
    pub silent: bool,
}

/// A file of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewFile {
    /// Zoom's `recording_type`: `shared_screen_with_speaker_view`, `audio_only`, `chat_file`,
    /// `audio_transcript`, `timeline` and so on.
    pub recording_type: String,
    /// What is in it; made up if absent.
    pub content: Option<String>,
    /// So many made-up bytes instead.
    pub size: Option<u64>,
    /// `file_size` of the event and the API, where that is to be wrong.
    pub announced_size: Option<u64>,
    /// When this part was begun, if the recording was stopped and begun anew; when the host began it, else
    /// the instance's start, if absent.
    pub starts_ms: Option<UnixMs>,
    /// When this part was ended; the instance's end if absent.
    pub ends_ms: Option<UnixMs>,
}

impl NewFile {
    /// A file of this `recording_type` with contents made up.
    pub fn new(recording_type: impl Into<String>) -> Self {
        Self { recording_type: recording_type.into(), ..Self::default() }
    }
}

/// What the host does with a recording while the meeting runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingStep {
    /// It is begun: `recording.started`.
    Started,
    /// It rests: `recording.paused`.
    Paused,
    /// It goes on: `recording.resumed`.
    Resumed,
    /// It is over: `recording.stopped`. What was recorded comes after the meeting.
    Stopped,
}

impl RecordingStep {
    pub(crate) fn event(self) -> &'static str {
        match self {
            Self::Started => "recording.started",
            Self::Paused => "recording.paused",
            Self::Resumed => "recording.resumed",
            Self::Stopped => "recording.stopped",
        }
    }
}

/// The recording of one instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recording {
    /// Number of the recording in the simulation, counted from 1.
    pub number: u64,
    /// Uuid of the recorded instance.
    pub uuid: String,
    /// The meeting's number, as in webhooks: of the personal meeting where it took place there.
    pub meeting_id: u64,
    /// The number it was started by.
    pub started_as: u64,
    /// Zoom's id of the host.
    pub host_id: String,
    /// Address of the host.
    pub host_email: String,
    /// Title.
    pub topic: String,
    /// `type` of the meeting.
    #[serde(rename = "type")]
    pub kind: u8,
    /// IANA name.
    pub timezone: String,
    /// When the instance started.
    pub started_ms: UnixMs,
    /// When the instance ended, or when it was recorded if it still ran.
    pub ended_ms: UnixMs,
    /// Passcode; empty if there is none.
    pub password: String,
    /// The passcode's form in links to the player.
    pub play_passcode: String,
    /// Link to all files.
    pub share_url: String,
    /// The files.
    pub files: Vec<RecordingFile>,
}

/// A recorded file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordingFile {
    /// A GUID.
    pub id: String,
    /// Zoom's `recording_type`.
    pub recording_type: &'static str,
    /// `MP4`, `M4A`, `CHAT`, `TRANSCRIPT`, `TIMELINE` and so on.
    pub file_type: &'static str,
    /// `MP4`, `M4A`, `TXT`, `VTT`, `JSON` and so on.
    pub file_extension: &'static str,
    /// When this part was begun.
    pub starts_ms: UnixMs,
    /// When it was ended.
    pub ends_ms: UnixMs,
    /// Size that Zoom states, in bytes.
    pub size: u64,
    /// Link to the player, for what can be played.
    pub play_url: Option<String>,
    /// From when on it can be had.
    pub ready_ms: UnixMs,
    /// Of a file whose content was given or made up as a text.
    #[serde(skip)]
    pub(crate) content: Vec<u8>,
}

impl RecordingFile {
    /// Zoom's word for its state.
    pub fn status(&self, now_ms: UnixMs) -> &'static str {
        if now_ms < self.ready_ms { "processing" } else { "completed" }
    }
}

impl Recording {
    /// Length of the instance in minutes.
    pub(crate) fn minutes(&self) -> u64 {
        (self.ended_ms - self.started_ms).max(0).unsigned_abs().div_ceil(60_000)
    }

    fn new(number: u64, room: &Meeting, instance: &Instance, now_ms: UnixMs) -> Self {
        Self {
            number,
            uuid: instance.uuid.clone(),
            meeting_id: room.id,
            started_as: instance.started_as,
            host_id: room.host_id.clone(),
            host_email: room.host_email.clone(),
            topic: instance.topic.clone(),
            kind: instance.kind,
            timezone: room.timezone.clone(),
            started_ms: instance.started_ms,
            ended_ms: instance.ended_ms.unwrap_or(now_ms),
            password: String::new(),
            play_passcode: String::new(),
            share_url: String::new(),
            files: Vec::new(),
        }
    }
}

/// How downloads behave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Downloads {
    /// Where a download link leads.
    pub redirect: Redirect,
    /// What comes from there.
    pub body: FileBody,
    /// What whoever has no good token gets.
    pub refusal: Refusal,
}

/// What Zoom answers to a download without a token that it likes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A redirect to the page to sign in to, which comes with status 200: whoever follows it gets a page in place
    /// of the file.
    #[default]
    SignIn,
    /// Status 401.
    Status,
}

/// Where a download link leads. The address behind it needs no token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redirect {
    /// To the file itself, without a redirect.
    None,
    /// To another path of the same origin.
    #[default]
    SameOrigin,
    /// To another port of the simulation, `http://127.0.0.1:<port>`: a caller may follow, but must not send
    /// the token there.
    OtherOrigin,
    /// Back to itself by way of another path.
    Loop,
    /// To the same path below this address.
    To(String),
}

/// What comes from behind a download link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileBody {
    /// The file.
    #[default]
    Whole,
    /// Bytes without end, and no length stated.
    Endless,
    /// This `Content-Length` in bytes, and as many of them as the caller takes.
    Announced(u64),
    /// The right length stated, half of it sent, and the connection ended.
    Cut,
}

/// The account's recordings.
#[derive(Debug, Default)]
pub(crate) struct Recordings {
    all: Vec<Recording>,
    links: BTreeMap<String, FileKey>,
    tokens: BTreeMap<String, Token>,
    /// When the recording of a running instance was begun, by uuid.
    pub(crate) begun_ms: BTreeMap<String, UnixMs>,
    pub(crate) downloads: Downloads,
}

/// Names a file of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileKey {
    pub(crate) recording: u64,
    pub(crate) file: String,
}

#[derive(Debug)]
struct Token {
    recording: u64,
    until_ms: UnixMs,
}

impl Recordings {
    pub(crate) fn all(&self) -> &[Recording] {
        &self.all
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Recording> {
        self.all.iter().find(|recording| recording.number == number)
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut Recording> {
        self.all.iter_mut().find(|recording| recording.number == number)
    }

    pub(crate) fn next_number(&self) -> u64 {
        self.all.len() as u64 + 1
    }

    pub(crate) fn push(&mut self, recording: Recording) {
        self.all.push(recording);
    }

    pub(crate) fn by_uuid(&self, uuid: &str) -> Option<&Recording> {
        self.all.iter().find(|recording| recording.uuid == uuid)
    }

    /// The last recording of a number.
    pub(crate) fn by_meeting(&self, id: u64) -> Option<&Recording> {
        let is_of = |recording: &&Recording| recording.meeting_id == id || recording.started_as == id;
        self.all.iter().filter(is_of).max_by_key(|recording| recording.started_ms)
    }

    /// The file behind a link.
    pub(crate) fn file(&self, link: &str) -> Option<(&Recording, &RecordingFile)> {
        let key = self.links.get(link)?;
        let recording = self.get(key.recording)?;
        let file = recording.files.iter().find(|file| file.id == key.file)?;
        Some((recording, file))
    }

    /// A new link to a file; each delivery has its own.
    pub(crate) fn link(&mut self, recording: u64, file: &str, ids: &mut Ids) -> String {
        let link = ids.token(40);
        self.links.insert(link.clone(), FileKey { recording, file: file.to_owned() });
        link
    }

    /// A second link to the same file.
    pub(crate) fn link_like(&mut self, link: &str, ids: &mut Ids) -> Option<String> {
        let FileKey { recording, file } = self.links.get(link)?.clone();
        Some(self.link(recording, &file, ids))
    }

    /// A token for the files of a recording, for a day or for `life_ms`.
    pub(crate) fn token(
        &mut self,
        recording: u64,
        life_ms: Option<i64>,
        ids: &mut Ids,
        now_ms: UnixMs,
    ) -> String {
        let token = ids.token(64);
        let until_ms = now_ms.saturating_add(life_ms.unwrap_or(TOKEN_LIFE_MS));
        self.tokens.insert(token.clone(), Token { recording, until_ms });
        token
    }

    /// Whether a token opens the files of a recording.
    pub(crate) fn opens(&self, token: &str, recording: u64, now_ms: UnixMs) -> bool {
        let token = self.tokens.get(token);
        token.is_some_and(|token| token.recording == recording && now_ms < token.until_ms)
    }
}
