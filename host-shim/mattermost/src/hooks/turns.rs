//! Answers to what can come in any number, a few at a time: each takes the server and the plugin half a dozen messages, and those of
//! others wait behind them.

use std::time::Duration;

use chat_plugin_engine::Party;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Answers at once.
const SERVICE: usize = 8;
const STRANGERS: usize = 4;
/// How long an answer waits for its turn. Then it goes without: a client that is slow to take its own must not stop all others.
const WAIT: Duration = Duration::from_secs(1);

pub(super) struct Turns {
    service: Semaphore,
    strangers: Semaphore,
}

impl Default for Turns {
    fn default() -> Self {
        Self { service: Semaphore::new(SERVICE), strangers: Semaphore::new(STRANGERS) }
    }
}

impl Turns {
    /// A turn, to be held while the answer is sent. Users, who have shares, need none.
    pub(super) async fn take(&self, party: &Party) -> Option<SemaphorePermit<'_>> {
        let turns = match party {
            Party::Service => &self.service,
            Party::Stranger => &self.strangers,
            Party::User(_) | Party::Event | Party::Host => return None,
        };
        timeout(WAIT, turns.acquire()).await.ok()?.ok()
    }
}
