//! The slash command as the server offers and completes it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chat_plugin_engine::api::hooks::{Argument, Registration, Subcommand};

use crate::manifest::{ICON_SVG, MANIFEST};
use crate::model::{AutocompleteArg, AutocompleteData, Command, text_argument};

/// The command that a plugin brings, with all that can follow it.
pub(crate) fn command(registration: &Registration) -> Command {
    let mut tree = node(&registration.trigger, &registration.description, false);
    tree.hint.clone_from(&registration.hint);
    for subcommand in &registration.subcommands {
        add(&mut tree, subcommand);
    }
    Command {
        trigger: registration.trigger.to_lowercase(),
        auto_complete: true,
        auto_complete_desc: registration.description.clone(),
        auto_complete_hint: registration.hint.clone(),
        display_name: MANIFEST.name.clone(),
        description: registration.description.clone(),
        autocomplete_data: Some(tree),
        autocomplete_icon_data: format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(ICON_SVG)),
    }
}

/// What follows the trigger, as typed.
pub(crate) fn arguments(typed: &str) -> &str {
    let typed = typed.trim_start();
    typed.find(char::is_whitespace).map_or("", |end| typed[end..].trim_start())
}

/// Walks down the words of the path, and makes the ones that are missing.
fn add(tree: &mut AutocompleteData, subcommand: &Subcommand) {
    let mut here = tree;
    for word in subcommand.path.split_whitespace() {
        let word = word.to_lowercase();
        let known = here
            .sub_commands
            .iter()
            .position(|child| child.as_ref().is_some_and(|child| child.trigger == word));
        let at = known.unwrap_or_else(|| {
            here.sub_commands.push(Some(node(&word, "", subcommand.admin_only)));
            here.sub_commands.len() - 1
        });
        // The server takes either arguments or further words.
        here.arguments.clear();
        here = here.sub_commands[at].get_or_insert_default();
        if !subcommand.admin_only {
            here.role_id = role(false);
        }
    }
    here.help_text.clone_from(&subcommand.help);
    here.hint =
        subcommand.arguments.iter().map(|argument| argument.hint.as_str()).collect::<Vec<_>>().join(" ");
    if here.sub_commands.is_empty() {
        here.arguments = subcommand.arguments.iter().map(|argument| Some(self::argument(argument))).collect();
    }
}

fn node(word: &str, help: &str, admin_only: bool) -> AutocompleteData {
    AutocompleteData {
        trigger: word.to_lowercase(),
        help_text: help.into(),
        role_id: role(admin_only),
        ..AutocompleteData::default()
    }
}

/// Who is offered it.
fn role(admin_only: bool) -> String {
    if admin_only { "system_admin" } else { "system_user" }.into()
}

fn argument(argument: &Argument) -> AutocompleteArg {
    AutocompleteArg {
        // With a name it would have to be typed as an option.
        name: String::new(),
        help_text: argument.help.clone(),
        r#type: "TextInput".into(),
        // The server refuses a command whose arguments may be left out. It asks for none of them all the same: this is
        // for completion only.
        required: true,
        data: text_argument(&argument.hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subcommand(path: &str, arguments: Vec<Argument>, admin_only: bool) -> Subcommand {
        Subcommand { path: path.into(), help: format!("Help of {path}"), arguments, admin_only }
    }

    fn argument(hint: &str, required: bool) -> Argument {
        Argument { name: "id".into(), hint: hint.into(), help: "Which one".into(), required }
    }

    fn tree(subcommands: Vec<Subcommand>) -> AutocompleteData {
        let registration = Registration {
            trigger: "zoom".into(),
            description: "Meetings".into(),
            hint: "[command]".into(),
            subcommands,
            bot_username: "zoom".into(),
            bot_display_name: "Zoom".into(),
            bot_description: String::new(),
            events: vec![],
        };
        command(&registration).autocomplete_data.unwrap()
    }

    /// One line a node: its words, role, hint, help and number of arguments.
    fn lines(node: &AutocompleteData, before: &str) -> Vec<String> {
        let path = format!("{before}{}", node.trigger);
        let (role, hint, help) = (&node.role_id, &node.hint, &node.help_text);
        let mut lines = vec![format!("{path} | {role} | {hint} | {help} | {}", node.arguments.len())];
        for child in node.sub_commands.iter().flatten() {
            lines.extend(self::lines(child, &format!("{path} ")));
        }
        lines
    }

    #[test]
    fn paths_become_a_tree_with_roles_hints_and_arguments() {
        let tree = tree(vec![
            subcommand("start", vec![argument("[topic]", false)], false),
            subcommand(
                "subscription add",
                vec![argument("[meeting id]", true), argument("[topic]", false)],
                false,
            ),
            subcommand("subscription list", vec![], true),
            subcommand("channel-settings", vec![], true),
            subcommand("channel-settings list", vec![], true),
        ]);
        assert_eq!(
            lines(&tree, ""),
            [
                "zoom | system_user | [command] | Meetings | 0",
                "zoom start | system_user | [topic] | Help of start | 1",
                "zoom subscription | system_user |  |  | 0",
                "zoom subscription add | system_user | [meeting id] [topic] | Help of subscription add | 2",
                "zoom subscription list | system_admin |  | Help of subscription list | 0",
                "zoom channel-settings | system_admin |  | Help of channel-settings | 0",
                "zoom channel-settings list | system_admin |  | Help of channel-settings list | 0",
            ]
        );
    }

    #[test]
    fn what_follows_the_trigger_is_left_as_typed() {
        let cases = [
            ("/zoom start Sprint  review ", "start Sprint  review "),
            ("/zoom", ""),
            ("/zoom  ", ""),
            ("/zoom\nhelp", "help"),
            ("", ""),
            ("/zoom start *é* 😀", "start *é* 😀"),
        ];
        for (typed, expected) in cases {
            assert_eq!(arguments(typed), expected, "{typed:?}");
        }
    }
}
