//! Reading and tidying the chat.

use super::{error::ApiError, session::Me};
use crate::{
    app::App,
    model::{Channel, Post, User},
    store::{Store, StoreError},
    view,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Posts of a channel that the page loads.
const POSTS_MAX: usize = 400;

/// Everything that stands around the messages.
pub(super) async fn state(State(app): State<Arc<App>>, Me(me): Me) -> Result<Json<Value>, ApiError> {
    let my_id = me.id.clone();
    let found = app.server().stored(move |store| {
        Ok((channels_of(store, &my_id)?, store.users()?, statuses(store)?, store.regional(&my_id)?))
    });
    let (channels, users, statuses, regional) = found.await?;
    Ok(Json(json!({
        "boot": app.boot(),
        "me": me.id,
        "regional": regional,
        "users": users,
        "people": app.people().await?.iter().map(|user| user.id.clone()).collect::<Vec<_>>(),
        "channels": channels,
        "statuses": statuses,
        "command": app.command(&me),
        "problems": app.problems(),
        "simulated": app.zoom().is_some(),
        "server": { "name": crate::server::NAME, "version": env!("CARGO_PKG_VERSION") },
    })))
}

/// The last lines of the plugin's log, oldest first.
pub(super) async fn log(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({ "lines": app.server().log_lines() }))
}

/// The newest posts of a channel, and what this user alone sees there.
pub(super) async fn posts(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let private: Vec<Value> = app.server().replies().of(&me.id, &id).iter().map(view::post).collect();
    let posts = app.server().stored(move |store| {
        let channel = mine(store, &me, &id)?;
        store.posts_in(&channel.id, POSTS_MAX)
    });
    let posts: Vec<Value> = posts.await?.iter().map(view::post).collect();
    Ok(Json(json!({ "posts": posts, "private": private })))
}

#[derive(Deserialize)]
pub(super) struct Seen {
    /// The last post that the page shows.
    up_to: String,
}

/// Notes how far the user has read.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Path(id): Path<String>,
    Json(seen): Json<Seen>,
) -> Result<StatusCode, ApiError> {
    let (user_id, channel_id) = (me.id.clone(), id.clone());
    let marked = app.server().stored(move |store| {
        mine(store, &me, &id)?;
        store.mark_read(&me.id, &id, Some(&seen.up_to))?;
        store.unread_count(&me.id, &id)
    });
    let unread = marked.await?;
    app.server()
        .hub()
        .tell_user(&user_id, json!({ "type": "read", "channel_id": channel_id, "unread": unread }));
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a post of one's own; administrators may delete any.
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let post = visible_post(&app, &me, &id).await?;
    if post.user_id != me.id && !me.is_admin {
        return Err(ApiError::Forbidden("Only its author or an administrator may delete a message."));
    }
    for deleted in app.server().unpost(id).await? {
        app.tell_plugin("post-deleted", json!({ "post-id": deleted.id }));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a private reply away.
pub(super) async fn dismiss(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let removed = app.server().replies().remove(&me.id, &id).ok_or(ApiError::NotFound("private reply"))?;
    let news = json!({ "type": "private-removed", "id": removed.id, "channel_id": removed.channel_id });
    app.server().hub().tell_user(&me.id, news);
    Ok(StatusCode::NO_CONTENT)
}

/// A file, always as a download: it comes from elsewhere.
pub(super) async fn file(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let (file, content) = app
        .server()
        .stored(move |store| {
            let file = store.file(&id)?;
            mine(store, &me, &file.channel_id)?;
            Ok((file, store.file_content(&id)?))
        })
        .await?;
    let plain =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' };
    let name: String = file.name.chars().map(plain).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, content).into_response())
}

/// A channel that the user is in; to everybody else it does not exist.
pub(super) fn mine(store: &Store, me: &User, channel_id: &str) -> Result<Channel, StoreError> {
    let channel = store.channel(channel_id)?;
    if channel.has_member(&me.id) { Ok(channel) } else { Err(StoreError::NotFound("channel")) }
}

/// A post in a channel that the user is in.
pub(super) async fn visible_post(app: &App, me: &User, id: &str) -> Result<Post, ApiError> {
    let (me, id) = (me.clone(), id.to_owned());
    let found = app.server().stored(move |store| {
        let post = store.post(&id)?;
        mine(store, &me, &post.channel_id)?;
        Ok(post)
    });
    Ok(found.await?)
}

fn channels_of(store: &Store, user_id: &str) -> Result<Vec<Value>, StoreError> {
    let channels = store.channels()?.into_iter().filter(|channel| channel.has_member(user_id));
    channels
        .map(|channel| {
            let unread = store.unread_count(user_id, &channel.id)?;
            let mut value = serde_json::to_value(&channel).map_err(StoreError::Damaged)?;
            value["unread"] = unread.into();
            Ok(value)
        })
        .collect()
}

fn statuses(store: &Store) -> Result<Value, StoreError> {
    let mut statuses = serde_json::Map::new();
    for user in store.users()? {
        if let Some(status) = store.status(&user.id)? {
            statuses.insert(user.id, serde_json::to_value(status).map_err(StoreError::Damaged)?);
        }
    }
    Ok(Value::Object(statuses))
}
