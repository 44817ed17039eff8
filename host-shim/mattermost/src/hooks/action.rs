//! A button that a user pressed. The server sends it to the plugin as an HTTP request, and so can anybody who is signed in.

use chat_plugin_engine::Party;
use chat_plugin_engine::api::hooks::{Action, CommandResponse};
use chat_plugin_engine::api::http_client::Response;
use serde::Deserialize;
use serde_json::json;

use super::http::text;
use super::{Hooks, delivery_id};
use crate::markdown;
use crate::model::{ATTACHMENTS, holds_text};
use crate::sentences::Sentence;
use crate::server::{ButtonContext, PrivateReply};

/// Mattermost's `PostActionIntegrationRequest`.
#[derive(Deserialize)]
struct Pressed {
    user_id: String,
    channel_id: String,
    post_id: String,
    #[serde(default)]
    trigger_id: String,
    context: Context,
}

/// What the host gave to the button, under the names of [`ButtonContext`].
#[derive(Deserialize)]
struct Context {
    button: String,
    sealed: String,
    #[serde(default)]
    private: Option<String>,
    #[serde(default)]
    root: String,
}

/// Why a press was not passed on.
struct Refusal {
    /// For the user.
    sentence: Sentence,
    /// For the log.
    reason: &'static str,
}

/// For the log.
const REFUSED: &str = "A press of a button was refused.";

impl Hooks {
    pub(super) async fn answer_action(
        &self,
        user_id: Option<String>,
        request_id: &str,
        body: &[u8],
    ) -> Response {
        let party = Party::of(user_id.as_deref());
        let Some(user_id) = user_id else {
            self.refused(&party, REFUSED, "nobody is signed in", request_id).await;
            return text(401, "Sign in first.");
        };
        let Ok(pressed) = serde_json::from_slice::<Pressed>(body) else {
            self.refused(&party, REFUSED, "it is not in the server's form", request_id).await;
            return text(400, "This is no press of a button of this plugin.");
        };
        match self.open(&user_id, &pressed).await {
            Ok((context, root_id)) => self.press(pressed, context, &root_id, request_id).await,
            Err(refusal) => {
                self.refused(&party, REFUSED, refusal.reason, request_id).await;
                answer(Some(&self.say(&user_id, refusal.sentence).await))
            }
        }
    }

    /// The context that the plugin gave to the button, and the thread of its post.
    async fn open(&self, user_id: &str, pressed: &Pressed) -> Result<(String, String), Refusal> {
        let forged = |reason| Refusal { sentence: Sentence::ForeignButton, reason };
        if pressed.user_id != user_id {
            return Err(forged("it names another user than the one who is signed in"));
        }
        let is_private = pressed.context.private.is_some();
        let bound = ButtonContext {
            channel_id: &pressed.channel_id,
            private: is_private.then_some(PrivateReply {
                user_id,
                post_id: &pressed.post_id,
                root_id: &pressed.context.root,
            }),
        };
        let Ok(sealer) = self.server().sealer().await else {
            return Err(Refusal { sentence: Sentence::Failed, reason: "the key for sealing cannot be read" });
        };
        let context = sealer
            .open(&bound.bound(&pressed.context.button), &pressed.context.sealed)
            .ok_or_else(|| forged("its context was not made by this plugin for this button and channel"))?;
        if is_private {
            // Kept nowhere: the seal alone says where it belongs.
            return Ok((context, pressed.context.root.clone()));
        }
        let post = match self.api() {
            Ok(api) => api.post(pressed.post_id.clone()).await,
            Err(error) => Err(error),
        };
        let post = post
            .map_err(|_| Refusal { sentence: Sentence::MessageGone, reason: "its message cannot be read" })?;
        let carries =
            post.props.get(ATTACHMENTS).is_some_and(|list| holds_text(list, &pressed.context.sealed));
        if post.channel_id != pressed.channel_id || !carries {
            return Err(forged("its message does not carry the button"));
        }
        Ok((context, post.root_id))
    }

    async fn press(&self, pressed: Pressed, context: String, root_id: &str, request_id: &str) -> Response {
        self.server().remember_trigger(&pressed.trigger_id, &pressed.user_id, &pressed.channel_id);
        let once = if pressed.trigger_id.is_empty() { request_id } else { &pressed.trigger_id };
        let action = Action {
            id: delivery_id(&["action", once, &pressed.post_id, &pressed.context.button, &pressed.user_id]),
            user_id: pressed.user_id.clone(),
            channel_id: pressed.channel_id.clone(),
            post_id: pressed.post_id,
            trigger_id: pressed.trigger_id,
            button_id: pressed.context.button,
            context,
        };
        let user_id = &pressed.user_id;
        let Ok(engine) = self.running() else {
            return answer(Some(&self.say(user_id, Sentence::Failed).await));
        };
        let response = match engine.handle_action(action).await {
            Ok(response) => response,
            Err(error) => {
                let sentence = self.failed(&Party::User(user_id.clone()), "handle-action", &error).await;
                CommandResponse { message: Some(self.say(user_id, sentence).await), open_url: None }
            }
        };
        let link = match response.open_url {
            Some(url) => Some(markdown::link(&self.say(user_id, Sentence::Open).await, &url)),
            None => None,
        };
        let Some(message) = message(response.message, link) else { return answer(None) };
        let shown = self.show_privately(message, user_id, &pressed.channel_id, root_id).await;
        answer(shown.err().as_deref())
    }
}

/// The message with the link below it: after a press the server cannot send the client anywhere.
fn message(message: Option<String>, link: Option<String>) -> Option<String> {
    let parts: Vec<_> = [message, link].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// Mattermost's `PostActionIntegrationResponse`, with a text that the user alone sees.
fn answer(sentence: Option<&str>) -> Response {
    let body = json!({"ephemeral_text": sentence.unwrap_or_default(), "skip_slack_parsing": true});
    super::dialog::json_response(&body)
}

#[cfg(test)]
mod tests;
