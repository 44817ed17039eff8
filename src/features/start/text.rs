//! Sentences of the questions before a meeting starts, and of their answers.

use super::RecentMeeting;
use super::question::{ANOTHER, PERSONAL, UNIQUE};
use crate::meeting::DEFAULT_TOPIC;
use crate::say::i18n::Localizer;
use crate::say::text::escape_markdown;
use url::Url;

/// Who started what, and how long ago.
pub fn recent(meeting: &RecentMeeting, l10n: &Localizer) -> String {
    let bold = |text: &str| format!("**{}**", escape_markdown(text));
    let who = meeting.creator.as_deref().map_or_else(|| l10n.question_somebody(), bold);
    let (provider, seconds) = (escape_markdown(&meeting.provider), meeting.seconds_ago);
    match meeting.topic.as_str() {
        "" | DEFAULT_TOPIC => l10n.question_recent(&provider, seconds, &who),
        topic => l10n.question_recent_topic(&provider, seconds, &bold(topic), &who),
    }
}

/// The name of whoever started it.
pub fn creator(meeting: &RecentMeeting, l10n: &Localizer) -> String {
    meeting.creator.clone().unwrap_or_else(|| l10n.question_somebody())
}

/// What stands where the question stood.
pub fn answered(button_id: &str, l10n: &Localizer) -> String {
    match button_id {
        PERSONAL => l10n.question_chose_personal(),
        UNIQUE => l10n.question_chose_new(),
        ANOTHER => l10n.question_chose_go_on(),
        _ => l10n.question_answered_already(),
    }
}

/// Zoom gives the user no personal meeting.
pub fn no_personal_meeting(zoom_url: &Url, l10n: &Localizer) -> String {
    let base = zoom_url.as_str().trim_end_matches('/');
    l10n.question_no_personal_meeting(&format!("{base}/profile/setting"))
}
