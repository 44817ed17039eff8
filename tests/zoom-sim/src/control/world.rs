//! Users, app, limits, clock, faults, requests.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

use super::{ControlError, Input};
use crate::{
    Change, Fault, NewUser, PersonalMeeting, RateLimits, SeenRequest, SimError, UnixMs, User, UserStatus,
    ZoomSim,
};

pub(crate) async fn users(State(sim): State<ZoomSim>) -> Json<Vec<User>> {
    Json(sim.users())
}

pub(crate) async fn add_user(
    State(sim): State<ZoomSim>,
    Input(new): Input<NewUser>,
) -> Result<(StatusCode, Json<User>), ControlError> {
    Ok((StatusCode::CREATED, Json(sim.add_user(new)?)))
}

pub(crate) async fn user(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
) -> Result<Json<User>, ControlError> {
    Ok(Json(sim.user(&key).ok_or(SimError::NoSuchUser(key))?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    status: Option<UserStatus>,
    personal_meeting: Option<PersonalMeeting>,
    use_pmi: Option<bool>,
}

pub(crate) async fn set_user(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
    Input(change): Input<UserChange>,
) -> Result<Json<User>, ControlError> {
    if let Some(status) = change.status {
        sim.set_user_status(&key, status)?;
    }
    if let Some(switch) = change.personal_meeting {
        sim.set_personal_meeting(&key, switch)?;
    }
    if let Some(use_pmi) = change.use_pmi {
        sim.set_use_pmi(&key, use_pmi)?;
    }
    user(State(sim), Path(key)).await
}

pub(crate) async fn remove_user(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
) -> Result<Json<User>, ControlError> {
    Ok(Json(sim.remove_user(&key)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct App {
    active: bool,
}

pub(crate) async fn set_app(State(sim): State<ZoomSim>, Input(app): Input<App>) -> StatusCode {
    sim.set_app_active(app.active);
    StatusCode::NO_CONTENT
}

pub(crate) async fn rate_limits(State(sim): State<ZoomSim>) -> Json<RateLimits> {
    Json(sim.rate_limits())
}

pub(crate) async fn set_rate_limits(
    State(sim): State<ZoomSim>,
    Input(limits): Input<RateLimits>,
) -> Json<RateLimits> {
    sim.set_rate_limits(limits);
    Json(sim.rate_limits())
}

#[derive(Serialize)]
pub(crate) struct Time {
    now_ms: UnixMs,
    manual: bool,
}

pub(crate) async fn clock(State(sim): State<ZoomSim>) -> Json<Time> {
    Json(Time { now_ms: sim.now_ms(), manual: sim.clock().is_manual() })
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Move {
    /// Jump there, without stopping for webhooks on the way.
    SetMs(UnixMs),
    /// Go forward, sending every webhook when it is due.
    AdvanceMs(u64),
}

pub(crate) async fn move_clock(State(sim): State<ZoomSim>, Input(by): Input<Move>) -> Json<Time> {
    match by {
        Move::SetMs(now_ms) => {
            sim.clock().set_ms(now_ms);
            sim.changed(Change::Clock { now_ms });
        }
        Move::AdvanceMs(ms) => sim.advance(Duration::from_millis(ms)).await,
    }
    clock(State(sim)).await
}

pub(crate) async fn faults(State(sim): State<ZoomSim>) -> Json<Vec<Fault>> {
    Json(sim.faults())
}

pub(crate) async fn add_fault(
    State(sim): State<ZoomSim>,
    Input(fault): Input<Fault>,
) -> (StatusCode, Json<Vec<Fault>>) {
    sim.add_fault(fault);
    (StatusCode::CREATED, Json(sim.faults()))
}

pub(crate) async fn clear_faults(State(sim): State<ZoomSim>) -> StatusCode {
    sim.clear_faults();
    StatusCode::NO_CONTENT
}

pub(crate) async fn requests(State(sim): State<ZoomSim>) -> Json<Vec<SeenRequest>> {
    Json(sim.requests())
}

pub(crate) async fn clear_requests(State(sim): State<ZoomSim>) -> StatusCode {
    sim.clear_requests();
    StatusCode::NO_CONTENT
}
