//! Zoom's webhook: `POST /webhook?secret=…`. Verify, store, answer, within Zoom's 3 seconds.

use super::http::{Refusal, require_json};
use crate::error::Error;
use crate::features::connect;
use crate::features::recording;
use crate::flow::Io;
use crate::meeting::events;
use crate::meeting::records;
use crate::model::{Level, Request, header};
use crate::settings::{Secret, Settings, SigningSecrets};
use crate::store;
use crate::zoom::event::{self, NotAnEvent, ZoomEvent};
use crate::zoom::recording::Recording;
use crate::zoom::refused::Why;
use crate::zoom::signature::{self, Signed, encrypt_token};
use serde::Serialize;
use url::form_urlencoded;

/// What Zoom gets when all is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// 200, empty.
    Done,
    /// The answer to a URL validation.
    Validated(Validation),
}

/// The answer to `endpoint.url_validation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Validation {
    plain_token: String,
    encrypted_token: String,
}

/// What Zoom gets otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// 4xx: Zoom will not send it again.
    Refused(Refusal),
    /// The store or the server failed: 5xx, and Zoom sends it again.
    Failed(Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Handles one delivery.
///
/// # Errors
/// [`Failure`].
pub(super) async fn handle(io: &Io, settings: &Settings, request: &Request) -> Result<Answer, Failure> {
    check_url_secret(&request.query, &settings.webhook_secret)?;
    require_json(request)?;
    let signed = match &settings.zoom_webhook_secret {
        Some(secrets) => Some(verify(io, request, secrets)?),
        None => None,
    };
    let signature = signed.map(|signed| signed.signature);
    match event::parse(&request.body, io.now_ms()).map_err(malformed)? {
        ZoomEvent::UrlValidation(token) => {
            let answer = validate(&token, signed.map(|signed| signed.secret))?;
            events::noted(io).await;
            return Ok(answer);
        }
        ZoomEvent::Other => {}
        ZoomEvent::Meeting(event) => events::apply(io, settings, &event).await?,
        ZoomEvent::Recording(recording) => recorded(io, settings, &recording).await?,
        ZoomEvent::Deauthorized(payload) => {
            connect::deauthorize(io, settings, &payload, signature).await?;
            events::noted(io).await;
        }
    }
    Ok(Answer::Done)
}

/// The secret that stands in the URLs that Zoom calls.
///
/// # Errors
/// 401.
pub(super) fn check_url_secret(query: &str, secret: &Secret) -> Result<(), Refusal> {
    let given = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "secret");
    match given {
        Some((_, value)) if secret.matches(&value) => Ok(()),
        Some(_) => Err(Refusal::new(
            401,
            "The secret in the webhook's URL is wrong: copy the URL from the plugin's settings once more.",
        )
        .because(Why::WrongSecret)),
        None => Err(Refusal::new(
            401,
            "The secret is missing from the webhook's URL: copy the URL from the plugin's settings once more.",
        )
        .because(Why::NoSecret)),
    }
}

fn verify<'a, 's>(
    io: &Io,
    request: &'a Request,
    secrets: &'s SigningSecrets,
) -> Result<Signed<'a, 's>, Refusal> {
    signature::verify(&request.headers, &request.body, secrets, io.now_ms())
        .map_err(|bad| Refusal::new(401, bad.reason()).because(bad.into()))
}

fn malformed(why: NotAnEvent) -> Refusal {
    let refusal = match why {
        NotAnEvent::Malformed => {
            Refusal::new(400, "The body is no Zoom event: a JSON object with a member event is needed.")
        }
        NotAnEvent::Missing(member) => Refusal::new(400, format!("The event lacks {member}.")),
    };
    refusal.because(Why::Unreadable)
}

fn validate(token: &str, secret: Option<&Secret>) -> Result<Answer, Failure> {
    let secret = secret.ok_or_else(|| Refusal::new(400, "Zoom Webhook Secret is empty: paste the Secret Token of the Zoom app into it, save, and validate again.").because(Why::NoSigningSecret))?;
    let encrypted =
        encrypt_token(token, secret).ok_or_else(|| Refusal::new(400, "The token is not one of Zoom's."))?;
    Ok(Answer::Validated(Validation { plain_token: token.to_owned(), encrypted_token: encrypted }))
}

async fn recorded(io: &Io, settings: &Settings, recording: &Recording) -> Result<(), Error> {
    let (Some(number), false) = (recording.number, recording.parts.is_empty()) else {
        io.log(Level::Debug, "a recording without anything to pass on", &[]).await;
        return Ok(());
    };
    let record = records::load_record(io, number).await?.record;
    if !record.is_known() {
        events::now_and_then_noted(io).await;
    }
    recording::arrived(io, settings, &record, number, recording).await
}

/// Notes a refusal for `/zoom doctor`. What does not look like Zoom's costs nothing.
pub(super) async fn note(io: &Io, request: &Request, why: Why) {
    let looks_like_zooms = ["x-zm-signature", "x-zm-request-timestamp"]
        .iter()
        .any(|name| header(&request.headers, name).is_some());
    if why.knew_the_url() || looks_like_zooms {
        // For the administrator's eyes alone: it must not change the answer.
        let _ = store::note_refused(io, why).await;
    }
}
