//! From a request to a card's next state.

use crate::connect;
use crate::error::Error;
use crate::flow::Io;
use crate::follow;
use crate::hooks::http::{Refusal, require_json};
use crate::meeting::Meeting;
use crate::meeting::record::{Applied, Record, Subscription};
use crate::meeting::records;
use crate::meeting::show;
use crate::model::{Level, Request};
use crate::reconcile;
use crate::recording;
use crate::say::i18n::{Locale, Localizer};
use crate::settings::{Secret, Settings, SigningSecrets};
use crate::store::{self, Work};
use crate::zoom::event::{self, MeetingEvent, NotAnEvent, ZoomEvent};
use crate::zoom::recording::Recording;
use crate::zoom::refused::Why;
use crate::zoom::signature::{self, Signed, encrypt_token};
use serde::Serialize;
use std::cell::RefCell;
use url::form_urlencoded;

/// Of how many events without a card one is noted.
const NOTED_OF: u8 = 32;

/// What Zoom gets when all is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200, empty.
    Done,
    /// The answer to a URL validation.
    Validated(Validation),
}

/// The answer to `endpoint.url_validation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Validation {
    plain_token: String,
    encrypted_token: String,
}

/// What Zoom gets otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
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
pub async fn handle(io: &Io, settings: &Settings, request: &Request) -> Result<Answer, Failure> {
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
            noted(io).await;
            return Ok(answer);
        }
        ZoomEvent::Other => {}
        ZoomEvent::Meeting(event) => apply(io, settings, &event).await?,
        ZoomEvent::Recording(recording) => recorded(io, settings, &recording).await?,
        ZoomEvent::Deauthorized(payload) => {
            connect::deauthorize(io, settings, &payload, signature).await?;
            noted(io).await;
        }
    }
    Ok(Answer::Done)
}

/// For the administrator's eyes alone: no reason to let Zoom send anything again.
async fn noted(io: &Io) {
    let _ = store::note_webhook_seen(io).await;
}

/// Of many events that concern nobody here one is noted: those that do are noted in their records.
async fn now_and_then_noted(io: &Io) {
    let [chance] = io.random();
    if chance % NOTED_OF == 0 {
        noted(io).await;
    }
}

/// The secret that stands in the URLs that Zoom calls.
///
/// # Errors
/// 401.
pub(crate) fn check_url_secret(query: &str, secret: &Secret) -> Result<(), Refusal> {
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

/// One read, one compare-and-set, then posts: what belongs together is decided by the record alone.
pub(crate) async fn apply(io: &Io, settings: &Settings, event: &MeetingEvent) -> Result<(), Error> {
    let (number, now_ms) = (event.number, io.now_ms());
    let loaded = records::load_record(io, number).await?;
    let is_known = loaded.record.is_known();
    let follows = !loaded.record.follows.is_empty();
    let locale = if follows { Localizer::of_server(io).await.locale } else { Locale::default() };
    let meeting = Meeting::of_number(settings, number, &event.topic)?;
    let follower = |subscription: &Subscription| follow::card(subscription, event, &meeting, now_ms, locale);
    let applied = RefCell::new(Applied::default());
    let change = |record: &mut Record| {
        applied.replace(record.apply(event, now_ms, &follower));
    };
    let record = records::update_record(io, number, Some(loaded), &change).await?.record;
    if !is_known {
        now_and_then_noted(io).await;
    }
    let applied = applied.take();
    records::log_dropped(io, applied.dropped).await;
    if applied.changed.is_empty() && applied.unchanged.is_empty() && applied.announce.is_empty() {
        io.log(Level::Debug, "an event of a meeting without a card", &[]).await;
    }
    if !applied.announce.is_empty() {
        let jobs: Vec<Work> = applied.announce.into_iter().map(Work::Announce).collect();
        store::add_jobs(io, &jobs).await?;
    }
    let card = |id: &str| record.entry(id).map(|entry| &entry.card);
    if applied.changed.iter().filter_map(|id| card(id)).any(|card| reconcile::is_due(card, now_ms)) {
        // Its number was looked at before the meeting began.
        store::watch(io, number, now_ms).await?;
    }
    for id in &applied.changed {
        if let Some(card) = card(id) {
            show::show(io, id, card).await?;
        }
    }
    for id in &applied.unchanged {
        if let Some(card) = card(id) {
            show::repair(io, id, card).await?;
        }
    }
    Ok(())
}

async fn recorded(io: &Io, settings: &Settings, recording: &Recording) -> Result<(), Error> {
    let (Some(number), false) = (recording.number, recording.parts.is_empty()) else {
        io.log(Level::Debug, "a recording without anything to pass on", &[]).await;
        return Ok(());
    };
    let record = records::load_record(io, number).await?.record;
    if !record.is_known() {
        now_and_then_noted(io).await;
    }
    recording::arrived(io, settings, &record, number, recording).await
}
