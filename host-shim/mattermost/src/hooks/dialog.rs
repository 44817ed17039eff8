//! A dialog that a user sent or closed. Like a button, it comes by HTTP from anybody who is signed in.

use chat_plugin_engine::Party;
use chat_plugin_engine::api::hooks::Submission;
use chat_plugin_engine::api::http_client::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::http::text;
use super::{Hooks, delivery_id};
use crate::sentences::Sentence;
use crate::server::DialogState;

/// Mattermost's `SubmitDialogRequest`.
#[derive(Deserialize)]
struct Submitted {
    user_id: String,
    channel_id: String,
    callback_id: String,
    state: String,
    #[serde(default)]
    submission: Option<Map<String, Value>>,
    #[serde(default)]
    cancelled: bool,
}

/// For the log.
const REFUSED: &str = "A form was refused.";

impl Hooks {
    pub(super) async fn answer_dialog(
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
        let Ok(submitted) = serde_json::from_slice::<Submitted>(body) else {
            self.refused(&party, REFUSED, "it is not in the server's form", request_id).await;
            return text(400, "This is no form of this plugin.");
        };
        let bound = DialogState {
            dialog_id: &submitted.callback_id,
            user_id: &user_id,
            channel_id: &submitted.channel_id,
        };
        let Ok(sealer) = self.server().sealer().await else {
            return refuse(&self.say(&user_id, Sentence::Failed).await);
        };
        let Some(state) =
            sealer.open(&bound.bound(), &submitted.state).filter(|_| submitted.user_id == user_id)
        else {
            let reason = "its state was not made by this plugin for this form, user and channel";
            self.refused(&party, REFUSED, reason, request_id).await;
            return refuse(&self.say(&user_id, Sentence::ForeignForm).await);
        };
        self.submit(submitted, state, request_id).await
    }

    async fn submit(&self, submitted: Submitted, state: String, request_id: &str) -> Response {
        let user_id = submitted.user_id;
        let submission = Submission {
            // One form can be sent again after its errors were mended, so the request tells one sending from another.
            id: delivery_id(&["submission", request_id, &submitted.state]),
            user_id: user_id.clone(),
            channel_id: submitted.channel_id,
            dialog_id: submitted.callback_id,
            state,
            values: submitted
                .submission
                .unwrap_or_default()
                .into_iter()
                .map(|(name, value)| (name, plain(value)))
                .collect(),
            cancelled: submitted.cancelled,
        };
        let Ok(engine) = self.running() else {
            return refuse(&self.say(&user_id, Sentence::Failed).await);
        };
        match engine.submit_dialog(submission).await {
            Ok(Ok(())) => json_response(&json!({})),
            Ok(Err(problems)) => {
                let errors: Map<_, _> =
                    problems.into_iter().map(|(field, problem)| (field, problem.into())).collect();
                json_response(&json!({"errors": errors}))
            }
            Err(error) => {
                let sentence = self.failed(&Party::User(user_id.clone()), "submit-dialog", &error).await;
                refuse(&self.say(&user_id, sentence).await)
            }
        }
    }
}

/// A JSON answer with status 200: of others the server shows no text to the user.
pub(super) fn json_response(body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status: 200, headers, body: body.to_string().into_bytes() }
}

fn refuse(sentence: &str) -> Response {
    json_response(&json!({"error": sentence}))
}

/// What stands in a field, as text.
fn plain(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests;
