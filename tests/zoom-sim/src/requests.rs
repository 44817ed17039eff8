//! What Zoom was asked.

use std::collections::VecDeque;

use serde::Serialize;

use crate::clock::UnixMs;

/// So many requests are remembered; the local host may run for weeks.
const REQUESTS_MAX: usize = 10_000;

/// A call of the API or of a download, as it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenRequest {
    /// Number of the request, counted from 1.
    pub id: u64,
    /// When it came.
    pub at_ms: UnixMs,
    /// `GET` and so on.
    pub method: String,
    /// Path as sent, not decoded.
    pub path: String,
    /// Query as sent, without `?`.
    pub query: Option<String>,
    /// The `Host` header: which of the simulation's origins was called.
    pub host: Option<String>,
    /// The `Authorization` header. It holds a credential of the simulated app.
    pub authorization: Option<String>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The body; what is not UTF-8 is replaced.
    pub body: String,
    /// Status of the answer; absent until there is one.
    pub status: Option<u16>,
    /// What was wrong with the credentials, in words for whoever wrote the caller.
    pub hint: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<SeenRequest>,
    last_id: u64,
}

impl RequestLog {
    /// Numbers the request and keeps it.
    pub(crate) fn push(&mut self, mut request: SeenRequest) -> SeenRequest {
        if self.requests.len() == REQUESTS_MAX {
            self.requests.pop_front();
        }
        self.last_id += 1;
        request.id = self.last_id;
        self.requests.push_back(request.clone());
        request
    }

    pub(crate) fn answered(
        &mut self,
        id: u64,
        status: Option<u16>,
        hint: Option<String>,
    ) -> Option<SeenRequest> {
        let request = self.requests.iter_mut().find(|request| request.id == id)?;
        request.status = status;
        request.hint = hint;
        Some(request.clone())
    }

    pub(crate) fn all(&self) -> Vec<SeenRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
