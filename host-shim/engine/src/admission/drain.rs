//! The end: calls under way come to theirs, for so long.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

/// Knows how many calls are under way, and can cut them off.
#[derive(Debug)]
pub(crate) struct Drain {
    running: watch::Sender<usize>,
    cut: watch::Sender<bool>,
}

impl Default for Drain {
    fn default() -> Self {
        Self { running: watch::Sender::new(0), cut: watch::Sender::new(false) }
    }
}

impl Drain {
    /// A call begins, even if it has no place yet. It lasts until the answer is dropped.
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        self.running.send_modify(|count| *count += 1);
        UnderWay(self)
    }

    /// Waits for the calls under way, at most `limit`, and cuts off what is left. False if it had to.
    pub(crate) async fn wait(&self, limit: Duration) -> bool {
        let mut running = self.running.subscribe();
        let in_time = tokio::time::timeout(limit, running.wait_for(|count| *count == 0)).await.is_ok();
        self.cut.send_replace(true);
        let _ = running.wait_for(|count| *count == 0).await;
        in_time
    }
}

/// A call under way.
#[derive(Debug)]
pub(crate) struct UnderWay<'a>(&'a Drain);

impl UnderWay<'_> {
    /// Runs the call. `None`: it was cut off.
    pub(crate) async fn run<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        let mut cut = self.0.cut.subscribe();
        tokio::select! {
            biased;
            answer = call => Some(answer),
            // The sender lives as long as this call.
            _ = cut.wait_for(|cut| *cut) => None,
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.running.send_modify(|count| *count -= 1);
    }
}
