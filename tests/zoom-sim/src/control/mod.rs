//! The control of the simulation over HTTP, under `/sim`. The calls are listed in the crate's README.

mod apps;
mod meetings;
mod personal_meetings;
mod recordings;
mod webhook;
mod world;

use axum::{
    Json, Router,
    extract::{FromRequest, Request, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::{SimError, ZoomSim};

pub(crate) fn router(sim: ZoomSim) -> Router {
    Router::new()
        .route("/sim/app", put(world::set_app))
        .route("/sim/apps", get(apps::list).post(apps::put))
        .route("/sim/apps/{client_id}", get(apps::show).delete(apps::remove))
        .route("/sim/apps/{client_id}/deauthorize", post(apps::deauthorize))
        .route("/sim/oauth", get(apps::oauth).put(apps::set_oauth))
        .route("/sim/oauth/expire_access_tokens", post(apps::expire_access_tokens))
        .route("/sim/grants", get(apps::grants))
        .route("/sim/grants/{id}", delete(apps::end_grant))
        .route("/sim/clock", get(world::clock).post(world::move_clock))
        .route("/sim/faults", get(world::faults).post(world::add_fault).delete(world::clear_faults))
        .route("/sim/rate_limits", get(world::rate_limits).put(world::set_rate_limits))
        .route("/sim/requests", get(world::requests).delete(world::clear_requests))
        .route("/sim/users", get(world::users).post(world::add_user))
        .route("/sim/users/{user}", get(world::user).patch(world::set_user).delete(world::remove_user))
        .route("/sim/users/{user}/meetings", post(meetings::create))
        .route("/sim/users/{user}/personal_meeting", get(personal_meetings::show))
        .route("/sim/users/{user}/personal_meeting/start", post(personal_meetings::start))
        .route("/sim/users/{user}/personal_meeting/join", post(personal_meetings::join))
        .route("/sim/users/{user}/personal_meeting/leave", post(personal_meetings::leave))
        .route("/sim/users/{user}/personal_meeting/end", post(personal_meetings::end))
        .route("/sim/meetings", get(meetings::list))
        .route("/sim/meetings/{id}", get(meetings::show))
        .route("/sim/meetings/{id}/start", post(meetings::start))
        .route("/sim/meetings/{id}/join", post(meetings::join))
        .route("/sim/meetings/{id}/leave", post(meetings::leave))
        .route("/sim/meetings/{id}/end", post(meetings::end))
        .route("/sim/meetings/{id}/record", post(recordings::record))
        .route("/sim/meetings/{id}/recording", post(recordings::step))
        .route("/sim/recordings", get(recordings::list))
        .route("/sim/recordings/{number}", get(recordings::show))
        .route("/sim/recordings/{number}/transcript", post(recordings::transcribe))
        .route("/sim/downloads", get(recordings::downloads).put(recordings::set_downloads))
        .route("/sim/webhook", get(webhook::show).put(webhook::save).delete(webhook::remove))
        .route("/sim/webhook/validate", post(webhook::validate))
        .route("/sim/webhook/hold", post(webhook::hold))
        .route("/sim/webhook/release", post(webhook::release))
        .route("/sim/events", post(webhook::send_event))
        .route("/sim/deliveries", get(webhook::deliveries))
        .route("/sim/deliveries/{id}", get(webhook::delivery))
        .route("/sim/deliveries/{id}/redeliver", post(webhook::redeliver))
        .route("/sim/settle", post(webhook::settle))
        .with_state(sim)
}

/// A refusal of the control: `{"error":"…"}` with a sentence.
#[derive(Debug)]
pub(crate) struct ControlError(StatusCode, String);

impl From<SimError> for ControlError {
    fn from(error: SimError) -> Self {
        let status = match error {
            SimError::NoSuchUser(_)
            | SimError::NoSuchMeeting(_)
            | SimError::NoSuchParticipant { .. }
            | SimError::NoSuchRecording(_)
            | SimError::NoSuchDelivery(_)
            | SimError::NoSuchApp(_)
            | SimError::NoSuchGrant(_) => StatusCode::NOT_FOUND,
            SimError::UserExists(_)
            | SimError::NumberTaken(_)
            | SimError::AlreadyStarted(_)
            | SimError::NotStarted(_)
            | SimError::HostNotActive(_)
            | SimError::PersonalMeetingOff(_)
            | SimError::NotHeld(_)
            | SimError::NoWebhook
            | SimError::NothingAllowed(_)
            | SimError::Validation(_) => StatusCode::CONFLICT,
            SimError::RecordingType(_)
            | SimError::NotAnAddress(_)
            | SimError::Fields(_)
            | SimError::App(_)
            | SimError::WebhookUrl(_) => StatusCode::BAD_REQUEST,
        };
        Self(status, error.to_string())
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// A JSON body. The content type must be JSON, which keeps web pages of other
/// origins out.
pub(crate) struct Input<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = ControlError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &JsonRejection) -> ControlError {
    ControlError(rejection.status(), rejection.body_text())
}
