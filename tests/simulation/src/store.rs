//! The key-value store: linearizable, with times to live by a clock of its own.

use std::collections::BTreeMap;
use zoom_chat::flow::{KvList, KvSet};
use zoom_chat::model::{Condition, Write};

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) value: Vec<u8>,
    /// When it is gone, by the store's clock.
    until_ms: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Store {
    entries: BTreeMap<String, Entry>,
    /// The store's clock is so much ahead of the world's, or behind.
    ahead_ms: i64,
}

impl Store {
    pub(crate) fn new(ahead_ms: i64) -> Self {
        Self { ahead_ms, ..Self::default() }
    }

    fn clock(&self, now_ms: u64) -> u64 {
        now_ms.saturating_add_signed(self.ahead_ms)
    }

    pub(crate) fn get(&self, key: &str, now_ms: u64) -> Option<&[u8]> {
        let entry = self.entries.get(key)?;
        entry.until_ms.is_none_or(|until_ms| until_ms > self.clock(now_ms)).then_some(&entry.value)
    }

    pub(crate) fn set(&mut self, set: &KvSet, now_ms: u64) -> Write {
        if !self.holds(&set.key, &set.condition, now_ms) {
            return Write::Conflict;
        }
        let until_ms = set.expires_in_s.map(|s| self.clock(now_ms) + u64::from(s) * 1000);
        self.entries.insert(set.key.clone(), Entry { value: set.value.clone(), until_ms });
        Write::Stored
    }

    pub(crate) fn delete(&mut self, key: &str, condition: &Condition, now_ms: u64) -> Write {
        if !self.holds(key, condition, now_ms) {
            return Write::Conflict;
        }
        self.entries.remove(key);
        Write::Stored
    }

    pub(crate) fn list(&self, list: &KvList, now_ms: u64) -> Vec<String> {
        let after = |key: &String| list.after.as_ref().is_none_or(|after| key > after);
        let keys = self.entries.keys().filter(|key| key.starts_with(&list.prefix) && after(key));
        let live = keys.filter(|key| self.get(key, now_ms).is_some());
        live.take(usize::try_from(list.limit).unwrap_or(usize::MAX)).cloned().collect()
    }

    fn holds(&self, key: &str, condition: &Condition, now_ms: u64) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Absent => self.get(key, now_ms).is_none(),
            Condition::Equals(bytes) => self.get(key, now_ms) == Some(bytes),
        }
    }

    /// What is kept for ever.
    pub(crate) fn kept(&self) -> impl Iterator<Item = (&String, &Entry)> {
        self.entries.iter().filter(|(_, entry)| entry.until_ms.is_none())
    }
}
