//! How a plugin reaches other servers, and how it is reached.

mod address;
pub(crate) mod answer;
mod client;
mod connect;
mod cookies;
pub(crate) mod fetch;
mod origins;
mod url_text;

use std::future::Future;

use crate::api::http_client::{Error, Request, Response};

pub use answer::{call_failed, parse_method};
pub use client::AllowListClient;
pub use cookies::own_cookies;
pub use origins::Origins;

/// Sends a plugin's requests. [`AllowListClient`] is the real one; tests have one with answers of their own.
pub trait HttpClient: Send + Sync + 'static {
    /// Sends one request and reads its response, whatever the status. Never follows a redirect.
    ///
    /// The request's `timeout-ms` is within the engine's limits. A body over `max_body_bytes` is [`Error::TooLarge`] with the
    /// announced size, or with the bytes read so far.
    fn send(
        &self,
        request: Request,
        max_body_bytes: u64,
    ) -> impl Future<Output = Result<Response, Error>> + Send;
}
