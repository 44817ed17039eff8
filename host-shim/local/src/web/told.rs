//! What a user says: messages, commands, buttons, forms.

use super::{
    chat::{mine, visible_post},
    error::{ApiError, told},
    session::Me,
};
use crate::{
    app::App,
    model::{Card, Channel, NewPost, Post, User},
    seed::BOT_ID,
    view,
};
use axum::{
    Json,
    extract::{Path, State},
};
use chat_plugin_engine::api::hooks::{Action, Command, CommandResponse, Submission};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// Longest message, in characters.
const MESSAGE_CHARS_MAX: usize = 16_383;

#[derive(Deserialize)]
pub(super) struct Said {
    message: String,
    root_id: Option<String>,
    /// Facts that the user puts beside the message: other chat servers let everybody do so, cards of plugins included.
    card: Option<Facts>,
    /// Made by the page: the same when it has to send the same words again.
    request_id: String,
}

/// A card of a user: a shape and facts, but nothing of a plugin's.
#[derive(Deserialize)]
struct Facts {
    kind: String,
    data: Map<String, Value>,
}

impl Facts {
    fn into_card(self) -> Card {
        Card {
            kind: self.kind,
            title: String::new(),
            text: String::new(),
            fallback: String::new(),
            links: Vec::new(),
            buttons: Vec::new(),
            data: self.data.into(),
        }
    }
}

/// Posts a message, or runs a command.
pub(super) async fn say(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Path(channel_id): Path<String>,
    Json(said): Json<Said>,
) -> Result<Json<Value>, ApiError> {
    let text = said.message.trim().to_owned();
    if text.is_empty() {
        return Err(ApiError::Bad("The message is empty.".to_owned()));
    }
    if text.chars().count() > MESSAGE_CHARS_MAX {
        return Err(ApiError::Bad(format!("A message has at most {MESSAGE_CHARS_MAX} characters.")));
    }
    let (user, root_id) = (me.clone(), said.root_id.clone());
    let checked = app.server().stored(move |store| {
        let channel = mine(store, &user, &channel_id)?;
        let root = root_id.map(|id| store.post(&id)).transpose()?;
        Ok((channel, root))
    });
    let (channel, root) = checked.await?;
    if root.is_some_and(|root| root.channel_id != channel.id || root.root_id.is_some()) {
        return Err(ApiError::Bad("The thread is not in this channel.".to_owned()));
    }
    if let Some(command) = text.strip_prefix('/') {
        return run(&app, &me, &channel, said.root_id, &said.request_id, command).await.map(Json);
    }
    if channel.archived {
        return Err(ApiError::Forbidden("This channel is archived: nothing more can be posted."));
    }
    let post = NewPost {
        channel_id: channel.id,
        root_id: said.root_id,
        user_id: me.id.clone(),
        message: text,
        card: said.card.map(Facts::into_card),
        file_ids: Vec::new(),
        by_plugin: false,
    };
    let key = format!("said:{}:{}", me.id, said.request_id);
    let post = app.server().post(post, Some(key)).await?;
    app.tell_plugin(
        "message-posted",
        json!({ "post-id": post.id, "channel-id": post.channel_id, "root-id": post.root_id, "user-id": post.user_id, "text": post.message }),
    );
    Ok(Json(json!({ "post": view::post(&post) })))
}

async fn run(
    app: &App,
    me: &User,
    channel: &Channel,
    root_id: Option<String>,
    request_id: &str,
    command: &str,
) -> Result<Value, ApiError> {
    let (trigger, arguments) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let known = app.trigger();
    if !trigger.eq_ignore_ascii_case(&known) {
        let message = format!("There is no command `/{trigger}` here. Try `/{known} help`.");
        let trigger: String = message.chars().take(200).collect();
        app.server().reply_privately(&me.id, reply(channel.id.clone(), root_id, trigger));
        return Ok(json!({}));
    }
    let trigger_id = app.server().forms().trigger(&me.id, &channel.id);
    let command = Command {
        id: format!("command:{}:{request_id}", me.id),
        user_id: me.id.clone(),
        channel_id: channel.id.clone(),
        team_id: None,
        root_id: root_id.clone(),
        trigger_id,
        arguments: arguments.to_owned(),
    };
    let response = told(app, &me.id, app.engine().execute_command(command).await).await?;
    Ok(respond(app, me, channel.id.clone(), root_id, response))
}

#[derive(Deserialize)]
pub(super) struct Pressed {
    request_id: String,
}

/// Presses a button of a card.
pub(super) async fn press(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Path((post_id, button_id)): Path<(String, String)>,
    Json(pressed): Json<Pressed>,
) -> Result<Json<Value>, ApiError> {
    let private = app.server().replies().get(&me.id, &post_id).cloned();
    let post: Post = match private {
        Some(post) => post,
        None => visible_post(&app, &me, &post_id).await?,
    };
    let buttons = post.card.iter().filter(|_| post.by_plugin).flat_map(|card| &card.buttons);
    let button =
        buttons.into_iter().find(|button| button.id == button_id).ok_or(ApiError::NotFound("button"))?;
    let trigger_id = app.server().forms().trigger(&me.id, &post.channel_id);
    let action = Action {
        id: format!("action:{}:{}", me.id, pressed.request_id),
        user_id: me.id.clone(),
        channel_id: post.channel_id.clone(),
        post_id: post.id.clone(),
        trigger_id,
        button_id,
        context: button.context.clone(),
    };
    let response = told(&app, &me.id, app.engine().handle_action(action).await).await?;
    let thread = post.root_id.clone();
    Ok(Json(respond(&app, &me, post.channel_id.clone(), thread, response)))
}

#[derive(Deserialize)]
pub(super) struct Answered {
    request_id: String,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    cancelled: bool,
}

/// Sends or closes a form. Answers with what is wrong with each field; nothing wrong closes it.
pub(super) async fn answer(
    State(app): State<Arc<App>>,
    Me(me): Me,
    Path(id): Path<String>,
    Json(answered): Json<Answered>,
) -> Result<Json<Value>, ApiError> {
    let form = app.server().forms().get(&me.id, &id).ok_or(ApiError::NotFound("form"))?;
    let submission = Submission {
        id: format!("form:{}:{}", me.id, answered.request_id),
        user_id: me.id.clone(),
        channel_id: form.channel_id.clone(),
        dialog_id: form.dialog.id.clone(),
        state: form.dialog.state.clone(),
        values: answered.values.into_iter().collect(),
        cancelled: answered.cancelled,
    };
    match told(&app, &me.id, app.engine().submit_dialog(submission).await).await? {
        Err(errors) if !answered.cancelled => {
            let errors: BTreeMap<String, String> = errors.into_iter().collect();
            Ok(Json(json!({ "errors": errors })))
        }
        Ok(()) | Err(_) => {
            app.server().forms().close(&id);
            Ok(Json(json!({ "errors": {} })))
        }
    }
}

/// Shows the plugin's answer to the user alone, in the thread it belongs to.
fn respond(
    app: &App,
    me: &User,
    channel_id: String,
    root_id: Option<String>,
    response: CommandResponse,
) -> Value {
    if let Some(message) = response.message.filter(|message| !message.is_empty()) {
        app.server().reply_privately(&me.id, reply(channel_id, root_id, message));
    }
    json!({ "open_url": response.open_url })
}

fn reply(channel_id: String, root_id: Option<String>, message: String) -> NewPost {
    NewPost {
        channel_id,
        root_id,
        user_id: BOT_ID.to_owned(),
        message,
        card: None,
        file_ids: Vec::new(),
        by_plugin: true,
    }
}
