//! The bodies of webhooks.
//!
//! Field order and JSON types are Zoom's: a receiver may verify the signature over
//! `JSON.stringify(JSON.parse(body))`, so a body must come out of that unchanged, byte for byte. Hence
//! typed structs (a map would sort its keys), compact JSON, and no number above 2^53.

use serde::Serialize;

use crate::{
    Instance, Meeting, Occurrence, Participant, Recurrence, User,
    clock::{UnixMs, iso},
};

/// Deviations of Zoom's deliveries from each other that a receiver must bear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quirks {
    pub(crate) meeting_id_as_number: bool,
    pub(crate) omit_end_time: bool,
}

/// What every event is wrapped in.
#[derive(Serialize)]
pub(crate) struct Envelope<P> {
    event: &'static str,
    event_ts: UnixMs,
    payload: P,
}

impl<P: Serialize> Envelope<P> {
    pub(crate) fn new(event: &'static str, event_ts: UnixMs, payload: P) -> Self {
        Self { event, event_ts, payload }
    }
}

#[derive(Serialize)]
pub(crate) struct Payload<O> {
    account_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    object: O,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_object: Option<O>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_stamp: Option<UnixMs>,
}

impl<O> Payload<O> {
    fn new(account_id: &str, object: O) -> Self {
        Self {
            account_id: account_id.to_owned(),
            operator: None,
            operator_id: None,
            operation: None,
            object,
            old_object: None,
            time_stamp: None,
        }
    }

    fn by(mut self, operator: &User) -> Self {
        self.operator = Some(operator.email.clone());
        self.operator_id = Some(operator.id.clone());
        self
    }
}

/// `meeting.started` and `meeting.ended`: no host address and no link; the duration is the planned one.
pub(crate) fn life(
    account_id: &str,
    room: &Meeting,
    instance: &Instance,
    quirks: Quirks,
) -> Payload<Running> {
    let mut object = Running::new(room, instance);
    if quirks.meeting_id_as_number {
        object.id = Id::Number(room.id);
    }
    object.end_time = instance.ended_ms.filter(|_| !quirks.omit_end_time).map(iso);
    Payload::new(account_id, object)
}

/// `meeting.participant_joined` and `meeting.participant_left`.
pub(crate) fn participant(
    account_id: &str,
    room: &Meeting,
    instance: &Instance,
    participant: &Participant,
) -> Payload<Running> {
    let mut object = Running::new(room, instance);
    object.participant = Some(Attending::new(participant));
    Payload::new(account_id, object)
}

/// `meeting.created`.
pub(crate) fn created(account_id: &str, operator: &User, meeting: &Meeting) -> Payload<Planned> {
    let mut object = Planned::new(meeting);
    object.join_url = Some(meeting.join_url.clone());
    object.password = Some(meeting.password.clone());
    object.pmi = meeting.pmi.map(|pmi| pmi.to_string());
    object.occurrences.clone_from(&meeting.occurrences);
    object.recurrence.clone_from(&meeting.recurrence);
    object.settings = Some(PlannedSettings::new(meeting));
    let mut payload = Payload::new(account_id, object).by(operator);
    payload.operation = Some("single");
    payload
}

/// `meeting.deleted`.
pub(crate) fn deleted(account_id: &str, operator: &User, meeting: &Meeting) -> Payload<Planned> {
    let mut payload = Payload::new(account_id, Planned::new(meeting)).by(operator);
    payload.operation = Some("all");
    payload
}

/// `meeting.deleted` of one occurrence.
pub(crate) fn occurrence_deleted(
    account_id: &str,
    operator: &User,
    meeting: &Meeting,
    mut gone: Occurrence,
) -> Payload<Planned> {
    gone.status = "deleted";
    let mut object = Planned::new(meeting);
    object.occurrences = vec![gone];
    let mut payload = Payload::new(account_id, object).by(operator);
    payload.operation = Some("single");
    payload
}

/// `meeting.updated`: only what changed, now and before.
pub(crate) fn updated(
    account_id: &str,
    operator: &User,
    before: &Meeting,
    after: &Meeting,
    now_ms: UnixMs,
) -> Payload<Changed> {
    let mut payload = Payload::new(account_id, Changed::new(after, before)).by(operator);
    payload.old_object = Some(Changed::new(before, after));
    payload.time_stamp = Some(now_ms);
    payload
}

/// A meeting number: Zoom sends strings in some events and numbers in others.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Id {
    Text(String),
    Number(u64),
}

#[derive(Serialize)]
pub(crate) struct Running {
    id: Id,
    uuid: String,
    host_id: String,
    topic: String,
    r#type: u8,
    start_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<String>,
    timezone: String,
    duration: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    participant: Option<Attending>,
}

impl Running {
    fn new(room: &Meeting, instance: &Instance) -> Self {
        Self {
            id: Id::Text(room.id.to_string()),
            uuid: instance.uuid.clone(),
            host_id: room.host_id.clone(),
            topic: instance.topic.clone(),
            r#type: instance.kind,
            start_time: iso(instance.started_ms),
            end_time: None,
            timezone: room.timezone.clone(),
            duration: room.duration_min,
            participant: None,
        }
    }
}

#[derive(Serialize)]
struct Attending {
    user_id: String,
    user_name: String,
    id: String,
    participant_uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    join_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leave_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leave_reason: Option<String>,
    email: String,
    participant_user_id: String,
    registrant_id: &'static str,
    customer_key: &'static str,
    phone_number: &'static str,
}

impl Attending {
    fn new(participant: &Participant) -> Self {
        let name = &participant.user_name;
        let left = participant.left_ms.is_some();
        Self {
            user_id: participant.user_id.clone(),
            user_name: name.clone(),
            id: participant.id.clone(),
            participant_uuid: participant.participant_uuid.clone(),
            join_time: (!left).then(|| iso(participant.joined_ms)),
            leave_time: participant.left_ms.map(iso),
            leave_reason: left.then(|| format!("{name} left the meeting.<br>Reason: left the meeting.")),
            email: participant.email.clone(),
            participant_user_id: participant.id.clone(),
            registrant_id: "",
            customer_key: "",
            phone_number: "",
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Planned {
    uuid: String,
    id: u64,
    host_id: String,
    topic: String,
    r#type: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<String>,
    duration: u32,
    timezone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    join_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pmi: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    occurrences: Vec<Occurrence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recurrence: Option<Recurrence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<PlannedSettings>,
}

impl Planned {
    fn new(meeting: &Meeting) -> Self {
        Self {
            uuid: meeting.uuid.clone(),
            id: meeting.id,
            host_id: meeting.host_id.clone(),
            topic: meeting.topic.clone(),
            r#type: meeting.kind,
            start_time: meeting.start_time_ms.map(iso),
            duration: meeting.duration_min,
            timezone: meeting.timezone.clone(),
            join_url: None,
            password: None,
            pmi: None,
            occurrences: Vec::new(),
            recurrence: None,
            settings: None,
        }
    }
}

#[derive(Serialize)]
struct PlannedSettings {
    use_pmi: bool,
    alternative_hosts: String,
    join_before_host: bool,
    jbh_time: u64,
}

impl PlannedSettings {
    fn new(meeting: &Meeting) -> Self {
        let said = |name: &str| meeting.settings.get(name);
        Self {
            use_pmi: meeting.pmi.is_some(),
            alternative_hosts: said("alternative_hosts")
                .and_then(|hosts| hosts.as_str())
                .unwrap_or_default()
                .to_owned(),
            join_before_host: said("join_before_host").and_then(|on| on.as_bool()).unwrap_or_default(),
            jbh_time: said("jbh_time").and_then(|minutes| minutes.as_u64()).unwrap_or_default(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Changed {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agenda: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl Changed {
    /// The fields of `this` in which it differs from `other`.
    fn new(this: &Meeting, other: &Meeting) -> Self {
        fn differing<T: PartialEq + Clone>(this: &T, other: &T) -> Option<T> {
            (this != other).then(|| this.clone())
        }
        Self {
            id: this.id,
            topic: differing(&this.topic, &other.topic),
            agenda: differing(&this.agenda, &other.agenda),
            start_time: differing(&this.start_time_ms, &other.start_time_ms).flatten().map(iso),
            duration: differing(&this.duration_min, &other.duration_min),
            timezone: differing(&this.timezone, &other.timezone),
            password: differing(&this.password, &other.password),
        }
    }
}
