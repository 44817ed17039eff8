//! The clock that interrupts guests which do not come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::Thread;
use std::time::Duration;

/// How often a computing guest is looked at. Finer than any limit on computing, and rare enough to cost nothing.
const TICK: Duration = Duration::from_millis(10);

/// A thread of its own, so that a guest which keeps every worker of the runtime busy is interrupted all the same. It
/// sleeps while no call is under way and ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Ticker {
    state: Arc<State>,
    thread: Thread,
}

#[derive(Debug, Default)]
struct State {
    calls: AtomicUsize,
    stopped: AtomicBool,
}

impl Ticker {
    pub(crate) fn start(engine: wasmtime::Engine) -> std::io::Result<Self> {
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        let thread =
            std::thread::Builder::new().name("plugin-ticker".into()).spawn(move || tick(&shared, &engine))?;
        Ok(Self { state, thread: thread.thread().clone() })
    }

    /// Ticks until the answer is dropped.
    pub(crate) fn run(&self) -> Running<'_> {
        if self.state.calls.fetch_add(1, Ordering::SeqCst) == 0 {
            self.thread.unpark();
        }
        Running(&self.state)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

/// A call under way.
#[derive(Debug)]
pub(crate) struct Running<'a>(&'a State);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::SeqCst);
    }
}

fn tick(state: &State, engine: &wasmtime::Engine) {
    while !state.stopped.load(Ordering::SeqCst) {
        if state.calls.load(Ordering::SeqCst) == 0 {
            std::thread::park();
        } else {
            std::thread::park_timeout(TICK);
            engine.increment_epoch();
        }
    }
}
