//! Takes over what the official plugin has left of a number: its subscription, and the cards of meetings that run while it is replaced by
//! this one.
//!
//! What that plugin has stored about a post is trusted, since plugins alone write there; what a post says of itself only decides among
//! the posts of the channel that the store names.

use crate::card::{Creator, KIND};
use crate::error::Error;
use crate::flow::Io;
use crate::follow;
use crate::i18n::Localizer;
use crate::meeting::{Life, Meeting, Time};
use crate::model::{Condition, HostError, Post};
use crate::record::{CardRecord, Host, Record, Subscription};
use crate::settings::Settings;
use crate::store::official::post_key;
use crate::store::{card_id_of, read_official};
use crate::zoom::{MeetingNumber, hosts, number};
use serde_json::Value;

/// For this long that plugin looks for its posts.
const LIFE_MS: u64 = 86_400_000;

/// What an event is about.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    /// The number.
    pub(super) number: MeetingNumber,
    /// The instance.
    pub(super) uuid: &'a str,
    /// It tells of a recording: the instance is over, and its card says so.
    pub(super) recorded: bool,
}

/// What was left.
#[derive(Default)]
pub(super) struct Left {
    subscription: Option<Subscription>,
    card: Option<(String, CardRecord)>,
    /// Keys that are of no use once that is stored.
    keys: Vec<String>,
}

impl Left {
    /// Whether a channel follows the number.
    pub(super) fn follows(&self) -> bool {
        self.subscription.is_some()
    }

    /// Whether there is a card.
    pub(super) fn has_card(&self) -> bool {
        self.card.is_some()
    }

    /// Lets a record have it.
    pub(super) fn take_over(&self, record: &mut Record, uuid: &str, now_ms: u64) {
        record.official.begin(false, now_ms);
        record.official.looked_for(uuid);
        if let Some(subscription) = &self.subscription {
            record.follow_too(subscription.clone());
        }
        if let Some((id, card)) = &self.card {
            record.add(id, card.clone(), now_ms);
        }
    }

    /// Deletes what was moved over.
    pub(super) async fn delete(self, io: &Io) -> Result<(), Error> {
        for key in self.keys {
            io.kv_delete(key, Condition::Always).await?;
        }
        Ok(())
    }
}

/// Looks for it.
///
/// # Errors
/// The store's; the host's.
pub(super) async fn look(io: &Io, settings: &Settings, about: About<'_>) -> Result<Left, Error> {
    let About { number, uuid, recorded } = about;
    let channel_key = format!("meeting_channel_{number}");
    let stored = io.kv_get(channel_key.clone()).await?;
    let mut left = Left { subscription: stored.as_deref().and_then(read_official), ..Left::default() };
    if left.subscription.is_some() {
        left.keys.push(channel_key.clone());
    }
    let mut keys = vec![post_key(uuid)];
    if !recorded {
        keys.push(post_key(number));
    }
    for key in keys {
        let post = named_by(io, &key).await?;
        if let Some(post) =
            post.filter(|post| if recorded { facts(post).is_some() } else { runs(post).is_some() })
        {
            left.card = Some(card_of(io, settings, about, post).await?);
            left.keys.push(key);
            return Ok(left);
        }
    }
    if let (Some(bytes), None, false) = (stored, &left.subscription, recorded)
        && let Some(post) = in_channel(io, &bytes, number).await?
    {
        left.card = Some(card_of(io, settings, about, post).await?);
        left.keys.push(channel_key);
    }
    Ok(left)
}

async fn named_by(io: &Io, key: &str) -> Result<Option<Post>, Error> {
    let Some(post_id) = io.kv_get(key.to_owned()).await? else { return Ok(None) };
    match io.get_post(String::from_utf8_lossy(&post_id).into_owned()).await {
        Ok(post) => Ok(Some(post)),
        Err(HostError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The card of a meeting that had not begun yet when its plugin was replaced: the store names its channel alone.
async fn in_channel(io: &Io, stored: &[u8], number: MeetingNumber) -> Result<Option<Post>, Error> {
    let entry: Value = crate::json::read(stored).unwrap_or_default();
    let Some(channel_id) = entry["channel_id"].as_str() else { return Ok(None) };
    let since_ms = io.now_ms().saturating_sub(LIFE_MS);
    let posts = match io.recent_posts(channel_id.to_owned(), since_ms).await {
        Ok(posts) => posts,
        Err(HostError::NotFound | HostError::Unsupported) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let is_its = |post: &Post| {
        // Our own posts have records of their own.
        !post.by_plugin && runs(post).is_some_and(|data| number::read(&data["meeting_id"]) == Some(number))
    };
    Ok(posts.into_iter().find(is_its))
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

/// A card of the post as if we had posted it, with its name.
async fn card_of(
    io: &Io,
    settings: &Settings,
    about: About<'_>,
    post: Post,
) -> Result<(String, CardRecord), Error> {
    let data = facts(&post).unwrap_or_default();
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let plain = follow::meeting(settings, about.number, &text("meeting_topic"))?;
    // The post is its author's, who may have changed the link: `/join/` leads people to Zoom alone.
    let join_url = hosts::link(settings, &text("meeting_link"));
    let card_id = card_id_of(about.number, &format!("post/{}", post.id));
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
        uuid: Some(about.uuid.to_owned()),
        life: life(post.created_ms, &data),
        // The official plugin makes cards of a user's own meetings alone, and its store names the post or the channel.
        host: Host::Checked,
        followed_by: None,
        post_id: Some(post.id),
        locale: Localizer::of_server(io).await.locale,
    };
    Ok((card_id, card))
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
