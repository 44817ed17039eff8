//! Since when this plugin has been here: what is older cannot be its own, nor an imitation of it.

use super::read;
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::model::Condition;

const KEY: &str = "here_since";

/// Notes that the plugin is here, once and for all.
///
/// # Errors
/// The store's.
pub async fn note_here(io: &Io) -> Result<(), Error> {
    let (key, value) = (KEY.to_owned(), io.now_ms().to_string().into());
    io.kv_set(KvSet { key, value, expires_in_s: None, condition: Condition::Absent }).await?;
    Ok(())
}

/// Since when the plugin has been here, in milliseconds since the Unix epoch.
///
/// # Errors
/// The store's.
pub async fn here_since(io: &Io) -> Result<Option<u64>, Error> {
    read(io, KEY).await
}
