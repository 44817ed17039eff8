//! A Zoom with instant answers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use chat_plugin_engine::HttpClient;
use chat_plugin_engine::api::http_client::{Error, Method, Request, Response};
use serde_json::{Value, json};

/// Answers as Zoom's API does for the users `alice@example.com` and nobody else: finds her, and makes meetings with numbers
/// that count up from 82345678901. Everything outside `https://api.zoom.us` is denied. Remembers what it was sent.
#[derive(Debug)]
pub struct CannedZoom {
    next_meeting: AtomicU64,
    requests: Mutex<Vec<Request>>,
}

const FIRST_MEETING: u64 = 82_345_678_901;

impl Default for CannedZoom {
    fn default() -> Self {
        Self { next_meeting: AtomicU64::new(FIRST_MEETING), requests: Mutex::default() }
    }
}

impl CannedZoom {
    /// The requests so far, in order. They are forgotten with this.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, request: &Request) -> Result<Response, Error> {
        let path = request.url.strip_prefix("https://api.zoom.us").ok_or(Error::Denied)?;
        Ok(match (request.method, path) {
            (Method::Get, "/v2/users/alice@example.com") => {
                response(200, &json!({ "id": "z-alice", "email": "alice@example.com", "status": "active" }))
            }
            (Method::Post, "/v2/users/z-alice/meetings") => {
                let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let id = self.next_meeting.fetch_add(1, Ordering::Relaxed);
                let meeting = json!({
                    "id": id,
                    "uuid": format!("uuid-{id}=="),
                    "topic": asked["topic"],
                    "join_url": format!("https://example.zoom.us/j/{id}?pwd=ZmFrZXB3ZA.1"),
                    "start_url": format!("https://example.zoom.us/s/{id}?zak=host-key"),
                    "password": "k3Q9pz",
                });
                response(201, &meeting)
            }
            (Method::Get, path) if path.starts_with("/v2/users/") => {
                response(404, &json!({ "code": 1001, "message": "User does not exist." }))
            }
            _ => response(404, &json!({ "code": 404, "message": "Not found" })),
        })
    }
}

impl HttpClient for CannedZoom {
    async fn send(&self, request: Request, _max_body_bytes: u64) -> Result<Response, Error> {
        let answer = self.answer(&request);
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        answer
    }
}

fn response(status: u16, body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status, headers, body: body.to_string().into_bytes() }
}
