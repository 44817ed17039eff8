//! A user's personal meeting, by user: the same as its number under `/sim/meetings`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{ControlError, Input, meetings};
use crate::{Attendee, Instance, MeetingView, Participant, SimError, ZoomSim};

pub(crate) async fn show(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
) -> Result<Json<MeetingView>, ControlError> {
    let id = number(&sim, &key)?;
    meetings::show(State(sim), Path(id)).await
}

pub(crate) async fn start(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
) -> Result<Json<Instance>, ControlError> {
    let id = number(&sim, &key)?;
    meetings::start(State(sim), Path(id)).await
}

pub(crate) async fn join(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
    who: Input<Attendee>,
) -> Result<Json<Participant>, ControlError> {
    let id = number(&sim, &key)?;
    meetings::join(State(sim), Path(id), who).await
}

pub(crate) async fn leave(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
    leave: Input<meetings::Leave>,
) -> Result<Json<Participant>, ControlError> {
    let id = number(&sim, &key)?;
    meetings::leave(State(sim), Path(id), leave).await
}

pub(crate) async fn end(
    State(sim): State<ZoomSim>,
    Path(key): Path<String>,
) -> Result<Json<Instance>, ControlError> {
    let id = number(&sim, &key)?;
    meetings::end(State(sim), Path(id)).await
}

fn number(sim: &ZoomSim, key: &str) -> Result<u64, ControlError> {
    Ok(sim.user(key).ok_or_else(|| SimError::NoSuchUser(key.to_owned()))?.pmi)
}
