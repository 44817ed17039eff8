//! Which channels follow which meetings. What the official plugin has stored is read as it lies, and moved over with the next change.

use super::{add_to_list, decode, encode, read, remove_from_list, update_bytes};
use crate::error::Error;
use crate::flow::Io;
use crate::model::Condition;
use crate::zoom::{MeetingNumber, number};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cell::Cell;

/// A channel that follows a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The channel.
    pub channel_id: String,
    /// Who let it: this user's permissions count, and this user's sign-in.
    pub created_by: String,
    /// What the meeting is about, for lists. May be empty.
    #[serde(default)]
    pub topic: String,
}

/// Channels that follow a meeting, in the order they began to.
///
/// # Errors
/// The store's.
pub async fn subscriptions(io: &Io, number: MeetingNumber) -> Result<Vec<Subscription>, Error> {
    let ours = io.kv_get(key(number));
    let official = official(io, number).await?;
    let stored = ours.await?.map(|bytes| decode(&key(number), &bytes)).transpose()?;
    Ok(merged(stored.unwrap_or_default(), official))
}

/// Lets a channel follow a meeting. `false`: it does already.
///
/// # Errors
/// The store's.
pub async fn add_subscription(
    io: &Io,
    number: MeetingNumber,
    subscription: &Subscription,
) -> Result<bool, Error> {
    let add = |mut list: Vec<Subscription>| {
        let known = list.iter().any(|known| known.channel_id == subscription.channel_id);
        if !known {
            list.push(subscription.clone());
        }
        (!known).then_some(list)
    };
    let added = update(io, number, &add).await?;
    add_to_list(io, &channel_key(&subscription.channel_id), None, &number).await?;
    add_to_list(io, &user_key(&subscription.created_by), None, &number).await?;
    Ok(added)
}

/// Lets a channel follow a meeting no more.
///
/// # Errors
/// The store's.
pub async fn remove_subscription(
    io: &Io,
    number: MeetingNumber,
    subscription: &Subscription,
) -> Result<(), Error> {
    let remove = |list: Vec<Subscription>| {
        let before = list.len();
        let left: Vec<_> =
            list.into_iter().filter(|other| other.channel_id != subscription.channel_id).collect();
        (left.len() != before).then_some(left)
    };
    update(io, number, &remove).await?;
    let is_it = |other: &MeetingNumber| *other == number;
    remove_from_list(io, &channel_key(&subscription.channel_id), None, &is_it).await?;
    let elsewhere =
        subscriptions(io, number).await?.iter().any(|other| other.created_by == subscription.created_by);
    if !elsewhere {
        remove_from_list(io, &user_key(&subscription.created_by), None, &is_it).await?;
    }
    Ok(())
}

/// Meetings that a channel follows.
///
/// # Errors
/// The store's.
pub async fn followed_in_channel(io: &Io, channel_id: &str) -> Result<Vec<MeetingNumber>, Error> {
    Ok(read(io, &channel_key(channel_id)).await?.unwrap_or_default())
}

/// Meetings that a user has let channels follow, with us or with the official plugin.
///
/// # Errors
/// The store's.
pub async fn followed_by_user(io: &Io, user_id: &str) -> Result<Vec<MeetingNumber>, Error> {
    let ours = io.kv_get(user_key(user_id));
    let official = io.kv_get(format!("subscription_index_{user_id}")).await?;
    let official: Value = official.and_then(|bytes| crate::json::read(&bytes).ok()).unwrap_or_default();
    let stored: Option<Vec<MeetingNumber>> =
        ours.await?.map(|bytes| decode(&user_key(user_id), &bytes)).transpose()?;
    let mut numbers = stored.unwrap_or_default();
    let listed = official["meeting_ids"].as_array().map(Vec::as_slice).unwrap_or_default();
    for listed in listed.iter().filter_map(number::read) {
        if !numbers.contains(&listed) {
            numbers.push(listed);
        }
    }
    Ok(numbers)
}

/// Changes the list with the official plugin's entry in it, which is moved over with it.
async fn update(
    io: &Io,
    number: MeetingNumber,
    change: &dyn Fn(Vec<Subscription>) -> Option<Vec<Subscription>>,
) -> Result<bool, Error> {
    let official_entry = official(io, number).await?;
    let key = key(number);
    let changed = Cell::new(false);
    let with_official = |bytes: Option<&[u8]>| {
        let stored = bytes.map_or(Ok(Vec::new()), |bytes| decode(&key, bytes))?;
        let list = merged(stored, official_entry.clone());
        let next = change(list.clone());
        changed.set(next.is_some());
        // Written even if nothing changes: the official entry is deleted below.
        let next = next.or_else(|| official_entry.is_some().then_some(list));
        next.map(|list| encode(&list)).transpose()
    };
    update_bytes(io, &key, None, &with_official).await?;
    if official_entry.is_some() {
        io.kv_delete(official_key(number), Condition::Always).await?;
    }
    Ok(changed.get())
}

fn merged(mut list: Vec<Subscription>, official: Option<Subscription>) -> Vec<Subscription> {
    if let Some(official) = official
        && list.iter().all(|known| known.channel_id != official.channel_id)
    {
        list.push(official);
    }
    list
}

async fn official(io: &Io, number: MeetingNumber) -> Result<Option<Subscription>, Error> {
    let stored = io.kv_get(official_key(number)).await?;
    let entry: Value = stored.and_then(|bytes| crate::json::read(&bytes).ok()).unwrap_or_default();
    let text = |name: &str| entry[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let (Some(channel_id), Some(created_by), Some(true)) =
        (text("channel_id"), text("created_by"), entry["is_subscription"].as_bool())
    else {
        return Ok(None);
    };
    Ok(Some(Subscription { channel_id, created_by, topic: String::new() }))
}

fn key(number: MeetingNumber) -> String {
    format!("subscriptions_{number}")
}

fn channel_key(channel_id: &str) -> String {
    format!("channelfollows_{channel_id}")
}

fn user_key(user_id: &str) -> String {
    format!("userfollows_{user_id}")
}

fn official_key(number: MeetingNumber) -> String {
    format!("meeting_channel_{number}")
}
