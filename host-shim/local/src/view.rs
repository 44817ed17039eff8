//! What the page gets to see of posts and forms.

use crate::{model::Post, private::OpenForm};
use chat_plugin_engine::api::frontend::FieldKind;
use serde_json::{Value, json};

/// A post without what its buttons give back to the plugin: that is between the plugin and this program.
pub fn post(post: &Post) -> Value {
    let mut value = serde_json::to_value(post).expect("a post is JSON");
    let buttons = value.pointer_mut("/card/buttons").and_then(Value::as_array_mut);
    for button in buttons.into_iter().flatten() {
        if let Some(button) = button.as_object_mut() {
            button.remove("context");
        }
    }
    value
}

/// A form without its state, so that it cannot be changed.
pub fn form(form: &OpenForm) -> Value {
    let dialog = &form.dialog;
    let fields: Vec<Value> = dialog
        .fields
        .iter()
        .map(|field| {
            let (kind, choices) = match &field.kind {
                FieldKind::Text => ("text", None),
                FieldKind::Textarea => ("textarea", None),
                FieldKind::Number => ("number", None),
                FieldKind::Checkbox => ("checkbox", None),
                FieldKind::Radio(choices) => ("radio", Some(choices)),
                FieldKind::Select(choices) => ("select", Some(choices)),
            };
            let choices = choices.into_iter().flatten();
            let choices: Vec<Value> =
                choices.map(|choice| json!({ "label": choice.label, "value": choice.value })).collect();
            json!({
                "name": field.name,
                "label": field.label,
                "help": field.help,
                "kind": kind,
                "choices": choices,
                "value": field.value,
                "optional": field.optional,
            })
        })
        .collect();
    json!({
        "id": form.id,
        "title": dialog.title,
        "intro": dialog.intro,
        "submit_label": dialog.submit_label,
        "fields": fields,
    })
}
