//! Who is starting a meeting in a channel just now.

use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::hex::hex;
use crate::model::{Condition, Write};

/// What a crash left behind ends after this long. Longer than Zoom takes to make a meeting; of one that takes even longer only the
/// question whether there is one just now is lost.
const LIFE_S: u32 = 20;

/// Begins a turn in a channel. `None`: somebody else has it.
///
/// # Errors
/// The store's.
pub async fn begin_turn(io: &Io, channel_id: &str) -> Result<Option<String>, Error> {
    set(io, channel_id, Condition::Absent).await
}

/// Takes a turn over whose holder has posted a meeting at this time, and so is done. `None`: another turn has begun since.
///
/// # Errors
/// The store's.
pub async fn take_turn_over(io: &Io, channel_id: &str, posted_ms: u64) -> Result<Option<String>, Error> {
    let Some(value) = io.kv_get(key(channel_id)).await? else {
        return set(io, channel_id, Condition::Absent).await;
    };
    let began_ms = std::str::from_utf8(&value).ok().and_then(|turn| turn.split_once('-')?.0.parse().ok());
    match began_ms {
        Some(began_ms) if posted_ms >= began_ms => set(io, channel_id, Condition::Equals(value)).await,
        Some::<u64>(_) | None => Ok(None),
    }
}

async fn set(io: &Io, channel_id: &str, condition: Condition) -> Result<Option<String>, Error> {
    let turn = format!("{}-{}", io.now_ms(), hex(&io.random::<8>()));
    let (key, value) = (key(channel_id), turn.clone().into());
    let set = KvSet { key, value, expires_in_s: Some(LIFE_S), condition };
    Ok((io.kv_set(set).await? == Write::Stored).then_some(turn))
}

/// Ends a turn, and none but this one.
///
/// # Errors
/// The store's.
pub async fn end_turn(io: &Io, channel_id: &str, turn: String) -> Result<(), Error> {
    io.kv_delete(key(channel_id), Condition::Equals(turn.into())).await?;
    Ok(())
}

fn key(channel_id: &str) -> String {
    format!("starting_{channel_id}")
}
