//! Sentences about where meetings may be started.

use super::escape_markdown;
use crate::model::{Channel, HostError};
use crate::say::i18n::Localizer;
use crate::store::ChannelRule;

/// Hosts look up no more names than this for one text.
const MAX_MENTIONS: usize = 50;

/// An answer of the dialog. `free`: what the server's settings say of this channel.
pub fn choice(rule: ChannelRule, free: bool, l10n: &Localizer) -> String {
    match (rule, free) {
        (ChannelRule::Allow, _) => l10n.channel_yes(),
        (ChannelRule::Restrict, _) => l10n.channel_no(),
        (ChannelRule::Default, true) => l10n.channel_default_yes(),
        (ChannelRule::Default, false) => l10n.channel_default_no(),
    }
}

/// What holds now.
pub fn now(rule: ChannelRule, l10n: &Localizer) -> String {
    match rule {
        ChannelRule::Allow => l10n.channel_now_allow(),
        ChannelRule::Restrict => l10n.channel_now_restrict(),
        ChannelRule::Default => l10n.channel_now_default(),
    }
}

/// A word that is no rule.
pub fn unknown(rule: ChannelRule, l10n: &Localizer) -> String {
    format!("{} {} {}", l10n.channel_unknown(), l10n.channel_how(), now(rule, l10n))
}

/// The server shows no dialog.
pub fn no_dialog(rule: ChannelRule, l10n: &Localizer) -> String {
    format!("{} {} {}", l10n.channel_no_dialog(), l10n.channel_how(), now(rule, l10n))
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
pub fn list(restricted: bool, mut entries: Vec<Entry>, l10n: &Localizer) -> String {
    entries.sort_by_cached_key(|entry| {
        let name = entry.channel.as_ref().map(|channel| channel.display_name.to_lowercase());
        (name.is_err(), name.unwrap_or_default(), entry.id.clone())
    });
    let default = if restricted { l10n.channel_list_restricted() } else { l10n.channel_list_free() };
    let mut lines = vec![l10n.channel_list_title(), default];
    lines.extend(entries.iter().enumerate().map(|(at, entry)| line(entry, at < MAX_MENTIONS, l10n)));
    if entries.is_empty() {
        lines.push(l10n.channel_list_empty());
    }
    lines.join("\n")
}

fn line(entry: &Entry, mention: bool, l10n: &Localizer) -> String {
    let id = || escape_markdown(&entry.id);
    let name = match &entry.channel {
        Ok(channel) => {
            let name =
                if mention { format!("<#{}>", channel.id) } else { escape_markdown(&channel.display_name) };
            if channel.archived { l10n.channel_archived(&name) } else { name }
        }
        Err(HostError::NotFound) => l10n.channel_deleted(&id()),
        Err(_) => l10n.channel_not_found(&id()),
    };
    match entry.rule {
        ChannelRule::Allow => l10n.channel_line_allowed(&name),
        ChannelRule::Restrict | ChannelRule::Default => l10n.channel_line_restricted(&name),
    }
}
