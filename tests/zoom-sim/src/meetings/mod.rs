//! Meetings: what they are and what state they are in. How they change is in [`life`], how they are
//! made from a request in [`fields`].

pub(crate) mod fields;
pub(crate) mod life;
pub(crate) mod recurrence;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::clock::UnixMs;
use recurrence::{Occurrence, Recurrence};

/// A scheduled meeting is forgotten this long after its time.
const SCHEDULED_LIFE_MS: i64 = 30 * DAY_MS;
/// A recurring meeting is forgotten this long after it was last used.
const RECURRING_LIFE_MS: i64 = 365 * DAY_MS;
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Zoom's `type` of meetings.
pub(crate) mod kind {
    pub(crate) const INSTANT: u8 = 1;
    pub(crate) const SCHEDULED: u8 = 2;
    pub(crate) const RECURRING: u8 = 3;
    pub(crate) const PERSONAL: u8 = 4;
    pub(crate) const RECURRING_FIXED: u8 = 8;
    pub(crate) const SCREEN_SHARE: u8 = 10;
}

/// A meeting number with what Zoom knows about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Meeting {
    /// The number: 10 or 11 digits, above 2^31.
    pub id: u64,
    /// Zoom's id of the host.
    pub host_id: String,
    /// Address of the host.
    pub host_email: String,
    /// Title.
    pub topic: String,
    /// Description.
    pub agenda: String,
    /// 1 instant, 2 scheduled, 3 recurring without fixed time, 4 personal, 8 recurring at fixed times,
    /// 10 screen share only.
    #[serde(rename = "type")]
    pub kind: u8,
    /// Planned start of a scheduled meeting, first one of a meeting that repeats at fixed times.
    pub start_time_ms: Option<UnixMs>,
    /// Planned length in minutes, 0 for an instant meeting. The real length is in [`Instance`].
    pub duration_min: u32,
    /// IANA name.
    pub timezone: String,
    /// When it was made.
    pub created_ms: UnixMs,
    /// Passcode, empty if there is none.
    pub password: String,
    /// The passcode's form in join links.
    pub encrypted_password: String,
    /// The passcode for telephones and room systems.
    pub dial_in_password: String,
    /// Link for participants, with the passcode.
    pub join_url: String,
    /// Link for the host. A secret: whoever opens it is the host.
    pub start_url: String,
    /// Number of the personal meeting in which this one takes place; webhooks carry that number.
    pub pmi: Option<u64>,
    /// How it repeats, if it does so at fixed times.
    pub recurrence: Option<Recurrence>,
    /// When it repeats.
    pub occurrences: Vec<Occurrence>,
    /// Zoom's `settings` object.
    pub settings: Map<String, Value>,
    /// Uuid of the running instance, else of the next one.
    pub uuid: String,
    /// What is running now.
    pub running: Option<Instance>,
    /// What has ended, oldest first.
    pub past: Vec<Instance>,
    /// Deleted meetings stay for `recover`.
    pub deleted: bool,
}

/// One session of a meeting, from start to end, known by its uuid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instance {
    /// Base64 of 16 bytes; may begin with `/` and may contain `//`, `+` and `=`.
    pub uuid: String,
    /// The number it was started by: the personal meeting's, or that of a meeting which takes place there.
    pub started_as: u64,
    /// Title at the start.
    pub topic: String,
    /// `type` of the meeting it was started by.
    #[serde(rename = "type")]
    pub kind: u8,
    /// When it started.
    pub started_ms: UnixMs,
    /// When it ended; absent while it runs.
    pub ended_ms: Option<UnixMs>,
    /// Every connection so far.
    pub participants: Vec<Participant>,
}

/// One connection to a meeting; who comes back has a second one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Participant {
    /// Zoom's `user_id`: names the connection, not the person.
    pub user_id: String,
    /// Name shown in the meeting.
    pub user_name: String,
    /// Zoom's id of the person; empty for guests.
    pub id: String,
    /// Address; empty for guests.
    pub email: String,
    /// GUID of the connection.
    pub participant_uuid: String,
    /// When the connection was made.
    pub joined_ms: UnixMs,
    /// When it ended; absent while it lasts.
    pub left_ms: Option<UnixMs>,
}

/// Where a meeting is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingStatus {
    /// Can be started.
    Waiting,
    /// Runs.
    Started,
    /// Over, forgotten or deleted: the API answers 404/3001.
    Ended,
}

/// The account's meetings by number, personal ones among them.
#[derive(Debug, Default)]
pub(crate) struct Meetings(BTreeMap<u64, Meeting>);

impl Meetings {
    pub(crate) fn get(&self, id: u64) -> Option<&Meeting> {
        self.0.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut Meeting> {
        self.0.get_mut(&id)
    }

    pub(crate) fn insert(&mut self, meeting: Meeting) {
        self.0.insert(meeting.id, meeting);
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Meeting> {
        self.0.values()
    }

    /// Where the meeting takes place: itself, or the host's personal meeting.
    pub(crate) fn room(&self, id: u64) -> Option<&Meeting> {
        self.get(self.room_of(id)?)
    }

    pub(crate) fn room_mut(&mut self, id: u64) -> Option<&mut Meeting> {
        self.get_mut(self.room_of(id)?)
    }

    pub(crate) fn status(&self, id: u64, now_ms: UnixMs) -> MeetingStatus {
        let (Some(meeting), Some(room)) = (self.get(id), self.room(id)) else {
            return MeetingStatus::Ended;
        };
        let started_by_this = |instance: &Instance| instance.started_as == id;
        if room.running.as_ref().is_some_and(|running| id == room.id || started_by_this(running)) {
            return MeetingStatus::Started;
        }
        let was_used = room.past.iter().any(started_by_this);
        let last_used_ms = room
            .past
            .iter()
            .rev()
            .find(|instance| started_by_this(instance))
            .and_then(|instance| instance.ended_ms)
            .unwrap_or(meeting.created_ms);
        let over = match meeting.kind {
            kind::INSTANT | kind::SCREEN_SHARE => was_used,
            kind::SCHEDULED => {
                let due_ms = meeting.start_time_ms.unwrap_or(meeting.created_ms).max(last_used_ms);
                now_ms > due_ms.saturating_add(SCHEDULED_LIFE_MS)
            }
            kind::RECURRING | kind::RECURRING_FIXED => {
                let planned_ms = meeting.occurrences.last().map_or(last_used_ms, Occurrence::start_ms);
                now_ms > last_used_ms.max(planned_ms).saturating_add(RECURRING_LIFE_MS)
            }
            _ => false,
        };
        if over || meeting.deleted { MeetingStatus::Ended } else { MeetingStatus::Waiting }
    }

    /// The meeting if the API would show it.
    pub(crate) fn visible(&self, id: u64, now_ms: UnixMs) -> Option<&Meeting> {
        self.get(id).filter(|_| self.status(id, now_ms) != MeetingStatus::Ended)
    }

    /// An ended instance by its uuid, with the number it is known by.
    pub(crate) fn past_by_uuid(&self, uuid: &str) -> Option<(&Meeting, &Instance)> {
        self.all().find_map(|meeting| {
            let instance = meeting.past.iter().find(|instance| instance.uuid == uuid)?;
            Some((meeting, instance))
        })
    }

    /// The last ended instance of a number.
    pub(crate) fn past_by_id(&self, id: u64) -> Option<(&Meeting, &Instance)> {
        let room = self.room(id)?;
        let instance = room.past.iter().rev().find(|instance| room.id == id || instance.started_as == id)?;
        Some((room, instance))
    }

    /// The next planned start of a meeting: of one that repeats at fixed times the first that lies ahead,
    /// else the last.
    pub(crate) fn next_start_ms(meeting: &Meeting, now_ms: UnixMs) -> Option<UnixMs> {
        let left = || meeting.occurrences.iter().filter(|occurrence| occurrence.is_available());
        let starts = || left().map(Occurrence::start_ms);
        starts()
            .find(|start_ms| *start_ms >= now_ms)
            .or_else(|| starts().next_back())
            .or(meeting.start_time_ms)
    }

    fn room_of(&self, id: u64) -> Option<u64> {
        let meeting = self.get(id)?;
        Some(meeting.pmi.unwrap_or(meeting.id))
    }
}

impl Instance {
    /// Who is connected now.
    pub fn present(&self) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(|participant| participant.left_ms.is_none())
    }
}

/// A meeting with its status, as the control API shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct MeetingView {
    /// The meeting. The running and past instances are those of the room it takes place in.
    pub meeting: Meeting,
    /// Where it is in its life.
    pub status: MeetingStatus,
}

impl Serialize for MeetingView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Flat<'a> {
            #[serde(flatten)]
            meeting: &'a Meeting,
            status: MeetingStatus,
        }
        Flat { meeting: &self.meeting, status: self.status }.serialize(serializer)
    }
}
