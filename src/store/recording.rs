//! What Zoom reported of recordings, until it is passed on, and what was passed on under which card.

use super::{CARD_LIFE_S, card_id_for, read, update_list};
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::model::Condition;
use crate::recording::{Part, Recording};
use crate::settings::Settings;
use crate::store::seal::Sealer;

/// Longer than the attempts at passing it on take.
const LIFE_S: u32 = 2 * 86_400;

/// Stores a recording, sealed: it holds a token and a passcode.
///
/// # Errors
/// The store's.
pub async fn save_recording(
    io: &Io,
    settings: &Settings,
    name: &str,
    recording: &Recording,
) -> Result<(), Error> {
    let key = key(name);
    let value = Sealer::of(settings).seal(io, &key, &super::encode(recording)?);
    let set = KvSet { key, value, expires_in_s: Some(LIFE_S), condition: Condition::Always };
    io.kv_set(set).await?;
    Ok(())
}

/// The recording. `None`: it is not there any more, or was sealed under other settings.
///
/// # Errors
/// The store's.
pub async fn load_recording(io: &Io, settings: &Settings, name: &str) -> Result<Option<Recording>, Error> {
    let key = key(name);
    let sealed = io.kv_get(key.clone()).await?;
    let plain = sealed.and_then(|sealed| Sealer::of(settings).open(&key, &sealed));
    Ok(plain.and_then(|plain| crate::json::read(&plain).ok()))
}

/// Forgets a recording.
///
/// # Errors
/// The store's.
pub async fn forget_recording(io: &Io, name: &str) -> Result<(), Error> {
    io.kv_delete(key(name), Condition::Always).await?;
    Ok(())
}

/// The parts that stand under a card.
///
/// # Errors
/// The store's.
pub async fn passed_on(io: &Io, card_id: &str) -> Result<Vec<String>, Error> {
    Ok(read(io, &passed_key(card_id)).await?.unwrap_or_default())
}

/// Notes that parts stand under a card: all of a reply at once.
///
/// # Errors
/// The store's.
pub async fn note_passed_on(io: &Io, card_id: &str, parts: &[&Part]) -> Result<(), Error> {
    let add = |mut ids: Vec<String>| {
        let known = ids.len();
        let new = parts.iter().map(|part| part.id.clone()).filter(|id| !ids.contains(id));
        let new: Vec<String> = new.collect();
        ids.extend(new);
        (ids.len() > known).then_some(ids)
    };
    update_list(io, &passed_key(card_id), Some(CARD_LIFE_S), &add).await.map(|_| ())
}

/// A part's file that is in the card's channel already, though its post may not be.
///
/// # Errors
/// The store's.
pub async fn stored_file(io: &Io, card_id: &str, part_id: &str) -> Result<Option<String>, Error> {
    let stored = io.kv_get(file_key(card_id, part_id)).await?;
    Ok(stored.and_then(|file_id| String::from_utf8(file_id).ok()))
}

/// Notes a part's file, so that it is not stored again when its post fails.
///
/// # Errors
/// The store's.
pub async fn note_stored_file(io: &Io, card_id: &str, part_id: &str, file_id: &str) -> Result<(), Error> {
    let key = file_key(card_id, part_id);
    let set = KvSet { key, value: file_id.into(), expires_in_s: Some(LIFE_S), condition: Condition::Absent };
    io.kv_set(set).await?;
    Ok(())
}

fn key(name: &str) -> String {
    format!("recording_{name}")
}

fn passed_key(card_id: &str) -> String {
    format!("passed_{card_id}")
}

fn file_key(card_id: &str, part_id: &str) -> String {
    format!("file_{}", card_id_for(&format!("{card_id}/{part_id}")))
}
