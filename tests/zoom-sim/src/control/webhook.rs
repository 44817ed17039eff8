//! The subscription, its deliveries and their faults.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

use super::{ControlError, Input};
use crate::{Delivery, Redelivery, Release, SimError, ValidationStatus, WebhookConfig, ZoomSim};

#[derive(Serialize)]
pub(crate) struct Subscription {
    config: Option<WebhookConfig>,
    validation: ValidationStatus,
    holding: bool,
}

#[derive(Serialize)]
pub(crate) struct Queued {
    pub(crate) deliveries: Vec<u64>,
}

pub(crate) async fn show(State(sim): State<ZoomSim>) -> Json<Subscription> {
    Json(Subscription {
        config: sim.webhook(),
        validation: sim.validation(),
        holding: sim.is_holding_webhooks(),
    })
}

#[derive(Deserialize)]
pub(crate) struct Save {
    /// `false` saves a URL whose receiver is not up yet.
    validate: Option<bool>,
}

pub(crate) async fn save(
    State(sim): State<ZoomSim>,
    Query(how): Query<Save>,
    Input(config): Input<WebhookConfig>,
) -> Result<Json<Subscription>, ControlError> {
    if how.validate.unwrap_or(true) {
        sim.save_webhook(config).await?;
    } else {
        sim.set_webhook(Some(config))?;
    }
    Ok(show(State(sim)).await)
}

pub(crate) async fn remove(State(sim): State<ZoomSim>) -> Result<StatusCode, ControlError> {
    sim.set_webhook(None)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn validate(State(sim): State<ZoomSim>) -> Result<Json<Subscription>, ControlError> {
    sim.validate_webhook().await?;
    Ok(show(State(sim)).await)
}

pub(crate) async fn hold(State(sim): State<ZoomSim>) -> Json<Subscription> {
    sim.hold_webhooks();
    show(State(sim)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseInput {
    order: Release,
}

#[derive(Serialize)]
pub(crate) struct Released {
    released: usize,
}

pub(crate) async fn release(State(sim): State<ZoomSim>, Input(input): Input<ReleaseInput>) -> Json<Released> {
    Json(Released { released: sim.release_webhooks(&input.order) })
}

pub(crate) async fn send_event(
    State(sim): State<ZoomSim>,
    body: String,
) -> Result<(StatusCode, Json<Queued>), ControlError> {
    Ok((StatusCode::ACCEPTED, Json(Queued { deliveries: sim.send_event(&body)? })))
}

pub(crate) async fn deliveries(State(sim): State<ZoomSim>) -> Json<Vec<Delivery>> {
    Json(sim.deliveries())
}

pub(crate) async fn delivery(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
) -> Result<Json<Delivery>, ControlError> {
    Ok(Json(sim.delivery(id).ok_or(SimError::NoSuchDelivery(id))?))
}

pub(crate) async fn redeliver(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
    Input(how): Input<Redelivery>,
) -> Result<(StatusCode, Json<Queued>), ControlError> {
    Ok((StatusCode::ACCEPTED, Json(Queued { deliveries: sim.redeliver(id, how)? })))
}

pub(crate) async fn settle(State(sim): State<ZoomSim>) -> StatusCode {
    sim.settle().await;
    StatusCode::NO_CONTENT
}
