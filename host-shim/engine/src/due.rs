//! Calls `run-due` when it is time.

use std::future::Future;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::api::log::Level;
use crate::engine::Engine;
use crate::error::CallError;
use crate::http::HttpClient;
use crate::server::ChatServer;

/// The time between two calls, unless the plugin wishes for less: fixed by the contract.
const MINUTE: Duration = Duration::from_secs(60);
/// The least time between two calls that the plugin itself asks for, so that it cannot keep the host busy.
const LEAST: Duration = Duration::from_secs(1);
/// How long stopping waits for a call under way. What is cut off is taken up again when its lease has run out.
const STOP: Duration = Duration::from_secs(5);

/// Calls `run-due` once a minute, at once after a hook that asked for it, and when the plugin wished it. Errors go to the
/// server's log. Ends when stopped; dropping it cuts off a call under way.
#[derive(Debug)]
pub struct DueLoop {
    /// `None` once stopped.
    task: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
}

impl DueLoop {
    /// Starts the loop on the present tokio runtime, with a first call at once.
    pub fn start<S: ChatServer, H: HttpClient>(engine: Engine<S, H>) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { task: Some((tokio::spawn(run(engine, stopped)), stop)) }
    }

    /// Ends the loop. A call under way has a few seconds to come to its end.
    pub async fn stop(mut self) {
        if let Some((mut task, stop)) = self.task.take() {
            let _ = stop.send(());
            if tokio::time::timeout(STOP, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

impl Drop for DueLoop {
    fn drop(&mut self) {
        if let Some((task, _)) = &self.task {
            task.abort();
        }
    }
}

async fn run<S: ChatServer, H: HttpClient>(engine: Engine<S, H>, stopped: impl Future + Send) {
    let mut stopped = std::pin::pin!(stopped);
    loop {
        let wish = match engine.run_due().await {
            Ok(wish) => wish,
            Err(CallError::Stopping) => return,
            Err(error) => {
                let message = "work that is due was cut short; it is tried again in a minute".to_owned();
                let fields = vec![("error".to_owned(), error.to_string())];
                engine.server().log(Level::Error, message, fields).await;
                None
            }
        };
        let wait = wish.map_or(MINUTE, |seconds| Duration::from_secs(seconds.into()).clamp(LEAST, MINUTE));
        tokio::select! {
            biased;
            _ = &mut stopped => return,
            () = tokio::time::sleep(wait) => {}
            () = engine.woken() => {}
        }
    }
}
