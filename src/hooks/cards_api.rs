//! `GET /api/v1/cards`: which posts are cards of this plugin, for clients that draw them. Anybody can give a post the type and the
//! props of a card; who made it, only the host knows, and what the official plugin has left, our own store.

use super::http::{self, Failure, Refusal};
use crate::error::Error;
use crate::features::connect::parameter;
use crate::flow::{InChannel, Io};
use crate::meeting::official_card;
use crate::model::{HostError, HttpResponse, Post, Request};
use crate::say::i18n::Localizer;
use serde::Serialize;

/// Most posts that one request may name.
const MAX_IDS: usize = 50;
/// Longest name of a post, in bytes. Those of servers are far shorter.
const MAX_ID_BYTES: usize = 200;

/// What is known of the posts that were asked for, in their order. What is in neither list is not known, or not known yet.
#[derive(Serialize)]
struct Verdicts {
    /// Made by this plugin, or by the official one before.
    ours: Vec<String>,
    /// Certainly not.
    others: Vec<String>,
}

/// Answers which of the posts are this plugin's, in channels that the user is a member of.
pub(super) async fn ours(io: &Io, request: &Request) -> Result<HttpResponse, Failure> {
    let user_id = request.user_id.as_deref().ok_or_else(|| Refusal::new(401, "Sign in first."))?;
    let ids = ids(&request.query)?;
    match find(io, user_id, ids).await {
        Ok(verdicts) => Ok(http::json(200, &verdicts)),
        Err(error) => Err(Failure::Error(error, Localizer::of_user(io, user_id).await)),
    }
}

/// `ids=` in a query: names of posts between commas, each once.
fn ids(query: &str) -> Result<Vec<String>, Refusal> {
    let list = parameter(query, "ids").unwrap_or_default();
    let mut ids: Vec<String> = Vec::new();
    for id in list.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        if id.len() > MAX_ID_BYTES {
            return Err(Refusal::new(400, "ids holds what is no post's ID."));
        }
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    if ids.len() > MAX_IDS {
        return Err(Refusal::new(400, "ids names more than 50 posts."));
    }
    Ok(ids)
}

/// Asks the host for each post and each of their channels once, and the store for 21 values at most.
async fn find(io: &Io, user_id: &str, ids: Vec<String>) -> Result<Verdicts, Error> {
    // Asked for side by side: a host may answer them at once.
    let asked: Vec<_> = ids.into_iter().map(|id| io.get_post(id)).collect();
    let mut posts = Vec::new();
    for post in asked {
        posts.extend(there(post.await)?);
    }
    let posts = readable(io, user_id, posts).await?;
    let (own, rest): (Vec<&Post>, Vec<&Post>) =
        posts.iter().partition(|post| post.by_plugin && official_card::looks_like_one(post));
    let known = official_card::tell_apart(io, &rest).await?;
    let is_in = |list: &[&Post], post: &Post| list.iter().any(|other| other.id == post.id);
    let (ours, rest): (Vec<&Post>, Vec<&Post>) =
        posts.iter().partition(|post| is_in(&own, post) || is_in(&known.official, post));
    let others = rest.into_iter().filter(|post| !is_in(&known.unsure, post));
    let id = |post: &Post| post.id.clone();
    Ok(Verdicts { ours: ours.into_iter().map(id).collect(), others: others.map(id).collect() })
}

/// The posts in channels that the user is a member of. Of all others nobody learns whether they are there.
async fn readable(io: &Io, user_id: &str, mut posts: Vec<Post>) -> Result<Vec<Post>, Error> {
    let mut asked = Vec::new();
    for channel_id in posts.iter().map(|post| &post.channel_id) {
        if !asked.iter().any(|(known, _)| known == channel_id) {
            let who = InChannel { user_id: user_id.to_owned(), channel_id: channel_id.clone() };
            asked.push((channel_id.clone(), io.is_member(who)));
        }
    }
    let mut readable = Vec::new();
    for (channel_id, is_member) in asked {
        if there(is_member.await)?.unwrap_or_default() {
            readable.push(channel_id);
        }
    }
    posts.retain(|post| readable.contains(&post.channel_id));
    Ok(posts)
}

/// What the host has under a name. Any user can name anything: what it refuses to look for is not there.
pub(super) fn there<T>(answer: Result<T, HostError>) -> Result<Option<T>, HostError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(HostError::NotFound | HostError::Forbidden | HostError::Invalid(_)) => Ok(None),
        Err(error @ (HostError::Unsupported | HostError::Unavailable(_) | HostError::Other(_))) => Err(error),
    }
}
