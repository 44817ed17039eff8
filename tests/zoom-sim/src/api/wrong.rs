//! Answers that are wrong or late because a fault says so.

use std::time::Duration;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::{ApiError, as_zoom, with_headers};
use crate::{Delay, FaultAnswer, UnixMs, ZoomSim, rate_limit, serve::Disconnect};

/// The answer that a fault asks for.
pub(super) fn answer(sim: &ZoomSim, answer: FaultAnswer) -> Response {
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

/// Returns when the fault's time is over, counted from the arrival of the call.
pub(super) async fn wait(sim: &ZoomSim, arrived_ms: UnixMs, delay: Delay) {
    match delay {
        Delay::ClockMs(_) => {
            let until_ms = arrived_ms.saturating_add(crate::clock::as_ms(delay.duration()));
            sim.clock().sleep_until(until_ms).await;
        }
        Delay::RealMs(_) => pause(delay.duration()).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "being late in real time is what this fault is")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// A status that HTTP does not know becomes 500.
fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
