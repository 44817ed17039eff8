//! Refusals of the token endpoint.

use axum::{
    Json,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::options::DeadRefreshToken;
use crate::api::Hint;

/// `{"reason":…,"error":…}`, and a hint for whoever wrote the caller.
#[derive(Debug)]
pub(crate) struct TokenError {
    status: StatusCode,
    body: Body,
    hint: String,
}

#[derive(Debug, Serialize)]
struct Body {
    reason: String,
    error: &'static str,
}

impl TokenError {
    pub(crate) fn client(hint: &str) -> Self {
        Self::bad_request("invalid_client", "Invalid client_id or client_secret", hint)
    }

    pub(crate) fn account(hint: &str) -> Self {
        Self::bad_request("invalid_request", "Bad request", hint)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::bad_request("invalid_request", "Bad request", format!("the parameter {parameter} is missing"))
    }

    pub(crate) fn grant_type(hint: &str) -> Self {
        Self::bad_request("unsupported_grant_type", "unsupported grant type", hint)
    }

    /// The wording of a switched-off app (code 4717) is not known.
    pub(crate) fn disabled() -> Self {
        Self::bad_request("invalid_request", "This app has been disabled (4717).", "the app is deactivated")
    }

    pub(crate) fn code(code: &str, hint: &str) -> Self {
        Self::bad_request("invalid_request", format!("Invalid authorization code {code}"), hint)
    }

    pub(crate) fn redirect(wanted: &str) -> Self {
        let hint = format!("the code was given for redirect_uri {wanted}, letter by letter");
        Self::bad_request("invalid_request", "Invalid request : Redirect URI mismatch.", hint)
    }

    /// The wording is not known.
    pub(crate) fn verifier(hint: &str) -> Self {
        Self::bad_request("invalid_request", "Invalid code verifier", hint)
    }

    pub(crate) fn dead(shape: DeadRefreshToken, hint: &str) -> Self {
        let (status, error) = match shape {
            DeadRefreshToken::InvalidGrant => (StatusCode::BAD_REQUEST, "invalid_grant"),
            DeadRefreshToken::InvalidRequest => (StatusCode::UNAUTHORIZED, "invalid_request"),
        };
        Self { status, body: Body { reason: "Invalid Token!".into(), error }, hint: hint.into() }
    }

    fn bad_request(error: &'static str, reason: impl Into<String>, hint: impl Into<String>) -> Self {
        let body = Body { reason: reason.into(), error };
        Self { status: StatusCode::BAD_REQUEST, body, hint: hint.into() }
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Ok(value) = HeaderValue::from_str(&self.hint) {
            response.headers_mut().insert("x-zoom-sim-hint", value);
        }
        response.extensions_mut().insert(Hint(self.hint));
        response
    }
}
