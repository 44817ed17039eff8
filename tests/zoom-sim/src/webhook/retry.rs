//! Zoom's retry table.

use crate::clock::UnixMs;

const MINUTE_MS: i64 = 60 * 1000;

/// Waits after the first, second and third failed attempt; after the fourth the event is dropped.
const WAITS_MS: [i64; 3] = [5 * MINUTE_MS, 20 * MINUTE_MS, 60 * MINUTE_MS];

/// What an attempt means for the delivery. `status` is absent if there was no answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// 200–299.
    Delivered,
    /// 3xx and 4xx are final: the event is lost.
    Refused,
    /// Another attempt at this time.
    RetryAt(UnixMs),
    /// No attempt is left.
    Dropped,
}

/// `attempts` counts this one; `at_ms` is when it was made.
pub(crate) fn verdict(status: Option<u16>, attempts: usize, at_ms: UnixMs) -> Verdict {
    match status {
        Some(200..=299) => Verdict::Delivered,
        Some(..=499) => Verdict::Refused,
        None | Some(500..) => {
            let wait_ms = attempts.checked_sub(1).and_then(|failed| WAITS_MS.get(failed));
            wait_ms.map_or(Verdict::Dropped, |wait_ms| Verdict::RetryAt(at_ms.saturating_add(*wait_ms)))
        }
    }
}
