//! `GET /past_meetings/{id|uuid}`

use axum::{
    Json,
    extract::{Request, State},
};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::ApiError;
use crate::{Instance, Meeting, User, ZoomSim, clock::iso, meetings::DAY_MS};

/// Zoom forgets past meetings after a year.
const MEMORY_MS: i64 = 365 * DAY_MS;

/// By number the last instance that ended; by uuid that one. Not before the end.
pub(crate) async fn show(State(sim): State<ZoomSim>, request: Request) -> Result<Json<Value>, ApiError> {
    let key = key(request.uri().path(), "/past_meetings/", "");
    let now_ms = sim.now_ms();
    let state = sim.state();
    let found = match key.parse::<u64>() {
        Ok(id) => state.meetings.past_by_id(id),
        Err(_) => state.meetings.past_by_uuid(&key),
    };
    let (meeting, instance) = found.ok_or_else(|| ApiError::no_meeting(&key))?;
    if instance.ended_ms.is_some_and(|ended_ms| now_ms > ended_ms.saturating_add(MEMORY_MS)) {
        return Err(ApiError::bad_request(12702, "Can not access a meeting a year ago."));
    }
    Ok(Json(document(meeting, instance, state.users.find(&meeting.host_id))))
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
