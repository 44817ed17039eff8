//! Sentences of the questions before a meeting starts, and of their answers.

use super::escape_markdown;
use crate::card::question::{ANOTHER, PERSONAL, UNIQUE};
use crate::meeting::DEFAULT_TOPIC;
use crate::model::Server;
use crate::start::RecentMeeting;
use crate::time::count;
use url::Url;

/// A question's button, after one of its buttons was pressed.
pub const ANSWERED_ALREADY: &str = "This question has been answered already.";

/// Who started what, and how long ago.
pub fn recent(meeting: &RecentMeeting) -> String {
    let bold = |text: &str| format!("**{}**", escape_markdown(text));
    let who = meeting.creator.as_deref().map_or_else(|| creator(meeting).to_owned(), bold);
    let topic = match meeting.topic.as_str() {
        "" | DEFAULT_TOPIC => String::new(),
        topic => format!(": {}", bold(topic)),
    };
    let ago = match meeting.seconds_ago {
        0 => "just now".to_owned(),
        seconds => format!("{} ago", count(seconds, "second")),
    };
    format!("{who} started a {} meeting here {ago}{topic}.", escape_markdown(&meeting.provider))
}

/// The name of whoever started it.
pub fn creator(meeting: &RecentMeeting) -> &str {
    meeting.creator.as_deref().unwrap_or("Somebody")
}

/// What else one can do than join.
pub fn or(share: bool) -> &'static str {
    if share { "post yours all the same" } else { "start a new meeting" }
}

/// The user has chosen to be asked.
pub fn which_meeting(server: &Server) -> String {
    format!(
        "Which ID shall the meeting have: your Personal Meeting ID or a new one? To be asked no more, type `{}zoom settings`.",
        server.command_prefix
    )
}

/// What stands where the question stood.
pub fn answered(button_id: &str) -> &'static str {
    match button_id {
        PERSONAL => "You chose your Personal Meeting ID.",
        UNIQUE => "You chose a new meeting ID.",
        ANOTHER => "You chose to go on all the same.",
        _ => ANSWERED_ALREADY,
    }
}

/// Zoom gives the user no personal meeting.
pub fn no_personal_meeting(zoom_url: &Url) -> String {
    let base = zoom_url.as_str().trim_end_matches('/');
    format!(
        "Zoom has no Personal Meeting for you, so your meeting has an ID of its own. To use your Personal Meeting ID, turn it on in your [Zoom settings]({base}/profile/setting)."
    )
}
