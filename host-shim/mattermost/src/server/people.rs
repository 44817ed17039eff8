//! Users and public channels that were looked up a moment ago, so that one call of the component asks the server once for whom it names twice.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::User;

/// As long as a call takes that looks people up, and no longer: what is said here about a user may have changed since.
const LIFETIME: Duration = Duration::from_secs(5);
/// Calls that look people up at once.
const MAX_PEOPLE: usize = 128;
/// What everybody is who may do no more in a channel than its members.
const ORDINARY_ROLES: [&str; 2] = ["system_user", "system_guest"];

/// What is remembered of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) username: String,
    /// Has no role that allows anything beyond the channels that the user is a member of.
    pub(super) is_ordinary: bool,
}

/// The users, and the channels.
#[derive(Debug, Default)]
pub(super) struct People {
    users: Mutex<VecDeque<(Instant, String, Person)>>,
    public: Mutex<VecDeque<(Instant, String)>>,
}

impl People {
    /// A user was looked up.
    pub(super) fn met(&self, user: &User) {
        let is_ordinary = user.roles.split_whitespace().all(|role| ORDINARY_ROLES.contains(&role));
        let person = Person { username: user.username.clone(), is_ordinary };
        let mut people = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        people.retain(|(met, id, _)| met.elapsed() < LIFETIME && *id != user.id);
        people.push_back((Instant::now(), user.id.clone(), person));
        if people.len() > MAX_PEOPLE {
            people.pop_front();
        }
    }

    /// A channel was looked up that is public.
    pub(super) fn saw_public(&self, channel_id: &str) {
        let mut public = self.public.lock().unwrap_or_else(PoisonError::into_inner);
        public.retain(|(seen, id)| seen.elapsed() < LIFETIME && *id != channel_id);
        public.push_back((Instant::now(), channel_id.to_owned()));
        if public.len() > MAX_PEOPLE {
            public.pop_front();
        }
    }

    /// Whether a channel was public a moment ago.
    pub(super) fn is_public(&self, channel_id: &str) -> bool {
        let public = self.public.lock().unwrap_or_else(PoisonError::into_inner);
        public.iter().any(|(seen, id)| seen.elapsed() < LIFETIME && id == channel_id)
    }

    /// A user who was looked up a moment ago.
    pub(super) fn find(&self, id: &str) -> Option<Person> {
        let people = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let found = people.iter().find(|(met, known, _)| met.elapsed() < LIFETIME && known == id);
        found.map(|(_, _, person)| person.clone())
    }
}
