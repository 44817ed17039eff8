//! Answers to what can come in any number, a few at a time: each takes the server and the plugin half a dozen messages, and those of
//! others wait behind them.

use std::time::Duration;

use chat_plugin_engine::{FairQueue, Party, Place};
use tokio::time::Instant;

/// Answers at once.
const SERVICE: usize = 8;
const STRANGERS: usize = 4;
/// How long an answer waits for its turn. Then it goes without: a client that is slow to take its own must not stop all others.
const WAIT: Duration = Duration::from_secs(1);

pub(super) struct Turns {
    service: FairQueue,
    strangers: FairQueue,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            service: FairQueue::new(SERVICE, usize::MAX),
            strangers: FairQueue::new(STRANGERS, usize::MAX),
        }
    }
}

impl Turns {
    /// A turn, to be held while the answer is sent. Users, who have shares, need none. Sources take turns.
    pub(super) async fn take(&self, party: &Party, source: &str) -> Option<Place> {
        let turns = match party {
            Party::Service => &self.service,
            Party::Stranger => &self.strangers,
            Party::User(_) | Party::Event | Party::Host => return None,
        };
        turns.take(source, Instant::now() + WAIT).await.ok()
    }
}
