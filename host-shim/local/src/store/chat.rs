//! Users with their languages, channels, statuses, and how far each user has read.

use super::{Store, StoreError, from_json, get_json, table, to_json};
use crate::model::{Channel, ChannelKind, Regional, Status, User};
use redb::{ReadableTable as _, TableDefinition};

const USERS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("users");
const CHANNELS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("channels");
const STATUSES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("statuses");
const REGIONAL: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("regional");
/// User and channel to the number of the last post that was read.
const READ: TableDefinition<'_, (&str, &str), u64> = TableDefinition::new("read");

impl Store {
    /// Adds users, or replaces those with the same ids.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn put_users(&self, users: &[User]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut table = tx.open_table(USERS)?;
            for user in users {
                table.insert(user.id.as_str(), to_json(user)?.as_slice())?;
            }
            Ok(())
        })
    }

    /// All users, by id.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        self.all(USERS)
    }

    /// The user with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the storage fails.
    pub fn user(&self, id: &str) -> Result<User, StoreError> {
        self.one(USERS, id)?.ok_or(StoreError::NotFound("user"))
    }

    /// How the user reads words and times: as the browser says that they last used, English and UTC before.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn regional(&self, user_id: &str) -> Result<Regional, StoreError> {
        Ok(self.one(REGIONAL, user_id)?.unwrap_or_default())
    }

    /// Notes how the user reads words and times.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn set_regional(&self, user_id: &str, regional: &Regional) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.open_table(REGIONAL)?.insert(user_id, to_json(regional)?.as_slice())?;
            Ok(())
        })
    }

    /// Adds a channel, or replaces the one with the same id.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn put_channel(&self, channel: &Channel) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.open_table(CHANNELS)?.insert(channel.id.as_str(), to_json(channel)?.as_slice())?;
            Ok(())
        })
    }

    /// All channels, by id.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn channels(&self) -> Result<Vec<Channel>, StoreError> {
        self.all(CHANNELS)
    }

    /// The channel with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the storage fails.
    pub fn channel(&self, id: &str) -> Result<Channel, StoreError> {
        self.one(CHANNELS, id)?.ok_or(StoreError::NotFound("channel"))
    }

    /// The direct channel of two users, made when missing.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn direct_channel(&self, one: &str, other: &str) -> Result<Channel, StoreError> {
        let (first, second) = if one <= other { (one, other) } else { (other, one) };
        let id = format!("{first}__{second}");
        self.write(|tx| {
            let mut channels = tx.open_table(CHANNELS)?;
            if let Some(channel) = get_json(&channels, &id)? {
                return Ok(channel);
            }
            let channel = Channel {
                id: id.clone(),
                name: String::new(),
                display_name: String::new(),
                purpose: String::new(),
                kind: ChannelKind::Direct,
                members: vec![first.to_owned(), second.to_owned()],
                archived: false,
            };
            channels.insert(id.as_str(), to_json(&channel)?.as_slice())?;
            Ok(channel)
        })
    }

    /// The user's status, unless its time is over.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn status(&self, user_id: &str) -> Result<Option<Status>, StoreError> {
        let now_ms = self.now_ms();
        let status: Option<Status> = self.one(STATUSES, user_id)?;
        Ok(status.filter(|status| status.expires_ms.is_none_or(|end_ms| end_ms > now_ms)))
    }

    /// Sets or clears the user's status.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn set_status(&self, user_id: &str, status: Option<&Status>) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut statuses = tx.open_table(STATUSES)?;
            match status {
                Some(status) => statuses.insert(user_id, to_json(status)?.as_slice())?,
                None => statuses.remove(user_id)?,
            };
            Ok(())
        })
    }

    /// Remembers that the user has read the channel up to this post's number.
    ///
    /// # Errors
    /// When the storage fails.
    pub(super) fn set_read(&self, user_id: &str, channel_id: &str, number: u64) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.open_table(READ)?.insert((user_id, channel_id), number)?;
            Ok(())
        })
    }

    /// Number of the last post that the user has read in the channel; 0 for none.
    pub(super) fn read_up_to(&self, user_id: &str, channel_id: &str) -> Result<u64, StoreError> {
        self.read(|tx| {
            let Some(read) = table(tx, READ)? else { return Ok(0) };
            Ok(read.get((user_id, channel_id))?.map_or(0, |number| number.value()))
        })
    }

    fn all<T: serde::de::DeserializeOwned>(
        &self,
        definition: TableDefinition<'_, &'static str, &'static [u8]>,
    ) -> Result<Vec<T>, StoreError> {
        self.read(|tx| {
            let Some(table) = table(tx, definition)? else { return Ok(Vec::new()) };
            table.iter()?.map(|entry| from_json(entry?.1.value())).collect()
        })
    }

    fn one<T: serde::de::DeserializeOwned>(
        &self,
        definition: TableDefinition<'_, &'static str, &'static [u8]>,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        self.read(|tx| match table(tx, definition)? {
            Some(table) => get_json(&table, key),
            None => Ok(None),
        })
    }
}
