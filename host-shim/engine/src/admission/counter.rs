//! So many at once, so many who wait for one of them, and no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::{Instant, timeout_at};

/// Places of one kind.
#[derive(Debug)]
pub(super) struct Counter {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_max: usize,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// None at present.
    Now,
    /// None any more.
    Closed,
}

impl Counter {
    pub(super) fn new(places: usize, waiting_max: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), waiting: AtomicUsize::new(0), waiting_max }
    }

    /// A place that is free at once.
    pub(super) fn take_now(&self) -> Result<OwnedSemaphorePermit, Full> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|error| match error {
            TryAcquireError::NoPermits => Full::Now,
            TryAcquireError::Closed => Full::Closed,
        })
    }

    /// A place, behind those who came before. Does not begin to wait where too many do.
    pub(super) async fn take(&self, until: Instant) -> Result<OwnedSemaphorePermit, Full> {
        match self.take_now() {
            Err(Full::Now) => {}
            taken => return taken,
        }
        let _waiting = Waiting::begin(&self.waiting, self.waiting_max).ok_or(Full::Now)?;
        match timeout_at(until, Arc::clone(&self.places).acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) => Err(Full::Closed),
            Err(_) => Err(Full::Now),
        }
    }

    pub(super) fn close(&self) {
        self.places.close();
    }
}

/// One who waits.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        waiting
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |now| (now < most).then_some(now + 1))
            .ok()
            .map(|_| Self(waiting))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
