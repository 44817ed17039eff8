//! Cards as Mattermost shows them: props for clients that draw the card themselves, and an attachment for all others.

use chat_plugin_engine::api::posts::{Button, ButtonStyle, Card};
use serde_json::{Map, Value};

use crate::markdown::{self, Names};
use crate::model::{
    ATTACHMENTS, MessageAttachment, PostAction, PostActionIntegration, Props, attachments, props_from_json,
};

/// Post types of plugins begin with this.
const CUSTOM: &str = "custom_";

/// The prop by which clients know the kind of a post whose type the server has replaced, as it does for what one user alone sees.
pub(crate) const KIND: &str = "type";

/// A card's part of a post.
pub(crate) struct Rendered {
    /// The post's type.
    pub(crate) post_type: String,
    /// The card's facts, each a prop of its own, and the attachment, if there is anything to read or press in it.
    pub(crate) props: Props,
}

/// Draws a card; `locale` is its readers' language. `integration` gives what a press of a button is answered by.
///
/// Fails with the reason when the card's data is no JSON object.
pub(crate) fn render(
    card: &Card,
    names: &Names,
    locale: &str,
    integration: impl Fn(&Button) -> PostActionIntegration,
) -> Result<Rendered, String> {
    let data: Map<String, Value> = match card.data.trim() {
        "" => Map::new(),
        data => serde_json::from_str(data)
            .map_err(|error| format!("the card's data is no JSON object: {error}"))?,
    };
    let mut props = props_from_json(&data);
    // The host's own, whatever the data says.
    for name in [ATTACHMENTS, KIND] {
        props.remove(name);
    }
    let attachment = MessageAttachment {
        title: markdown::escape(&card.title),
        text: text(card, names, locale),
        fallback: card.fallback.clone(),
        actions: card.buttons.iter().map(|button| Some(action(button, integration(button)))).collect(),
    };
    // Clients would draw an empty box, for example below a file that the message says all about.
    if !attachment.title.is_empty() || !attachment.text.is_empty() || !attachment.actions.is_empty() {
        props.insert(ATTACHMENTS.into(), attachments(vec![attachment]));
    }
    Ok(Rendered { post_type: post_type(&card.kind), props })
}

/// The post's type for a kind of card: a plugin may give posts no type but its own.
pub(crate) fn post_type(kind: &str) -> String {
    if kind.is_empty() || kind.starts_with(CUSTOM) { kind.into() } else { format!("{CUSTOM}{kind}") }
}

/// The kind of card that a post of this type holds; empty for ordinary posts and the server's own.
pub(crate) fn kind(post_type: &str) -> &str {
    if post_type.starts_with(CUSTOM) { post_type } else { "" }
}

/// The text with the links below it.
fn text(card: &Card, names: &Names, locale: &str) -> String {
    let text = markdown::render(&card.text, names, locale);
    let links: Vec<_> = card.links.iter().map(|link| markdown::link(&link.label, &link.url)).collect();
    let parts = [text, links.join(" · ")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn action(button: &Button, integration: PostActionIntegration) -> PostAction {
    let style = match button.style {
        ButtonStyle::Default => "default",
        ButtonStyle::Primary => "primary",
        ButtonStyle::Danger => "danger",
    };
    PostAction {
        id: button.id.clone(),
        r#type: "button".into(),
        name: button.label.clone(),
        style: style.into(),
        integration: Some(integration),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Any, json_from_props, text as text_value};
    use chat_plugin_engine::api::posts::Link;
    use serde_json::json;

    fn card() -> Card {
        Card {
            kind: "custom_zoom".into(),
            title: "Sprint *review*".into(),
            text: "Meeting ID: 987 6543 2109\nStarted by <@u1>".into(),
            fallback: "Sprint *review*: https://zoom.us/j/98765432109".into(),
            links: vec![Link { label: "Join".into(), url: "https://zoom.us/j/98765432109?pwd=a".into() }],
            buttons: vec![],
            data: json!({"meeting_id": 98_765_432_109_i64, "meeting_status": "STARTED", "meeting_personal": false}).to_string(),
        }
    }

    fn integration(button: &Button) -> PostActionIntegration {
        let context = Props::from([("context".into(), text_value(&button.context))]);
        PostActionIntegration { url: "/plugins/zoom/action".into(), context }
    }

    fn attachment(value: &Any) -> MessageAttachment {
        let value = value.as_ref().unwrap();
        assert_eq!(value.name, "[]*model.SlackAttachment");
        let mut list: Vec<Option<MessageAttachment>> = value.downcast().unwrap();
        assert_eq!(list.len(), 1);
        list.remove(0).unwrap()
    }

    #[test]
    fn a_card_becomes_props_of_its_facts_and_one_complete_attachment() {
        let names = Names::from([(markdown::Mention::User("u1".into()), "@alice".into())]);
        let mut rendered = render(&card(), &names, "en", integration).unwrap();
        assert_eq!(rendered.post_type, "custom_zoom");
        let attachment = attachment(&rendered.props.remove("attachments").unwrap());
        assert_eq!(attachment.title, "Sprint \\*review\\*");
        assert_eq!(
            attachment.text,
            "Meeting ID: 987 6543 2109\nStarted by @alice\n\n[Join](https://zoom.us/j/98765432109?pwd=a)"
        );
        assert_eq!(attachment.fallback, "Sprint *review*: https://zoom.us/j/98765432109");
        assert_eq!(
            Value::Object(json_from_props(&rendered.props)),
            json!({"meeting_id": 98_765_432_109_i64, "meeting_status": "STARTED", "meeting_personal": false})
        );
        let id = rendered.props["meeting_id"].as_ref().unwrap();
        assert_eq!(id.name, "int64");
    }

    #[test]
    fn buttons_become_actions_in_their_order() {
        let button = |id: &str, style| Button {
            id: id.into(),
            label: id.to_uppercase(),
            style,
            context: format!("{id}-context"),
            command: None,
        };
        let buttons = vec![button("yes", ButtonStyle::Primary), button("no", ButtonStyle::Danger)];
        let rendered = render(&Card { buttons, ..card() }, &Names::new(), "en", integration).unwrap();
        let actions: Vec<_> = attachment(&rendered.props["attachments"])
            .actions
            .into_iter()
            .flatten()
            .map(|action| {
                let integration = action.integration.unwrap();
                let context = Value::Object(json_from_props(&integration.context));
                (action.id, action.r#type, action.name, action.style, integration.url, context)
            })
            .collect();
        let action = |id: &str, name: &str, style: &str| {
            let context = json!({"context": format!("{id}-context")});
            (id.into(), "button".into(), name.into(), style.into(), "/plugins/zoom/action".into(), context)
        };
        assert_eq!(actions, [action("yes", "YES", "primary"), action("no", "NO", "danger")]);
    }

    #[test]
    fn data_cannot_pass_for_what_is_the_hosts_and_must_be_an_object() {
        let data = json!({"attachments": [{"title": "forged"}], "type": "custom_other"}).to_string();
        let rendered = render(&Card { data, ..card() }, &Names::new(), "en", integration).unwrap();
        assert!(!rendered.props.contains_key("type"));
        assert_eq!(attachment(&rendered.props["attachments"]).title, "Sprint \\*review\\*");
        for data in ["[]", "7", "{", "null"] {
            assert!(
                render(&Card { data: data.into(), ..card() }, &Names::new(), "en", integration).is_err(),
                "{data}"
            );
        }
    }

    #[test]
    fn a_card_of_nothing_but_facts_has_no_attachment() {
        let data = json!({"captions": [{"file_id": "f1"}], "attachments": [{"title": "forged"}]}).to_string();
        let bare = Card {
            kind: "custom_zoom_transcript".into(),
            title: String::new(),
            text: String::new(),
            fallback: "A transcript".into(),
            links: vec![],
            buttons: vec![],
            data,
        };
        let rendered = render(&bare, &Names::new(), "en", integration).unwrap();
        assert_eq!(rendered.post_type, "custom_zoom_transcript");
        let expected = json!({"captions": [{"file_id": "f1"}]});
        assert_eq!(Value::Object(json_from_props(&rendered.props)), expected);
    }

    #[test]
    fn post_types_are_the_plugins_own() {
        for (kind_given, expected) in [("custom_zoom", "custom_zoom"), ("poll", "custom_poll"), ("", "")] {
            assert_eq!(post_type(kind_given), expected);
        }
        for (post_type, expected) in [("custom_zoom", "custom_zoom"), ("system_join_channel", ""), ("", "")] {
            assert_eq!(kind(post_type), expected);
        }
    }
}
