//! So many at once, so many who wait for one of them, and no more; those who wait take turns by where they come from.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

/// Places of one kind. A clone is the same.
///
/// Of those who wait each source has the next place in turn, and within a source it goes by who came first: whoever sends many waits
/// behind their own, and others behind one of them.
#[derive(Clone, Debug)]
pub struct FairQueue {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    free: usize,
    closed: bool,
    waiting: usize,
    waiting_max: usize,
    last: u64,
    /// Those who wait, by source, in the order in which they came. No source is without one.
    lines: HashMap<String, BTreeMap<u64, oneshot::Sender<()>>>,
    /// The sources of `lines`, the next one first.
    turns: VecDeque<String>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// None at present.
    Now,
    /// None any more.
    Closed,
}

/// A place, given back when dropped.
#[derive(Debug)]
pub struct Place {
    queue: FairQueue,
}

impl FairQueue {
    /// So many places, and so many who may wait for one.
    pub fn new(places: usize, waiting_max: usize) -> Self {
        let state = State {
            free: places,
            closed: false,
            waiting: 0,
            waiting_max,
            last: 0,
            lines: HashMap::new(),
            turns: VecDeque::new(),
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// A place that is free at once.
    pub fn take_now(&self) -> Result<Place, Full> {
        let mut state = self.lock();
        if state.closed {
            return Err(Full::Closed);
        }
        // While somebody waits none is free.
        state.free = state.free.checked_sub(1).ok_or(Full::Now)?;
        Ok(Place { queue: self.clone() })
    }

    /// A place, when the source's turn has come. Does not begin to wait where too many do.
    pub async fn take(&self, source: &str, until: Instant) -> Result<Place, Full> {
        match self.take_now() {
            Err(Full::Now) => {}
            taken => return taken,
        }
        let (mut waiting, turn) = self.line_up(source)?;
        match timeout_at(until, turn).await {
            Ok(Ok(())) => {
                waiting.has_place = true;
                Ok(Place { queue: self.clone() })
            }
            Ok(Err(_)) => Err(Full::Closed),
            Err(_) => Err(Full::Now),
        }
    }

    /// No places any more, for those who wait neither.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.turns.clear();
        // Each hears of it by the sender's end.
        state.lines.clear();
    }

    fn line_up(&self, source: &str) -> Result<(Waiting<'_>, oneshot::Receiver<()>), Full> {
        let mut state = self.lock();
        if state.closed {
            return Err(Full::Closed);
        }
        if state.waiting >= state.waiting_max {
            return Err(Full::Now);
        }
        let (sender, turn) = oneshot::channel();
        state.waiting += 1;
        state.last += 1;
        let id = state.last;
        if !state.lines.contains_key(source) {
            state.turns.push_back(source.to_owned());
        }
        state.lines.entry(source.to_owned()).or_default().insert(id, sender);
        // One may have become free since the first look.
        if let Some(left) = state.free.checked_sub(1) {
            state.free = left;
            state.give();
        }
        Ok((Waiting { queue: self, source: source.to_owned(), id, has_place: false }, turn))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives a place to whose turn it is; to nobody, if nobody waits.
    fn give(&mut self) {
        while let Some(source) = self.turns.pop_front() {
            let Some(line) = self.lines.get_mut(&source) else { continue };
            let next = line.pop_first();
            if line.is_empty() {
                self.lines.remove(&source);
            } else {
                self.turns.push_back(source);
            }
            if next.is_some_and(|(_, next)| next.send(()).is_ok()) {
                return;
            }
        }
        self.free += 1;
    }

    /// Whether somebody who waited still stood there.
    fn leave(&mut self, source: &str, id: u64) -> bool {
        let Some(line) = self.lines.get_mut(source) else { return false };
        let stood = line.remove(&id).is_some();
        if line.is_empty() {
            self.lines.remove(source);
            self.turns.retain(|other| other != source);
        }
        stood
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.lock().give();
    }
}

/// One who waits.
struct Waiting<'a> {
    queue: &'a FairQueue,
    source: String,
    id: u64,
    has_place: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.waiting -= 1;
        // Who goes at the very moment in which the turn comes has a place that nobody else would give back.
        if !self.has_place && !state.leave(&self.source, self.id) {
            state.give();
        }
    }
}
