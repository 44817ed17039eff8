//! A card: its meeting, where it stands, and how far its instance has come.

use super::{CARD_LIFE_S, CAS_ATTEMPTS, Read, encode, hex, read};
use crate::card::Creator;
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::meeting::{Life, Meeting};
use crate::model::{Condition, HostError, Write};
use serde::{Deserialize, Serialize};

/// A card as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRecord {
    /// What it is about.
    pub meeting: Meeting,
    /// Who posted it.
    pub creator: Creator,
    /// Where it stands.
    pub channel_id: String,
    /// The thread it stands in.
    pub root_id: Option<String>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// The post. `None` until the server has taken it.
    pub post_id: Option<String>,
    /// The instance that the card is tied to, once and for all.
    pub uuid: Option<String>,
    /// How far that instance has come.
    pub life: Life,
}

/// A name for a new card.
pub fn new_card_id(io: &Io) -> String {
    hex(&io.random::<16>())
}

/// The card, if it is still known.
///
/// # Errors
/// The store's.
pub async fn load_card(io: &Io, id: &str) -> Result<Option<CardRecord>, Error> {
    Ok(read(io, &key(id)).await?.map(|read: Read<CardRecord>| read.value))
}

/// Stores a card that nobody else knows yet.
///
/// # Errors
/// The store's.
pub async fn save_new_card(io: &Io, id: &str, card: &CardRecord) -> Result<(), Error> {
    match write(io, id, card, Condition::Absent).await? {
        Write::Stored => Ok(()),
        Write::Conflict => Err(Error::Bug("two cards got one name")),
    }
}

/// Changes a card until nobody came between. `change` answers `None` to leave it as it is, and may run often. Answers the card as
/// it is stored now and whether it was changed; `None` when it is not known (any more).
///
/// # Errors
/// The store's.
pub async fn update_card(
    io: &Io,
    id: &str,
    change: impl Fn(&CardRecord) -> Option<CardRecord>,
) -> Result<Option<(CardRecord, bool)>, Error> {
    for _ in 0..CAS_ATTEMPTS {
        let Some(Read { value, bytes }) = read::<CardRecord>(io, &key(id)).await? else { return Ok(None) };
        let Some(changed) = change(&value).filter(|changed| *changed != value) else {
            return Ok(Some((value, false)));
        };
        if write(io, id, &changed, Condition::Equals(bytes)).await? == Write::Stored {
            return Ok(Some((changed, true)));
        }
    }
    Err(Error::Host(HostError::Unavailable("too many writers at once on a card".to_owned())))
}

async fn write(io: &Io, id: &str, card: &CardRecord, condition: Condition) -> Result<Write, Error> {
    let set = KvSet { key: key(id), value: encode(card)?, expires_in_s: Some(CARD_LIFE_S), condition };
    Ok(io.kv_set(set).await?)
}

fn key(id: &str) -> String {
    format!("card_{id}")
}
