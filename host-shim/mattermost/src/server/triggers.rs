//! Who may answer a command or a button with a dialog.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The server itself takes a trigger for a few seconds only.
const LIFETIME: Duration = Duration::from_secs(60);
/// Triggers kept at once. Older ones give way: their calls have long been answered.
const MAX_TRIGGERS: usize = 1024;

/// The triggers of the last minute, so that a dialog can be bound to the user and the channel that asked for it.
#[derive(Default)]
pub(super) struct Triggers {
    latest: Mutex<VecDeque<Trigger>>,
}

struct Trigger {
    id: String,
    user_id: String,
    channel_id: String,
    seen: Instant,
}

impl Triggers {
    pub(super) fn remember(&self, id: &str, user_id: &str, channel_id: &str) {
        if id.is_empty() {
            return;
        }
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        while latest.len() >= MAX_TRIGGERS || latest.front().is_some_and(|old| old.seen.elapsed() > LIFETIME)
        {
            latest.pop_front();
        }
        latest.push_back(Trigger {
            id: id.into(),
            user_id: user_id.into(),
            channel_id: channel_id.into(),
            seen: Instant::now(),
        });
    }

    /// User and channel of a trigger.
    pub(super) fn find(&self, id: &str) -> Option<(String, String)> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let found =
            latest.iter().rev().find(|trigger| trigger.id == id && trigger.seen.elapsed() <= LIFETIME)?;
        Some((found.user_id.clone(), found.channel_id.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triggers_are_found_until_many_others_came() {
        let triggers = Triggers::default();
        triggers.remember("", "u", "c");
        assert_eq!(triggers.find(""), None);
        for n in 0..=MAX_TRIGGERS {
            triggers.remember(&format!("t{n}"), &format!("u{n}"), "c");
        }
        assert_eq!(triggers.find("t0"), None);
        assert_eq!(triggers.find("t1"), Some(("u1".into(), "c".into())));
        assert_eq!(triggers.find("t1024"), Some(("u1024".into(), "c".into())));
    }
}
