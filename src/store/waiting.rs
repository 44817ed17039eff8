//! Which cards of a meeting number wait for their instance.

use super::{read, remove_from_list, update_list};
use crate::error::Error;
use crate::flow::Io;
use crate::zoom::MeetingNumber;
use serde::{Deserialize, Serialize};

/// A card waits this long for its meeting to begin. A personal meeting that begins later has nothing to do with the card.
const WAITING_LIFE_S: u32 = 86_400;
/// Cards that wait for one number at once; the oldest gives way. Bounds the value, and the work of one event.
const MAX_WAITING: usize = 32;

/// A card that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingCard {
    /// The card's name.
    pub card_id: String,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
}

/// The cards that wait for an instance of this number, oldest first.
///
/// # Errors
/// The store's.
pub async fn waiting_cards(io: &Io, number: MeetingNumber) -> Result<Vec<WaitingCard>, Error> {
    let cards: Vec<WaitingCard> = read(io, &key(number)).await?.unwrap_or_default();
    let now_ms = io.now_ms();
    Ok(cards.into_iter().filter(|card| still_waits(card, now_ms)).collect())
}

/// Lets a card wait.
///
/// # Errors
/// The store's.
pub async fn add_waiting(io: &Io, number: MeetingNumber, card_id: &str) -> Result<(), Error> {
    let now_ms = io.now_ms();
    let add = |cards: Vec<WaitingCard>| {
        let mut cards: Vec<_> = cards.into_iter().filter(|card| still_waits(card, now_ms)).collect();
        cards.push(WaitingCard { card_id: card_id.to_owned(), created_ms: now_ms });
        let too_many = cards.len().saturating_sub(MAX_WAITING);
        cards.drain(..too_many);
        Some(cards)
    };
    update_list(io, &key(number), Some(WAITING_LIFE_S), &add).await.map(|_| ())
}

/// The card waits no more.
///
/// # Errors
/// The store's.
pub async fn remove_waiting(io: &Io, number: MeetingNumber, card_id: &str) -> Result<(), Error> {
    let is_it = |card: &WaitingCard| card.card_id == card_id;
    remove_from_list(io, &key(number), Some(WAITING_LIFE_S), &is_it).await
}

fn still_waits(card: &WaitingCard, now_ms: u64) -> bool {
    now_ms.saturating_sub(card.created_ms) < u64::from(WAITING_LIFE_S) * 1000
}

fn key(number: MeetingNumber) -> String {
    format!("waiting_{number}")
}
