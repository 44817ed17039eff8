//! `hooks.serve-http`: the routes.

use super::{
    admin_api, answers_api, cards_api, detour, join, log, meetings_api, old_doors, settings, webhook,
};
use crate::error::Error;
use crate::features::connect::{self, Completed};
use crate::flow::Io;
use crate::model::{HttpResponse, Level, Method, Request, header};
use crate::say::i18n::Localizer;
use crate::settings::Settings;
use crate::store;
use crate::zoom::refused::Why;
use crate::zoom::signature;
use serde::Serialize;
use serde_json::Value;

/// Largest body that is read, in bytes.
pub const MAX_BODY: usize = 1 << 20;

/// What the address of a card's meeting begins with.
const JOIN: &str = "/join/";

/// Why a request is refused: a status and a sentence for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// What is wrong.
    pub reason: String,
    /// With 405: the methods that are allowed.
    pub allow: &'static str,
    /// Of a delivery of Zoom's: what `/zoom doctor` says about it.
    pub why: Option<Why>,
}

impl Refusal {
    /// A refusal.
    pub fn new(status: u16, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), allow: "", why: None }
    }

    /// The refusal of a delivery of Zoom's.
    pub(crate) fn because(self, why: Why) -> Self {
        Self { why: Some(why), ..self }
    }

    fn method(allow: &'static str) -> Self {
        Self { status: 405, reason: format!("Only {allow} is allowed here."), allow, why: None }
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
    let card_id = request.path.strip_prefix(JOIN).map(str::to_owned);
    let route = card_id.as_ref().map_or_else(|| request.path.clone(), |_| JOIN.to_owned());
    let response = match route.as_str() {
        "/webhook" => post_only(&io, request, Route::Webhook).await,
        "/api/v1/meetings" => post_only(&io, request, Route::Meetings).await,
        "/api/v1/answers" => post_only(&io, request, Route::Answers).await,
        "/api/v1/updatePMI" => post_only(&io, request, Route::UpdatePmi).await,
        "/api/v1/askPMI" => post_only(&io, request, Route::AskPmi).await,
        "/api/v1/channel-preference" => post_only(&io, request, Route::ChannelPreference).await,
        "/deauthorization" => post_only(&io, request, Route::Deauthorization).await,
        "/oauth2/connect" if matches!(request.method, Method::Get | Method::Post) => {
            return connect_page(&io, &request, Page::Authorize).await;
        }
        "/oauth2/complete" if request.method == Method::Get => {
            return connect_page(&io, &request, Page::Complete).await;
        }
        JOIN if matches!(request.method, Method::Get | Method::Head) => {
            return join::join(&io, &request, &card_id.unwrap_or_default()).await;
        }
        JOIN => Err(Refusal::method("GET, HEAD").into()),
        "/api/v1/cards" if request.method == Method::Get => cards_api::ours(&io, &request).await,
        "/api/v1/doctor" if request.method == Method::Get => admin_api::doctor(&io, &request).await,
        "/api/v1/setup" if request.method == Method::Get => admin_api::setup(&io, &request).await,
        "/api/v1/cards" | "/api/v1/doctor" | "/api/v1/setup" | "/oauth2/complete" => {
            Err(Refusal::method("GET").into())
        }
        "/oauth2/connect" => Err(Refusal::method("GET, POST").into()),
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
        Err(Failure::Error(error, l10n)) => failed(&io, &error, &l10n, &route).await,
    }
}

enum Route {
    Webhook,
    Meetings,
    Answers,
    UpdatePmi,
    AskPmi,
    ChannelPreference,
    Deauthorization,
}

/// A stop on the way to Zoom and back.
enum Page {
    Authorize,
    Complete,
}

/// People look at it, so that errors are pages too.
async fn connect_page(io: &Io, request: &Request, page: Page) -> HttpResponse {
    let l10n = Localizer::of_visitor(io, request.user_id.as_deref()).await;
    let done = match settings(io).await {
        Ok(settings) => match page {
            Page::Authorize => connect::authorize(io, &settings, &l10n, request).await,
            Page::Complete => match connect::complete(io, &settings, &l10n, request).await {
                Ok(Completed::Not(page)) => Ok(page),
                Ok(Completed::Connected(back)) => Ok(detour::after(io, &settings, *back).await),
                Err(error) => Err(error),
            },
        },
        Err(error) => Err(error),
    };
    match done {
        Ok(response) => response,
        Err(error) => {
            log(io, &error).await;
            connect::failed(error.status(), &error.reply(&l10n, io.now_ms()), &l10n)
        }
    }
}

/// Why a request was not done.
pub(super) enum Failure {
    Refusal(Refusal),
    Error(Error, Localizer),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

async fn post_only(io: &Io, request: Request, route: Route) -> Result<HttpResponse, Failure> {
    if request.method != Method::Post {
        return Err(Refusal::method("POST").into());
    }
    if request.body.len() > MAX_BODY {
        return Err(Refusal::new(413, "The body is larger than 1 MiB.").into());
    }
    let l10n = Localizer::of_visitor(io, request.user_id.as_deref()).await;
    let settings: Settings = settings(io).await.map_err(|error| Failure::Error(error, l10n.clone()))?;
    match route {
        Route::Webhook => match webhook::handle(io, &settings, &request).await {
            Ok(webhook::Answer::Done) => Ok(HttpResponse { status: 200, ..HttpResponse::default() }),
            Ok(webhook::Answer::Validated(body)) => {
                // For the administrator's eyes alone: no reason to let Zoom validate again.
                let _ = store::forget_refused(io).await;
                Ok(json(200, &body))
            }
            Err(webhook::Failure::Refused(refusal)) => {
                if let Some(why) = refusal.why {
                    webhook::note(io, &request, why).await;
                }
                Err(refusal.into())
            }
            Err(webhook::Failure::Failed(error)) if error.may_pass() => Err(Failure::Error(error, l10n)),
            // Zoom sends again whatever gets 5xx: that would only fail again.
            Err(webhook::Failure::Failed(error)) => {
                log(io, &error).await;
                Ok(HttpResponse { status: 200, ..HttpResponse::default() })
            }
        },
        Route::Deauthorization => {
            let (payload, signature) = deauthorization(io, &settings, &request)?;
            match connect::deauthorize(io, &settings, &payload, signature).await {
                Ok(()) => Ok(HttpResponse { status: 200, ..HttpResponse::default() }),
                Err(error) => Err(Failure::Error(error, l10n)),
            }
        }
        Route::UpdatePmi => old_doors::update_pmi(io, &l10n, &request).await,
        Route::AskPmi => old_doors::ask_pmi(io, &settings, &l10n, &request).await,
        Route::ChannelPreference => old_doors::channel_preference(io, &l10n, &request).await,
        Route::Answers => answers_api::create(io, &settings, &l10n, &request).await,
        Route::Meetings => meetings_api::create(io, &settings, &l10n, request).await,
    }
}

/// By Zoom's signature where there is a secret to check it with, else by the secret in the URL. Answers the payload, and the
/// signature by which a replay is known.
fn deauthorization<'a>(
    io: &Io,
    settings: &Settings,
    request: &'a Request,
) -> Result<(Value, Option<&'a str>), Refusal> {
    let signature = match &settings.zoom_webhook_secret {
        Some(secrets) => {
            let signed = signature::verify(&request.headers, &request.body, secrets, io.now_ms());
            Some(signed.map_err(|bad| Refusal::new(401, bad.reason()))?.signature)
        }
        None => {
            webhook::check_url_secret(&request.query, &settings.webhook_secret)?;
            None
        }
    };
    require_json(request)?;
    let body: Value = crate::json::read(&request.body).unwrap_or_default();
    if body["event"] != "app_deauthorized" || !body["payload"].is_object() {
        let reason = "The body is no deauthorization: a JSON object with the event app_deauthorized and a payload is needed.";
        return Err(Refusal::new(400, reason));
    }
    Ok((body["payload"].clone(), signature))
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
        response.headers.push(("allow".to_owned(), refusal.allow.to_owned()));
    }
    response
}

async fn failed(io: &Io, error: &Error, l10n: &Localizer, route: &str) -> HttpResponse {
    log(io, error).await;
    let (status, reply) = (error.status(), error.reply(l10n, io.now_ms()));
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
        Error::NotPosted(lost) => Some(lost.join_url.as_str()),
        Error::Settings(_) | Error::User(_) | Error::Zoom(_) | Error::Host(_) | Error::Bug(_) => None,
    };
    json(status, &ErrorBody { error: &reply, meeting_url })
}
