//! Who may use how much at once.
//!
//! Every call is made for a [`Party`], and each kind of party has a [`Room`](crate::limits::Room) of its own: whatever one
//! kind does, the others find theirs. Within the room of users each one has a share. A call that waits for another server, or
//! pauses, leaves its place to the next one and moves to the part of the room where calls wait.
//!
//! This lies in the engine, not in the hosts, because only the engine knows when a call begins to wait.

mod bodies;
mod drain;
mod queue;
mod service;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::CallError;
use crate::limits::{Limits, Rooms};

pub use bodies::{Arriving, Bodies, BodyError};
pub(crate) use drain::Drain;
pub use queue::{FairQueue, Full, Place};
pub use service::{KnownService, ServiceRequests};

/// For whom a hook is called. What one party holds, no other one waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// Somebody who is signed in, by the chat server's id.
    User(String),
    /// A server that the plugin works with, known by what strangers do not know, such as the secret in the URL that it calls.
    Service,
    /// Whoever else reaches the plugin's URL.
    Stranger,
    /// The chat server, which tells of something that happened.
    Event,
    /// The host itself: starting, settings, work that is due.
    Host,
}

impl Party {
    /// Whose request this is, by the user whose session it carries.
    pub fn of(user_id: Option<&str>) -> Self {
        user_id.map_or(Self::Stranger, |id| Self::User(id.to_owned()))
    }
}

/// The places of one engine.
#[derive(Debug)]
pub(crate) struct Admission {
    rooms: Rooms,
    queue_wait: Duration,
    users: Arc<Places>,
    service: Arc<Places>,
    strangers: Arc<Places>,
    events: Arc<Places>,
    host: Arc<Places>,
    shares: Arc<Shares>,
}

/// The places of one kind of party.
#[derive(Debug)]
struct Places {
    active: FairQueue,
    parked: FairQueue,
}

/// What each user holds at present. A user without a call has no entry.
#[derive(Debug, Default)]
struct Shares(Mutex<HashMap<String, Arc<FairQueue>>>);

/// A place among the calls that run at once, given back when dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    places: Arc<Places>,
    held: Mutex<Held>,
    /// Given back last.
    _share: Option<Share>,
}

#[derive(Debug)]
enum Held {
    Active(#[expect(dead_code, reason = "held until it is dropped")] Place),
    Parked(#[expect(dead_code, reason = "held until it is dropped")] Place),
}

/// One call's part of its user's share.
#[derive(Debug)]
struct Share {
    user_id: String,
    shares: Arc<Shares>,
    queue: Arc<FairQueue>,
    place: Option<Place>,
}

impl Admission {
    pub(crate) fn new(limits: &Limits) -> Self {
        let places = |room: crate::limits::Room| {
            Arc::new(Places {
                active: FairQueue::new(room.active, room.waiting),
                parked: FairQueue::new(room.parked, 0),
            })
        };
        let rooms = limits.rooms;
        Self {
            rooms,
            queue_wait: limits.queue_wait,
            users: places(rooms.users),
            service: places(rooms.service),
            strangers: places(rooms.strangers),
            events: places(rooms.events),
            host: places(rooms.host),
            shares: Arc::default(),
        }
    }

    /// Waits a little for a place. A user waits behind their own share first, so that in the queue of all nobody has more than
    /// that. In a queue users take turns, and of the other parties their sources.
    pub(crate) async fn seat(&self, party: &Party, source: &str) -> Result<Arc<Seat>, CallError> {
        let until = Instant::now() + self.queue_wait;
        let (share, source) = match party {
            Party::User(id) => (Some(self.share(id, until).await?), id.as_str()),
            Party::Service | Party::Stranger | Party::Event | Party::Host => (None, source),
        };
        let places = self.places(party);
        match places.active.take(source, until).await {
            Ok(place) => {
                let held = Mutex::new(Held::Active(place));
                Ok(Arc::new(Seat { places: Arc::clone(places), held, _share: share }))
            }
            Err(Full::Closed) => Err(CallError::Stopping),
            Err(Full::Now) => Err(CallError::Busy),
        }
    }

    /// Lets nobody in any more, those who wait included. Calls that have a place keep it.
    pub(crate) fn close(&self) {
        for places in [&self.users, &self.service, &self.strangers, &self.events, &self.host] {
            places.active.close();
        }
    }

    async fn share(&self, user_id: &str, until: Instant) -> Result<Share, CallError> {
        let (calls, waiting) = (self.rooms.user_calls, self.rooms.user_waiting);
        let queue = Arc::clone(
            self.shares
                .lock()
                .entry(user_id.to_owned())
                .or_insert_with(|| Arc::new(FairQueue::new(calls, waiting))),
        );
        let shares = Arc::clone(&self.shares);
        let mut share = Share { user_id: user_id.to_owned(), shares, queue, place: None };
        share.place = Some(share.queue.take("", until).await.map_err(|_| CallError::ShareTaken(calls))?);
        Ok(share)
    }

    fn places(&self, party: &Party) -> &Arc<Places> {
        match party {
            Party::User(_) => &self.users,
            Party::Service => &self.service,
            Party::Stranger => &self.strangers,
            Party::Event => &self.events,
            Party::Host => &self.host,
        }
    }
}

impl Seat {
    /// The call is going to wait for something outside: it leaves its place to the next one, and waits among those who wait until
    /// its end. Fails where too many do.
    pub(crate) fn park(&self) -> Result<(), CallError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*held, Held::Active(_)) {
            *held = Held::Parked(self.places.parked.take_now().map_err(|_| CallError::Busy)?);
        }
        Ok(())
    }
}

impl Shares {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<FairQueue>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut shares = self.shares.lock();
        self.place = None;
        // The map's and this one's.
        if Arc::strong_count(&self.queue) == 2 {
            shares.remove(&self.user_id);
        }
    }
}

#[cfg(test)]
mod tests;
