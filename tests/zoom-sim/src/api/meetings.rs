//! `/users/{user}/meetings` and `/meetings/{id}`

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{ApiError, UserKey, access::Caller, users};
use crate::{
    Change, Meeting, MeetingStatus, SimError, UserStatus, ZoomSim,
    clock::{UnixMs, iso},
    meetings::{Meetings, fields::MeetingFields, kind},
    rate_limit::Weight,
};

/// `POST /users/{me|id|email}/meetings` → 201
pub(crate) async fn create(
    State(sim): State<ZoomSim>,
    UserKey(key): UserKey,
    Extension(by): Extension<Caller>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let caller = users::find(&sim, &key)?;
    let said = MeetingFields::read_new(&object(&body)?, &caller.timezone).map_err(ApiError::fields)?;
    let host = match &said.schedule_for {
        Some(other) => {
            let other = users::find(&sim, other)?;
            if other.id != caller.id && !by.plans_for_others() {
                let message = format!("You cannot schedule a meeting for {}.", other.email);
                return Err(ApiError::bad_request(3000, message));
            }
            other
        }
        None => caller,
    };
    if host.status != UserStatus::Active {
        return Err(SimError::HostNotActive(host.id).into());
    }
    let now_ms = sim.now_ms();
    let answer = {
        let mut state = sim.state();
        state.rate.write(&host.id, Weight::Medium, now_ms)?;
        let meeting = state.create_meeting(&host, said, now_ms)?;
        (meeting.id, document(&meeting, MeetingStatus::Waiting, &meeting.uuid, now_ms))
    };
    sim.changed(Change::Meeting { id: answer.0 });
    Ok((StatusCode::CREATED, Json(answer.1)))
}

/// `GET /meetings/{id}`
pub(crate) async fn show(
    State(sim): State<ZoomSim>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let now_ms = sim.now_ms();
    let id = number(&id)?;
    let state = sim.state();
    let meeting = state.visible(id, now_ms).ok_or_else(|| ApiError::no_meeting(id))?;
    let uuid = state.meetings.room(id).map_or(&meeting.uuid, |room| &room.uuid);
    Ok(Json(document(meeting, state.meetings.status(id, now_ms), uuid, now_ms)))
}

/// `PATCH /meetings/{id}` → 204
pub(crate) async fn update(
    State(sim): State<ZoomSim>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let now_ms = sim.now_ms();
    let id = number(&id)?;
    {
        let mut state = sim.state();
        let meeting = state.visible(id, now_ms).ok_or_else(|| ApiError::no_meeting(id))?;
        let host_id = meeting.host_id.clone();
        let said = MeetingFields::read(&object(&body)?, &meeting.timezone).map_err(ApiError::fields)?;
        state.rate.write(&host_id, Weight::Light, now_ms)?;
        state.update_meeting(id, said, now_ms)?;
    }
    sim.changed(Change::Meeting { id });
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(crate) struct Part {
    occurrence_id: Option<String>,
}

/// `DELETE /meetings/{id}` → 204; with `occurrence_id` only that occurrence goes.
pub(crate) async fn delete(
    State(sim): State<ZoomSim>,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<StatusCode, ApiError> {
    let now_ms = sim.now_ms();
    let id = number(&id)?;
    {
        let mut state = sim.state();
        let meeting = state.visible(id, now_ms).ok_or_else(|| ApiError::no_meeting(id))?;
        if meeting.kind == kind::PERSONAL {
            return Err(ApiError::bad_request(3018, "Not allowed to delete PMI."));
        }
        if state.meetings.status(id, now_ms) == MeetingStatus::Started {
            let message = "Sorry, you cannot delete this meeting since it is in progress.";
            return Err(ApiError::bad_request(3002, message));
        }
        match part.occurrence_id {
            Some(occurrence_id) => state.delete_occurrence(id, &occurrence_id, now_ms)?,
            None => state.delete_meeting(id, now_ms)?,
        }
    }
    sim.changed(Change::Meeting { id });
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /meetings/{id}/status` `{"action":"end"|"recover"}` → 204
pub(crate) async fn set_status(
    State(sim): State<ZoomSim>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let now_ms = sim.now_ms();
    let id = number(&id)?;
    let body = object(&body)?;
    {
        let mut state = sim.state();
        match body.get("action").and_then(Value::as_str) {
            Some("recover") => state.recover_meeting(id)?,
            Some("end") => {
                let status = state.meetings.status(id, now_ms);
                if status == MeetingStatus::Ended {
                    return Err(ApiError::no_meeting(id));
                }
                // What Zoom answers for a meeting that is not running is not known; it is a refusal.
                state.end_meeting(id, now_ms)?;
            }
            _ => return Err(ApiError::fields(vec!["action".into()])),
        }
    }
    sim.changed(Change::Meeting { id });
    Ok(StatusCode::NO_CONTENT)
}

/// A meeting number in a path.
pub(crate) fn number(id: &str) -> Result<u64, ApiError> {
    id.parse().map_err(|_| ApiError::bad_request(300, "Invalid meeting ID."))
}

fn object(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(ApiError::bad_request(300, "Request Body should be a valid JSON object.")),
    }
}

/// A meeting as create and read answer it.
fn document(meeting: &Meeting, status: MeetingStatus, uuid: &str, now_ms: UnixMs) -> Value {
    let mut document = json!({
        "uuid": uuid,
        "id": meeting.id,
        "host_id": meeting.host_id,
        "host_email": meeting.host_email,
        "topic": meeting.topic,
        "type": meeting.kind,
        "status": status.as_str(),
        "duration": meeting.duration_min,
        "timezone": meeting.timezone,
        "agenda": meeting.agenda,
        "created_at": iso(meeting.created_ms),
        "start_url": meeting.start_url,
        "join_url": meeting.join_url,
        "password": meeting.password,
        "h323_password": meeting.dial_in_password,
        "pstn_password": meeting.dial_in_password,
        "encrypted_password": meeting.encrypted_password,
        "settings": meeting.settings,
        "pre_schedule": false,
    });
    // An instant meeting's start is its creation; a recurring one without fixed time has none.
    let start_ms = match meeting.kind {
        kind::RECURRING | kind::PERSONAL => None,
        kind::RECURRING_FIXED => Meetings::next_start_ms(meeting, now_ms),
        _ => Some(meeting.start_time_ms.unwrap_or(meeting.created_ms)),
    };
    if let Some(start_ms) = start_ms {
        document["start_time"] = iso(start_ms).into();
    }
    if let Some(pmi) = meeting.pmi {
        document["pmi"] = pmi.to_string().into();
    }
    if let Some(recurrence) = &meeting.recurrence {
        document["recurrence"] = json!(recurrence);
        document["occurrences"] = json!(meeting.occurrences);
    }
    document
}
