//! Numbers whose cards have to be looked at some hours after they were posted: Zoom forgets to tell of an end, and of a meeting that nobody
//! joins it tells nothing. Each has a key of its own, by the time that it is watched from, so that a start writes once and gets in nobody's
//! way.

use crate::error::Error;
use crate::flow::{Io, KvList, KvSet};
use crate::model::Condition;
use crate::zoom::MeetingNumber;

/// How exact the time of a key is.
pub const SPAN_MS: u64 = 600_000;
/// Longer than meetings last: what ends as it should has ended by then, and Zoom is not asked about it.
pub const LOOK_AFTER_MS: u64 = 8 * 3_600_000;
/// A server that stood still for longer looks at none of it any more.
const LIFE_S: u32 = 8 * 86_400;
const PREFIX: &str = "watch_";
/// A number that cannot be looked at is looked at again after one span, then two, then four, at most after this many.
const LONGEST_WAIT: u64 = LOOK_AFTER_MS / SPAN_MS;
/// Ten days, in all. Then it is given up.
const MAX_FAILED: u32 = 36;
/// Digits of a span in a key, for three thousand years: keys are listed in the order of their bytes.
const SPAN_DIGITS: usize = 9;

/// A number that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// Since when: in [`SPAN_MS`] since the Unix epoch.
    pub span: u64,
    /// The number.
    pub number: MeetingNumber,
    /// How often it could not be looked at, in a row.
    pub failed: u32,
}

impl Watched {
    fn key(self) -> String {
        let key = format!("{}_{}", start_of(self.span), self.number);
        if self.failed == 0 { key } else { format!("{key}_{}", self.failed) }
    }

    /// `None`: no such key.
    fn read(key: &str) -> Option<Self> {
        let (span, rest) = key.strip_prefix(PREFIX)?.split_once('_')?;
        let (number, failed) = rest.split_once('_').unwrap_or((rest, "0"));
        Some(Self { span: span.parse().ok()?, number: number.parse().ok()?, failed: failed.parse().ok()? })
    }
}

/// Lets a number be looked at [`LOOK_AFTER_MS`] after this time.
///
/// # Errors
/// The store's.
pub async fn watch(io: &Io, number: MeetingNumber, from_ms: u64) -> Result<(), Error> {
    keep(io, Watched { span: from_ms / SPAN_MS, number, failed: 0 }).await
}

/// A number could not be looked at: it is looked at again, later each time. `false`: it was tried often enough.
///
/// # Errors
/// The store's.
pub async fn watch_on(io: &Io, watched: Watched) -> Result<bool, Error> {
    let failed = watched.failed + 1;
    let again = failed < MAX_FAILED;
    if again {
        let wait = 1_u64.checked_shl(watched.failed).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT));
        keep(io, Watched { span: due_span(io.now_ms()) + wait, failed, ..watched }).await?;
    }
    unwatch(io, watched).await?;
    Ok(again)
}

async fn keep(io: &Io, watched: Watched) -> Result<(), Error> {
    let (value, expires_in_s) = (b"1".to_vec(), Some(LIFE_S));
    io.kv_set(KvSet { key: watched.key(), value, expires_in_s, condition: Condition::Always }).await?;
    Ok(())
}

/// A number was looked at.
///
/// # Errors
/// The store's.
pub async fn unwatch(io: &Io, watched: Watched) -> Result<(), Error> {
    io.kv_delete(watched.key(), Condition::Always).await?;
    Ok(())
}

/// Numbers that are watched, in the order of time: those after one, of `limit` keys at most.
///
/// # Errors
/// The store's.
pub async fn watched(io: &Io, after: After, limit: u32) -> Result<Page, Error> {
    let after = match after {
        After::Nothing => None,
        After::Key(key) => Some(key),
        // No number is as short as this.
        After::Time(ms) => Some(start_of(ms / SPAN_MS)),
    };
    let keys = io.kv_list(KvList { prefix: PREFIX.to_owned(), after, limit }).await?;
    let is_full = usize::try_from(limit).is_ok_and(|limit| keys.len() >= limit);
    let next = keys.last().filter(|_| is_full).cloned().map(After::Key);
    Ok(Page { numbers: keys.iter().filter_map(|key| Watched::read(key)).collect(), next })
}

/// Numbers that were listed at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Fewer than were asked for where keys cannot be read.
    pub numbers: Vec<Watched>,
    /// What the next page comes after. `None`: this is the last one.
    pub next: Option<After>,
}

/// What listed numbers come after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// All are listed.
    Nothing,
    /// A key that was listed before.
    Key(String),
    /// A time, in milliseconds since the Unix epoch.
    Time(u64),
}

/// The latest span whose numbers are to be looked at.
pub fn due_span(now_ms: u64) -> u64 {
    (now_ms.saturating_sub(LOOK_AFTER_MS) / SPAN_MS).saturating_sub(1)
}

fn start_of(span: u64) -> String {
    format!("{PREFIX}{span:0SPAN_DIGITS$}")
}
