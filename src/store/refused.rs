//! The last delivery of Zoom's that was refused.

use super::{encode, read};
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::model::Condition;
use crate::zoom::refused::Why;
use serde::{Deserialize, Serialize};

/// How long a refusal is worth telling, in seconds: as long as Zoom may be silent.
const LIFE_S: u32 = 72 * 3_600;
/// How often one is written at most, in milliseconds: whoever floods the address must not keep the store busy.
const EVERY_MS: u64 = 60_000;

/// A delivery that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// When, in milliseconds since the Unix epoch: to about a minute.
    pub at_ms: u64,
    /// Why.
    pub why: Why,
}

/// The last one, of those that knew the secret of the URL or of the others.
///
/// # Errors
/// The store's.
pub async fn refused(io: &Io, knew_the_url: bool) -> Result<Option<Refused>, Error> {
    read(io, key(knew_the_url)).await
}

/// Notes that a delivery was refused just now, once a minute.
///
/// # Errors
/// The store's.
pub async fn note_refused(io: &Io, why: Why) -> Result<(), Error> {
    let (now_ms, knew_the_url) = (io.now_ms(), why.knew_the_url());
    // What cannot be read is written anew.
    let is_fresh = |last: Refused| now_ms.saturating_sub(last.at_ms) < EVERY_MS;
    if !refused(io, knew_the_url).await.ok().flatten().is_some_and(is_fresh) {
        let value = encode(&Refused { at_ms: now_ms, why })?;
        let (key, expires_in_s) = (key(knew_the_url).to_owned(), Some(LIFE_S));
        io.kv_set(KvSet { key, value, expires_in_s, condition: Condition::Always }).await?;
    }
    Ok(())
}

/// Forgets refusals: Zoom has validated the URL since.
///
/// # Errors
/// The store's.
pub async fn forget_refused(io: &Io) -> Result<(), Error> {
    for knew_the_url in [true, false] {
        io.kv_delete(key(knew_the_url).to_owned(), Condition::Always).await?;
    }
    Ok(())
}

fn key(knew_the_url: bool) -> &'static str {
    if knew_the_url { "webhook_refused" } else { "webhook_stranger" }
}
