//! What lasts: one redb file with the plugin's keys, the chat's channels and posts, and what each user has read.
//!
//! Every change is one transaction, on disk when the method returns. Methods block for the time of a disk write.

mod chat;
mod key_value;
mod posts;

pub use key_value::{Condition, KEY_BYTES_MAX, VALUE_BYTES_MAX, Written};

use redb::{
    Database, DatabaseError, Key, ReadTransaction, ReadableDatabase as _, ReadableTable, TableDefinition,
    TableError, Value, WriteTransaction,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The file's layout. A file of another one is refused rather than guessed at.
const LAYOUT: u64 = 1;

const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");

/// Tells the time, in milliseconds since the Unix epoch. Handed in, because the page can move the time ahead.
pub type Now = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The store. One process has it open at a time.
pub struct Store {
    db: Database,
    now: Now,
}

/// Why something was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the file.
    #[error("{} is in use by another local host: stop that one, or give this one a folder of its own with --data", .0.display())]
    InUse(PathBuf),
    /// The file cannot be opened.
    #[error("cannot open {}: {reason}; start with --fresh to begin anew, or with --data to use another folder", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the storage says.
        reason: String,
    },
    /// The file is of another version of this program.
    #[error("{} was written by another version of this program (layout {found}, this one knows {LAYOUT}): start with --fresh to begin anew", path.display())]
    OtherLayout {
        /// The file.
        path: PathBuf,
        /// The layout it says it has.
        found: u64,
    },
    /// The key is empty or too long.
    #[error("a key has 1 to {KEY_BYTES_MAX} bytes, this one has {0}")]
    InvalidKey(usize),
    /// The value is empty or too large.
    #[error("a value has 1 to {VALUE_BYTES_MAX} bytes, this one has {0}")]
    InvalidValue(usize),
    /// There is no such post, channel or user.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The storage failed.
    #[error("the storage failed: {0}")]
    Storage(#[source] Box<redb::Error>),
    /// The work was cut off, because the program ends.
    #[error("the local host is ending")]
    Ending,
    /// What is stored cannot be read.
    #[error("a stored value cannot be read: {0}")]
    Damaged(#[source] serde_json::Error),
}

impl<E: Into<redb::Error>> From<E> for StoreError {
    fn from(error: E) -> Self {
        Self::Storage(Box::new(error.into()))
    }
}

impl Store {
    /// Opens the file, or makes it. `now` says when keys are over.
    ///
    /// # Errors
    /// When another process has it, or it cannot be read or made.
    pub fn open(path: &Path, now: Now) -> Result<Self, StoreError> {
        let open = |reason: String| StoreError::Open { path: path.to_owned(), reason };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| open(error.to_string()))?;
        }
        let db = Database::create(path).map_err(|error| {
            if matches!(error, DatabaseError::DatabaseAlreadyOpen) {
                StoreError::InUse(path.to_owned())
            } else {
                open(error.to_string())
            }
        })?;
        let store = Self { db, now };
        match store.check_layout()? {
            LAYOUT => Ok(store),
            found => Err(StoreError::OtherLayout { path: path.to_owned(), found }),
        }
    }

    /// The store's time, in milliseconds since the Unix epoch.
    pub fn now_ms(&self) -> u64 {
        (self.now)()
    }

    /// Writes the layout into a new file; tells that of an old one.
    fn check_layout(&self) -> Result<u64, StoreError> {
        self.write(|tx| {
            let mut meta = tx.open_table(META)?;
            let found = meta.get("layout")?.map(|value| value.value());
            if found.is_none() {
                meta.insert("layout", LAYOUT)?;
            }
            Ok(found.unwrap_or(LAYOUT))
        })
    }

    /// Runs one writing transaction: all of it happens, or nothing.
    fn write<T>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self.db.begin_write()?;
        let value = work(&tx)?;
        tx.commit()?;
        Ok(value)
    }

    /// Runs one reading transaction, which sees one moment.
    fn read<T>(&self, work: impl FnOnce(&ReadTransaction) -> Result<T, StoreError>) -> Result<T, StoreError> {
        work(&self.db.begin_read()?)
    }
}

/// A table for reading; `None` while nothing was ever written to it.
fn table<K: Key, V: Value>(
    tx: &ReadTransaction,
    definition: TableDefinition<'_, K, V>,
) -> Result<Option<redb::ReadOnlyTable<K, V>>, StoreError> {
    match tx.open_table(definition) {
        Ok(table) => Ok(Some(table)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The JSON value of a key.
fn get_json<T: DeserializeOwned>(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
    key: &str,
) -> Result<Option<T>, StoreError> {
    table.get(key)?.map(|value| from_json(value.value())).transpose()
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(StoreError::Damaged)
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(StoreError::Damaged)
}
