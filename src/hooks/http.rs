//! `hooks.serve-http`: the routes.

use super::{log, meetings_api, settings};
use crate::error::Error;
use crate::flow::Io;
use crate::model::{HttpResponse, Level, Method, Request, Server, header};
use crate::settings::Settings;
use crate::webhook;
use serde::Serialize;

/// Largest body that is read, in bytes.
pub const MAX_BODY: usize = 1 << 20;

/// Why a request is refused: a status and a sentence for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// What is wrong.
    pub reason: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(status: u16, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    /// The meeting that exists all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    meeting_url: Option<&'a str>,
}

/// Answers a request. Every refusal is logged with its reason.
pub async fn serve(io: Io, request: Request) -> HttpResponse {
    let route = request.path.clone();
    let response = match route.as_str() {
        "/webhook" => post_only(&io, request, Route::Webhook).await,
        "/api/v1/meetings" => post_only(&io, request, Route::Meetings).await,
        _ => Err(Failure::Refusal(Refusal::new(404, "There is nothing at this address."))),
    };
    match response {
        Ok(response) => response,
        Err(Failure::Refusal(refusal)) => {
            let status = refusal.status.to_string();
            // Only the routes are fixed texts: what a stranger asked for is not repeated in the log.
            let route = if refusal.status == 404 { "unknown" } else { &route };
            io.log(
                Level::Warn,
                "a request was refused",
                &[("route", route), ("status", &status), ("reason", &refusal.reason)],
            )
            .await;
            refused(&refusal)
        }
        Err(Failure::Error(error, server)) => failed(&io, &error, &server, &route).await,
    }
}

enum Route {
    Webhook,
    Meetings,
}

/// Why a request was not done.
pub(super) enum Failure {
    Refusal(Refusal),
    Error(Error, Server),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

async fn post_only(io: &Io, request: Request, route: Route) -> Result<HttpResponse, Failure> {
    if request.method != Method::Post {
        return Err(Refusal::new(405, "Only POST is allowed here.").into());
    }
    if request.body.len() > MAX_BODY {
        return Err(Refusal::new(413, "The body is larger than 1 MiB.").into());
    }
    let server = io.about().await;
    let settings: Settings = settings(io).await.map_err(|error| Failure::Error(error, server.clone()))?;
    match route {
        Route::Webhook => match webhook::handle(io, &settings, &request).await {
            Ok(webhook::Answer::Done) => Ok(HttpResponse { status: 200, ..HttpResponse::default() }),
            Ok(webhook::Answer::Validated(body)) => Ok(json(200, &body)),
            Err(webhook::Failure::Refused(refusal)) => Err(refusal.into()),
            Err(webhook::Failure::Failed(error)) if error.may_pass() => Err(Failure::Error(error, server)),
            // Zoom sends again whatever gets 5xx: that would only fail again.
            Err(webhook::Failure::Failed(error)) => {
                log(io, &error).await;
                Ok(HttpResponse { status: 200, ..HttpResponse::default() })
            }
        },
        Route::Meetings => meetings_api::create(io, &settings, &server, request).await,
    }
}

/// The content type is JSON, whatever parameters follow.
pub(crate) fn require_json(request: &Request) -> Result<(), Refusal> {
    let content_type = header(&request.headers, "content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Refusal::new(400, "The content type must be application/json."))
}

/// An answer in JSON.
pub(super) fn json(status: u16, body: &impl Serialize) -> HttpResponse {
    let headers = [
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ];
    HttpResponse {
        status,
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        body: serde_json::to_vec(body).unwrap_or_default(),
    }
}

fn refused(refusal: &Refusal) -> HttpResponse {
    let mut response = json(refusal.status, &ErrorBody { error: &refusal.reason, meeting_url: None });
    if refusal.status == 405 {
        response.headers.push(("allow".to_owned(), "POST".to_owned()));
    }
    response
}

async fn failed(io: &Io, error: &Error, server: &Server, route: &str) -> HttpResponse {
    log(io, error).await;
    let (status, reply) = (error.status(), error.reply(server, io.now_ms()));
    let reason = match error {
        Error::Settings(_) => "the settings have problems",
        Error::User(_) => "the user may not, or asked for what is not possible",
        Error::Zoom(_) => "Zoom did not do it",
        Error::Host(_) | Error::NotPosted(_) => "the chat server did not do it",
        Error::Bug(_) => "a fault in the plugin",
    };
    io.log(
        Level::Warn,
        "a request failed",
        &[("route", route), ("status", &status.to_string()), ("reason", reason)],
    )
    .await;
    let meeting_url = match error {
        Error::NotPosted(lost) => Some(lost.meeting.join_url.as_str()),
        Error::Settings(_) | Error::User(_) | Error::Zoom(_) | Error::Host(_) | Error::Bug(_) => None,
    };
    json(status, &ErrorBody { error: &reply, meeting_url })
}
