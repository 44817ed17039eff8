//! Visits to Zoom that are under way: links that were handed out, and states that Zoom will bring back. Sealed, as they hold what a
//! code can be spent with.

use super::{Detour, Place};
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::hex::digest;
use crate::model::{Condition, HostError, Write};
use crate::settings::Settings;
use crate::store::seal::Sealer;
use crate::store::{decode, encode};
use serde::{Deserialize, Serialize};

/// A visit that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Who asked for it.
    pub user_id: String,
    /// Where.
    pub place: Place,
    /// What the user wanted.
    pub detour: Option<Detour>,
    /// PKCE. Empty as long as Zoom was not asked.
    pub code_verifier: String,
    /// The mark of the browser that went to Zoom. Empty as long as none did.
    pub browser: String,
}

/// What a random text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingKind {
    /// A link to begin with.
    Link,
    /// OAuth's `state`.
    State,
}

/// Stores a visit under a random text that nobody else knows. The store knows no more than the text's digest.
///
/// # Errors
/// The store's.
pub async fn save_pending(
    io: &Io,
    settings: &Settings,
    kind: PendingKind,
    text: &str,
    pending: &Pending,
    life_s: u32,
) -> Result<(), Error> {
    let key = key(kind, text);
    let set = KvSet {
        value: Sealer::of(settings).seal(io, &key, &encode(pending)?),
        key,
        expires_in_s: Some(life_s),
        condition: Condition::Absent,
    };
    match io.kv_set(set).await? {
        Write::Stored => Ok(()),
        Write::Conflict => Err(Error::Bug("two visits got one name")),
    }
}

/// Reads a visit. `None`: the text was never handed out, was used, or its time is over.
///
/// # Errors
/// The store's.
pub async fn load_pending(
    io: &Io,
    settings: &Settings,
    kind: PendingKind,
    text: &str,
) -> Result<Option<Pending>, Error> {
    Ok(open(io, settings, &key(kind, text)).await?.map(|(_, pending)| pending))
}

/// Takes a visit: whoever comes second gets `None`.
///
/// # Errors
/// The store's.
pub async fn take_pending(
    io: &Io,
    settings: &Settings,
    kind: PendingKind,
    text: &str,
) -> Result<Option<Pending>, Error> {
    let key = key(kind, text);
    let Some((bytes, pending)) = open(io, settings, &key).await? else { return Ok(None) };
    match io.kv_delete(key, Condition::Equals(bytes)).await {
        Ok(Write::Stored) => Ok(Some(pending)),
        Ok(Write::Conflict) | Err(HostError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A visit, with the bytes it was read from. One that was sealed under other settings is none.
async fn open(io: &Io, settings: &Settings, key: &str) -> Result<Option<(Vec<u8>, Pending)>, Error> {
    let Some(bytes) = io.kv_get(key.to_owned()).await? else { return Ok(None) };
    let Some(plain) = Sealer::of(settings).open(key, &bytes) else { return Ok(None) };
    let pending = decode(key, &plain)?;
    Ok(Some((bytes, pending)))
}

fn key(kind: PendingKind, text: &str) -> String {
    let name = match kind {
        PendingKind::Link => "connectlink",
        PendingKind::State => "connectstate",
    };
    format!("{name}_{}", digest(text))
}
