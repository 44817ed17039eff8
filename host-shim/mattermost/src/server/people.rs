//! Users and public channels that were looked up a moment ago, so that one call of the component asks the server once for whom it names
//! twice.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::User;

/// As long as a call takes that looks people up, and no longer: what is said here about a user may have changed since.
const LIFETIME: Duration = Duration::from_secs(5);
/// Calls that look people up at once.
const MAX_RECENT: usize = 128;
/// What everybody is who may do no more in a channel than its members.
const ORDINARY_ROLES: [&str; 2] = ["system_user", "system_guest"];

/// What is remembered of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) username: String,
    /// Has no role that allows anything beyond the channels that the user is a member of.
    pub(super) is_ordinary: bool,
}

/// The users, and the public channels.
#[derive(Debug, Default)]
pub(super) struct People {
    users: Recent<Person>,
    public: Recent<()>,
}

impl People {
    /// A user was looked up.
    pub(super) fn met(&self, user: &User) {
        let is_ordinary = user.roles.split_whitespace().all(|role| ORDINARY_ROLES.contains(&role));
        self.users.remember(&user.id, Person { username: user.username.clone(), is_ordinary });
    }

    /// A user who was looked up a moment ago.
    pub(super) fn find(&self, id: &str) -> Option<Person> {
        self.users.find(id)
    }

    /// A channel was looked up that is public.
    pub(super) fn saw_public(&self, channel_id: &str) {
        self.public.remember(channel_id, ());
    }

    /// Whether a channel was public a moment ago.
    pub(super) fn is_public(&self, channel_id: &str) -> bool {
        self.public.find(channel_id).is_some()
    }
}

/// What was looked up a moment ago, by its id.
#[derive(Debug)]
struct Recent<T>(Mutex<VecDeque<(Instant, String, T)>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Recent<T> {
    fn remember(&self, id: &str, what: T) {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|(seen, known, _)| seen.elapsed() < LIFETIME && known != id);
        recent.push_back((Instant::now(), id.to_owned(), what));
        if recent.len() > MAX_RECENT {
            recent.pop_front();
        }
    }

    fn find(&self, id: &str) -> Option<T> {
        let recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = recent.iter().find(|(seen, known, _)| seen.elapsed() < LIFETIME && known == id);
        found.map(|(_, _, what)| what.clone())
    }
}
