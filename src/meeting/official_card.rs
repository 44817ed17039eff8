//! Cards that the official plugin has left: which posts they are, and where their meetings are joined.
//!
//! Anybody can give a post the type and the facts of a card. What that plugin has stored is trusted, since plugins alone write there.
//! So is the age of a post: nobody can make one today that is older than this plugin's first day here, and those that were there
//! before it were cards to everybody already.

use crate::account::official;
use crate::error::Error;
use crate::flow::Io;
use crate::meeting::Meeting;
use crate::meeting::card::KIND;
use crate::model::Post;
use crate::settings::Settings;
use crate::store;
use crate::zoom::{hosts, number};
use serde_json::Value;
use url::Url;

/// For so long after it was made a post may be this plugin's own although the host does not know it yet: clients see it before it is
/// noted. The official plugin's it cannot be while this one runs.
const YOUNG_MS: u64 = 60_000;
/// Posts that are looked for in what that plugin has stored, in one request. Few are: those that were made while it was back.
const MAX_LOOKED_FOR: usize = 10;

/// Whether a post is of the type of cards, or of one of the types about recordings that begin like it.
pub fn looks_like_one(post: &Post) -> bool {
    !post.deleted && post.kind.starts_with(KIND)
}

/// What is known of posts that the host does not know as this plugin's. The rest is nobody's card.
#[derive(Debug, Default)]
pub struct Known<'a> {
    /// The official plugin has made them.
    pub official: Vec<&'a Post>,
    /// That cannot be said yet, or was not looked for.
    pub unsure: Vec<&'a Post>,
}

/// Tells cards of the official plugin from posts that only look so.
///
/// # Errors
/// The store's.
pub async fn tell_apart<'a>(io: &Io, posts: &[&'a Post]) -> Result<Known<'a>, Error> {
    let mut known = Known::default();
    let candidates: Vec<&Post> = posts.iter().copied().filter(|post| looks_like_one(post)).collect();
    if candidates.is_empty() {
        return Ok(known);
    }
    let since_ms = store::here_since(io).await?;
    let mut asked = Vec::new();
    for post in candidates {
        if since_ms.is_some_and(|since_ms| post.created_ms < since_ms) {
            known.official.push(post);
        } else if io.now_ms().saturating_sub(post.created_ms) < YOUNG_MS || asked.len() == MAX_LOOKED_FOR {
            known.unsure.push(post);
        } else {
            // Asked for side by side: a host may answer them at once.
            asked.push((post, keys(post).map(|key| key.map(|key| io.kv_get(key)))));
        }
    }
    for (post, values) in asked {
        for value in values.into_iter().flatten() {
            if value.await?.is_some_and(|post_id| post_id == post.id.as_bytes()) {
                known.official.push(post);
                break;
            }
        }
    }
    Ok(known)
}

/// Where that plugin keeps the post of an instance; in its JWT era, of a number.
fn keys(post: &Post) -> [Option<String>; 2] {
    let data = facts(post);
    let uuid = data["meeting_uuid"].as_str().filter(|uuid| !uuid.is_empty());
    [uuid.map(official::post_key), number::read(&data["meeting_id"]).map(official::post_key)]
}

/// Where people join the meeting of a card: at Zoom, whatever the card says. `None`: it is over, or there is none.
///
/// # Errors
/// [`Error::Bug`]
pub fn join_url(settings: &Settings, post: &Post) -> Result<Option<Url>, Error> {
    let data = facts(post);
    if data["meeting_status"] != "STARTED" {
        return Ok(None);
    }
    if let Some(url) = hosts::link(settings, data["meeting_link"].as_str().unwrap_or_default()) {
        return Ok(Some(url));
    }
    let Some(number) = number::read(&data["meeting_id"]) else { return Ok(None) };
    Ok(Some(Meeting::of_number(settings, number, "")?.join_url))
}

fn facts(post: &Post) -> Value {
    crate::json::read(post.data.as_bytes()).unwrap_or_default()
}
