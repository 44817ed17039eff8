//! The panel of the simulated Zoom, and what is behind its links.

use super::{
    assets,
    error::{ApiError, told},
    session::Me,
};
use crate::{
    app::{App, SigningError},
    simulation::{Mishap, Simulation, ZOOM_PATH},
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Html,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use zoom_sim::{Attendee, SimError};

/// Longest meeting that the panel can make up, in minutes: a day.
const MINUTES_MAX: u32 = 24 * 60;

pub(super) fn router(app: &App) -> Router<Arc<App>> {
    let router = Router::new()
        .route("/api/zoom", get(show))
        .route("/api/zoom/meetings/{id}/start", post(start))
        .route("/api/zoom/meetings/{id}/join", post(join))
        .route("/api/zoom/meetings/{id}/leave", post(leave))
        .route("/api/zoom/meetings/{id}/end", post(end))
        .route("/api/zoom/meetings/{id}/record", post(record))
        .route("/api/zoom/redeliver", post(redeliver))
        .route("/api/zoom/mishap", post(mishap))
        .route("/api/zoom/signing", post(signing))
        .route("/zoom-sim/j/{id}", get(meeting_page))
        .route("/zoom-sim/s/{id}", get(meeting_page));
    match app.zoom() {
        // What the chat has no page of its own for: recordings, and signing in.
        Some(zoom) => router.nest_service(ZOOM_PATH, zoom.sim().web_router()),
        None => router,
    }
}

async fn show(State(app): State<Arc<App>>) -> Result<Json<Value>, ApiError> {
    Ok(Json(zoom(&app)?.show()))
}

async fn start(State(app): State<Arc<App>>, Path(id): Path<u64>) -> Result<StatusCode, ApiError> {
    done(zoom(&app)?.sim().start_meeting(id))
}

#[derive(Deserialize)]
struct Join {
    /// An address of the account; somebody from outside if absent.
    email: Option<String>,
    /// The name of somebody from outside.
    name: Option<String>,
}

async fn join(
    State(app): State<Arc<App>>,
    Path(id): Path<u64>,
    Json(who): Json<Join>,
) -> Result<StatusCode, ApiError> {
    let zoom = zoom(&app)?;
    let who = match (who.email.filter(|email| zoom.sim().user(email).is_some()), who.name) {
        (Some(email), _) => Attendee::User(email),
        (None, Some(name)) => Attendee::Guest(name),
        (None, None) => Attendee::Guest(zoom.next_guest()),
    };
    done(zoom.sim().join_meeting(id, &who))
}

#[derive(Deserialize)]
struct Leave {
    /// The connection; the last one who came if absent.
    user_id: Option<String>,
}

async fn leave(
    State(app): State<Arc<App>>,
    Path(id): Path<u64>,
    Json(who): Json<Leave>,
) -> Result<StatusCode, ApiError> {
    let zoom = zoom(&app)?;
    let user_id = match who.user_id {
        Some(user_id) => user_id,
        None => {
            zoom.last_who_came(id).ok_or_else(|| ApiError::Bad("Nobody is in the meeting.".to_owned()))?
        }
    };
    done(zoom.sim().leave_meeting(id, &user_id))
}

#[derive(Deserialize)]
struct End {
    /// As if it had lasted this long; its real length if absent.
    minutes: Option<u32>,
}

async fn end(
    State(app): State<Arc<App>>,
    Path(id): Path<u64>,
    Json(end): Json<End>,
) -> Result<StatusCode, ApiError> {
    let minutes = end.minutes.map(|minutes| minutes.min(MINUTES_MAX));
    done(zoom(&app)?.end(id, minutes))
}

async fn record(State(app): State<Arc<App>>, Path(id): Path<u64>) -> Result<StatusCode, ApiError> {
    done(zoom(&app)?.record(id))
}

async fn redeliver(State(app): State<Arc<App>>) -> Result<Json<Value>, ApiError> {
    let event = zoom(&app)?.redeliver_last().map_err(bad)?;
    let event = event.ok_or_else(|| ApiError::Bad("Zoom has sent nothing yet.".to_owned()))?;
    Ok(Json(json!({ "event": event })))
}

#[derive(Deserialize)]
struct NextMishap {
    /// None: from now on Zoom answers rightly.
    kind: Option<Mishap>,
}

async fn mishap(State(app): State<Arc<App>>, Json(next): Json<NextMishap>) -> Result<StatusCode, ApiError> {
    zoom(&app)?.set_mishap(next.kind);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct Signing {
    on: bool,
}

async fn signing(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Json(signing): Json<Signing>,
) -> Result<StatusCode, ApiError> {
    match app.sign_webhooks(signing.on).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(SigningError::Plugin(error)) => told(&app, &me.id, Err(error)).await,
        Err(error @ (SigningError::NoZoom | SigningError::Zoom(_))) => Err(ApiError::Bad(error.to_string())),
    }
}

async fn meeting_page(State(app): State<Arc<App>>, Me(_): Me) -> Result<Html<&'static str>, ApiError> {
    zoom(&app)?;
    Ok(assets::meeting_page())
}

fn zoom(app: &App) -> Result<&Simulation, ApiError> {
    app.zoom().ok_or(ApiError::NotFound("simulated Zoom"))
}

fn done<T>(result: Result<T, SimError>) -> Result<StatusCode, ApiError> {
    result.map(|_| StatusCode::NO_CONTENT).map_err(bad)
}

fn bad(error: SimError) -> ApiError {
    ApiError::Bad(format!("Zoom says: {error}."))
}
