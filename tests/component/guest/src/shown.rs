//! What people see of the probe.

use crate::bindings::chat_plugin::api::frontend::{Choice, Dialog, Field, FieldKind};
use crate::bindings::chat_plugin::api::posts::{Author, Button, ButtonStyle, Card, Draft, Patch};
use crate::bindings::exports::chat_plugin::api::hooks::Command;

/// A post with buttons, in the name of who typed the command.
pub(crate) fn button_post(command: &Command) -> Draft {
    Draft {
        channel_id: command.channel_id.clone(),
        root_id: command.root_id.clone(),
        author: Author::User(command.user_id.clone()),
        message: "A card with a button.".into(),
        card: Some(card(&command.user_id)),
        file_ids: Vec::new(),
        idempotency_key: Some(command.id.clone()),
    }
}

/// A post with a stored file, and nothing to draw but the file.
pub(crate) fn transcript(command: &Command, file_id: &str) -> Draft {
    let card = Card {
        kind: "custom_zoom_transcript".into(),
        title: String::new(),
        text: String::new(),
        fallback: "A transcript.".into(),
        links: Vec::new(),
        buttons: Vec::new(),
        data: format!(r#"{{"captions":[{{"file_id":"{file_id}"}}]}}"#),
    };
    Draft {
        author: Author::Bot,
        message: "A transcript.".into(),
        card: Some(card),
        file_ids: vec![file_id.into()],
        ..button_post(command)
    }
}

/// What a post becomes: another message, and a card of other facts.
pub(crate) fn patch() -> Patch {
    let card = Card { data: r#"{"pressed":true}"#.into(), ..card("nobody") };
    Patch { message: "It was pressed.".into(), card: Some(card) }
}

/// A form with a field of each kind.
pub(crate) fn dialog() -> Dialog {
    let choices = || {
        let choice = |value: &str| Choice { label: value.to_uppercase(), value: value.into() };
        vec![choice("red"), choice("green")]
    };
    let field = |name: &str, kind, value: &str, optional| Field {
        name: name.to_lowercase(),
        label: name.into(),
        help: String::new(),
        kind,
        value: value.into(),
        optional,
    };
    Dialog {
        id: "ask".into(),
        title: "A question".into(),
        intro: "With an *introduction*.".into(),
        fields: vec![
            field("Topic", FieldKind::Text, "", false),
            field("Notes", FieldKind::Textarea, "some", true),
            field("Number", FieldKind::Number, "7", true),
            field("Sure", FieldKind::Checkbox, "true", true),
            field("Colour", FieldKind::Radio(choices()), "green", true),
            field("Shade", FieldKind::Select(choices()), "red", true),
        ],
        submit_label: "Send".into(),
        state: "kept".into(),
    }
}

/// Pressing `press` answers, and pressing `ask` opens the form.
fn card(user_id: &str) -> Card {
    let button = |id: &str, label: &str| Button {
        id: id.into(),
        label: label.into(),
        style: ButtonStyle::Primary,
        context: format!("hello from {user_id}"),
        command: None,
    };
    Card {
        kind: "custom_probe".into(),
        title: "A card".into(),
        text: "With a *button*.".into(),
        fallback: "A card with a button.".into(),
        links: Vec::new(),
        buttons: vec![button("press", "Press"), button("ask", "Ask")],
        data: r#"{"pressed":false}"#.into(),
    }
}
