//! Cards by their names. A card's name says which number's record it stands in; those of personal links with a name instead of a number
//! have records of their own.

use super::record::{Loaded, update_record};
use super::{CARD_LIFE_S, load_record};
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::hex::{digest, hex, is_hex};
use crate::meeting::record::{CardRecord, Dropped, Record};
use crate::model::{Condition, Write};
use crate::store::{decode, encode, read, update_bytes};
use crate::zoom::MeetingNumber;
use std::cell::{Cell, RefCell};

/// Hexadecimal digits behind the number, and of a name without one.
const DIGITS: usize = 16;
const DIGITS_ALONE: usize = 32;
/// Digits of the largest number that can be read.
const NUMBER_DIGITS: usize = 20;

/// A name for a new card.
pub fn new_card_id(io: &Io, number: Option<MeetingNumber>) -> String {
    match number {
        Some(number) => format!("{number}-{}", hex(&io.random::<{ DIGITS / 2 }>())),
        None => hex(&io.random::<{ DIGITS_ALONE / 2 }>()),
    }
}

/// The name of the one card of this number that is for this.
pub fn card_id_of(number: MeetingNumber, purpose: &str) -> String {
    let digest = digest(purpose);
    format!("{number}-{}", digest.get(..DIGITS).unwrap_or(&digest))
}

/// Where a card lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the record of this number.
    Record(MeetingNumber),
    /// Under a key of its own.
    Alone,
}

/// Where the card with this name lies. The name may come from outside. `None`: no card can be called so.
pub fn place_of(id: &str) -> Option<Place> {
    let Some((number, rest)) = id.split_once('-') else {
        return (id.len() == DIGITS_ALONE && is_hex(id)).then_some(Place::Alone);
    };
    let is_number = number.len() <= NUMBER_DIGITS
        && !number.starts_with('0')
        && number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|_| is_number)?;
    (rest.len() == DIGITS && is_hex(rest)).then_some(Place::Record(number))
}

/// The card, if it is still known. The name may come from outside: what no card can be called is not known.
///
/// # Errors
/// The store's.
pub async fn load_card(io: &Io, id: &str) -> Result<Option<CardRecord>, Error> {
    match place_of(id) {
        Some(Place::Record(number)) => {
            let loaded = load_record(io, number).await?;
            Ok(loaded.record.entry(id).map(|entry| entry.card.clone()))
        }
        Some(Place::Alone) => read(io, &key(id)).await,
        None => Ok(None),
    }
}

/// A card that has just been stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// As it is stored: one that is posted while its meeting runs belongs to that meeting.
    pub card: CardRecord,
    /// What fell out of the record for it.
    pub dropped: Dropped,
    loaded: Loaded,
}

/// Stores a card that nobody else knows yet. `made`: its number was made for it, so that nothing of the number is known.
///
/// # Errors
/// The store's.
pub async fn save_new_card(io: &Io, id: &str, card: CardRecord, made: bool) -> Result<Saved, Error> {
    let Some(Place::Record(number)) = place_of(id) else {
        let (value, life_s) = (encode(&card)?, Some(CARD_LIFE_S));
        let set = KvSet { key: key(id), value, expires_in_s: life_s, condition: Condition::Absent };
        return match io.kv_set(set).await? {
            Write::Stored => Ok(Saved { card, dropped: Dropped::default(), loaded: Loaded::default() }),
            Write::Conflict => Err(Error::Bug("two cards got one name")),
        };
    };
    let (now_ms, dropped) = (io.now_ms(), Cell::new(Dropped::default()));
    let known = made.then(Loaded::default);
    let add = |record: &mut Record| {
        dropped.set(record.add(id, card.clone(), now_ms));
    };
    let loaded = update_record(io, number, known, &add).await?;
    let card = loaded.record.entry(id).map_or(card, |entry| entry.card.clone());
    Ok(Saved { card, dropped: dropped.get(), loaded })
}

/// Takes a card of the official plugin over. `false`: that was done before.
///
/// # Errors
/// The store's.
pub async fn import_card(io: &Io, number: MeetingNumber, id: &str, card: CardRecord) -> Result<bool, Error> {
    let (now_ms, imported) = (io.now_ms(), Cell::new(None));
    let add = |record: &mut Record| {
        let is_new = record.entry(id).is_none();
        imported.set(is_new.then(|| record.add(id, card.clone(), now_ms)));
    };
    update_record(io, number, None, &add).await?;
    super::log_dropped(io, imported.get().unwrap_or_default()).await;
    Ok(imported.get().is_some())
}

/// Changes a card until nobody came between. `change` may run often. `known`: the record as it was stored last. Answers the card as it is
/// stored now; `None` when it is not known (any more).
///
/// # Errors
/// The store's.
pub async fn update_card(
    io: &Io,
    id: &str,
    known: Option<Saved>,
    change: &dyn Fn(&mut CardRecord),
) -> Result<Option<CardRecord>, Error> {
    match place_of(id) {
        Some(Place::Record(number)) => {
            let in_record = |record: &mut Record| {
                if let Some(entry) = record.entry_mut(id) {
                    change(&mut entry.card);
                }
            };
            let loaded = update_record(io, number, known.map(|saved| saved.loaded), &in_record).await?;
            Ok(loaded.record.entry(id).map(|entry| entry.card.clone()))
        }
        Some(Place::Alone) => update_alone(io, &key(id), change).await,
        None => Ok(None),
    }
}

async fn update_alone(
    io: &Io,
    key: &str,
    change: &dyn Fn(&mut CardRecord),
) -> Result<Option<CardRecord>, Error> {
    let stored = RefCell::new(None);
    let changed = |bytes: Option<&[u8]>| {
        let Some(card) = bytes.map(|bytes| decode::<CardRecord>(key, bytes)).transpose()? else {
            return Ok(None);
        };
        let mut next = card.clone();
        change(&mut next);
        let value = (next != card).then(|| encode(&next)).transpose()?;
        stored.replace(Some(next));
        Ok(value)
    };
    update_bytes(io, key, Some(CARD_LIFE_S), &changed).await?;
    Ok(stored.take())
}

/// Forgets a card that never came to be.
///
/// # Errors
/// The store's.
pub async fn forget_card(io: &Io, id: &str) -> Result<(), Error> {
    match place_of(id) {
        Some(Place::Record(number)) => {
            let forget = |record: &mut Record| record.cards.retain(|entry| entry.id != id);
            update_record(io, number, None, &forget).await?;
        }
        Some(Place::Alone) => {
            io.kv_delete(key(id), Condition::Always).await?;
        }
        None => {}
    }
    Ok(())
}

fn key(id: &str) -> String {
    format!("card_{id}")
}
