//! Recordings, and how their downloads behave.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

use super::{ControlError, Input};
use crate::{Downloads, NewRecording, Recording, RecordingStep, SimError, ZoomSim};

pub(crate) async fn record(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
    Input(new): Input<NewRecording>,
) -> Result<(StatusCode, Json<Recording>), ControlError> {
    Ok((StatusCode::CREATED, Json(sim.record_meeting(id, &new)?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stepped {
    step: RecordingStep,
}

pub(crate) async fn step(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
    Input(input): Input<Stepped>,
) -> Result<StatusCode, ControlError> {
    sim.step_recording(id, input.step)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn list(State(sim): State<ZoomSim>) -> Json<Vec<Recording>> {
    Json(sim.recordings())
}

pub(crate) async fn show(
    State(sim): State<ZoomSim>,
    Path(number): Path<u64>,
) -> Result<Json<Recording>, ControlError> {
    Ok(Json(sim.recording(number).ok_or(SimError::NoSuchRecording(number))?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transcript {
    /// Made up if absent.
    content: Option<String>,
}

pub(crate) async fn transcribe(
    State(sim): State<ZoomSim>,
    Path(number): Path<u64>,
    Input(transcript): Input<Transcript>,
) -> Result<(StatusCode, Json<Recording>), ControlError> {
    Ok((StatusCode::CREATED, Json(sim.transcribe(number, transcript.content)?)))
}

#[derive(Serialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    downloads: Downloads,
    other_origin: String,
}

pub(crate) async fn downloads(State(sim): State<ZoomSim>) -> Result<Json<Shown>, ControlError> {
    let other_origin = sim.other_origin().map_err(|error| {
        let sentence = format!("no second port can be had for downloads: {error}");
        ControlError(StatusCode::INTERNAL_SERVER_ERROR, sentence)
    })?;
    Ok(Json(Shown { downloads: sim.downloads(), other_origin }))
}

pub(crate) async fn set_downloads(
    State(sim): State<ZoomSim>,
    Input(how): Input<Downloads>,
) -> Result<Json<Shown>, ControlError> {
    sim.set_downloads(how);
    downloads(State(sim)).await
}
