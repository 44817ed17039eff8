//! `GET /past_meetings/{id|uuid}` and `GET /past_meetings/{id|uuid}/participants`

use axum::{
    Json,
    extract::{Query, Request, State},
};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{
    ApiError,
    paging::{self, PageQuery},
};
use crate::{
    Instance, Meeting, Participant, UnixMs, User, ZoomSim, clock::iso, meetings::DAY_MS,
    sim::State as SimState,
};

/// Zoom forgets past meetings after a year.
const MEMORY_MS: i64 = 365 * DAY_MS;
const PARTICIPANTS: &str = "/participants";
/// `type` of users on a free account.
const BASIC: u8 = 1;

/// By number the last instance that ended; by uuid that one. Not before the end.
pub(crate) async fn show(
    State(sim): State<ZoomSim>,
    Query(page): Query<PageQuery>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let path = request.uri().path();
    let wants_people = path.ends_with(PARTICIPANTS);
    let key = key(path, "/past_meetings/", if wants_people { PARTICIPANTS } else { "" });
    let now_ms = sim.now_ms();
    let state = &mut *sim.state();
    let (meeting, instance) = found(state, &key, now_ms)?;
    if !wants_people {
        return Ok(Json(document(meeting, instance, state.users.find(&meeting.host_id))));
    }
    if state.users.find(&meeting.host_id).is_some_and(|host| host.kind == BASIC) {
        return Err(ApiError::bad_request(200, "Only available for Paid account."));
    }
    let list = format!("participants of {}", instance.uuid);
    let people = participants(instance);
    Ok(Json(paging::page(state, &page, ("participants", &list), &people, now_ms)?))
}

fn found<'a>(
    state: &'a SimState,
    key: &str,
    now_ms: UnixMs,
) -> Result<(&'a Meeting, &'a Instance), ApiError> {
    let found = match key.parse::<u64>() {
        Ok(id) => state.meetings.past_by_id(id),
        Err(_) => state.meetings.past_by_uuid(key),
    };
    let (meeting, instance) = found.ok_or_else(|| ApiError::no_meeting(key))?;
    if instance.ended_ms.is_some_and(|ended_ms| now_ms > ended_ms.saturating_add(MEMORY_MS)) {
        return Err(ApiError::bad_request(12702, "Can not access a meeting a year ago."));
    }
    Ok((meeting, instance))
}

/// Every connection with its times; nobody where there was one only, as at Zoom.
fn participants(instance: &Instance) -> Vec<Value> {
    let ended_ms = instance.ended_ms.unwrap_or(instance.started_ms);
    let entry = |participant: &Participant| {
        let left_ms = participant.left_ms.unwrap_or(ended_ms);
        json!({
            "id": participant.id,
            "user_id": participant.user_id,
            "name": participant.user_name,
            "user_email": participant.email,
            "registrant_id": "",
            "join_time": iso(participant.joined_ms),
            "leave_time": iso(left_ms),
            "duration": (left_ms - participant.joined_ms).max(0) / 1000,
            "failover": false,
            "status": "in_meeting",
        })
    };
    let people = instance.participants.iter().filter(|_| instance.participants.len() > 1);
    people.map(entry).collect()
}

/// What Zoom looks up for a path. Its gateway decodes once and takes a slash for a separator, dropping
/// those at the front and those in a row; the application behind decodes once more. So a uuid with a
/// leading or double slash arrives whole only if it was encoded twice.
pub(crate) fn key(path: &str, before: &str, after: &str) -> String {
    let rest = path.split_once(before).map_or("", |(_, rest)| rest);
    let rest = rest.strip_suffix(after).unwrap_or(rest);
    let at_gateway = percent_decode_str(rest).decode_utf8_lossy();
    let segments: Vec<&str> = at_gateway.split('/').filter(|segment| !segment.is_empty()).collect();
    percent_decode_str(&segments.join("/")).decode_utf8_lossy().into_owned()
}

fn document(meeting: &Meeting, instance: &Instance, host: Option<&User>) -> Value {
    let ended_ms = instance.ended_ms.unwrap_or(instance.started_ms);
    let minutes = |from_ms: i64, to_ms: i64| (to_ms - from_ms).max(0).unsigned_abs().div_ceil(60_000);
    let total: u64 = instance
        .participants
        .iter()
        .map(|participant| minutes(participant.joined_ms, participant.left_ms.unwrap_or(ended_ms)))
        .sum();
    json!({
        "uuid": instance.uuid,
        "id": meeting.id,
        "host_id": meeting.host_id,
        "type": instance.kind,
        "topic": instance.topic,
        "user_name": host.map_or("", |host| host.display_name.as_str()),
        "user_email": meeting.host_email,
        "start_time": iso(instance.started_ms),
        "end_time": iso(ended_ms),
        "duration": minutes(instance.started_ms, ended_ms),
        "total_minutes": total,
        "participants_count": instance.participants.len(),
        "dept": "",
        "source": "Zoom",
        "has_meeting_summary": false,
    })
}
