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
    let turn = hex(&io.random::<8>());
    let set = KvSet {
        key: key(channel_id),
        value: turn.clone().into(),
        expires_in_s: Some(LIFE_S),
        condition: Condition::Absent,
    };
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
