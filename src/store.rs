//! What is kept: keys, encodings, times to live, compare-and-set loops.
//!
//! Keys begin with words that the official plugin never used, so that both plugins' data can lie side by side.

mod channel_settings;
mod due;
mod preference;
mod refused;
pub mod seal;
mod since;
mod turn;
mod watch;

pub use channel_settings::{ChannelRule, channel_rule, channel_rules, set_channel_rule};
pub use due::{Job, Leased, Work, add_jobs, finish_job, lease_job, postpone_job, retry_job};
pub use preference::{Preference, preference, set_preference};
pub use refused::{Refused, forget_refused, note_refused, refused};
pub use since::{here_since, note_here};
pub use turn::{begin_turn, end_turn, take_turn_over};
pub use watch::{After, LOOK_AFTER_MS, Page, SPAN_MS, Watched, due_span, unwatch, watch, watch_on, watched};

use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::hex::digest;
use crate::model::{Condition, HostError, Write};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How long a delivered command is remembered. Hosts deliver again within minutes.
const COMMAND_LIFE_S: u32 = 3_600;
/// How long a channel is not told once more that a followed meeting gets no cards there.
const STOPPED_LIFE_S: u32 = 90 * 86_400;
/// Nobody means two different things by pressing one button twice within this time.
const PRESS_LIFE_S: u32 = 10;
/// When Zoom was heard last.
const SEEN_KEY: &str = "webhook_seen";
const SEEN_EVERY_MS: u64 = 3_600_000;
/// Attempts at a compare-and-set before giving up: each failure means that somebody else succeeded.
pub(crate) const CAS_ATTEMPTS: usize = 16;

/// Remembers that a command came in. `false`: it came in before. One without an id never comes twice.
///
/// # Errors
/// The store's.
pub async fn claim_command(io: &Io, id: &str) -> Result<bool, Error> {
    if id.is_empty() {
        return Ok(true);
    }
    claim(io, format!("command_{}", digest(id)), COMMAND_LIFE_S).await
}

/// Remembers for a day that the administrator was told this. `false`: that was done before.
///
/// # Errors
/// The store's.
pub async fn claim_notice(io: &Io, notice: &str) -> Result<bool, Error> {
    claim(io, format!("notice_{}", digest(notice)), 86_400).await
}

/// Remembers for 90 days that a channel was told why it gets no cards of a meeting any more. `false`: that was done before.
///
/// # Errors
/// The store's.
pub async fn claim_stopped(io: &Io, follow: &str) -> Result<bool, Error> {
    claim(io, stopped_key(follow), STOPPED_LIFE_S).await
}

/// Lets a channel be told that could not be told.
///
/// # Errors
/// The store's.
pub async fn release_stopped(io: &Io, follow: &str) -> Result<(), Error> {
    io.kv_delete(stopped_key(follow), Condition::Always).await?;
    Ok(())
}

/// Remembers for ten seconds that a button was pressed whose client gives the press no name. `false`: it was pressed before.
///
/// # Errors
/// The store's.
pub async fn claim_press(io: &Io, id: &str) -> Result<bool, Error> {
    claim(io, format!("command_{}", digest(id)), PRESS_LIFE_S).await
}

/// Lets a command that failed before it did anything come in again.
///
/// # Errors
/// The store's.
pub async fn release_command(io: &Io, id: &str) -> Result<(), Error> {
    io.kv_delete(format!("command_{}", digest(id)), Condition::Always).await?;
    Ok(())
}

/// Whether a webhook with this signature was handled before.
///
/// # Errors
/// The store's.
pub async fn was_handled(io: &Io, signature: &str) -> Result<bool, Error> {
    Ok(io.kv_get(handled_key(signature)).await?.is_some())
}

/// Remembers that a webhook with this signature was handled, for as long as its timestamp is accepted.
///
/// # Errors
/// The store's.
pub async fn remember_handled(io: &Io, signature: &str, life_s: u32) -> Result<(), Error> {
    claim(io, handled_key(signature), life_s).await.map(|_| ())
}

pub(crate) async fn noted_ms(io: &Io) -> Result<Option<u64>, Error> {
    read(io, SEEN_KEY).await
}

/// Notes that Zoom was heard just now, once an hour.
///
/// # Errors
/// The store's.
pub async fn note_webhook_seen(io: &Io) -> Result<(), Error> {
    note_heard(io, io.now_ms()).await
}

/// Notes that Zoom was heard then, unless it was heard about then or later.
///
/// # Errors
/// The store's.
pub async fn note_heard(io: &Io, heard_ms: u64) -> Result<(), Error> {
    if heard_ms == 0 {
        return Ok(());
    }
    // What cannot be read is written anew.
    let is_fresh = |seen_ms: u64| heard_ms.saturating_sub(seen_ms) < SEEN_EVERY_MS;
    if !noted_ms(io).await.ok().flatten().is_some_and(is_fresh) {
        let (key, value) = (SEEN_KEY.to_owned(), heard_ms.to_string().into());
        io.kv_set(KvSet { key, value, expires_in_s: None, condition: Condition::Always }).await?;
    }
    Ok(())
}

async fn claim(io: &Io, key: String, life_s: u32) -> Result<bool, Error> {
    let set = KvSet { key, value: b"1".to_vec(), expires_in_s: Some(life_s), condition: Condition::Absent };
    Ok(io.kv_set(set).await? == Write::Stored)
}

fn stopped_key(follow: &str) -> String {
    format!("followstopped_{}", digest(follow))
}

fn handled_key(signature: &str) -> String {
    format!("handled_{}", digest(signature))
}

/// A name for the one thing that is for this.
pub fn card_id_for(purpose: &str) -> String {
    digest(purpose)
}

pub(crate) async fn read<T: DeserializeOwned>(io: &Io, key: &str) -> Result<Option<T>, Error> {
    io.kv_get(key.to_owned()).await?.map(|bytes| decode(key, &bytes)).transpose()
}

/// From what is stored to what is to be stored. `None`: it stays as it is.
pub(crate) type Change<'a> = dyn Fn(Option<&[u8]>) -> Result<Option<Vec<u8>>, Error> + 'a;

/// Reads, changes and writes until nobody came between. `change` may run often.
/// Answers whether anything was written. `life_s` is `None` for what is kept for ever.
///
/// Works on bytes, so that the loop stands once in the component.
pub(crate) async fn update_bytes(
    io: &Io,
    key: &str,
    life_s: Option<u32>,
    change: &Change<'_>,
) -> Result<bool, Error> {
    for attempt in 0..CAS_ATTEMPTS {
        give_way(io, attempt).await;
        let bytes = io.kv_get(key.to_owned()).await?;
        let Some(value) = change(bytes.as_deref())? else { return Ok(false) };
        let condition = bytes.map_or(Condition::Absent, Condition::Equals);
        let set = KvSet { key: key.to_owned(), value, expires_in_s: life_s, condition };
        if io.kv_set(set).await? == Write::Stored {
            return Ok(true);
        }
    }
    Err(too_many_writers(key))
}

/// Waits before another attempt where somebody came between again and again: many writers at once would otherwise all but one fail in
/// each round, until some have used up their attempts. All waits together take about a second, well within Zoom's three.
pub(crate) async fn give_way(io: &Io, attempt: usize) {
    const AT_ONCE: usize = 3;
    const LONGEST_MS: [u32; 4] = [25, 50, 100, 200];
    if let Some(round) = attempt.checked_sub(AT_ONCE) {
        let longest_ms = LONGEST_MS[round.min(LONGEST_MS.len() - 1)];
        io.pause(1 + u32::from_le_bytes(io.random()) % longest_ms).await;
    }
}

/// Somebody else came between each time.
pub(crate) fn too_many_writers(key: &str) -> Error {
    Error::Host(HostError::Unavailable(format!("too many writers at once on {}", kind(key))))
}

/// Changes a list; a missing one is empty.
async fn update_list<T: Serialize + DeserializeOwned>(
    io: &Io,
    key: &str,
    life_s: Option<u32>,
    change: &dyn Fn(Vec<T>) -> Option<Vec<T>>,
) -> Result<bool, Error> {
    let change = |bytes: Option<&[u8]>| {
        let list = bytes.map_or(Ok(Vec::new()), |bytes| decode(key, bytes))?;
        change(list).map(|list| encode(&list)).transpose()
    };
    update_bytes(io, key, life_s, &change).await
}

/// Adds an entry to a list that does not have it.
pub(crate) async fn add_to_list<T: Serialize + DeserializeOwned + PartialEq + Clone>(
    io: &Io,
    key: &str,
    life_s: Option<u32>,
    entry: &T,
) -> Result<(), Error> {
    let add = |mut list: Vec<T>| {
        if list.contains(entry) {
            return None;
        }
        list.push(entry.clone());
        Some(list)
    };
    update_list(io, key, life_s, &add).await.map(|_| ())
}

/// Takes the entries that match out of a list.
pub(crate) async fn remove_from_list<T: Serialize + DeserializeOwned>(
    io: &Io,
    key: &str,
    life_s: Option<u32>,
    matches: &dyn Fn(&T) -> bool,
) -> Result<(), Error> {
    let remove = |list: Vec<T>| {
        let before = list.len();
        let left: Vec<T> = list.into_iter().filter(|entry| !matches(entry)).collect();
        (left.len() != before).then_some(left)
    };
    update_list(io, key, life_s, &remove).await.map(|_| ())
}

pub(crate) fn decode<T: DeserializeOwned>(key: &str, bytes: &[u8]) -> Result<T, Error> {
    let unreadable =
        |_| Error::Host(HostError::Invalid(format!("the stored value of {} cannot be read", kind(key))));
    crate::json::read(bytes).map_err(unreadable)
}

pub(crate) fn encode(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|_| Error::Bug("a value could not be written as JSON"))
}

/// A key without the part that names a person or a meeting.
fn kind(key: &str) -> &str {
    key.split_once('_').map_or(key, |(kind, _)| kind)
}
