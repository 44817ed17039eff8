//! What people see of a meeting. The only place that builds cards.
//!
//! Post type and props are the official plugin's, so that mobile apps, older clients and other plugins go on reading them.

use crate::meeting::{DEFAULT_TOPIC, Life, Meeting};
use crate::model::{Card, Link, Patch, User};
use crate::say::i18n::Localizer;
use crate::say::text::time::{length, utc};
use crate::say::text::{escape_markdown, link_target, spaced};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The post type.
pub const KIND: &str = "custom_zoom";
/// `meeting_provider`, by which other meeting plugins know whose meeting it is.
const PROVIDER: &str = "Zoom";

/// The facts of a card: the post's props.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Data {
    /// Names the card, for `/join/`.
    pub card_id: String,
    /// The meeting's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<u64>,
    /// The instance, as soon as Zoom has named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_uuid: Option<String>,
    /// Where people join.
    pub meeting_link: String,
    /// What Zoom asks for, where the link does not carry it and the meeting runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_passcode: Option<String>,
    /// `STARTED` or `ENDED`.
    pub meeting_status: String,
    /// A personal meeting.
    pub meeting_personal: bool,
    /// What it is about.
    pub meeting_topic: String,
    /// Who started it.
    pub meeting_creator_username: String,
    /// `Zoom`.
    pub meeting_provider: String,
    /// When it began, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_start_time: Option<u64>,
    /// When it was over, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_end_time: Option<u64>,
}

/// Who posted the meeting, as the card names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creator {
    /// The user's id.
    pub id: String,
    /// The user's name in mentions.
    pub username: String,
}

impl Creator {
    /// Of a meeting that was started elsewhere: the bot posts it.
    pub fn unknown() -> Self {
        Self { id: String::new(), username: String::new() }
    }

    /// Whether nobody here started it.
    pub fn is_unknown(&self) -> bool {
        self.id.is_empty()
    }
}

impl From<&User> for Creator {
    fn from(user: &User) -> Self {
        Self { id: user.id.clone(), username: user.username.clone() }
    }
}

/// The text and card of the post with this card's id, for a meeting in this state.
pub fn render(
    card_id: &str,
    meeting: &Meeting,
    uuid: Option<&str>,
    creator: &Creator,
    life: Life,
    l10n: &Localizer,
) -> Patch {
    let data = data(card_id, meeting, uuid, creator, life);
    let facts = match life {
        Life::Waiting | Life::Started { .. } => running(meeting, creator, l10n),
        Life::Ended { .. } | Life::Closed { .. } => ended(meeting, life, l10n),
    };
    let data = serde_json::to_string(&data).unwrap_or_else(|_| "{}".to_owned());
    let by = (!creator.is_unknown()).then(|| l10n.card_started_by(&format!("<@{}>", creator.id)));
    let text = by.into_iter().chain(facts.lines).collect::<Vec<_>>().join("\n");
    let card = Card {
        kind: KIND.to_owned(),
        title: meeting.topic.clone(),
        text,
        fallback: facts.fallback,
        links: facts.links,
        buttons: Vec::new(),
        data,
    };
    Patch { message: facts.message, card }
}

/// Whether a post shows a meeting as [`render`] would: the same instance in the same state, with its times and the link to it. Other facts are
/// not worth a new write.
pub fn shows(post_data: &str, rendered: &Patch) -> bool {
    let read = |json: &str| crate::json::read::<Value>(json.as_bytes()).unwrap_or_default();
    let (shown, wanted) = (read(post_data), read(&rendered.card.data));
    // A server may have made a fraction of a whole number.
    let same = |a: &Value, b: &Value| a == b || (a.is_number() && a.as_f64() == b.as_f64());
    FACTS.iter().all(|fact| same(&shown[fact], &wanted[fact]))
}

/// Those by which a post is judged.
const FACTS: [&str; 5] =
    ["meeting_status", "meeting_uuid", "meeting_start_time", "meeting_end_time", "meeting_link"];

struct Facts {
    message: String,
    fallback: String,
    lines: Vec<String>,
    links: Vec<Link>,
}

fn running(meeting: &Meeting, creator: &Creator, l10n: &Localizer) -> Facts {
    let url = meeting.join_url.as_str();
    let mut lines = Vec::new();
    if let Some(number) = meeting.number {
        let number = spaced(number);
        lines.push(match meeting.personal {
            true => l10n.card_personal_meeting_id(&number),
            false => l10n.card_meeting_id(&number),
        });
    }
    if let Some(passcode) = &meeting.passcode {
        lines.push(l10n.card_passcode(&escape_markdown(passcode)));
    }
    let topic = topic(meeting);
    let started = match (creator.is_unknown(), topic) {
        (true, None) => l10n.card_started_elsewhere(),
        (true, Some(topic)) => l10n.card_started_elsewhere_topic(&bold(topic)),
        (false, None) => l10n.card_started(),
        (false, Some(topic)) => l10n.card_started_topic(&bold(topic)),
    };
    Facts {
        message: format!("{started}\n[{}]({})", l10n.card_join_link(), link_target(url)),
        fallback: match topic {
            None => l10n.card_fallback(url),
            Some(topic) => l10n.card_fallback_topic(url, topic),
        },
        lines,
        links: vec![Link { label: l10n.card_join(), url: url.to_owned() }],
    }
}

fn ended(meeting: &Meeting, life: Life, l10n: &Localizer) -> Facts {
    let mut lines = Vec::new();
    if let Some(number) = meeting.number {
        lines.push(l10n.card_meeting_id(&spaced(number)));
    }
    let started = started_ms(life).map(|ms| utc(ms, l10n));
    lines.extend(started.as_ref().map(|started| l10n.card_start_time(started)));
    let lasted = life.length_ms().map(|ms| length(ms, l10n));
    lines.extend(lasted.as_ref().map(|lasted| l10n.card_length(lasted)));
    let since = started.map(|started| l10n.card_ended_since(&started));
    let how_long = match life {
        Life::Closed { unjoined: false, .. } => Some(l10n.card_length_unknown()),
        Life::Closed { .. } | Life::Ended { .. } | Life::Waiting | Life::Started { .. } => {
            lasted.map(|lasted| l10n.card_ended_lasted(&lasted))
        }
    };
    let times: String = since.into_iter().chain(how_long).map(|sentence| format!(" {sentence}")).collect();
    let unjoined = matches!(life, Life::Closed { unjoined: true, .. });
    let topic = topic(meeting);
    let sentence = |shown: &dyn Fn(&str) -> String| {
        let what = match (unjoined, topic.map(shown)) {
            (false, None) => l10n.card_ended(),
            (false, Some(topic)) => l10n.card_ended_topic(&topic),
            (true, None) => l10n.card_unjoined(),
            (true, Some(topic)) => l10n.card_unjoined_topic(&topic),
        };
        what + &times
    };
    Facts {
        message: sentence(&bold),
        fallback: sentence(&|topic| l10n.card_quoted(topic)),
        lines,
        links: Vec::new(),
    }
}

fn data(card_id: &str, meeting: &Meeting, uuid: Option<&str>, creator: &Creator, life: Life) -> Data {
    let (status, end) = match life {
        Life::Waiting | Life::Started { .. } => ("STARTED", None),
        Life::Ended { ended, .. } => ("ENDED", Some(ended.ms)),
        Life::Closed { .. } => ("ENDED", None),
    };
    Data {
        card_id: card_id.to_owned(),
        meeting_id: meeting.number,
        meeting_uuid: uuid.map(str::to_owned).or_else(|| meeting.expected_uuid.clone()),
        meeting_link: meeting.join_url.to_string(),
        meeting_passcode: meeting.passcode.clone().filter(|_| status == "STARTED"),
        meeting_status: status.to_owned(),
        meeting_personal: meeting.personal,
        meeting_topic: meeting.topic.clone(),
        meeting_creator_username: creator.username.clone(),
        meeting_provider: PROVIDER.to_owned(),
        meeting_start_time: started_ms(life),
        meeting_end_time: end,
    }
}

/// The topic, where somebody gave one.
fn topic(meeting: &Meeting) -> Option<&str> {
    Some(meeting.topic.as_str()).filter(|topic| *topic != DEFAULT_TOPIC)
}

fn bold(topic: &str) -> String {
    format!("**{}**", escape_markdown(topic))
}

fn started_ms(life: Life) -> Option<u64> {
    match life {
        Life::Waiting => None,
        Life::Started { started } => Some(started.ms),
        Life::Ended { started, .. } | Life::Closed { started, .. } => started.map(|time| time.ms),
    }
}
