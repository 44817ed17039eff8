//! What happens to meetings, and the webhooks that tell of it.

use serde::{Deserialize, Serialize};

use super::{Instance, Meeting, MeetingStatus, Participant, fields, fields::MeetingFields, kind};
use crate::{
    SimError, User,
    clock::UnixMs,
    config::FirstUuid,
    ids::UuidOf,
    sim::State,
    users::{PersonalMeeting, UserStatus},
    webhook::event::{self, Envelope},
};

/// Who joins a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attendee {
    /// A user of the account, by id or address.
    User(String),
    /// Someone from outside under this name: id and address are empty in webhooks.
    Guest(String),
}

impl State {
    /// Makes a meeting. The fields are checked already.
    pub(crate) fn create_meeting(
        &mut self,
        host: &User,
        said: MeetingFields,
        now_ms: UnixMs,
    ) -> Result<Meeting, SimError> {
        if host.status != UserStatus::Active {
            return Err(SimError::HostNotActive(host.id.clone()));
        }
        let meeting = self.new_meeting(host, said, now_ms);
        self.meetings.insert(meeting.clone());
        // Zoom announces planned meetings; for instant ones it is not reliable.
        if meeting.kind != kind::INSTANT {
            let operator = self.operator(host);
            self.emit("meeting.created", now_ms, |account| {
                Envelope::new("meeting.created", now_ms, event::created(account, &operator, &meeting))
            });
        }
        Ok(meeting)
    }

    /// Changes what was said, and tells of it.
    pub(crate) fn update_meeting(
        &mut self,
        id: u64,
        said: MeetingFields,
        now_ms: UnixMs,
    ) -> Result<(), SimError> {
        let encrypted_password = self.encrypted_password();
        let before = self.meetings.get(id).ok_or(SimError::NoSuchMeeting(id))?.clone();
        let mut after = before.clone();
        apply(&mut after, said, now_ms);
        if after.password != before.password {
            after.encrypted_password =
                if after.password.is_empty() { String::new() } else { encrypted_password };
            after.join_url = self.join_url(after.pmi.unwrap_or(id), &after.encrypted_password);
        }
        self.meetings.insert(after.clone());
        if let (Some(host), true) = (self.users.find(&after.host_id).cloned(), before != after) {
            let operator = self.operator(&host);
            self.emit("meeting.updated", now_ms, |account| {
                let payload = event::updated(account, &operator, &before, &after, now_ms);
                Envelope::new("meeting.updated", now_ms, payload)
            });
        }
        Ok(())
    }

    pub(crate) fn delete_meeting(&mut self, id: u64, now_ms: UnixMs) -> Result<(), SimError> {
        let meeting = self.meetings.get_mut(id).ok_or(SimError::NoSuchMeeting(id))?;
        meeting.deleted = true;
        let meeting = meeting.clone();
        if let Some(host) = self.users.find(&meeting.host_id).cloned() {
            let operator = self.operator(&host);
            self.emit("meeting.deleted", now_ms, |account| {
                Envelope::new("meeting.deleted", now_ms, event::deleted(account, &operator, &meeting))
            });
        }
        Ok(())
    }

    /// Takes one occurrence out of a meeting that repeats at fixed times.
    pub(crate) fn delete_occurrence(
        &mut self,
        id: u64,
        occurrence_id: &str,
        now_ms: UnixMs,
    ) -> Result<(), SimError> {
        let meeting = self.meetings.get_mut(id).ok_or(SimError::NoSuchMeeting(id))?;
        let occurrence = meeting
            .occurrences
            .iter_mut()
            .find(|occurrence| occurrence.occurrence_id == occurrence_id && occurrence.is_available())
            .ok_or_else(|| SimError::Fields(vec!["occurrence_id".into()]))?;
        occurrence.status = "deleted";
        let gone = occurrence.clone();
        let meeting = meeting.clone();
        if let Some(host) = self.users.find(&meeting.host_id).cloned() {
            let operator = self.operator(&host);
            self.emit("meeting.deleted", now_ms, |account| {
                let payload = event::occurrence_deleted(account, &operator, &meeting, gone);
                Envelope::new("meeting.deleted", now_ms, payload)
            });
        }
        Ok(())
    }

    /// A meeting by number starts: its host opened it. A meeting that is over can be opened again.
    pub(crate) fn start_meeting(&mut self, id: u64, now_ms: UnixMs) -> Result<Instance, SimError> {
        let fresh = self.ids.uuid(UuidOf::Start);
        self.check_personal_meeting(id)?;
        let meeting = self.meetings.get(id).ok_or(SimError::NoSuchMeeting(id))?;
        let (topic, kind, created_uuid) = (meeting.topic.clone(), meeting.kind, meeting.uuid.clone());
        let in_own_room = meeting.pmi.is_none();
        let room = self.meetings.room_mut(id).ok_or(SimError::NoSuchMeeting(id))?;
        if room.running.is_some() {
            return Err(SimError::AlreadyStarted(id));
        }
        let first = in_own_room && room.past.is_empty();
        let keeps = first && self.config.first_uuid == FirstUuid::AsCreated;
        let instance = Instance {
            uuid: if keeps { created_uuid } else { fresh },
            started_as: id,
            topic,
            kind: if in_own_room { kind } else { kind::PERSONAL },
            started_ms: now_ms,
            ended_ms: None,
            participants: Vec::new(),
        };
        room.uuid.clone_from(&instance.uuid);
        room.running = Some(instance.clone());
        self.emit_life("meeting.started", id, &instance, now_ms);
        Ok(instance)
    }

    pub(crate) fn join_meeting(
        &mut self,
        id: u64,
        who: &Attendee,
        now_ms: UnixMs,
    ) -> Result<Participant, SimError> {
        let (user_name, user_id, email) = match who {
            Attendee::Guest(name) => (name.clone(), String::new(), String::new()),
            Attendee::User(key) => {
                let user = self.users.find(key).ok_or_else(|| SimError::NoSuchUser(key.clone()))?;
                (user.display_name.clone(), user.id.clone(), user.email.clone())
            }
        };
        let participant = Participant {
            user_id: self.ids.connection(),
            user_name,
            id: user_id,
            email,
            participant_uuid: self.ids.guid(),
            joined_ms: now_ms,
            left_ms: None,
        };
        let running = self.running_mut(id)?;
        running.participants.push(participant.clone());
        let instance = running.clone();
        self.emit_participant("meeting.participant_joined", id, (&instance, &participant), now_ms);
        Ok(participant)
    }

    pub(crate) fn leave_meeting(
        &mut self,
        id: u64,
        user_id: &str,
        now_ms: UnixMs,
    ) -> Result<Participant, SimError> {
        let running = self.running_mut(id)?;
        let connection = running
            .participants
            .iter_mut()
            .find(|participant| participant.user_id == user_id && participant.left_ms.is_none());
        let Some(participant) = connection else {
            return Err(SimError::NoSuchParticipant { meeting: id, user_id: user_id.to_owned() });
        };
        participant.left_ms = Some(now_ms);
        let participant = participant.clone();
        let instance = running.clone();
        self.emit_participant("meeting.participant_left", id, (&instance, &participant), now_ms);
        Ok(participant)
    }

    /// The host ends the meeting for all: who is still there leaves, then it is over.
    pub(crate) fn end_meeting(&mut self, id: u64, now_ms: UnixMs) -> Result<Instance, SimError> {
        let present: Vec<String> =
            self.running_mut(id)?.present().map(|participant| participant.user_id.clone()).collect();
        for user_id in present {
            self.leave_meeting(id, &user_id, now_ms)?;
        }
        let next_uuid = self.ids.uuid(UuidOf::NextInstance);
        let room = self.meetings.room_mut(id).ok_or(SimError::NoSuchMeeting(id))?;
        let mut instance = room.running.take().ok_or(SimError::NotStarted(id))?;
        instance.ended_ms = Some(now_ms);
        room.past.push(instance.clone());
        room.uuid = next_uuid;
        self.emit_life("meeting.ended", id, &instance, now_ms);
        Ok(instance)
    }

    /// Brings a deleted meeting back.
    pub(crate) fn recover_meeting(&mut self, id: u64) -> Result<(), SimError> {
        let meeting = self.meetings.get_mut(id).filter(|meeting| meeting.deleted);
        meeting.ok_or(SimError::NoSuchMeeting(id))?.deleted = false;
        Ok(())
    }

    /// The personal meeting that comes with a user.
    pub(crate) fn personal_meeting(&mut self, user: &User, passcode: (String, String), now_ms: UnixMs) {
        let (password, encrypted_password) = passcode;
        let meeting = Meeting {
            id: user.pmi,
            host_id: user.id.clone(),
            host_email: user.email.clone(),
            topic: format!("{}'s Personal Meeting Room", user.display_name),
            agenda: String::new(),
            kind: kind::PERSONAL,
            start_time_ms: None,
            duration_min: 0,
            timezone: user.timezone.clone(),
            created_ms: now_ms,
            password,
            encrypted_password,
            dial_in_password: self.ids.digits(6),
            join_url: user.personal_meeting_url.clone(),
            start_url: self.start_url(user.pmi),
            pmi: None,
            recurrence: None,
            occurrences: Vec::new(),
            settings: fields::default_settings(),
            uuid: self.ids.uuid(UuidOf::NewMeeting),
            running: None,
            past: Vec::new(),
            deleted: false,
        };
        self.meetings.insert(meeting);
    }

    pub(crate) fn join_url(&self, id: u64, encrypted_password: &str) -> String {
        let web_url = &self.config.web_url;
        if encrypted_password.is_empty() {
            format!("{web_url}/j/{id}")
        } else {
            format!("{web_url}/j/{id}?pwd={encrypted_password}")
        }
    }

    fn start_url(&mut self, id: u64) -> String {
        format!("{}/s/{id}?zak={}", self.config.web_url, self.ids.token(32))
    }

    fn new_meeting(&mut self, host: &User, said: MeetingFields, now_ms: UnixMs) -> Meeting {
        let kind = said.kind.unwrap_or(kind::SCHEDULED);
        let id = self.free_number();
        let mut settings = fields::default_settings();
        settings.extend(said.settings);
        let is_on = |name: &str| settings.get(name).and_then(serde_json::Value::as_bool) == Some(true);
        let pmi = (is_on("use_pmi") && host.personal_meeting == PersonalMeeting::On).then_some(host.pmi);
        let wants_passcode = said.default_password || self.config.require_passcode;
        let personal = pmi.and_then(|pmi| self.meetings.get(pmi));
        let (password, encrypted_password) = match (personal, said.password) {
            (Some(personal), _) => (personal.password.clone(), personal.encrypted_password.clone()),
            (None, Some(password)) if !password.is_empty() => (password, self.encrypted_password()),
            (None, _) if wants_passcode => (self.ids.token(6), self.encrypted_password()),
            (None, _) => (String::new(), String::new()),
        };
        // Zoom never leaves a meeting without any protection.
        if password.is_empty() && !is_on("meeting_authentication") {
            settings.insert("waiting_room".into(), true.into());
        }
        // What Zoom says where the personal meeting is switched off is not known; it is passed over.
        settings.insert("use_pmi".into(), pmi.is_some().into());
        let dial_in_password = if password.is_empty() { String::new() } else { self.ids.digits(6) };
        let mut meeting = Meeting {
            id,
            host_id: host.id.clone(),
            host_email: host.email.clone(),
            topic: said.topic.filter(|topic| !topic.is_empty()).unwrap_or_else(|| "Zoom Meeting".into()),
            agenda: said.agenda.unwrap_or_default(),
            kind,
            start_time_ms: match kind {
                kind::SCHEDULED | kind::RECURRING_FIXED => Some(said.start_time_ms.unwrap_or(now_ms)),
                _ => None,
            },
            duration_min: match kind {
                kind::SCHEDULED | kind::RECURRING | kind::RECURRING_FIXED => said.duration_min.unwrap_or(60),
                _ => 0,
            },
            timezone: said.timezone.unwrap_or_else(|| host.timezone.clone()),
            created_ms: now_ms,
            join_url: self.join_url(pmi.unwrap_or(id), &encrypted_password),
            start_url: self.start_url(id),
            password,
            encrypted_password,
            dial_in_password,
            pmi,
            recurrence: said.recurrence.filter(|_| kind == kind::RECURRING_FIXED),
            occurrences: Vec::new(),
            settings,
            uuid: self.ids.uuid(UuidOf::NewMeeting),
            running: None,
            past: Vec::new(),
            deleted: false,
        };
        plan(&mut meeting);
        meeting
    }

    /// Whether the API shows the meeting.
    pub(crate) fn visible(&self, id: u64, now_ms: UnixMs) -> Option<&Meeting> {
        self.meetings.visible(id, now_ms).filter(|_| self.check_personal_meeting(id).is_ok())
    }

    /// Refuses what takes place in a personal meeting that is switched off.
    fn check_personal_meeting(&self, id: u64) -> Result<(), SimError> {
        let room = self.meetings.room(id).filter(|room| room.kind == kind::PERSONAL);
        let host = room.and_then(|room| self.users.find(&room.host_id));
        match host.filter(|host| host.personal_meeting != PersonalMeeting::On) {
            Some(host) => Err(SimError::PersonalMeetingOff(host.email.clone())),
            None => Ok(()),
        }
    }

    fn free_number(&mut self) -> u64 {
        loop {
            let id = self.ids.meeting_number();
            if self.meetings.get(id).is_none() {
                return id;
            }
        }
    }

    /// The passcode's form in links: letters and digits, a dot and a version.
    pub(crate) fn encrypted_password(&mut self) -> String {
        format!("{}.1", self.ids.token(32))
    }

    fn running_mut(&mut self, id: u64) -> Result<&mut Instance, SimError> {
        let room = self.meetings.room_mut(id).ok_or(SimError::NoSuchMeeting(id))?;
        room.running.as_mut().ok_or(SimError::NotStarted(id))
    }

    /// Who acts for a token of the account: its owner.
    fn operator(&self, host: &User) -> User {
        self.users.owner().unwrap_or(host).clone()
    }

    fn emit_life(&mut self, name: &'static str, id: u64, instance: &Instance, now_ms: UnixMs) {
        let Some(room) = self.meetings.room(id).cloned() else { return };
        let quirks = self.webhook.quirks();
        self.emit(name, now_ms, |account| {
            Envelope::new(name, now_ms, event::life(account, &room, instance, quirks))
        });
    }

    fn emit_participant(
        &mut self,
        name: &'static str,
        id: u64,
        (instance, participant): (&Instance, &Participant),
        now_ms: UnixMs,
    ) {
        let Some(room) = self.meetings.room(id).cloned() else { return };
        self.emit(name, now_ms, |account| {
            Envelope::new(name, now_ms, event::participant(account, &room, instance, participant))
        });
    }
}

/// An update; a start in the past is passed over, as Zoom does. Where the meeting takes place stays.
fn apply(meeting: &mut Meeting, mut said: MeetingFields, now_ms: UnixMs) {
    said.settings.remove("use_pmi");
    set(&mut meeting.topic, said.topic);
    set(&mut meeting.agenda, said.agenda);
    set(&mut meeting.timezone, said.timezone);
    set(&mut meeting.duration_min, said.duration_min);
    set(&mut meeting.password, said.password);
    if let Some(start_time_ms) = said.start_time_ms.filter(|start_ms| *start_ms >= now_ms) {
        meeting.start_time_ms = Some(start_time_ms);
    }
    if meeting.recurrence.is_some() && said.recurrence.is_some() {
        meeting.recurrence = said.recurrence;
    }
    meeting.settings.extend(said.settings);
    plan(meeting);
}

/// The occurrences that follow from the meeting's rule; those that were deleted and still fit stay so.
fn plan(meeting: &mut Meeting) {
    let (Some(recurrence), Some(start_ms)) = (&meeting.recurrence, meeting.start_time_ms) else { return };
    let mut planned = recurrence.occurrences(start_ms, &meeting.timezone, meeting.duration_min);
    for occurrence in &mut planned {
        let before = meeting.occurrences.iter().find(|old| old.occurrence_id == occurrence.occurrence_id);
        occurrence.status = before.map_or(occurrence.status, |old| old.status);
    }
    meeting.occurrences = planned;
}

fn set<T>(field: &mut T, said: Option<T>) {
    if let Some(said) = said {
        *field = said;
    }
}

impl MeetingStatus {
    /// Zoom's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Started => "started",
            Self::Ended => "ended",
        }
    }
}
