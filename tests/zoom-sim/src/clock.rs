//! The time of the simulation.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;
use tokio::sync::watch;

/// A point in time: milliseconds since the Unix epoch, as in Zoom's `event_ts`.
pub type UnixMs = i64;

/// What the simulation calls "now".
///
/// A manual clock stands still until it is moved. A real clock follows the machine's and can be moved
/// too (to see a retry without waiting for it); it then runs on from there. Clones share one time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    /// The time itself on a manual clock, the distance to the machine's time on a real one.
    value_ms: AtomicI64,
    /// Wakes sleepers when the time was moved by hand.
    moved: watch::Sender<()>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Manual,
    Real,
}

impl Clock {
    /// A clock that follows the machine's.
    pub fn real() -> Self {
        Self::new(Kind::Real, 0)
    }

    /// A clock that stands at `now_ms` until it is moved.
    pub fn manual(now_ms: UnixMs) -> Self {
        Self::new(Kind::Manual, now_ms)
    }

    /// Whether the time moves only when it is told to.
    pub fn is_manual(&self) -> bool {
        self.0.kind == Kind::Manual
    }

    /// The present time.
    pub fn now_ms(&self) -> UnixMs {
        let value_ms = self.0.value_ms.load(Ordering::SeqCst);
        match self.0.kind {
            Kind::Manual => value_ms,
            Kind::Real => machine_ms() + value_ms,
        }
    }

    /// Jumps to `now_ms`. Going back is allowed: machines do that too.
    pub fn set_ms(&self, now_ms: UnixMs) {
        let value_ms = match self.0.kind {
            Kind::Manual => now_ms,
            Kind::Real => now_ms - machine_ms(),
        };
        self.0.value_ms.store(value_ms, Ordering::SeqCst);
        self.0.moved.send_replace(());
    }

    /// Jumps forward. [`ZoomSim::advance`](crate::ZoomSim::advance) is what a test wants when webhooks
    /// are due on the way.
    pub fn advance(&self, by: Duration) {
        self.set_ms(self.now_ms().saturating_add(as_ms(by)));
    }

    /// Returns when the time is `at_ms` or later.
    pub async fn sleep_until(&self, at_ms: UnixMs) {
        let mut moved = self.0.moved.subscribe();
        loop {
            moved.borrow_and_update();
            let wait_ms = at_ms.saturating_sub(self.now_ms());
            if wait_ms <= 0 {
                return;
            }
            // The sender lives in `self`, so `changed` cannot fail.
            match self.0.kind {
                Kind::Manual => {
                    let _ = moved.changed().await;
                }
                Kind::Real => {
                    let wait = Duration::from_millis(wait_ms.unsigned_abs());
                    let _ = tokio::time::timeout(wait, moved.changed()).await;
                }
            }
        }
    }

    fn new(kind: Kind, value_ms: i64) -> Self {
        Self(Arc::new(Inner { kind, value_ms: AtomicI64::new(value_ms), moved: watch::Sender::new(()) }))
    }
}

/// A duration in whole milliseconds; longer ones than the clock can hold are cut to its end.
pub(crate) fn as_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Zoom's way to write a time: `2026-01-05T09:30:12Z`.
pub(crate) fn iso(at_ms: UnixMs) -> String {
    timestamp(at_ms).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The same with milliseconds, as one event has it: `2026-01-05T09:30:12.345Z`.
pub(crate) fn iso_ms(at_ms: UnixMs) -> String {
    timestamp(at_ms).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The time for jiff; beyond its years it is cut to the nearest it can hold.
pub(crate) fn timestamp(at_ms: UnixMs) -> Timestamp {
    Timestamp::from_millisecond(at_ms).unwrap_or(if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn machine_ms() -> UnixMs {
    // Before 1970 only on a machine without a clock: then 0 is as good as any.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, as_ms)
}
