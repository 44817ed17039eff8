//! Log lines that say the same again and again: the first one is written, the others are counted.
//!
//! A plugin's instance lives for one call, so only the engine can know what earlier calls have logged.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::admission::Party;
use crate::api::log::Level;
use crate::server::ChatServer;

/// A line is counted for so long, then the count is written.
const WINDOW: Duration = Duration::from_secs(60);
/// Different lines in a window: of strangers, who could make up ever new ones, and of all others.
const STRANGERS_LINES: usize = 32;
const OTHER_LINES: usize = 256;

/// A line for the server's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How bad it is.
    pub level: Level,
    /// What happened.
    pub message: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
    /// More of them, which are different in lines that say the same, such as a request's id.
    pub varying: Vec<(String, String)>,
}

impl Line {
    /// A line of which nothing varies.
    pub fn new(level: Level, message: String, fields: Vec<(String, String)>) -> Self {
        Self { level, message, fields, varying: Vec::new() }
    }
}

/// What was written lately.
#[derive(Debug, Default)]
pub(crate) struct Repeats(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    lines: HashMap<Key, Seen>,
    /// Lines for which there was no room.
    left_out: u64,
    /// Somebody waits for the end of the window.
    is_watched: bool,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    by_stranger: bool,
    level: u8,
    message: String,
    fields: Vec<(String, String)>,
}

#[derive(Debug)]
struct Seen {
    since: Instant,
    level: Level,
    again: u64,
}

impl Repeats {
    /// Writes the line, or counts it.
    pub(crate) async fn write<S: ChatServer>(self: &Arc<Self>, server: &Arc<S>, party: &Party, line: Line) {
        let is_counted = match party {
            Party::Stranger => true,
            Party::User(_) | Party::Service | Party::Event => line.level != Level::Debug,
            // What the host does by itself it does at its own pace.
            Party::Host => false,
        };
        if is_counted && !self.is_new(party, &line) {
            self.watch(server);
            return;
        }
        let Line { level, message, mut fields, varying } = line;
        fields.extend(varying);
        server.log(level, message, fields).await;
    }

    /// Writes the counts, and forgets what was written.
    pub(crate) async fn flush<S: ChatServer>(&self, server: &S) {
        self.tell(server, None).await;
    }

    fn is_new(&self, party: &Party, line: &Line) -> bool {
        let by_stranger = *party == Party::Stranger;
        let (message, fields) = (line.message.clone(), line.fields.clone());
        let key = Key { by_stranger, level: line.level as u8, message, fields };
        let mut state = self.lock();
        let now = Instant::now();
        state.lines.retain(|_, seen| seen.again > 0 || now < seen.until());
        if let Some(seen) = state.lines.get_mut(&key) {
            seen.again += 1;
            return false;
        }
        let most = if by_stranger { STRANGERS_LINES } else { OTHER_LINES };
        if state.lines.keys().filter(|key| key.by_stranger == by_stranger).count() >= most {
            state.left_out += 1;
            return false;
        }
        state.lines.insert(key, Seen { since: now, level: line.level, again: 0 });
        true
    }

    /// Sees to it that counts are written when their time is over.
    fn watch<S: ChatServer>(self: &Arc<Self>, server: &Arc<S>) {
        let Some(mut next) = self.lock().begin_watch() else { return };
        let (repeats, server) = (Arc::downgrade(self), Arc::downgrade(server));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep_until(next).await;
                // The engine may have ended meanwhile.
                let (Some(repeats), Some(server)) = (repeats.upgrade(), server.upgrade()) else { return };
                repeats.tell(&*server, Some(Instant::now())).await;
                let mut state = repeats.lock();
                let Some(later) = state.next() else {
                    state.is_watched = false;
                    return;
                };
                next = later;
            }
        });
    }

    /// Writes the counts of windows that are over; of all without a time.
    async fn tell<S: ChatServer>(&self, server: &S, now: Option<Instant>) {
        let counts = self.lock().take(now);
        for line in counts {
            server.log(line.level, line.message, line.fields).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// When to look at the counts for the first time; `None` where somebody does already.
    fn begin_watch(&mut self) -> Option<Instant> {
        if self.is_watched {
            return None;
        }
        let next = self.next();
        self.is_watched = next.is_some();
        next
    }

    /// When the next count is to be written.
    fn next(&self) -> Option<Instant> {
        let counted = self.lines.values().filter(|seen| seen.again > 0).map(Seen::until).min();
        let left_out = (self.left_out > 0).then(|| Instant::now() + WINDOW);
        counted.into_iter().chain(left_out).min()
    }

    fn take(&mut self, now: Option<Instant>) -> Vec<Line> {
        let mut counts = Vec::new();
        self.lines.retain(|key, seen| {
            if now.is_some_and(|now| now < seen.until()) {
                return true;
            }
            if seen.again > 0 {
                let message = repeated(&key.message, seen.again);
                counts.push(Line::new(seen.level, message, key.fields.clone()));
            }
            // As long as it goes on, only counts are written.
            let goes_on = seen.again > 0;
            *seen = Seen { since: now.unwrap_or(seen.since), level: seen.level, again: 0 };
            goes_on && now.is_some()
        });
        let left_out = std::mem::take(&mut self.left_out);
        if left_out > 0 {
            let message =
                format!("{left_out} more lines were left out in the last minute: there were too many kinds");
            counts.push(Line::new(Level::Warn, message, Vec::new()));
        }
        counts
    }
}

impl Seen {
    fn until(&self) -> Instant {
        self.since + WINDOW
    }
}

fn repeated(message: &str, again: u64) -> String {
    let times = if again == 1 { "once".to_owned() } else { format!("{again} times") };
    format!("{message} ({times} more in the last minute)")
}
