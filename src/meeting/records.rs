//! Where records lie: a number's under one key, cards by their names in them, and who follows which number.

mod card;
mod record;
mod subscription;

pub use card::{
    Place, Saved, card_id_of, forget_card, import_card, load_card, new_card_id, place_of, save_new_card,
    update_card,
};
pub use record::{Loaded, load_record, update_record};
pub use subscription::{
    add_subscription, followed_by_user, followed_in_channel, import_subscription, remove_subscription,
    subscriptions,
};

use super::Life;
use super::record::{CardRecord, Dropped};
use crate::error::Error;
use crate::flow::Io;
use crate::model::{HostError, Level};
use crate::store::{After, LOOK_AFTER_MS, Page, SPAN_MS, Watched, noted_ms, watched};

/// How long a card is known after its last change: Zoom ends no meeting later than a day after its start, and delivers recordings
/// within days.
const CARD_LIFE_S: u32 = 30 * 86_400;
/// Since when numbers that were started are looked through for the last event, and how many: what an administrator waits for.
const LOOK_BACK_MS: u64 = 2 * 3_600_000;
const MAX_LOOKS: usize = 20;
/// They are listed from the oldest on. Nobody starts more than all these pages hold in that time.
const PAGE: u32 = 1_000;
const MAX_PAGES: usize = 20;

/// When Zoom was heard last, in milliseconds since the Unix epoch. An event that changes a card says so in the card's record alone: it is
/// looked for among the numbers that were started last, and noted when the number is looked at hours later. Of other events some are noted.
///
/// # Errors
/// The store's.
pub async fn webhook_seen(io: &Io) -> Result<Option<u64>, Error> {
    let mut seen_ms = noted_ms(io).await?;
    for started in last_started(io).await? {
        let heard_ms = match load_record(io, started.number).await {
            Ok(loaded) => loaded.record.heard_ms,
            // One that cannot be read says nothing of the others.
            Err(Error::Host(HostError::Invalid(_))) => continue,
            Err(error) => return Err(error),
        };
        seen_ms = seen_ms.max(Some(heard_ms).filter(|ms| *ms > 0));
    }
    Ok(seen_ms)
}

/// The numbers that were started last.
async fn last_started(io: &Io) -> Result<Vec<Watched>, Error> {
    let mut after = After::Time(io.now_ms().saturating_sub(LOOK_BACK_MS));
    let mut started = Vec::new();
    for _ in 0..MAX_PAGES {
        let Page { numbers, next } = watched(io, after, PAGE).await?;
        started.extend(numbers);
        started.drain(..started.len().saturating_sub(MAX_LOOKS));
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    Ok(started)
}

/// Says what fell out of a record.
pub async fn log_dropped(io: &Io, dropped: Dropped) {
    if dropped.open > 0 {
        let (cards, why) = (
            dropped.open.to_string(),
            "a meeting number has too many cards: the oldest was forgotten though its meeting has not ended, and its post stays as it is",
        );
        io.log(Level::Warn, why, &[("cards", &cards)]).await;
    }
    if dropped.ended > 0 {
        let (cards, why) = (dropped.ended.to_string(), "cards of meetings that are over were forgotten");
        io.log(Level::Debug, why, &[("cards", &cards)]).await;
    }
}

/// Whether a card has been open for longer than meetings last.
pub(crate) fn is_due(card: &CardRecord, now_ms: u64) -> bool {
    let open = matches!(card.life, Life::Waiting | Life::Started { .. });
    open && now_ms.saturating_sub(card.created_ms) + SPAN_MS >= LOOK_AFTER_MS
}
