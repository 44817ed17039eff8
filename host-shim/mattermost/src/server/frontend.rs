//! What reaches a user's own client: events and dialogs.

use chat_plugin_engine::api::frontend::{Audience, Choice, Dialog, Error, Field, FieldKind};
use serde_json::{Map, Value};

use super::Mattermost;
use crate::manifest::plugin_path;
use crate::model::{self, DialogElement, OpenDialogRequest, PostActionOptions, WebsocketBroadcast};

/// Where submissions go, below the plugin's path.
pub(crate) const DIALOG_PATH: &str = "/dialog";

/// Lengths that the server takes, in bytes.
const TITLE_BYTES: usize = 24;
const LABEL_BYTES: usize = 24;
const HELP_BYTES: usize = 150;
/// Lengths of answers, in characters: the most that the server takes of each kind.
const TEXT_CHARS: i64 = 150;
const TEXTAREA_CHARS: i64 = 3000;

/// What the state of a dialog is bound to, besides the dialog itself.
pub(crate) struct DialogState<'a> {
    pub(crate) dialog_id: &'a str,
    pub(crate) user_id: &'a str,
    pub(crate) channel_id: &'a str,
}

impl DialogState<'_> {
    /// The parts that a sealed state opens with.
    pub(crate) fn bound(&self) -> [&str; 4] {
        ["dialog", self.dialog_id, self.user_id, self.channel_id]
    }
}

pub(super) async fn publish(
    server: &Mattermost,
    event: String,
    payload: String,
    to: Audience,
) -> Result<(), Error> {
    let payload: Map<String, Value> = serde_json::from_str(&payload)
        .map_err(|error| Error::Other(format!("the event's payload is no JSON object: {error}")))?;
    let api = server.api()?;
    let to = match to {
        // The server would send it to everybody.
        Audience { user_id: None, channel_id: None, connection_id: None } => return Ok(()),
        // The server looks at the user alone, so whether the channel is theirs is looked up here.
        Audience { user_id: Some(user_id), channel_id: Some(channel_id), connection_id } => {
            if !api.is_member(channel_id, user_id.clone()).await? {
                return Ok(());
            }
            WebsocketBroadcast {
                user_id,
                channel_id: String::new(),
                connection_id: connection_id.unwrap_or_default(),
            }
        }
        Audience { user_id, channel_id, connection_id } => WebsocketBroadcast {
            user_id: user_id.unwrap_or_default(),
            channel_id: channel_id.unwrap_or_default(),
            connection_id: connection_id.unwrap_or_default(),
        },
    };
    Ok(api.publish(event, model::props_from_json(&payload), to).await?)
}

pub(super) async fn open_dialog(
    server: &Mattermost,
    trigger_id: String,
    dialog: Dialog,
) -> Result<(), Error> {
    let Some((user_id, channel_id)) = server.triggers.find(&trigger_id) else {
        return Err(Error::Other("the trigger belongs to no command or button of the last minute".into()));
    };
    let state = DialogState { dialog_id: &dialog.id, user_id: &user_id, channel_id: &channel_id };
    let state = server.sealer().await?.seal(&state.bound(), &dialog.state);
    let request = OpenDialogRequest {
        trigger_id,
        url: plugin_path(DIALOG_PATH),
        dialog: model::Dialog {
            callback_id: dialog.id,
            title: cut(&dialog.title, TITLE_BYTES),
            introduction_text: dialog.intro,
            elements: dialog.fields.into_iter().map(element).collect(),
            submit_label: dialog.submit_label,
            notify_on_cancel: true,
            state,
        },
    };
    Ok(server.api()?.open_dialog(request).await?)
}

fn element(field: Field) -> DialogElement {
    let (kind, sub_type, max_length, choices) = match field.kind {
        FieldKind::Text => ("text", "text", TEXT_CHARS, vec![]),
        FieldKind::Textarea => ("textarea", "", TEXTAREA_CHARS, vec![]),
        FieldKind::Number => ("text", "number", TEXT_CHARS, vec![]),
        FieldKind::Checkbox => ("bool", "", 0, vec![]),
        FieldKind::Radio(choices) => ("radio", "", 0, choices),
        FieldKind::Select(choices) => ("select", "", 0, choices),
    };
    DialogElement {
        display_name: cut(&field.label, LABEL_BYTES),
        name: field.name,
        r#type: kind.into(),
        sub_type: sub_type.into(),
        default: field.value,
        help_text: cut(&field.help, HELP_BYTES),
        optional: field.optional,
        max_length,
        options: choices.into_iter().map(|choice| Some(option(choice))).collect(),
    }
}

fn option(choice: Choice) -> PostActionOptions {
    PostActionOptions { text: choice.label, value: choice.value }
}

/// The text, shortened with an ellipsis to so many bytes.
fn cut(text: &str, bytes: usize) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() <= bytes {
        return text.into();
    }
    let end = text.floor_char_boundary(bytes - ELLIPSIS.len());
    format!("{}{ELLIPSIS}", text[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_the_server_would_refuse_are_shortened() {
        assert_eq!(cut("Channel preference", TITLE_BYTES), "Channel preference");
        let cases =
            ["A title of far more than twenty-four bytes", "ééééééééééééééééééééééé", "😀😀😀😀😀😀😀"];
        for text in cases {
            let short = cut(text, TITLE_BYTES);
            assert!(short.len() <= TITLE_BYTES && short.ends_with('…'), "{short}");
            assert!(text.starts_with(short.trim_end_matches('…')), "{short}");
        }
    }

    #[test]
    fn fields_become_elements_of_their_kind() {
        let field = |kind| Field {
            name: "n".into(),
            label: "Label".into(),
            help: "Help".into(),
            kind,
            value: "v".into(),
            optional: true,
        };
        let choices = || vec![Choice { label: "Yes".into(), value: "y".into() }];
        let cases = [
            (FieldKind::Text, "text", "text", 150, 0),
            (FieldKind::Textarea, "textarea", "", 3000, 0),
            (FieldKind::Number, "text", "number", 150, 0),
            (FieldKind::Checkbox, "bool", "", 0, 0),
            (FieldKind::Radio(choices()), "radio", "", 0, 1),
            (FieldKind::Select(choices()), "select", "", 0, 1),
        ];
        for (kind, kind_name, sub_type, max_length, options) in cases {
            let element = element(field(kind));
            let seen = (
                element.r#type.as_str(),
                element.sub_type.as_str(),
                element.max_length,
                element.options.len(),
            );
            assert_eq!(seen, (kind_name, sub_type, max_length, options));
        }
    }
}
