//! Users who were looked up a moment ago, so that one call of the component asks the server once for whom it names twice.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::User;

/// As long as a call takes that looks people up, and no longer: what is said here about a user may have changed since.
const LIFETIME: Duration = Duration::from_secs(5);
/// Calls that look people up at once.
const MAX_PEOPLE: usize = 128;
/// When each was looked up, their ids and their names.
#[derive(Debug, Default)]
pub(super) struct People(Mutex<VecDeque<(Instant, String, String)>>);

impl People {
    /// A user was looked up.
    pub(super) fn met(&self, user: &User) {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        people.retain(|(met, id, _)| met.elapsed() < LIFETIME && *id != user.id);
        people.push_back((Instant::now(), user.id.clone(), user.username.clone()));
        if people.len() > MAX_PEOPLE {
            people.pop_front();
        }
    }

    /// The name of a user who was looked up a moment ago.
    pub(super) fn username(&self, id: &str) -> Option<String> {
        let people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = people.iter().find(|(met, known, _)| met.elapsed() < LIFETIME && known == id);
        found.map(|(_, _, username)| username.clone())
    }
}
