//! Zoom's REST API under `/v2`.
//!
//! Every call goes through the same gate: it is noted, a fault may take its place, its token is checked
//! ([`access`]), it is counted, and its answer gets Zoom's headers.

mod access;
mod error;
mod invitation;
mod meeting_lists;
mod meetings;
mod paging;
mod past_meetings;
mod recordings;
mod users;
mod wrong;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};

use access::UserKey;
pub(crate) use error::{ApiError, Hint};

use crate::{Change, Fault, SeenRequest, ZoomSim, serve::Disconnect};

/// Zoom takes no larger body than this, as far as the simulation goes.
const BODY_BYTES_MAX: usize = 1024 * 1024;

pub(crate) fn router(sim: ZoomSim) -> Router {
    Router::new()
        .route("/v2/users", get(users::list))
        .route("/v2/users/{user}", get(users::show))
        .route("/v2/users/{user}/meetings", post(meetings::create).get(meeting_lists::list))
        .route("/v2/users/{user}/upcoming_meetings", get(meeting_lists::upcoming))
        .route("/v2/meetings/{id}", get(meetings::show).patch(meetings::update).delete(meetings::delete))
        .route("/v2/meetings/{id}/status", put(meetings::set_status))
        .route("/v2/meetings/{id}/invitation", get(invitation::show))
        .route("/v2/meetings/{id}/recordings", get(recordings::show))
        .route("/v2/past_meetings/{*id}", get(past_meetings::show))
        .route("/v2/{*rest}", axum::routing::any(rest))
        .method_not_allowed_fallback(unknown)
        .layer(middleware::from_fn_with_state(sim.clone(), access::admission))
        .layer(middleware::from_fn_with_state(sim.clone(), gate))
        .with_state(sim)
}

/// What no route matched: a uuid with slashes that were not encoded twice, or nothing that Zoom has.
async fn rest(sim: State<ZoomSim>, extras: Query<recordings::Extras>, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/v2/meetings/") && path.ends_with("/recordings") && request.method() == Method::GET {
        return recordings::show(sim, extras, request).await.into_response();
    }
    unknown().await.into_response()
}

async fn unknown() -> ApiError {
    ApiError::bad_request(2300, "This API endpoint is not recognized.")
}

/// Notes a request and its answer, and lets a fault take the answer's place.
pub(crate) async fn gate(State(sim): State<ZoomSim>, request: Request, next: Next) -> Response {
    pass(sim, request, next, Door::Api).await
}

/// The same for files: what comes out has none of the API's headers.
pub(crate) async fn open_gate(State(sim): State<ZoomSim>, request: Request, next: Next) -> Response {
    pass(sim, request, next, Door::Files).await
}

/// What is behind the gate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    Api,
    Files,
}

async fn pass(sim: ZoomSim, request: Request, next: Next, door: Door) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_BYTES_MAX).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "").into_response();
    };
    let (seen, fault) = note(&sim, &parts, &bytes);
    sim.changed(Change::Request { request: seen.clone() });
    let request = Request::from_parts(parts, Body::from(bytes));
    let response = answer(&sim, &seen, fault.unwrap_or_default(), (request, next), door).await;
    let disconnected = response.extensions().get::<Disconnect>().is_some();
    let status = (!disconnected).then(|| response.status().as_u16());
    let hint = response.extensions().get::<Hint>().map(|hint| hint.0.clone());
    let answered = sim.state().requests.answered(seen.id, status, hint);
    if let Some(request) = answered {
        sim.changed(Change::Request { request });
    }
    response
}

/// Keeps the call for those who ask later, and takes the fault that waits for it.
fn note(sim: &ZoomSim, parts: &Parts, body: &[u8]) -> (SeenRequest, Option<Fault>) {
    let at_ms = sim.now_ms();
    let mut state = sim.state();
    let seen = state.requests.push(SeenRequest {
        id: 0,
        at_ms,
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        host: text(&parts.headers, &header::HOST),
        authorization: text(&parts.headers, &header::AUTHORIZATION),
        content_type: text(&parts.headers, &header::CONTENT_TYPE),
        body: String::from_utf8_lossy(body).into_owned(),
        status: None,
        hint: None,
    });
    let fault = state.faults.take(&seen.method, &seen.path);
    (seen, fault)
}

/// The right answer, or the fault's.
async fn answer(
    sim: &ZoomSim,
    seen: &SeenRequest,
    fault: Fault,
    (request, next): (Request, Next),
    door: Door,
) -> Response {
    let wrong = fault.answer.map(|answer| wrong::answer(sim, answer));
    let response = match (wrong, fault.after_effect) {
        (Some(wrong), false) => wrong,
        (wrong, _) => {
            let right = next.run(request).await;
            wrong.unwrap_or_else(|| if door == Door::Api { as_zoom(sim, right) } else { right })
        }
    };
    if let Some(delay) = fault.delay {
        wrong::wait(sim, seen.at_ms, delay).await;
    }
    response
}

/// Zoom's headers on every answer of its own.
fn as_zoom(sim: &ZoomSim, mut response: Response) -> Response {
    let json = HeaderValue::from_static("application/json;charset=UTF-8");
    let tracking_id = format!("v=2.0;clid=us06;rid=WEB_{}", sim.state().ids.hex(32));
    let headers = response.headers_mut();
    // Pages are pages.
    if headers.get(header::CONTENT_TYPE).is_some_and(|of| !of.as_bytes().starts_with(b"text/html")) {
        headers.insert(header::CONTENT_TYPE, json);
    }
    if let Ok(tracking_id) = HeaderValue::from_str(&tracking_id) {
        headers.insert("x-zm-trackingid", tracking_id);
    }
    response
}

fn with_headers(mut response: Response, headers: Vec<(&'static str, String)>) -> Response {
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
