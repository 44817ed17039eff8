//! Meetings, as the host's Zoom client would handle them.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::Value;

use super::{ControlError, Input};
use crate::{Attendee, Instance, MeetingView, Participant, SimError, ZoomSim};

pub(crate) async fn list(State(sim): State<ZoomSim>) -> Json<Vec<MeetingView>> {
    Json(sim.meetings())
}

pub(crate) async fn show(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
) -> Result<Json<MeetingView>, ControlError> {
    Ok(Json(sim.meeting(id).ok_or(SimError::NoSuchMeeting(id))?))
}

pub(crate) async fn create(
    State(sim): State<ZoomSim>,
    Path(host): Path<String>,
    Input(body): Input<Value>,
) -> Result<(StatusCode, Json<MeetingView>), ControlError> {
    let id = sim.create_meeting(&host, &body)?.id;
    let view = sim.meeting(id).ok_or(SimError::NoSuchMeeting(id))?;
    Ok((StatusCode::CREATED, Json(view)))
}

pub(crate) async fn start(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
) -> Result<Json<Instance>, ControlError> {
    Ok(Json(sim.start_meeting(id)?))
}

pub(crate) async fn join(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
    Input(who): Input<Attendee>,
) -> Result<Json<Participant>, ControlError> {
    Ok(Json(sim.join_meeting(id, &who)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leave {
    user_id: String,
}

pub(crate) async fn leave(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
    Input(leave): Input<Leave>,
) -> Result<Json<Participant>, ControlError> {
    Ok(Json(sim.leave_meeting(id, &leave.user_id)?))
}

pub(crate) async fn end(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
) -> Result<Json<Instance>, ControlError> {
    Ok(Json(sim.end_meeting(id)?))
}
