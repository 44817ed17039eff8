//! Takes over the cards of meetings that run while the official plugin is replaced by this one.
//!
//! What that plugin has stored about a post is trusted, since plugins alone write there; what a post says of itself only decides among
//! the posts of the channel that the store names.

use super::event::MeetingEvent;
use crate::card::{Creator, KIND};
use crate::error::Error;
use crate::flow::Io;
use crate::follow;
use crate::i18n::Localizer;
use crate::meeting::{Life, Meeting, Time};
use crate::model::{Condition, HostError, Post};
use crate::recording::Recording;
use crate::settings::Settings;
use crate::store::official::post_key;
use crate::store::{self, CardRecord, Host, card_id_for};
use crate::zoom::{MeetingNumber, hosts, number};
use serde_json::Value;

/// For this long that plugin looks for its posts.
const LIFE_MS: u64 = 86_400_000;

/// Ties the official plugin's card of the event's instance, if there is one.
///
/// # Errors
/// The store's; the host's.
pub(super) async fn adopt(io: &Io, settings: &Settings, event: &MeetingEvent) -> Result<(), Error> {
    let by_uuid = post_key(&event.uuid);
    let by_number = post_key(event.number);
    for key in [by_uuid, by_number] {
        let post = named_by(io, &key).await?;
        if let Some(post) = post.filter(|post| runs(post).is_some()) {
            take(io, settings, event.number, &event.uuid, post).await?;
            io.kv_delete(key, Condition::Always).await?;
            return Ok(());
        }
    }
    by_channel(io, settings, event).await
}

/// Ties the official plugin's card of the recording's instance, if there is one, ended or not.
///
/// # Errors
/// The store's; the host's.
pub(super) async fn adopt_for_recording(
    io: &Io,
    settings: &Settings,
    recording: &Recording,
) -> Result<(), Error> {
    let key = post_key(&recording.uuid);
    let Some(post) = named_by(io, &key).await?.filter(|post| facts(post).is_some()) else { return Ok(()) };
    let Some(number) = recording.number.or_else(|| number::read(&facts(&post)?["meeting_id"])) else {
        return Ok(());
    };
    take(io, settings, number, &recording.uuid, post).await?;
    io.kv_delete(key, Condition::Always).await?;
    Ok(())
}

async fn named_by(io: &Io, key: &str) -> Result<Option<Post>, Error> {
    let Some(post_id) = io.kv_get(key.to_owned()).await? else { return Ok(None) };
    match io.get_post(String::from_utf8_lossy(&post_id).into_owned()).await {
        Ok(post) => Ok(Some(post)),
        Err(HostError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A meeting that had not begun yet when its plugin was replaced: the store names its channel alone.
async fn by_channel(io: &Io, settings: &Settings, event: &MeetingEvent) -> Result<(), Error> {
    let key = format!("meeting_channel_{}", event.number);
    let stored = io.kv_get(key.clone()).await?;
    let entry: Value = stored.and_then(|bytes| crate::json::read(&bytes).ok()).unwrap_or_default();
    let (Some(channel_id), false) = (entry["channel_id"].as_str(), entry["is_subscription"] == true) else {
        return Ok(());
    };
    let since_ms = io.now_ms().saturating_sub(LIFE_MS);
    let posts = match io.recent_posts(channel_id.to_owned(), since_ms).await {
        Ok(posts) => posts,
        Err(HostError::NotFound | HostError::Unsupported) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let is_its = |post: &Post| {
        // Our own posts have records of their own.
        !post.by_plugin
            && runs(post).is_some_and(|data| number::read(&data["meeting_id"]) == Some(event.number))
    };
    if let Some(post) = posts.into_iter().find(is_its) {
        take(io, settings, event.number, &event.uuid, post).await?;
        io.kv_delete(key, Condition::Always).await?;
    }
    Ok(())
}

/// The facts of a card that has not ended.
fn runs(post: &Post) -> Option<Value> {
    facts(post).filter(|data| data["meeting_status"] == "STARTED")
}

/// The facts of a card.
fn facts(post: &Post) -> Option<Value> {
    let is_card = post.kind == KIND && !post.deleted;
    crate::json::read(post.data.as_bytes()).ok().filter(|_| is_card)
}

/// Makes a card of the post as if we had posted it.
async fn take(
    io: &Io,
    settings: &Settings,
    number: MeetingNumber,
    uuid: &str,
    post: Post,
) -> Result<(), Error> {
    let data = facts(&post).unwrap_or_default();
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let plain = follow::meeting(settings, number, &text("meeting_topic"))?;
    // The post is its author's, who may have changed the link: `/join/` leads people to Zoom alone.
    let join_url = hosts::link(settings, &text("meeting_link"));
    let card = CardRecord {
        meeting: Meeting {
            join_url: join_url.unwrap_or_else(|| plain.join_url.clone()),
            personal: data["meeting_personal"] == true,
            ..plain
        },
        creator: Creator { id: post.user_id, username: text("meeting_creator_username") },
        channel_id: post.channel_id,
        root_id: post.root_id,
        created_ms: post.created_ms,
        uuid: Some(uuid.to_owned()),
        life: life(post.created_ms, &data),
        // The official plugin makes cards of a user's own meetings alone, and its store names the post or the channel.
        host: Host::Checked,
        followed_by: None,
        post_id: Some(post.id.clone()),
        locale: Localizer::of_server(io).await.locale,
    };
    let card_id = card_id_for(&format!("post/{}", post.id));
    store::save_card_once(io, &card_id, &card).await?;
    store::tie_instance(io, uuid, &card_id).await
}

fn life(created_ms: u64, data: &Value) -> Life {
    let seen = |ms| Time { ms, by_zoom: false };
    let started = seen(created_ms);
    if data["meeting_status"] == "STARTED" {
        return Life::Started { started };
    }
    let ended = number::read(&data["meeting_end_time"]).unwrap_or(created_ms);
    Life::Ended { started: Some(started), ended: seen(ended) }
}
