//! Which channels follow which meetings. What the official plugin has stored is read as it lies, and moved over with the next change.

use super::record::{load_record, update_record, with_official};
use super::{add_to_list, decode, read, remove_from_list};
use crate::error::Error;
use crate::flow::Io;
use crate::model::Condition;
use crate::record::{Record, Subscription};
use crate::zoom::{MeetingNumber, number};
use serde_json::Value;
use std::cell::Cell;

/// Channels that follow a meeting, in the order they began to.
///
/// # Errors
/// The store's.
pub async fn subscriptions(io: &Io, number: MeetingNumber) -> Result<Vec<Subscription>, Error> {
    let loaded = load_record(io, number).await?;
    Ok(with_official(io, number, loaded).await?.record.follows)
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
    let added = update(io, number, &|record| record.follow_too(subscription.clone())).await?;
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
    let elsewhere = Cell::new(false);
    let remove = |record: &mut Record| {
        let before = record.follows.len();
        record.follows.retain(|other| other.channel_id != subscription.channel_id);
        elsewhere.set(record.follows.iter().any(|other| other.created_by == subscription.created_by));
        record.follows.len() != before
    };
    update(io, number, &remove).await?;
    let is_it = |other: &MeetingNumber| *other == number;
    remove_from_list(io, &channel_key(&subscription.channel_id), None, &is_it).await?;
    if !elsewhere.get() {
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

/// Changes who follows, with the official plugin's entry among them, which is moved over with it.
async fn update(io: &Io, number: MeetingNumber, change: &dyn Fn(&mut Record) -> bool) -> Result<bool, Error> {
    let loaded = load_record(io, number).await?;
    let official = match loaded.record.official.imported {
        true => None,
        false => official_subscription(io, number).await?,
    };
    let (now_ms, changed) = (io.now_ms(), Cell::new(false));
    let with_official = |record: &mut Record| {
        if !record.official.imported {
            if let Some(official) = &official {
                record.follow_too(official.clone());
            }
            record.official.begin(false, now_ms);
            record.official.imported = true;
        }
        changed.set(change(record));
    };
    update_record(io, number, Some(loaded), &with_official).await?;
    if official.is_some() {
        io.kv_delete(official_key(number), Condition::Always).await?;
    }
    Ok(changed.get())
}

/// The channel that the official plugin lets follow a meeting.
///
/// # Errors
/// The store's.
pub(super) async fn official_subscription(
    io: &Io,
    number: MeetingNumber,
) -> Result<Option<Subscription>, Error> {
    Ok(io.kv_get(official_key(number)).await?.and_then(|bytes| read_official(&bytes)))
}

/// What the official plugin has stored about a number, if it is a subscription.
pub fn read_official(bytes: &[u8]) -> Option<Subscription> {
    let entry: Value = crate::json::read(bytes).ok()?;
    let text = |name: &str| entry[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let (channel_id, created_by) = (text("channel_id")?, text("created_by")?);
    let is_one = entry["is_subscription"] == true;
    is_one.then_some(Subscription { channel_id, created_by, topic: String::new(), since_ms: 0 })
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
