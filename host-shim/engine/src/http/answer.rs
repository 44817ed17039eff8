//! Answers that a host gives itself, for requests that never reach the plugin.

use crate::api::http_client::{Method, Response};
use crate::error::CallError;
use crate::limits::{BUSY_RETRY_AFTER_S, MAX_BODY, STOPPING_RETRY_AFTER_S};

/// The contract's method of this name (`GET`, exactly as in the request), else the answer with status 405 to give.
pub fn parse_method(name: &str) -> Result<Method, Response> {
    match name {
        "GET" => Ok(Method::Get),
        "HEAD" => Ok(Method::Head),
        "OPTIONS" => Ok(Method::Options),
        "POST" => Ok(Method::Post),
        "PUT" => Ok(Method::Put),
        "PATCH" => Ok(Method::Patch),
        "DELETE" => Ok(Method::Delete),
        _ => {
            let mut response = text(405, "This method is not supported.");
            response
                .headers
                .push(("allow".to_owned(), "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE".to_owned()));
            Err(response)
        }
    }
}

/// For a request whose body is over [`MAX_BODY`].
pub(crate) fn body_too_large() -> Response {
    text(413, &format!("The body is over {} MiB.", MAX_BODY >> 20))
}

/// The answer to a request whose call was refused or failed, for whoever sent it.
pub fn call_failed(error: &CallError) -> Response {
    match error {
        CallError::Busy => {
            later(503, "Too many requests at once. Try again in a moment.", BUSY_RETRY_AFTER_S)
        }
        CallError::ShareTaken(_) => {
            later(429, "Too many requests of yours at once. Try again in a moment.", BUSY_RETRY_AFTER_S)
        }
        CallError::Stopping => stopping(),
        CallError::Stopped => later(
            503,
            "The plugin was stopped before this was done. Look what has become of it, and try again in a moment.",
            STOPPING_RETRY_AFTER_S,
        ),
        CallError::Trapped(_)
        | CallError::TooSlow(_)
        | CallError::TimedOut(_)
        | CallError::ImportTimedOut { .. }
        | CallError::OutOfMemory(_)
        | CallError::StackOverflow
        | CallError::TooLarge(_)
        | CallError::BadAnswer(_)
        | CallError::Exited
        | CallError::Host { .. }
        | CallError::Engine(_) => {
            text(500, "Something went wrong inside the plugin. The server's log says more.")
        }
    }
}

/// For what comes in while the engine is being stopped, to start again soon or not at all.
pub(crate) fn stopping() -> Response {
    later(503, "The plugin is being stopped. Try again in a moment.", STOPPING_RETRY_AFTER_S)
}

/// An answer that says when to try again.
pub(crate) fn later(status: u16, sentence: &str, after_s: u32) -> Response {
    let mut response = text(status, sentence);
    response.headers.push(("retry-after".to_owned(), after_s.to_string()));
    response
}

pub(crate) fn text(status: u16, sentence: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
    Response { status, headers, body: sentence.as_bytes().to_vec() }
}
