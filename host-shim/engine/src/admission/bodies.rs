//! Bodies of requests on their way: bounded in number, bytes and time, apart for each party.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::Party;
use crate::api::http_client::Response;
use crate::http::answer;
use crate::limits::{
    BODY, BODY_RETRY_AFTER_S, BodyRoom, MAX_BODY, SERVICE_BODIES, STRANGERS_BODIES, USER_BODIES, USERS_BODIES,
};

/// The bodies that are on their way to one engine. A clone is the same.
///
/// A body holds no place among the calls. Where too many are on their way the one that has been for the longest goes: a body that
/// is sent as fast as the network carries it is never that one for long, whoever else keeps theirs back.
#[derive(Clone, Debug, Default)]
pub struct Bodies {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    last: u64,
    /// In the order in which they came.
    held: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    party: Party,
    bytes: usize,
    /// `None` once it has arrived whole.
    arriving: Option<oneshot::Sender<()>>,
}

/// Why a body is not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// It is over [`MAX_BODY`].
    #[error("the body is over {} MiB", MAX_BODY >> 20)]
    TooLarge,
    /// It took longer than [`BODY`].
    #[error("the body did not arrive within {} s", BODY.as_secs())]
    TooSlow,
    /// Too many of the same party are on their way.
    #[error("too many bodies are on their way")]
    TooMany,
    /// The engine is being stopped.
    #[error("the plugin is being stopped")]
    Stopping,
}

impl BodyError {
    /// The answer to whoever sent it.
    pub fn response(self) -> Response {
        match self {
            Self::TooLarge => answer::body_too_large(),
            Self::TooSlow => {
                answer::text(408, &format!("The body did not arrive within {} seconds.", BODY.as_secs()))
            }
            Self::TooMany => {
                let sentence = "Too many requests are on their way. Try again in a moment.";
                answer::later(503, sentence, BODY_RETRY_AFTER_S)
            }
            Self::Stopping => answer::stopping(),
        }
    }
}

/// A body on its way; once whole, the memory that it takes. Keep it until the request is answered.
#[derive(Debug)]
pub struct Arriving {
    bodies: Bodies,
    id: u64,
    until: Instant,
    gone: oneshot::Receiver<()>,
}

impl Bodies {
    /// A body of this party begins to arrive. Another one may have to go for it.
    pub fn admit(&self, party: Party) -> Arriving {
        let (arriving, gone) = oneshot::channel();
        let mut state = self.lock();
        state.last += 1;
        let id = state.last;
        state.held.insert(id, Entry { party, bytes: 0, arriving: Some(arriving) });
        if state.closed {
            state.held.remove(&id);
        }
        state.make_room(id);
        drop(state);
        Arriving { bodies: self.clone(), id, until: Instant::now() + BODY, gone }
    }

    /// Nothing arrives any more.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.held.retain(|_, entry| entry.arriving.is_none());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Arriving {
    /// Waits for a piece of the body.
    pub async fn wait<T>(&mut self, piece: impl Future<Output = T>) -> Result<T, BodyError> {
        tokio::select! {
            biased;
            _ = &mut self.gone => Err(self.bodies.lock().gone()),
            piece = timeout_at(self.until, piece) => piece.map_err(|_| BodyError::TooSlow),
        }
    }

    /// So many bytes more have arrived.
    pub fn grow(&mut self, bytes: usize) -> Result<(), BodyError> {
        let mut state = self.bodies.lock();
        let gone = state.gone();
        let entry = state.held.get_mut(&self.id).ok_or(gone)?;
        entry.bytes += bytes;
        if entry.bytes > MAX_BODY {
            return Err(BodyError::TooLarge);
        }
        state.make_room(self.id);
        if state.held.contains_key(&self.id) { Ok(()) } else { Err(BodyError::TooMany) }
    }

    /// The body is whole: from here on it goes for no other.
    pub fn end(&mut self) -> Result<(), BodyError> {
        let mut state = self.bodies.lock();
        let gone = state.gone();
        state.held.get_mut(&self.id).ok_or(gone)?.arriving = None;
        Ok(())
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        self.bodies.lock().held.remove(&self.id);
    }
}

impl State {
    /// Why a body is there no more.
    fn gone(&self) -> BodyError {
        if self.closed { BodyError::Stopping } else { BodyError::TooMany }
    }

    /// Sends bodies away until there is room again for those who share it with this one; itself, if no other is left.
    fn make_room(&mut self, id: u64) {
        let Some(Entry { party, .. }) = self.held.get(&id) else { return };
        let party = party.clone();
        let (own, all): (BodyRoom, BodyRoom) = match party {
            Party::User(_) => (USER_BODIES, USERS_BODIES),
            Party::Service => (SERVICE_BODIES, SERVICE_BODIES),
            Party::Stranger | Party::Event | Party::Host => (STRANGERS_BODIES, STRANGERS_BODIES),
        };
        while self.is_over(own, |other| *other == party) && self.send_away(|other| *other == party) {}
        let same_kind = |other: &Party| std::mem::discriminant(other) == std::mem::discriminant(&party);
        while self.is_over(all, same_kind) && self.send_away(same_kind) {}
    }

    fn is_over(&self, room: BodyRoom, shares: impl Fn(&Party) -> bool) -> bool {
        let mut arriving = 0;
        let mut bytes = 0;
        for entry in self.held.values().filter(|entry| shares(&entry.party)) {
            arriving += usize::from(entry.arriving.is_some());
            bytes += entry.bytes;
        }
        arriving > room.bodies || bytes > room.bytes
    }

    /// The oldest one that is still arriving. False if there is none.
    fn send_away(&mut self, shares: impl Fn(&Party) -> bool) -> bool {
        let oldest = self.held.iter().find(|(_, entry)| entry.arriving.is_some() && shares(&entry.party));
        let Some(id) = oldest.map(|(id, _)| *id) else { return false };
        // Its receiver hears of it by the sender's end.
        self.held.remove(&id).is_some()
    }
}

#[cfg(test)]
mod tests;
