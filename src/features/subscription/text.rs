//! Sentences about channels that follow meetings.

use crate::meeting::record::Subscription;
use crate::say::i18n::Localizer;
use crate::say::text::{escape_markdown, spaced};
use crate::zoom::MeetingNumber;

/// The channel follows the meeting from now on.
pub fn added(number: MeetingNumber, topic: &str, l10n: &Localizer) -> String {
    l10n.subscription_added(&named(number, topic, l10n))
}

/// A line of the list.
pub fn line(number: MeetingNumber, subscription: &Subscription, stopped: bool, l10n: &Localizer) -> String {
    let channel = format!("<#{}>", subscription.channel_id);
    let who = format!("<@{}>", subscription.created_by);
    let line = l10n.subscription_line(&channel, &named(number, &subscription.topic, l10n), &who);
    if stopped { l10n.subscription_line_stopped(&line) } else { line }
}

/// A followed meeting gets no cards any more: its author may not post here.
pub fn stopped(number: MeetingNumber, topic: &str, author: &str, l10n: &Localizer) -> String {
    let who = format!("<@{author}>");
    l10n.subscription_stopped(&named(number, topic, l10n), &spaced(number), &who)
}

/// The list.
pub fn list(lines: &[String], l10n: &Localizer) -> String {
    match lines {
        [] => l10n.subscription_list_empty(),
        lines => format!("{}\n{}", l10n.subscription_list_title(), lines.join("\n")),
    }
}

fn named(number: MeetingNumber, topic: &str, l10n: &Localizer) -> String {
    if topic.is_empty() {
        spaced(number)
    } else {
        l10n.subscription_named(&spaced(number), &format!("**{}**", escape_markdown(topic)))
    }
}
