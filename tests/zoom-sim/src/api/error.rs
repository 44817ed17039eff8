//! Zoom's refusals.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{SimError, auth::Refusal, rate_limit::TooMany};

/// A refusal of the API: `{"code":N,"message":"…"}`, with `errors` where fields are wrong.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: Body,
    headers: Vec<(&'static str, String)>,
    /// For whoever wrote the caller; Zoom has nothing of the kind.
    hint: Option<String>,
}

#[derive(Debug, Serialize)]
struct Body {
    code: u32,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

#[derive(Debug, Serialize)]
struct FieldError {
    field: String,
    message: &'static str,
}

/// Carries a refusal's hint to the log of requests.
#[derive(Clone, Debug)]
pub(crate) struct Hint(pub(crate) String);

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        let body = Body { code, message: message.into(), errors: Vec::new() };
        Self { status, body, headers: Vec::new(), hint: None }
    }

    pub(crate) fn no_user(key: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, 1001, format!("User does not exist: {key}."))
    }

    pub(crate) fn no_meeting(id: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, 3001, format!("Meeting does not exist: {id}."))
    }

    pub(crate) fn bad_request(code: u32, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// The present answer; Zoom's pages still say code 4700.
    pub(crate) fn scopes(missing: &[String]) -> Self {
        let missing = missing.join(", ");
        Self::bad_request(4711, format!("Invalid access token, does not contain scopes:[{missing}]."))
    }

    /// Zoom's text; no code is known, so it has the status as one.
    pub(crate) fn no_shared_access() -> Self {
        let message = "The authenticated user has not permitted access to the targeted resource.";
        Self::new(StatusCode::FORBIDDEN, 403, message)
    }

    pub(crate) fn fields(fields: Vec<String>) -> Self {
        let mut error = Self::bad_request(300, "Validation Failed.");
        error.body.errors =
            fields.into_iter().map(|field| FieldError { field, message: "Invalid field." }).collect();
        error
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let mut error = Self::new(StatusCode::UNAUTHORIZED, 124, refusal.message);
        error.hint = Some(refusal.hint);
        error
    }
}

impl From<TooMany> for ApiError {
    fn from(too_many: TooMany) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, 429, too_many.message);
        error.headers = too_many.headers;
        error
    }
}

impl From<SimError> for ApiError {
    fn from(error: SimError) -> Self {
        match error {
            SimError::NoSuchUser(key) => Self::no_user(&key),
            SimError::NoSuchMeeting(id) => Self::no_meeting(id),
            SimError::Fields(fields) => Self::fields(fields),
            SimError::HostNotActive(id) => {
                Self::bad_request(3161, format!("Your user account is not allowed to host meetings: {id}."))
            }
            SimError::UserExists(_)
            | SimError::NotAnAddress(_)
            | SimError::NumberTaken(_)
            | SimError::AlreadyStarted(_)
            | SimError::NotStarted(_)
            | SimError::PersonalMeetingOff(_)
            | SimError::NotHeld(_)
            | SimError::NoSuchRecording(_)
            | SimError::RecordingType(_)
            | SimError::NoSuchParticipant { .. }
            | SimError::NoSuchDelivery(_)
            | SimError::NoWebhook
            | SimError::App(_)
            | SimError::NoSuchApp(_)
            | SimError::NoSuchGrant(_)
            | SimError::NothingAllowed(_)
            | SimError::WebhookUrl(_)
            | SimError::Validation(_) => Self::bad_request(300, error.to_string()),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        if let Some(hint) = self.hint {
            if let Ok(value) = HeaderValue::from_str(&hint) {
                response.headers_mut().insert("x-zoom-sim-hint", value);
            }
            response.extensions_mut().insert(Hint(hint));
        }
        response
    }
}
