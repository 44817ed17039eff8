//! The plugin's own keys: they can run out, and can be written on a condition.

use super::{Store, StoreError, table};
use redb::{ReadableTable as _, TableDefinition};
use std::ops::Bound;

/// Longest key, in bytes. The contract asks for 150 at least; Mattermost takes no more, so a plugin that works here works there.
pub const KEY_BYTES_MAX: usize = 150;

/// Largest value, in bytes: far above what a plugin stores, far below what would fill a disk by mistake.
pub const VALUE_BYTES_MAX: usize = 1024 * 1024;

/// Key to its end (milliseconds since the Unix epoch, [`NEVER`] for none) and its bytes.
const KEYS: TableDefinition<'_, &str, (u64, &[u8])> = TableDefinition::new("plugin-keys");

const NEVER: u64 = u64::MAX;

/// What must hold for a write to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Always,
    /// The key is missing, or its time is over.
    Absent,
    /// The key holds exactly these bytes.
    Equals(Vec<u8>),
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It happened.
    Stored,
    /// The condition did not hold; nothing was changed.
    Conflict,
}

impl Store {
    /// The value of a key that is there and not over.
    ///
    /// # Errors
    /// [`StoreError::InvalidKey`], or when the storage fails.
    pub fn kv_get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        check_key(key)?;
        let now_ms = self.now_ms();
        self.read(|tx| {
            let Some(keys) = table(tx, KEYS)? else { return Ok(None) };
            let found = keys.get(key)?;
            Ok(found.and_then(|entry| live(entry.value(), now_ms).map(<[u8]>::to_vec)))
        })
    }

    /// Writes a value when the condition holds. `expires_in_s`: seconds until it is gone.
    ///
    /// # Errors
    /// [`StoreError::InvalidKey`], [`StoreError::InvalidValue`], or when the storage fails.
    pub fn kv_set(
        &self,
        key: &str,
        value: &[u8],
        expires_in_s: Option<u32>,
        condition: &Condition,
    ) -> Result<Written, StoreError> {
        check_key(key)?;
        if value.is_empty() || value.len() > VALUE_BYTES_MAX {
            return Err(StoreError::InvalidValue(value.len()));
        }
        let now_ms = self.now_ms();
        let end_ms = expires_in_s.map_or(NEVER, |seconds| now_ms.saturating_add(u64::from(seconds) * 1000));
        self.change(key, condition, now_ms, Some((end_ms, value)))
    }

    /// Deletes a key when the condition holds. Deleting a missing key is no error.
    ///
    /// # Errors
    /// [`StoreError::InvalidKey`], or when the storage fails.
    pub fn kv_delete(&self, key: &str, condition: &Condition) -> Result<Written, StoreError> {
        check_key(key)?;
        self.change(key, condition, self.now_ms(), None)
    }

    /// Keys that begin with this and are not over, in the order of their bytes: those after `after`, `limit` at most.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn kv_list(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let now_ms = self.now_ms();
        let after = after.filter(|after| *after >= prefix);
        let from = after.map_or(Bound::Included(prefix), Bound::Excluded);
        self.read(|tx| {
            let Some(keys) = table(tx, KEYS)? else { return Ok(Vec::new()) };
            let mut listed = Vec::new();
            for entry in keys.range::<&str>((from, Bound::Unbounded))? {
                let (key, value) = entry?;
                if listed.len() >= limit || !key.value().starts_with(prefix) {
                    break;
                }
                if live(value.value(), now_ms).is_some() {
                    listed.push(key.value().to_owned());
                }
            }
            Ok(listed)
        })
    }

    /// Takes away the keys whose time is over. They are invisible already; this gives their room back.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn kv_sweep(&self) -> Result<(), StoreError> {
        let now_ms = self.now_ms();
        self.write(|tx| {
            tx.open_table(KEYS)?.retain(|_, entry| live(entry, now_ms).is_some())?;
            Ok(())
        })
    }

    fn change(
        &self,
        key: &str,
        condition: &Condition,
        now_ms: u64,
        entry: Option<(u64, &[u8])>,
    ) -> Result<Written, StoreError> {
        self.write(|tx| {
            let mut keys = tx.open_table(KEYS)?;
            let holds = {
                let found = keys.get(key)?;
                holds(condition, found.as_ref().and_then(|entry| live(entry.value(), now_ms)))
            };
            if !holds {
                return Ok(Written::Conflict);
            }
            match entry {
                Some(entry) => keys.insert(key, entry)?,
                None => keys.remove(key)?,
            };
            Ok(Written::Stored)
        })
    }
}

fn check_key(key: &str) -> Result<(), StoreError> {
    if key.is_empty() || key.len() > KEY_BYTES_MAX { Err(StoreError::InvalidKey(key.len())) } else { Ok(()) }
}

fn live((end_ms, value): (u64, &[u8]), now_ms: u64) -> Option<&[u8]> {
    (end_ms > now_ms).then_some(value)
}

fn holds(condition: &Condition, present: Option<&[u8]>) -> bool {
    match condition {
        Condition::Always => true,
        Condition::Absent => present.is_none(),
        Condition::Equals(wanted) => present == Some(wanted.as_slice()),
    }
}
