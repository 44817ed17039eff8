//! Whether a meeting was started in a channel just now, by whatever plugin.

use crate::error::Error;
use crate::flow::Io;
use crate::meeting::card::KIND;
use crate::meeting::records;
use crate::meeting::topic;
use crate::model::{HostError, Post};
use serde_json::Value;
use url::Url;

/// Who starts a meeting this soon after another one most likely does not know of it.
const RECENT_MS: u64 = 30_000;
/// Longest name of a provider or of a person that is shown.
const MAX_NAME_CHARS: usize = 64;

/// A meeting that was started just now. Every text comes from a post, which any user may have made: to be escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentMeeting {
    /// The name of whoever started it. `None` where nobody says.
    pub creator: Option<String>,
    /// `Zoom`, or another plugin's.
    pub provider: String,
    /// What it is about. May be empty.
    pub topic: String,
    /// Where people join: http or https.
    pub link: Url,
    /// How long ago, in whole seconds.
    pub seconds_ago: u64,
    /// The post that says so.
    pub post_id: String,
    /// The card that it is, where it is one of ours that is still known.
    pub card_id: Option<String>,
}

/// What was found in a channel.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// A meeting.
    pub(super) meeting: Option<RecentMeeting>,
    /// When this plugin has posted a meeting last, whatever became of it, in milliseconds since the Unix epoch.
    pub(super) ours_ms: Option<u64>,
}

/// The newest meeting that was started in the channel in the last 30 seconds and has not ended.
///
/// All threads of the channel count: two people who answer the same alarm, one in its thread and one in the channel, look for each
/// other in vain, and a question too many costs one click.
///
/// # Errors
/// The host's. A host that cannot tell has none.
pub(super) async fn find(io: &Io, channel_id: &str) -> Result<Looked, Error> {
    let since_ms = io.now_ms().saturating_sub(RECENT_MS);
    let posts = match io.recent_posts(channel_id.to_owned(), since_ms).await {
        Ok(posts) => posts,
        Err(HostError::Unsupported) => return Ok(Looked::default()),
        Err(error) => return Err(error.into()),
    };
    let is_ours = |post: &&Post| post.by_plugin && post.kind == KIND;
    let ours_ms = posts.iter().filter(is_ours).map(|post| post.created_ms).max();
    let found = posts.into_iter().find_map(|post| Some((meeting(&post, since_ms, io.now_ms())?, post)));
    let Some((mut meeting, post)) = found else { return Ok(Looked { meeting: None, ours_ms }) };
    if post.by_plugin {
        meeting.card_id = card_id(io, &post).await;
    // A post may say that it is anybody's.
    } else if let Ok(author) = io.find_user(post.user_id).await
        && !author.is_bot
    {
        meeting.creator = Some(author.username);
    }
    Ok(Looked { meeting: Some(meeting), ours_ms })
}

fn meeting(post: &Post, since_ms: u64, now_ms: u64) -> Option<RecentMeeting> {
    if post.deleted || post.created_ms < since_ms {
        return None;
    }
    let data: Value = crate::json::read(post.data.as_bytes()).ok()?;
    let text = |name: &str| data[name].as_str().map(str::trim).filter(|text| !text.is_empty());
    let provider = text("meeting_provider")?;
    if text("meeting_status") == Some("ENDED") {
        return None;
    }
    // `url` is built without the tables for international host names.
    let link = Url::parse(text("meeting_link").filter(|link| link.is_ascii())?).ok()?;
    if !matches!(link.scheme(), "http" | "https") {
        return None;
    }
    Some(RecentMeeting {
        creator: text("meeting_creator_username").map(name),
        provider: name(provider),
        topic: text("meeting_topic").map(topic).unwrap_or_default(),
        link,
        seconds_ago: now_ms.saturating_sub(post.created_ms) / 1000,
        post_id: post.id.clone(),
        card_id: None,
    })
}

/// The card of a post of ours. Whoever has the post in their name can change what it says: the record has the last word, and one that
/// cannot be read is none, as it only saves a step.
async fn card_id(io: &Io, post: &Post) -> Option<String> {
    let data: Value = crate::json::read(post.data.as_bytes()).ok()?;
    let card_id = data["card_id"].as_str()?;
    let card = records::load_card(io, card_id).await.ok().flatten()?;
    // The post is noted a moment after it stands.
    let is_its =
        card.channel_id == post.channel_id && card.post_id.as_ref().is_none_or(|noted| *noted == post.id);
    is_its.then(|| card_id.to_owned())
}

/// One line of no more than [`MAX_NAME_CHARS`].
fn name(text: &str) -> String {
    topic(text).chars().take(MAX_NAME_CHARS).collect()
}
