//! Numbers whose cards have to be looked at some hours after they were posted: Zoom forgets to tell of an end, and of a meeting that nobody
//! joins it tells nothing. They stand in lists by spans of time, so that a start adds to a short one and no list grows with the day.

use super::update_list;
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::model::{Condition, Level, Write};
use crate::zoom::MeetingNumber;
use std::cell::Cell;

/// A list's span.
pub const SPAN_MS: u64 = 600_000;
/// Longer than meetings last: what ends as it should has ended by then, and Zoom is not asked about it.
pub const LOOK_AFTER_MS: u64 = 8 * 3_600_000;
/// A server that stood still for longer looks at none of it any more.
const LIFE_S: u32 = 8 * 86_400;
/// Numbers in one list: a start each third of a second.
const MAX_NUMBERS: usize = 2_000;

/// Lets a number be looked at [`LOOK_AFTER_MS`] after this time.
///
/// # Errors
/// The store's.
pub async fn watch(io: &Io, number: MeetingNumber, from_ms: u64) -> Result<(), Error> {
    let key = key(from_ms / SPAN_MS);
    // Most spans see one start at most: one write, without a look.
    let value = super::encode(&[number])?;
    let set = KvSet { key: key.clone(), value, expires_in_s: Some(LIFE_S), condition: Condition::Absent };
    if io.kv_set(set).await? == Write::Stored {
        return Ok(());
    }
    let full = Cell::new(false);
    let add = |mut numbers: Vec<MeetingNumber>| {
        full.set(numbers.len() >= MAX_NUMBERS);
        if full.get() || numbers.contains(&number) {
            return None;
        }
        numbers.push(number);
        Some(numbers)
    };
    update_list(io, &key, Some(LIFE_S), &add).await?;
    if full.get() {
        let why = "too many meetings at once: one is not looked at if Zoom forgets to tell of its end";
        io.log(Level::Warn, why, &[]).await;
    }
    Ok(())
}

/// The numbers of a span.
///
/// # Errors
/// The store's.
pub async fn watched(io: &Io, span: u64) -> Result<Vec<MeetingNumber>, Error> {
    Ok(super::read(io, &key(span)).await?.unwrap_or_default())
}

/// The latest span whose numbers are to be looked at.
pub(super) fn due_span(now_ms: u64) -> u64 {
    (now_ms.saturating_sub(LOOK_AFTER_MS) / SPAN_MS).saturating_sub(1)
}

/// The spans up to now, newest first.
pub(super) fn spans_before(now_ms: u64) -> impl Iterator<Item = u64> {
    (0..=now_ms / SPAN_MS).rev()
}

fn key(span: u64) -> String {
    format!("watch_{span}")
}
