//! Apps, and OAuth.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

use super::{ControlError, Input, webhook::Queued};
use crate::{App, Grant, OAuthOptions, SimError, TokenRequests, ZoomSim};

pub(crate) async fn list(State(sim): State<ZoomSim>) -> Json<Vec<App>> {
    Json(sim.apps())
}

pub(crate) async fn put(
    State(sim): State<ZoomSim>,
    Input(app): Input<App>,
) -> Result<(StatusCode, Json<App>), ControlError> {
    sim.put_app(app.clone())?;
    Ok((StatusCode::CREATED, Json(app)))
}

pub(crate) async fn show(
    State(sim): State<ZoomSim>,
    Path(client_id): Path<String>,
) -> Result<Json<App>, ControlError> {
    let app = sim.apps().into_iter().find(|app| app.client_id == client_id);
    Ok(Json(app.ok_or(SimError::NoSuchApp(client_id))?))
}

pub(crate) async fn remove(
    State(sim): State<ZoomSim>,
    Path(client_id): Path<String>,
) -> Result<Json<App>, ControlError> {
    Ok(Json(sim.remove_app(&client_id)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deauthorization {
    /// The whole account, if absent.
    user: Option<String>,
}

pub(crate) async fn deauthorize(
    State(sim): State<ZoomSim>,
    Path(client_id): Path<String>,
    Input(by): Input<Deauthorization>,
) -> Result<(StatusCode, Json<Queued>), ControlError> {
    let deliveries = match by.user {
        Some(user) => sim.deauthorize(&client_id, &user)?,
        None => sim.deauthorize_account(&client_id)?,
    };
    Ok((StatusCode::ACCEPTED, Json(Queued { deliveries })))
}

#[derive(Serialize)]
pub(crate) struct OAuth {
    options: OAuthOptions,
    token_requests: TokenRequests,
}

pub(crate) async fn oauth(State(sim): State<ZoomSim>) -> Json<OAuth> {
    Json(OAuth { options: sim.oauth_options(), token_requests: sim.token_requests() })
}

pub(crate) async fn set_oauth(
    State(sim): State<ZoomSim>,
    Input(options): Input<OAuthOptions>,
) -> Json<OAuth> {
    sim.set_oauth_options(options);
    oauth(State(sim)).await
}

pub(crate) async fn grants(State(sim): State<ZoomSim>) -> Json<Vec<Grant>> {
    Json(sim.grants())
}

pub(crate) async fn end_grant(
    State(sim): State<ZoomSim>,
    Path(id): Path<u64>,
) -> Result<Json<Grant>, ControlError> {
    Ok(Json(sim.end_grant(id)?))
}

#[derive(Serialize)]
pub(crate) struct Expired {
    expired: usize,
}

pub(crate) async fn expire_access_tokens(State(sim): State<ZoomSim>) -> Json<Expired> {
    Json(Expired { expired: sim.expire_access_tokens() })
}
