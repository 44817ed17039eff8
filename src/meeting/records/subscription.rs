//! Which channels follow which meetings.

use super::record::{load_record, update_record};
use crate::account::official::CHANNEL_PREFIX;
use crate::error::Error;
use crate::flow::Io;
use crate::meeting::record::{Record, Subscription};
use crate::model::Condition;
use crate::store::{add_to_list, read, remove_from_list};
use crate::zoom::MeetingNumber;
use std::cell::Cell;

/// Channels that follow a meeting, in the order they began to.
///
/// # Errors
/// The store's.
pub async fn subscriptions(io: &Io, number: MeetingNumber) -> Result<Vec<Subscription>, Error> {
    Ok(load_record(io, number).await?.record.follows)
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

/// Meetings that a user has let channels follow.
///
/// # Errors
/// The store's.
pub async fn followed_by_user(io: &Io, user_id: &str) -> Result<Vec<MeetingNumber>, Error> {
    Ok(read(io, &user_key(user_id)).await?.unwrap_or_default())
}

/// Moves a subscription of the official plugin over.
///
/// # Errors
/// The store's.
pub async fn import_subscription(
    io: &Io,
    number: MeetingNumber,
    subscription: &Subscription,
) -> Result<(), Error> {
    add_subscription(io, number, subscription).await?;
    io.kv_delete(format!("{CHANNEL_PREFIX}{number}"), Condition::Always).await?;
    Ok(())
}

/// Changes who follows.
async fn update(io: &Io, number: MeetingNumber, change: &dyn Fn(&mut Record) -> bool) -> Result<bool, Error> {
    let changed = Cell::new(false);
    update_record(io, number, None, &|record| changed.set(change(record))).await?;
    Ok(changed.get())
}

fn channel_key(channel_id: &str) -> String {
    format!("channelfollows_{channel_id}")
}

fn user_key(user_id: &str) -> String {
    format!("userfollows_{user_id}")
}
