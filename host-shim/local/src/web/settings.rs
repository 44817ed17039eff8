//! The plugin's settings, for administrators.

use super::{
    error::{ApiError, told},
    session::Me,
};
use crate::{app::App, model::User, settings::Settings};
use axum::{Json, extract::State, http::StatusCode};
use std::sync::Arc;

/// All settings, as the plugin gets them.
pub(super) async fn show(State(app): State<Arc<App>>, Me(me): Me) -> Result<Json<Settings>, ApiError> {
    administrator(&me)?;
    Ok(Json(app.server().settings()))
}

/// Changes those that are named, until the program ends, and has the plugin look at them.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Json(changed): Json<Settings>,
) -> Result<StatusCode, ApiError> {
    administrator(&me)?;
    told(&app, &me.id, app.change_settings(changed).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn administrator(me: &User) -> Result<(), ApiError> {
    if me.is_admin {
        Ok(())
    } else {
        Err(ApiError::Forbidden("Only administrators see the plugin's settings."))
    }
}
