//! A card: its meeting, where it stands, and how far its instance has come.

use super::{CARD_LIFE_S, decode, encode, read, remove_waiting, update_bytes};
use crate::card::Creator;
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::hex::{hex, is_hex};
use crate::i18n::Locale;
use crate::meeting::{Life, Meeting};
use crate::model::{Condition, Write};
use crate::zoom::MeetingNumber;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;

/// A card as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRecord {
    /// What it is about.
    pub meeting: Meeting,
    /// Who posted it.
    pub creator: Creator,
    /// Where it stands.
    pub channel_id: String,
    /// The thread it stands in.
    pub root_id: Option<String>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// The post. `None` until the server has taken it.
    pub post_id: Option<String>,
    /// The instance that the card is tied to, once and for all.
    pub uuid: Option<String>,
    /// How far that instance has come.
    pub life: Life,
    /// Who may have the meeting's content below the card.
    #[serde(default)]
    pub host: Host,
    /// Posted by the bot, because this user has let the channel follow the meeting.
    #[serde(default)]
    pub followed_by: Option<String>,
    /// The language of its post, from its beginning to its end.
    #[serde(default)]
    pub locale: Locale,
}

/// What is known of a card's author and the meeting's host. Anybody can post a card of any number: what was recorded, written and said
/// in a meeting stands only below cards that its host is known to have posted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Host {
    /// Nothing.
    #[default]
    Unknown,
    /// The author is this Zoom user.
    ZoomUser(String),
    /// It was checked before the card was made: by us for a channel that follows the meeting, or by the official plugin.
    Checked,
}

impl Host {
    /// A Zoom user's id, if Zoom has given it.
    pub fn zoom_user(id: Option<String>) -> Self {
        id.filter(|id| !id.is_empty()).map_or(Self::Unknown, Self::ZoomUser)
    }

    /// Whether the content of a meeting with this host, as its event says, belongs below the card.
    pub fn is(&self, host_id: Option<&str>) -> bool {
        match self {
            Self::Unknown => false,
            Self::ZoomUser(own) => host_id == Some(own.as_str()),
            Self::Checked => true,
        }
    }
}

/// A name for a new card.
pub fn new_card_id(io: &Io) -> String {
    hex(&io.random::<16>())
}

/// The card, if it is still known. The id may come from outside: what no card can be called is not known.
///
/// # Errors
/// The store's.
pub async fn load_card(io: &Io, id: &str) -> Result<Option<CardRecord>, Error> {
    if !is_card_id(id) {
        return Ok(None);
    }
    read(io, &key(id)).await
}

/// 16 bytes in hexadecimal, as [`new_card_id`] and [`card_id_for`] write them.
fn is_card_id(id: &str) -> bool {
    id.len() == 32 && is_hex(id)
}

/// Stores a card under a name that was made of what it is for. `false`: it is there already.
///
/// # Errors
/// The store's.
pub async fn save_card_once(io: &Io, id: &str, card: &CardRecord) -> Result<bool, Error> {
    let value = encode(card)?;
    let set = KvSet { key: key(id), value, expires_in_s: Some(CARD_LIFE_S), condition: Condition::Absent };
    Ok(io.kv_set(set).await? == Write::Stored)
}

/// A name for the one card that is for this.
pub fn card_id_for(purpose: &str) -> String {
    super::digest(purpose)
}

/// Stores a card that nobody else knows yet.
///
/// # Errors
/// The store's.
pub async fn save_new_card(io: &Io, id: &str, card: &CardRecord) -> Result<(), Error> {
    match save_card_once(io, id, card).await? {
        true => Ok(()),
        false => Err(Error::Bug("two cards got one name")),
    }
}

/// Changes a card until nobody came between. `change` answers `None` to leave it as it is, and may run often. Answers the card as
/// it is stored now and whether it was changed; `None` when it is not known (any more).
///
/// # Errors
/// The store's.
pub async fn update_card(
    io: &Io,
    id: &str,
    change: &dyn Fn(&CardRecord) -> Option<CardRecord>,
) -> Result<Option<(CardRecord, bool)>, Error> {
    let key = key(id);
    let stored = RefCell::new(None);
    let change = |bytes: Option<&[u8]>| {
        let Some(card) = bytes.map(|bytes| decode::<CardRecord>(&key, bytes)).transpose()? else {
            return Ok(None);
        };
        let changed = change(&card).filter(|changed| *changed != card);
        let value = changed.as_ref().map(encode).transpose()?;
        stored.replace(Some(changed.unwrap_or(card)));
        Ok(value)
    };
    let changed = update_bytes(io, &key, Some(CARD_LIFE_S), &change).await?;
    Ok(stored.take().map(|card| (card, changed)))
}

/// Forgets a card that never came to be.
///
/// # Errors
/// The store's.
pub async fn forget_card(io: &Io, id: &str, number: Option<MeetingNumber>) -> Result<(), Error> {
    if let Some(number) = number {
        remove_waiting(io, number, id).await?;
    }
    io.kv_delete(key(id), Condition::Always).await?;
    Ok(())
}

fn key(id: &str) -> String {
    format!("card_{id}")
}
