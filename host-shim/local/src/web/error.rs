//! Answers for what went wrong.

use crate::store::StoreError;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chat_plugin_engine::CallError;
use serde_json::json;

/// Why the page did not get what it asked for.
#[derive(Debug)]
pub(super) enum ApiError {
    /// There is no such thing, or not for this user.
    NotFound(&'static str),
    /// Not allowed, for the reason given.
    Forbidden(&'static str),
    /// What was sent makes no sense, for the reason given.
    Bad(String),
    /// The storage failed.
    Store(StoreError),
    /// The plugin gave no answer.
    Plugin(CallError),
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if let StoreError::NotFound(what) = error { Self::NotFound(what) } else { Self::Store(error) }
    }
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        Self::Plugin(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound(what) => refuse(StatusCode::NOT_FOUND, &format!("There is no such {what} here.")),
            Self::Forbidden(reason) => refuse(StatusCode::FORBIDDEN, reason),
            Self::Bad(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
            Self::Store(error) => {
                tracing::error!("{error}");
                refuse(StatusCode::INTERNAL_SERVER_ERROR, &format!("Nothing was changed: {error}."))
            }
            Self::Plugin(error) => {
                tracing::error!("{error}");
                refuse(StatusCode::BAD_GATEWAY, &format!("The plugin gave no answer: {error}."))
            }
        }
    }
}

/// An answer with a sentence.
pub(super) fn refuse(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({ "error": reason }))).into_response()
}
