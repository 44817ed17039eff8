//! Zoom's REST API under `/v2`.
//!
//! Every call goes through the same gate: it is noted, a fault may take its place, its token is checked,
//! it is counted, and its answer gets Zoom's headers.

mod error;
mod meetings;
mod past_meetings;
mod users;

use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};

pub(crate) use error::{ApiError, Hint};

use crate::{
    Change, Delay, Fault, FaultAnswer, SeenRequest, ZoomSim,
    rate_limit::{self, Weight},
    serve::Disconnect,
};

/// Zoom takes no larger body than this, as far as the simulation goes.
const BODY_BYTES_MAX: usize = 1024 * 1024;

pub(crate) fn router(sim: ZoomSim) -> Router {
    Router::new()
        .route("/v2/users", get(users::list))
        .route("/v2/users/{user}", get(users::show))
        .route("/v2/users/{user}/meetings", post(meetings::create))
        .route("/v2/meetings/{id}", get(meetings::show).patch(meetings::update).delete(meetings::delete))
        .route("/v2/meetings/{id}/status", put(meetings::set_status))
        .route("/v2/past_meetings/{*id}", get(past_meetings::show))
        .route("/v2/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(unknown)
        .layer(middleware::from_fn_with_state(sim.clone(), gate))
        .with_state(sim)
}

async fn unknown() -> ApiError {
    ApiError::bad_request(2300, "This API endpoint is not recognized.")
}

async fn gate(State(sim): State<ZoomSim>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_BYTES_MAX).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "").into_response();
    };
    let method = parts.method.as_str().to_owned();
    let path = parts.uri.path().to_owned();
    let authorization = text(&parts.headers, &header::AUTHORIZATION);
    let (number, fault) = {
        let at_ms = sim.now_ms();
        let mut state = sim.state();
        let number = state.requests.push(SeenRequest {
            id: 0,
            at_ms,
            method: method.clone(),
            path: path.clone(),
            query: parts.uri.query().map(str::to_owned),
            authorization: authorization.clone(),
            content_type: text(&parts.headers, &header::CONTENT_TYPE),
            body: String::from_utf8_lossy(&bytes).into_owned(),
            status: None,
            hint: None,
        });
        (number, state.faults.take(&method, &path))
    };
    let seen = sim.state().requests.get(number).cloned();
    if let Some(request) = seen {
        sim.changed(Change::Request { request });
    }
    let request = Request::from_parts(parts, Body::from(bytes));
    let response = answer(&sim, fault, &method, &path, authorization.as_deref(), (request, next)).await;
    let disconnected = response.extensions().get::<Disconnect>().is_some();
    let status = (!disconnected).then(|| response.status().as_u16());
    let hint = response.extensions().get::<Hint>().map(|hint| hint.0.clone());
    let seen = sim.state().requests.answered(number, status, hint);
    if let Some(request) = seen {
        sim.changed(Change::Request { request });
    }
    response
}

/// The right answer, or the fault's.
async fn answer(
    sim: &ZoomSim,
    fault: Option<Fault>,
    method: &str,
    path: &str,
    authorization: Option<&str>,
    (request, next): (Request, Next),
) -> Response {
    let fault = fault.unwrap_or_default();
    let wrong = fault.answer.map(|answer| wrong_answer(sim, answer));
    let response = match (wrong, fault.after_effect) {
        (Some(wrong), false) => wrong,
        (wrong, _) => {
            let right = match admit(sim, method, path, authorization) {
                Err(refusal) => refusal.into_response(),
                Ok(headers) => with_headers(next.run(request).await, headers),
            };
            wrong.unwrap_or_else(|| as_zoom(sim, right))
        }
    };
    if let Some(delay) = fault.delay {
        wait(sim, delay).await;
    }
    response
}

/// Whether the caller may call, and the headers that count the call.
fn admit(
    sim: &ZoomSim,
    method: &str,
    path: &str,
    authorization: Option<&str>,
) -> Result<Vec<(&'static str, String)>, ApiError> {
    let now_ms = sim.now_ms();
    let mut state = sim.state();
    state.app.check(authorization, now_ms)?;
    Ok(state.rate.call(Weight::of(method, path), now_ms)?)
}

fn wrong_answer(sim: &ZoomSim, answer: FaultAnswer) -> Response {
    match answer {
        FaultAnswer::Raw { status, content_type, headers, body } => {
            let mut response = (status_of(status), body).into_response();
            response.headers_mut().remove(header::CONTENT_TYPE);
            let content_type = content_type.map(|value| ("content-type".to_owned(), value));
            for (name, value) in content_type.into_iter().chain(headers) {
                if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                    response.headers_mut().append(name, value);
                }
            }
            response
        }
        FaultAnswer::Error { status, code, message } => {
            as_zoom(sim, ApiError::new(status_of(status), code, message).into_response())
        }
        FaultAnswer::BadGateway => {
            let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad \
                        Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
            (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        FaultAnswer::Empty { status } => status_of(status).into_response(),
        FaultAnswer::RateLimited { retry_after, seconds } => {
            let now_ms = sim.now_ms();
            let until_ms = now_ms.saturating_add(i64::from(seconds) * 1000);
            let message = "You have reached the maximum per-second rate limit for this API. Try again later.";
            let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, 429, message);
            let headers = rate_limit::retry_after(retry_after, until_ms, now_ms);
            as_zoom(sim, with_headers(error.into_response(), headers.into_iter().collect()))
        }
        FaultAnswer::Disconnect => {
            let mut response = StatusCode::BAD_GATEWAY.into_response();
            response.extensions_mut().insert(Disconnect);
            response
        }
    }
}

async fn wait(sim: &ZoomSim, delay: Delay) {
    match delay {
        Delay::ClockMs(_) => {
            let clock = sim.clock();
            let until_ms = clock.now_ms().saturating_add(crate::clock::as_ms(delay.duration()));
            clock.sleep_until(until_ms).await;
        }
        Delay::RealMs(_) => pause(delay.duration()).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "being late in real time is what this fault is")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Zoom's headers on every answer of its own.
fn as_zoom(sim: &ZoomSim, mut response: Response) -> Response {
    let json = HeaderValue::from_static("application/json;charset=UTF-8");
    let tracking_id = format!("v=2.0;clid=us06;rid=WEB_{}", sim.state().ids.hex(32));
    let headers = response.headers_mut();
    if headers.contains_key(header::CONTENT_TYPE) {
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

/// A status that HTTP does not know becomes 500.
fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
