//! Where a number's record lies: one key, read once and written by compare-and-set.

use super::CARD_LIFE_S;
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::meeting::record::Record;
use crate::model::{Condition, Write};
use crate::store::{CAS_ATTEMPTS, decode, encode, give_way, too_many_writers};
use crate::zoom::MeetingNumber;

/// How long it is remembered that an instance of a number that nobody here knows has ended.
const UNKNOWN_LIFE_S: u32 = 2 * 86_400;

/// A record, with the bytes that it was read from or written as. `None`: there was none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// The record.
    pub record: Record,
    /// What lies under its key.
    pub bytes: Option<Vec<u8>>,
}

/// A number's record; an empty one where there is none.
///
/// # Errors
/// The store's.
pub async fn load_record(io: &Io, number: MeetingNumber) -> Result<Loaded, Error> {
    let key = key(number);
    let bytes = io.kv_get(key.clone()).await?;
    let record = bytes.as_deref().map(|bytes| decode(&key, bytes)).transpose()?.unwrap_or_default();
    Ok(Loaded { record, bytes })
}

/// Changes a record until nobody came between. `known` saves the first look where it is known what lies there; `change` may run often.
/// Answers the record as it is stored now.
///
/// # Errors
/// The store's.
pub async fn update_record(
    io: &Io,
    number: MeetingNumber,
    known: Option<Loaded>,
    change: &dyn Fn(&mut Record),
) -> Result<Loaded, Error> {
    let key = key(number);
    let mut loaded = match known {
        Some(known) => known,
        None => load_record(io, number).await?,
    };
    for attempt in 0..CAS_ATTEMPTS {
        let mut next = loaded.record.clone();
        change(&mut next);
        if next == loaded.record {
            return Ok(loaded);
        }
        let value = encode(&next)?;
        let condition = loaded.bytes.map_or(Condition::Absent, Condition::Equals);
        let expires_in_s = life_s(&next);
        let set = KvSet { key: key.clone(), value: value.clone(), expires_in_s, condition };
        if io.kv_set(set).await? == Write::Stored {
            return Ok(Loaded { record: next, bytes: Some(value) });
        }
        give_way(io, attempt + 1).await;
        loaded = load_record(io, number).await?;
    }
    Err(too_many_writers(&key))
}

/// What somebody has asked for is kept for ever.
fn life_s(record: &Record) -> Option<u32> {
    match (record.follows.is_empty(), record.is_known()) {
        (false, _) => None,
        (true, true) => Some(CARD_LIFE_S),
        (true, false) => Some(UNKNOWN_LIFE_S),
    }
}

fn key(number: MeetingNumber) -> String {
    format!("number_{number}")
}
