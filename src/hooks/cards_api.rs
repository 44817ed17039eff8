//! `GET /api/v1/cards`: which posts are cards of this plugin, for clients that draw them. Anybody can give a post the type and the
//! props of a card; who made it, only the host knows.

use super::http::{self, Failure, Refusal};
use crate::card::KIND;
use crate::connect::parameter;
use crate::error::Error;
use crate::flow::{InChannel, Io};
use crate::i18n::Localizer;
use crate::model::{HostError, HttpResponse, Post, Request};
use serde_json::json;

/// Most posts that one request may name.
const MAX_IDS: usize = 50;
/// Longest name of a post, in bytes. Those of servers are far shorter.
const MAX_ID_BYTES: usize = 200;

/// Answers which of the posts this plugin has made, in channels that the user is a member of, in the order in which they were asked
/// for.
pub(super) async fn ours(io: &Io, request: &Request) -> Result<HttpResponse, Failure> {
    let user_id = request.user_id.as_deref().ok_or_else(|| Refusal::new(401, "Sign in first."))?;
    let ids = ids(&request.query)?;
    match find(io, user_id, ids).await {
        Ok(ours) => Ok(http::json(200, &json!({ "ours": ours }))),
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

async fn find(io: &Io, user_id: &str, ids: Vec<String>) -> Result<Vec<String>, Error> {
    // Asked for side by side: a host may answer them at once.
    let posts: Vec<_> = ids.into_iter().map(|id| io.get_post(id)).collect();
    let mut cards = Vec::new();
    for post in posts {
        cards.extend(there(post.await)?.filter(is_card));
    }
    let mut asked = Vec::new();
    for channel_id in cards.iter().map(|card| &card.channel_id) {
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
    cards.retain(|card| readable.contains(&card.channel_id));
    Ok(cards.into_iter().map(|card| card.id).collect())
}

/// What the host has under a name. Any user can name anything: what it refuses to look for is not there.
fn there<T>(answer: Result<T, HostError>) -> Result<Option<T>, HostError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(HostError::NotFound | HostError::Forbidden | HostError::Invalid(_)) => Ok(None),
        Err(error @ (HostError::Unsupported | HostError::Unavailable(_) | HostError::Other(_))) => Err(error),
    }
}

/// Cards, and the posts about recordings whose types begin like theirs.
fn is_card(post: &Post) -> bool {
    post.by_plugin && !post.deleted && post.kind.starts_with(KIND)
}
