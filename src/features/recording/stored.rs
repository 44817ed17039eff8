//! What Zoom reported of recordings, until it is passed on, and what was passed on below which card.

use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::meeting::record::{Passing, Record};
use crate::meeting::records::{Place, place_of, update_record};
use crate::model::Condition;
use crate::settings::Settings;
use crate::store::seal::Sealer;
use crate::store::{card_id_for, encode};
use crate::zoom::recording::{Part, Recording};
use std::cell::RefCell;

/// Longer than the attempts at passing it on take.
const LIFE_S: u32 = 2 * 86_400;

/// Stores a recording, sealed: it holds a token and a passcode.
///
/// # Errors
/// The store's.
pub(super) async fn save_recording(
    io: &Io,
    settings: &Settings,
    name: &str,
    recording: &Recording,
) -> Result<(), Error> {
    let key = key(name);
    let value = Sealer::of(settings).seal(io, &key, &encode(recording)?);
    let set = KvSet { key, value, expires_in_s: Some(LIFE_S), condition: Condition::Always };
    io.kv_set(set).await?;
    Ok(())
}

/// The recording. `None`: it is not there any more, or was sealed under other settings.
///
/// # Errors
/// The store's.
pub(super) async fn load_recording(
    io: &Io,
    settings: &Settings,
    name: &str,
) -> Result<Option<Recording>, Error> {
    let key = key(name);
    let sealed = io.kv_get(key.clone()).await?;
    let plain = sealed.and_then(|sealed| Sealer::of(settings).open(&key, &sealed));
    Ok(plain.and_then(|plain| crate::json::read(&plain).ok()))
}

/// Forgets a recording.
///
/// # Errors
/// The store's.
pub(super) async fn forget_recording(io: &Io, name: &str) -> Result<(), Error> {
    io.kv_delete(key(name), Condition::Always).await?;
    Ok(())
}

/// Notes that a reply is being made below a card, unless that is noted already. Answers what was noted then.
///
/// # Errors
/// The store's.
pub(super) async fn begin_passing(io: &Io, card_id: &str, reply: &str) -> Result<Option<Passing>, Error> {
    let Some(Place::Record(number)) = place_of(card_id) else { return Ok(None) };
    let (now_ms, begun) = (io.time(), RefCell::new(None));
    let begin = |record: &mut Record| {
        begun.take();
        let Some(entry) = record.entry_mut(card_id) else { return };
        match entry.passing.iter().find(|passing| passing.reply == reply) {
            Some(passing) => *begun.borrow_mut() = Some(passing.clone()),
            None => {
                let after = entry.replies.last().cloned();
                entry.passing.push(Passing { reply: reply.to_owned(), since_ms: now_ms, after });
            }
        }
    };
    update_record(io, number, None, &begin).await?;
    Ok(begun.take())
}

/// Notes that parts stand below a card, all of a reply at once, and that what was begun with them is over. `post_id`: the reply's post, if
/// there is one.
///
/// # Errors
/// The store's.
pub(super) async fn note_passed_on(
    io: &Io,
    card_id: &str,
    replies: &[String],
    parts: &[&Part],
    post_id: Option<&str>,
) -> Result<(), Error> {
    let Some(Place::Record(number)) = place_of(card_id) else { return Ok(()) };
    let add = |record: &mut Record| {
        let Some(entry) = record.entry_mut(card_id) else { return };
        entry.passing.retain(|passing| !replies.contains(&passing.reply));
        if let Some(post_id) = post_id
            && !entry.replies.iter().any(|known| known == post_id)
        {
            entry.replies.push(post_id.to_owned());
        }
        if entry.passing.is_empty() {
            entry.replies.drain(..entry.replies.len().saturating_sub(1));
        }
        for part in parts {
            if !entry.passed.contains(&part.id) {
                entry.passed.push(part.id.clone());
            }
        }
    };
    update_record(io, number, None, &add).await.map(|_| ())
}

/// A part's file that is in the card's channel already, though its post may not be.
///
/// # Errors
/// The store's.
pub(super) async fn stored_file(io: &Io, card_id: &str, part_id: &str) -> Result<Option<String>, Error> {
    let stored = io.kv_get(file_key(card_id, part_id)).await?;
    Ok(stored.and_then(|file_id| String::from_utf8(file_id).ok()))
}

/// Notes a part's file, so that it is not stored again when its post fails.
///
/// # Errors
/// The store's.
pub(super) async fn note_stored_file(
    io: &Io,
    card_id: &str,
    part_id: &str,
    file_id: &str,
) -> Result<(), Error> {
    let key = file_key(card_id, part_id);
    let set = KvSet { key, value: file_id.into(), expires_in_s: Some(LIFE_S), condition: Condition::Absent };
    io.kv_set(set).await?;
    Ok(())
}

fn key(name: &str) -> String {
    format!("recording_{name}")
}

fn file_key(card_id: &str, part_id: &str) -> String {
    format!("file_{}", card_id_for(&format!("{card_id}/{part_id}")))
}
