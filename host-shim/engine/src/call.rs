//! One call of a hook: what its instance may use, and how far it has come.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use wasmtime::{ResourceLimiter, StoreContextMut, UpdateDeadline};

use crate::admission::{Party, Seat};
use crate::api::log::Level;
use crate::error::CallError;
use crate::limits::{LOG_LINE_BYTES, LOG_LINES, Limits, MEMORY_BYTES};
use crate::repeats::{Line, Repeats};
use crate::server::ChatServer;

/// What the imports of one call work with: the store's data.
pub(crate) struct Call<S, H> {
    pub(crate) server: Arc<S>,
    pub(crate) http: Arc<H>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) started: Instant,
    /// When the call is cut off, on the runtime's clock.
    deadline: tokio::time::Instant,
    /// The plugin asked for `run-due`.
    pub(crate) wake: bool,
    seat: Arc<Seat>,
    party: Party,
    repeats: Arc<Repeats>,
    /// Lines that the plugin prints, not yet ended.
    pub(crate) printed: crate::wasi::Printed,
    meter: Arc<Meter>,
    log_lines: u32,
}

/// What the calls of an engine share, and whose call it is.
pub(crate) struct CallOf<'a, S, H> {
    pub(crate) server: &'a Arc<S>,
    pub(crate) http: &'a Arc<H>,
    pub(crate) limits: &'a Arc<Limits>,
    pub(crate) repeats: &'a Arc<Repeats>,
    pub(crate) party: &'a Party,
}

impl<S, H> Call<S, H> {
    /// A call of this party that is cut off after `limit`.
    pub(crate) fn new(of: &CallOf<'_, S, H>, limit: Duration, meter: Arc<Meter>, seat: Arc<Seat>) -> Self {
        Self {
            server: Arc::clone(of.server),
            http: Arc::clone(of.http),
            limits: Arc::clone(of.limits),
            started: Instant::now(),
            deadline: tokio::time::Instant::now() + limit,
            wake: false,
            seat,
            party: of.party.clone(),
            repeats: Arc::clone(of.repeats),
            printed: crate::wasi::Printed::default(),
            meter,
            log_lines: 0,
        }
    }

    /// To be called before what takes long because of others: the call leaves its place to those who need it.
    pub(crate) fn park(&self) -> wasmtime::Result<()> {
        Ok(self.seat.park()?)
    }

    /// Until the call is cut off.
    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(tokio::time::Instant::now())
    }

    /// Waits for one import's answer, at most `limit`. An answer that comes too late is what `late` makes of a sentence.
    pub(crate) async fn within<T>(
        limit: Duration,
        import: &str,
        late: impl FnOnce(String) -> T,
        answer: impl Future<Output = T>,
    ) -> wasmtime::Result<T> {
        Ok(tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
            late(format!("{import} got no answer from the chat server within {} s", limit.as_secs_f32()))
        }))
    }
}

impl<S: ChatServer, H> Call<S, H> {
    /// Writes a line to the server's log, cut to the limits of length and number.
    pub(crate) async fn log(&mut self, level: Level, mut message: String, mut fields: Vec<(String, String)>) {
        self.log_lines = self.log_lines.saturating_add(1);
        if self.log_lines > LOG_LINES {
            return;
        }
        if self.log_lines == LOG_LINES {
            message =
                format!("the plugin logs too much: what follows of this call's {LOG_LINES} lines is dropped");
            fields = Vec::new();
        }
        cut(&mut message, &mut fields);
        let line = Line::new(level, message, fields);
        let write = self.repeats.write(&self.server, &self.party, line);
        // A line that takes too long is lost: the log is no reason to fail a call.
        let _ = tokio::time::timeout(self.limits.import, write).await;
    }
}

/// Decides at each tick of the epoch whether the guest may go on computing. It lets other tasks of the thread run first.
pub(crate) fn may_go_on<S, H>(store: StoreContextMut<'_, Call<S, H>>) -> wasmtime::Result<UpdateDeadline> {
    let call = store.data();
    let limit = call.limits.guest_cpu;
    if call.meter.spent() > limit {
        return Err(CallError::TooSlow(limit).into());
    }
    Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
}

impl<S: Send, H: Send> ResourceLimiter for Call<S, H>
where
    Arc<S>: Send,
    Arc<H>: Send,
{
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        // A trap, not a failed growth: Rust's standard library would abort without a reason.
        if desired > MEMORY_BYTES { Err(CallError::OutOfMemory(MEMORY_BYTES).into()) } else { Ok(true) }
    }

    fn table_growing(&mut self, _: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }
}

/// Measures how long a call has been computing, waiting left out.
#[derive(Debug)]
pub(crate) struct Meter {
    origin: Instant,
    /// Nanoseconds of computing before the present turn.
    spent: AtomicU64,
    /// When the present turn began, in nanoseconds since `origin`.
    turn: AtomicU64,
}

impl Meter {
    pub(crate) fn new() -> Self {
        Self { origin: Instant::now(), spent: AtomicU64::new(0), turn: AtomicU64::new(0) }
    }

    /// Runs `future` and counts the time of its turns.
    pub(crate) async fn measure<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        poll_fn(|context| {
            self.turn.store(self.now(), Ordering::Relaxed);
            let poll = future.as_mut().poll(context);
            let turn = self.now().saturating_sub(self.turn.load(Ordering::Relaxed));
            self.spent.fetch_add(turn, Ordering::Relaxed);
            poll
        })
        .await
    }

    /// Only asked while a turn is under way.
    fn spent(&self) -> Duration {
        let turn = self.now().saturating_sub(self.turn.load(Ordering::Relaxed));
        Duration::from_nanos(self.spent.load(Ordering::Relaxed).saturating_add(turn))
    }

    fn now(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Cuts a log line to its limit: the message first, then the fields that still fit.
fn cut(message: &mut String, fields: &mut Vec<(String, String)>) {
    let mut left = LOG_LINE_BYTES;
    cut_text(message, &mut left);
    fields.retain_mut(|(name, value)| {
        // The field that is cut stays: it shows that something is missing.
        let fits = left >= CUT_MARK.len();
        cut_text(name, &mut left);
        cut_text(value, &mut left);
        fits
    });
}

fn cut_text(text: &mut String, left: &mut usize) {
    if text.len() > *left {
        let mark = if *left < CUT_MARK.len() { "" } else { CUT_MARK };
        text.truncate(text.floor_char_boundary(left.saturating_sub(CUT_MARK.len())));
        text.push_str(mark);
    }
    *left = left.saturating_sub(text.len());
}

/// Stands where a text was cut off.
const CUT_MARK: &str = "…";
