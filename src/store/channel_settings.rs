//! Where meetings may be started, channel by channel. Key and value are the official plugin's: both read what the other wrote.

use super::{decode, encode, update_bytes};
use crate::error::Error;
use crate::flow::Io;
use serde_json::{Map, Value, json};
use std::str::FromStr;

const KEY: &str = "zoomChannelSettings";
/// The member of a channel's entry that holds the rule.
const RULE: &str = "Preference";

/// What holds in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelRule {
    /// Meetings may be started.
    Allow,
    /// No meetings may be started.
    Restrict,
    /// As the plugin's settings say.
    Default,
}

impl ChannelRule {
    /// All of them, in the order that people read them.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Restrict, Self::Default];

    /// The word that is stored and typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Restrict => "restrict",
            Self::Default => "default",
        }
    }
}

/// Reads a word in any case.
impl FromStr for ChannelRule {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let word = word.trim();
        Self::ALL.into_iter().find(|rule| word.eq_ignore_ascii_case(rule.word())).ok_or(())
    }
}

/// The rule of a channel. A word that nobody knows holds as little as none.
///
/// # Errors
/// The store's: where the rules cannot be read nobody can say that a channel is free.
pub async fn channel_rule(io: &Io, channel_id: &str) -> Result<ChannelRule, Error> {
    let value = io.kv_get(KEY.to_owned()).await?;
    Ok(parse(value.as_deref())?.get(channel_id).map_or(ChannelRule::Default, rule))
}

/// All channels that have a rule of their own, by id.
///
/// # Errors
/// The store's.
pub async fn channel_rules(io: &Io) -> Result<Vec<(String, ChannelRule)>, Error> {
    let value = io.kv_get(KEY.to_owned()).await?;
    let rules = parse(value.as_deref())?.into_iter().map(|(channel_id, entry)| (channel_id, rule(&entry)));
    Ok(rules.filter(|(_, rule)| *rule != ChannelRule::Default).collect())
}

/// Gives a channel a rule. The entries of all others stay as they are.
///
/// # Errors
/// The store's.
pub async fn set_channel_rule(io: &Io, channel_id: &str, new: ChannelRule) -> Result<(), Error> {
    let set = |value: Option<&[u8]>| {
        let mut rules = parse(value)?;
        if new == ChannelRule::Default {
            // Not stored: the official plugin takes a stored one for more than it says.
            rules.remove(channel_id);
        } else {
            rules.insert(channel_id.to_owned(), json!({ RULE: new.word() }));
        }
        encode(&rules).map(Some)
    };
    update_bytes(io, KEY, None, &set).await.map(|_| ())
}

fn parse(value: Option<&[u8]>) -> Result<Map<String, Value>, Error> {
    let rules: Option<Option<_>> = value.map(|bytes| decode(KEY, bytes)).transpose()?;
    Ok(rules.flatten().unwrap_or_default())
}

fn rule(entry: &Value) -> ChannelRule {
    let members = entry.as_object().into_iter().flatten();
    let word =
        members.filter(|(name, _)| name.eq_ignore_ascii_case(RULE)).find_map(|(_, word)| word.as_str());
    word.and_then(|word| word.parse().ok()).unwrap_or(ChannelRule::Default)
}
