//! Starts in one channel take turns, so that of two people who press at once the second sees the first one's meeting.

use super::recent::{self, RecentMeeting};
use crate::error::Error;
use crate::flow::Io;
use crate::store;

/// Between two looks at whether the other one is done.
const WAIT_MS: u32 = 400;
/// Looks before going on regardless: about eight seconds, as long as somebody who has pressed a button goes on waiting.
const LOOKS: usize = 20;

/// What a turn begins with.
pub(super) enum Turn {
    /// Go on. `None`: regardless of somebody whose turn does not end.
    Mine(Option<String>),
    /// Somebody has just started this one.
    Recent(RecentMeeting),
}

/// Waits for the turn, and looks for a meeting that was started just now. `force`: whatever there is, without waiting.
///
/// # Errors
/// The host's.
pub(super) async fn take(io: &Io, channel_id: &str, force: bool) -> Result<Turn, Error> {
    for _ in 0..LOOKS {
        let turn = store::begin_turn(io, channel_id).await?;
        if force {
            return Ok(Turn::Mine(turn));
        }
        // Looked for once the turn has begun: whoever had it before has posted a meeting by then, or failed.
        let looked = match recent::find(io, channel_id).await {
            Ok(looked) => looked,
            Err(error) => {
                end(io, channel_id, turn).await;
                return Err(error);
            }
        };
        if let Some(meeting) = looked.meeting {
            end(io, channel_id, turn).await;
            return Ok(Turn::Recent(meeting));
        }
        if turn.is_some() {
            return Ok(Turn::Mine(turn));
        }
        // Whoever had the turn is done, though the meeting that was posted is over or was deleted.
        if let Some(posted_ms) = looked.ours_ms
            && let Some(turn) = store::take_turn_over(io, channel_id, posted_ms).await?
        {
            return Ok(Turn::Mine(Some(turn)));
        }
        io.pause(WAIT_MS).await;
    }
    Ok(Turn::Mine(None))
}

/// Lets the next one go on. A turn that cannot be ended ends by itself.
pub(super) async fn end(io: &Io, channel_id: &str, turn: Option<String>) {
    if let Some(turn) = turn {
        let _ = store::end_turn(io, channel_id, turn).await;
    }
}
