//! Whether a user's meetings are held in the personal meeting. Key and value are the official plugin's: both read what the other
//! wrote.

use super::encode;
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::model::{Condition, HostError};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Under which name older versions of the official plugin kept it in the server's own preferences.
const OLD_NAME: &str = "use-pmi";

/// How long it is known that a user has chosen nothing.
const NOTHING_LIFE_S: u32 = 30 * 86_400;

/// When the personal meeting is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// For every meeting.
    Always,
    /// For none.
    Never,
    /// The user is asked each time.
    Ask,
}

impl Preference {
    /// All of them, in the order that people read them.
    pub const ALL: [Self; 3] = [Self::Always, Self::Never, Self::Ask];

    /// The word that people type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Ask => "ask",
        }
    }

    /// The word that is stored.
    fn stored(self) -> &'static str {
        match self {
            Self::Always => "true",
            Self::Never => "false",
            Self::Ask => "ask",
        }
    }

    fn of_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preference| word.trim().eq_ignore_ascii_case(preference.stored()))
    }
}

/// Reads a word that people type, in any case.
impl FromStr for Preference {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|preference| word.eq_ignore_ascii_case(preference.word())).ok_or(())
    }
}

/// What the user has chosen. `None`: nothing, or nothing that can be read.
///
/// # Errors
/// The host's.
pub async fn preference(io: &Io, user_id: &str) -> Result<Option<Preference>, Error> {
    if let Some(bytes) = io.kv_get(key(user_id)).await? {
        let word: Option<String> = crate::json::read(&bytes).ok();
        return Ok(word.as_deref().and_then(Preference::of_stored));
    }
    let old = match io.preference(user_id.to_owned(), OLD_NAME.to_owned()).await {
        Ok(word) => word.as_deref().and_then(Preference::of_stored),
        Err(HostError::NotFound | HostError::Unsupported) => None,
        Err(error) => return Err(error.into()),
    };
    if old.is_none() {
        // An empty word, which the official plugin reads as nothing, saves the second look for a while.
        let (key, value, expires_in_s) = (key(user_id), encode(&"")?, Some(NOTHING_LIFE_S));
        io.kv_set(KvSet { key, value, expires_in_s, condition: Condition::Absent }).await?;
    }
    Ok(old)
}

/// Keeps what the user has chosen.
///
/// # Errors
/// The store's.
pub async fn set_preference(io: &Io, user_id: &str, preference: Preference) -> Result<(), Error> {
    let value = encode(&preference.stored())?;
    io.kv_set(KvSet { key: key(user_id), value, expires_in_s: None, condition: Condition::Always }).await?;
    Ok(())
}

fn key(user_id: &str) -> String {
    format!("zoomUserPreference_{user_id}")
}
