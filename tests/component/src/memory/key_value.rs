use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use chat_plugin_engine::api::key_value::{Condition, Outcome};

/// Keys, each with its value and the time at which it is gone.
#[derive(Debug, Default)]
pub(super) struct Keys(BTreeMap<String, (Vec<u8>, Option<SystemTime>)>);

impl Keys {
    pub(super) fn get(&self, key: &str, now: SystemTime) -> Option<Vec<u8>> {
        let (value, gone) = self.0.get(key)?;
        gone.is_none_or(|gone| now < gone).then(|| value.clone())
    }

    pub(super) fn all(&self, now: SystemTime) -> Vec<(String, Vec<u8>)> {
        let live = |gone: &Option<SystemTime>| gone.is_none_or(|gone| now < gone);
        let live = self.0.iter().filter(|(_, (_, gone))| live(gone));
        live.map(|(key, (value, _))| (key.clone(), value.clone())).collect()
    }

    pub(super) fn set(
        &mut self,
        key: String,
        value: Vec<u8>,
        expires_in_s: Option<u32>,
        condition: &Condition,
        now: SystemTime,
    ) -> Outcome {
        if !self.holds(&key, condition, now) {
            return Outcome::Conflict;
        }
        let gone = expires_in_s.map(|seconds| now + Duration::from_secs(seconds.into()));
        self.0.insert(key, (value, gone));
        Outcome::Stored
    }

    pub(super) fn delete(&mut self, key: &str, condition: &Condition, now: SystemTime) -> Outcome {
        if !self.holds(key, condition, now) {
            return Outcome::Conflict;
        }
        self.0.remove(key);
        Outcome::Stored
    }

    pub(super) fn list(&self, prefix: &str, after: Option<&str>, limit: u32, now: SystemTime) -> Vec<String> {
        let live = self.0.iter().filter(|(_, (_, gone))| gone.is_none_or(|gone| now < gone));
        let wanted = live
            .map(|(key, _)| key)
            .filter(|key| key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after));
        wanted.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect()
    }

    fn holds(&self, key: &str, condition: &Condition, now: SystemTime) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Absent => self.get(key, now).is_none(),
            Condition::Equals(expected) => self.get(key, now).as_ref() == Some(expected),
        }
    }
}
