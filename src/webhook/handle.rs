//! From a request to a card's next state.

use super::adopt;
use super::event::{self, MeetingEvent, NotAnEvent, ZoomEvent};
use super::refused::Why;
use super::signature::{self, PAST_WINDOW_S, Signed, encrypt_token};
use crate::connect;
use crate::error::Error;
use crate::flow::Io;
use crate::follow;
use crate::hooks::http::{Refusal, require_json};
use crate::meeting::advance;
use crate::model::{Level, Request};
use crate::recording;
use crate::settings::{Secret, Settings, SigningSecrets};
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
    let signed = match &settings.zoom_webhook_secret {
        Some(secrets) => Some(verify(io, request, secrets)?),
        None => None,
    };
    let answer = answer(io, settings, request, signed).await;
    if !matches!(answer, Err(Failure::Refused(_))) {
        // For the administrator's eyes alone: no reason to let Zoom send anything again.
        let _ = store::note_webhook_seen(io).await;
    }
    answer
}

async fn answer(
    io: &Io,
    settings: &Settings,
    request: &Request,
    signed: Option<Signed<'_, '_>>,
) -> Result<Answer, Failure> {
    let signature = signed.map(|signed| signed.signature);
    match event::parse(&request.body, io.now_ms()).map_err(malformed)? {
        ZoomEvent::UrlValidation(token) => validate(&token, signed.map(|signed| signed.secret)),
        ZoomEvent::Other => Ok(Answer::Done),
        ZoomEvent::Deauthorized(payload) => {
            connect::deauthorize(io, settings, &payload, signature).await?;
            Ok(Answer::Done)
        }
        event @ (ZoomEvent::Meeting(_) | ZoomEvent::Recording(_)) => {
            once(io, settings, &event, signature).await?;
            Ok(Answer::Done)
        }
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

/// A replay is answered like the first delivery and changes nothing. Remembered only when all went well: what failed may come again.
async fn once(io: &Io, settings: &Settings, event: &ZoomEvent, signature: Option<&str>) -> Result<(), Error> {
    if let Some(signature) = signature
        && store::was_handled(io, signature).await?
    {
        return Ok(());
    }
    match event {
        ZoomEvent::Meeting(event) => apply(io, settings, event).await?,
        ZoomEvent::Recording(recording) => {
            let is_any = !recording.parts.is_empty();
            if is_any && store::instance_cards(io, &recording.uuid).await?.is_empty() {
                adopt::adopt_for_recording(io, settings, recording).await?;
            }
            recording::arrived(io, settings, recording).await?;
        }
        ZoomEvent::Deauthorized(_) | ZoomEvent::UrlValidation(_) | ZoomEvent::Other => {}
    }
    if let Some(signature) = signature {
        store::remember_handled(io, signature, u32::try_from(PAST_WINDOW_S).unwrap_or(u32::MAX)).await?;
    }
    Ok(())
}

/// The first event of an instance ties one of the waiting cards to it; from then on its UUID names the card. Channels that follow
/// the meeting get cards of their own.
async fn apply(io: &Io, settings: &Settings, event: &MeetingEvent) -> Result<(), Error> {
    let mut tied = None;
    if store::instance_cards(io, &event.uuid).await?.is_empty() {
        tied = tie_waiting(io, event).await?;
        if tied.is_none() {
            adopt::adopt(io, settings, event).await?;
        }
    }
    follow::make_cards(io, settings, event).await?;
    let cards = store::instance_cards(io, &event.uuid).await?;
    if cards.is_empty() {
        io.log(Level::Debug, "an event of a meeting without a card", &[]).await;
    }
    for card_id in cards {
        let change = match tied.take_if(|(id, _)| *id == card_id) {
            Some((_, change)) => Some(change),
            None => bring_on(io, &card_id, event).await?,
        };
        if let Some(change) = change {
            change.show(io, &card_id).await?;
        }
    }
    Ok(())
}

/// Ties a card that waits for an instance of this number, and brings it on. `None`: no card does.
async fn tie_waiting(io: &Io, event: &MeetingEvent) -> Result<Option<(String, Change)>, Error> {
    let mut waiting = store::waiting_cards(io, event.number).await?;
    let start_ms = event.start_ms.unwrap_or_else(|| io.now_ms());
    while let Some(index) = choose(&waiting, start_ms) {
        let WaitingCard { card_id, .. } = waiting.remove(index);
        let change = bring_on(io, &card_id, event).await?;
        if change.is_some() {
            store::tie_instance(io, &event.uuid, &card_id).await?;
        }
        store::remove_waiting(io, event.number, &card_id).await?;
        if let Some(change) = change {
            return Ok(Some((card_id, change)));
        }
    }
    Ok(None)
}

/// A card after an event.
struct Change {
    card: CardRecord,
    changed: bool,
}

impl Change {
    async fn show(&self, io: &Io, card_id: &str) -> Result<(), Error> {
        if self.changed {
            show::show(io, card_id, &self.card).await
        } else {
            show::repair(io, card_id, &self.card).await
        }
    }
}

/// Advances the card, and ties it to the event's instance if it has none. `None`: it is another instance's, or forgotten.
async fn bring_on(io: &Io, card_id: &str, event: &MeetingEvent) -> Result<Option<Change>, Error> {
    let next = |card: &CardRecord| {
        let ours = card.uuid.as_ref().is_none_or(|uuid| *uuid == event.uuid);
        ours.then(|| CardRecord {
            uuid: Some(event.uuid.clone()),
            life: advance(card.life, event.event),
            ..card.clone()
        })
    };
    let updated = store::update_card(io, card_id, &next).await?;
    Ok(updated
        .filter(|(card, _)| card.uuid.as_ref() == Some(&event.uuid))
        .map(|(card, changed)| Change { card, changed }))
}

/// Which of the waiting cards, oldest first, a meeting that began at `start_ms` belongs to. Of those posted within the hour before
/// it the oldest; of older ones the newest; and a card posted later only when there is no other.
fn choose(waiting: &[WaitingCard], start_ms: u64) -> Option<usize> {
    let before = |card: &WaitingCard| card.created_ms <= start_ms + CLOCK_SLACK_MS;
    let together = |card: &WaitingCard| before(card) && card.created_ms + TOGETHER_MS >= start_ms;
    let any = (!waiting.is_empty()).then_some(0);
    waiting.iter().position(together).or_else(|| waiting.iter().rposition(before)).or(any)
}
