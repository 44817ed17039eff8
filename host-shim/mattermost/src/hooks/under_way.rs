//! Calls of the server that are not answered yet.

use tokio::sync::watch;

/// Counts them.
pub(super) struct UnderWay(watch::Sender<usize>);

impl Default for UnderWay {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl UnderWay {
    /// A call begins. It ends when the answer is dropped.
    pub(super) fn begin(&self) -> One<'_> {
        self.0.send_modify(|count| *count += 1);
        One(&self.0)
    }

    /// Waits until there is none.
    pub(super) async fn none(&self) {
        // The sender is held here.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// A call under way.
pub(super) struct One<'a>(&'a watch::Sender<usize>);

impl Drop for One<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
