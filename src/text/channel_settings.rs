//! Sentences about where meetings may be started.

use super::escape_markdown;
use crate::model::{Channel, HostError, Server};
use crate::store::ChannelRule;

/// Heading of the dialog.
pub const TITLE: &str = "Zoom meetings here";
/// The dialog's question.
pub const LABEL: &str = "May meetings be started in this channel?";
/// Below the dialog's answers.
pub const HELP: &str = "It holds for everybody, for starting, sharing and announcing meetings.";
/// The dialog was sent without an answer.
pub const CHOOSE: &str = "Choose one of the answers.";
/// The dialog was opened elsewhere.
pub const OTHER_CHANNEL: &str =
    "This form belongs to another channel, so nothing was changed. Open it again there.";

/// Hosts look up no more names than this for one text.
const MAX_MENTIONS: usize = 50;

/// An answer of the dialog. `free`: what the server's settings say of this channel.
pub fn choice(rule: ChannelRule, free: bool) -> &'static str {
    match (rule, free) {
        (ChannelRule::Allow, _) => "Yes",
        (ChannelRule::Restrict, _) => "No",
        (ChannelRule::Default, true) => "As the server's settings say (now: yes)",
        (ChannelRule::Default, false) => "As the server's settings say (now: no)",
    }
}

/// What holds now.
pub fn now(rule: ChannelRule) -> &'static str {
    match rule {
        ChannelRule::Allow => "Meetings may be started in this channel.",
        ChannelRule::Restrict => "No meetings may be started in this channel.",
        ChannelRule::Default => {
            "Whether meetings may be started in this channel is up to the server's settings."
        }
    }
}

/// A word that is no rule.
pub fn unknown(server: &Server, rule: ChannelRule) -> String {
    format!("That is no setting, so nothing was changed. {} {}", how(server), now(rule))
}

/// The server shows no dialog.
pub fn no_dialog(server: &Server, rule: ChannelRule) -> String {
    format!("The form could not be opened here. {} {}", how(server), now(rule))
}

/// A channel with a rule of its own, as far as the server knows the channel.
pub struct Entry {
    /// The channel's id.
    pub id: String,
    /// What holds there.
    pub rule: ChannelRule,
    /// The channel.
    pub channel: Result<Channel, HostError>,
}

/// All rules, by the channels' names.
pub fn list(restricted: bool, mut entries: Vec<Entry>) -> String {
    entries.sort_by_cached_key(|entry| {
        let name = entry.channel.as_ref().map(|channel| channel.display_name.to_lowercase());
        (name.is_err(), name.unwrap_or_default(), entry.id.clone())
    });
    let default = if restricted {
        "in private channels and direct messages, not in public channels"
    } else {
        "everywhere"
    };
    let mut lines =
        vec!["**Where meetings may be started**".to_owned(), format!("By the server's settings: {default}.")];
    lines.extend(entries.iter().enumerate().map(|(at, entry)| line(entry, at < MAX_MENTIONS)));
    if entries.is_empty() {
        lines.push("No channel has a setting of its own.".to_owned());
    }
    lines.join("\n")
}

fn line(entry: &Entry, mention: bool) -> String {
    let name = match &entry.channel {
        Ok(channel) if mention => format!("<#{}>", channel.id),
        Ok(channel) => escape_markdown(&channel.display_name),
        Err(HostError::NotFound) => format!("a channel that is deleted ({})", escape_markdown(&entry.id)),
        Err(_) => format!("a channel that cannot be looked up just now ({})", escape_markdown(&entry.id)),
    };
    let archived =
        if entry.channel.as_ref().is_ok_and(|channel| channel.archived) { " (archived)" } else { "" };
    let rule = if entry.rule == ChannelRule::Allow { "allowed" } else { "not allowed" };
    format!("- {name}{archived}: {rule}")
}

fn how(server: &Server) -> String {
    format!("Type `{}zoom channel-settings allow`, `restrict` or `default`.", server.command_prefix)
}
