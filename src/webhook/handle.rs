//! From a request to a card's next state.

use super::event::{self, MeetingEvent, NotAnEvent, ZoomEvent};
use super::signature::{self, PAST_WINDOW_S, encrypt_token};
use crate::error::Error;
use crate::flow::Io;
use crate::hooks::http::{Refusal, require_json};
use crate::meeting::advance;
use crate::model::{Level, Request};
use crate::settings::{Secret, Settings};
use crate::show;
use crate::store::{self, CardRecord, WaitingCard};
use serde::Serialize;
use url::form_urlencoded;

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

/// How much a start may precede the card it belongs to: clocks differ.
const CLOCK_SLACK_MS: u64 = 60_000;
/// Cards this close to a start are taken in the order they were posted.
const TOGETHER_MS: u64 = 3_600_000;

/// Handles one delivery.
///
/// # Errors
/// [`Failure`].
pub async fn handle(io: &Io, settings: &Settings, request: &Request) -> Result<Answer, Failure> {
    check_url_secret(&request.query, &settings.webhook_secret)?;
    require_json(request)?;
    let signature = match &settings.zoom_webhook_secret {
        Some(secret) => Some(verify(io, request, secret)?),
        None => None,
    };
    match event::parse(&request.body, io.now_ms()).map_err(malformed)? {
        ZoomEvent::UrlValidation(token) => validate(&token, settings.zoom_webhook_secret.as_ref()),
        ZoomEvent::Meeting(event) => {
            once(io, &event, signature).await?;
            Ok(Answer::Done)
        }
        ZoomEvent::Other => Ok(Answer::Done),
    }
}

fn check_url_secret(query: &str, secret: &Secret) -> Result<(), Refusal> {
    let given = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "secret");
    match given {
        Some((_, value)) if secret.matches(&value) => Ok(()),
        Some(_) => Err(Refusal::new(
            401,
            "The secret in the webhook's URL is wrong: copy the URL from the plugin's settings once more.",
        )),
        None => Err(Refusal::new(
            401,
            "The secret is missing from the webhook's URL: copy the URL from the plugin's settings once more.",
        )),
    }
}

fn verify<'a>(io: &Io, request: &'a Request, secret: &Secret) -> Result<&'a str, Refusal> {
    signature::verify(&request.headers, &request.body, secret, io.now_ms())
        .map_err(|bad| Refusal::new(401, bad.reason()))
}

fn malformed(why: NotAnEvent) -> Refusal {
    match why {
        NotAnEvent::Malformed => {
            Refusal::new(400, "The body is no Zoom event: a JSON object with a member event is needed.")
        }
        NotAnEvent::Missing(member) => Refusal::new(400, format!("The event lacks {member}.")),
    }
}

fn validate(token: &str, secret: Option<&Secret>) -> Result<Answer, Failure> {
    let secret = secret.ok_or_else(|| Refusal::new(400, "Zoom Webhook Secret is empty: paste the Secret Token of the Zoom app into it, save, and validate again."))?;
    let encrypted =
        encrypt_token(token, secret).ok_or_else(|| Refusal::new(400, "The token is not one of Zoom's."))?;
    Ok(Answer::Validated(Validation { plain_token: token.to_owned(), encrypted_token: encrypted }))
}

/// A replay is answered like the first delivery and changes nothing. Remembered only when all went well: what failed may come again.
async fn once(io: &Io, event: &MeetingEvent, signature: Option<&str>) -> Result<(), Error> {
    if let Some(signature) = signature
        && store::was_handled(io, signature).await?
    {
        return Ok(());
    }
    apply(io, event).await?;
    if let Some(signature) = signature {
        store::remember_handled(io, signature, u32::try_from(PAST_WINDOW_S).unwrap_or(u32::MAX)).await?;
    }
    Ok(())
}

async fn apply(io: &Io, event: &MeetingEvent) -> Result<(), Error> {
    let Some(card_id) = card_of(io, event).await? else {
        io.log(Level::Debug, "an event of a meeting without a card", &[]).await;
        return Ok(());
    };
    let next = |card: &CardRecord| {
        let tied_here = card.uuid.as_ref().is_none_or(|uuid| *uuid == event.uuid);
        tied_here.then(|| CardRecord {
            uuid: Some(event.uuid.clone()),
            life: advance(card.life, event.event),
            ..card.clone()
        })
    };
    let Some((card, changed)) = store::update_card(io, &card_id, next).await? else { return Ok(()) };
    if card.uuid.as_ref() != Some(&event.uuid) {
        // Another instance took the card in this very moment.
        return Ok(());
    }
    if changed { show::show(io, &card_id, &card).await } else { show::repair(io, &card_id, &card).await }
}

/// The card of the event's instance; the first event ties one of the waiting cards to it.
async fn card_of(io: &Io, event: &MeetingEvent) -> Result<Option<String>, Error> {
    if let Some(card_id) = store::instance_card(io, &event.uuid).await? {
        return Ok(Some(card_id));
    }
    let waiting = store::waiting_cards(io, event.number).await?;
    let Some(card_id) = choose(&waiting, event.start_ms.unwrap_or(io.now_ms())) else { return Ok(None) };
    let tie = |card: &CardRecord| {
        card.uuid.is_none().then(|| CardRecord { uuid: Some(event.uuid.clone()), ..card.clone() })
    };
    let card = store::update_card(io, card_id, tie).await?.map(|(card, _)| card);
    let ours = card.is_some_and(|card| card.uuid.as_ref() == Some(&event.uuid));
    if ours {
        store::tie_instance(io, &event.uuid, card_id).await?;
    }
    store::remove_waiting(io, event.number, card_id).await?;
    Ok(ours.then(|| card_id.to_owned()))
}

/// Which of the waiting cards, oldest first, a meeting that began at `start_ms` belongs to. Of those posted within the hour before
/// it the oldest; of older ones the newest; and a card posted later only when there is no other.
fn choose(waiting: &[WaitingCard], start_ms: u64) -> Option<&str> {
    let before = |card: &&WaitingCard| card.created_ms <= start_ms + CLOCK_SLACK_MS;
    let together = |card: &&WaitingCard| card.created_ms + TOGETHER_MS >= start_ms;
    let earlier = || waiting.iter().filter(before);
    let card = earlier().find(together).or_else(|| earlier().next_back()).or_else(|| waiting.first());
    card.map(|card| card.card_id.as_str())
}
