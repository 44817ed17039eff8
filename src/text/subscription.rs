//! Sentences about channels that follow meetings.

use crate::card::spaced;
use crate::store::Subscription;
use crate::text::escape_markdown;
use crate::zoom::MeetingNumber;

/// How the command is used.
pub fn usage(prefix: &str) -> String {
    format!(
        "Type `{prefix}zoom subscription add 123 4567 8901` to post a card here each time that meeting starts, \
         `{prefix}zoom subscription remove 123 4567 8901` to end that, or `{prefix}zoom subscription list`."
    )
}

/// The channel follows the meeting from now on.
pub fn added(number: MeetingNumber, topic: &str) -> String {
    format!(
        "This channel now follows the Zoom meeting {}: a card is posted each time it starts.",
        named(number, topic)
    )
}

/// It did before.
pub fn followed_already(number: MeetingNumber) -> String {
    format!("This channel follows the Zoom meeting {} already.", spaced(number))
}

/// It does not any more.
pub fn removed(number: MeetingNumber) -> String {
    format!("This channel no longer follows the Zoom meeting {}.", spaced(number))
}

/// It never did.
pub fn not_followed(number: MeetingNumber) -> String {
    format!("This channel does not follow the Zoom meeting {}, so nothing was changed.", spaced(number))
}

/// A line of the list.
pub fn line(number: MeetingNumber, subscription: &Subscription) -> String {
    format!(
        "- {} in <#{}>, added by <@{}>",
        named(number, &subscription.topic),
        subscription.channel_id,
        subscription.created_by
    )
}

/// The list.
pub fn list(lines: &[String]) -> String {
    match lines {
        [] => "This channel follows no Zoom meeting, and you have added none elsewhere.".to_owned(),
        lines => format!("**Zoom meetings that are followed**\n{}", lines.join("\n")),
    }
}

fn named(number: MeetingNumber, topic: &str) -> String {
    if topic.is_empty() {
        spaced(number)
    } else {
        format!("**{}** ({})", escape_markdown(topic), spaced(number))
    }
}
