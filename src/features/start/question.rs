//! What the bot asks a user in private: a sentence, and buttons that answer it.

use super::press::Press;
use super::{RecentMeeting, text};
use crate::meeting::DEFAULT_TOPIC;
use crate::meeting::card::KIND;
use crate::meeting::topic;
use crate::meeting::wanted::{MeetingId, Wanted};
use crate::model::{Author, Button, Card, Draft, Link};
use crate::say::i18n::Localizer;
use crate::say::text::{escape_markdown, link_target, preference as preference_text};
use crate::store::Preference;
use serde_json::{Value, json};

/// The buttons' names within their cards.
pub const ANOTHER: &str = "another";
/// Answers which meeting: the personal one.
pub const PERSONAL: &str = "personal";
/// Answers which meeting: a new one.
pub const UNIQUE: &str = "unique";

/// Another meeting was started just now: join it, or start what is wanted all the same? Type and props are the official plugin's.
pub fn recent(meeting: &RecentMeeting, wanted: Wanted, question: String, l10n: &Localizer) -> Draft {
    let (channel_id, root_id) = (wanted.channel_id.clone(), wanted.root_id.clone());
    let share = matches!(wanted.id, Some(MeetingId::Given(_)));
    let label = if share { l10n.question_share_all_the_same() } else { l10n.question_start_new() };
    let sentence = text::recent(meeting, l10n);
    let link = meeting.link.as_str();
    let buttons = vec![start_button(ANOTHER, label, &question, Wanted { force: true, ..wanted })];
    let mut data = json!({
        "meeting_link": link,
        "meeting_status": "RECENTLY_CREATED",
        "meeting_personal": false,
        "meeting_topic": meeting.topic,
        "meeting_creator_username": text::creator(meeting, l10n),
        "meeting_provider": meeting.provider,
        "recent_post_id": meeting.post_id,
        "share": share,
    });
    if let Some(card_id) = &meeting.card_id {
        data["card_id"] = json!(card_id);
    }
    let card = Card {
        kind: KIND.to_owned(),
        title: l10n.question_recent_title(),
        fallback: l10n.question_recent_fallback(link),
        links: vec![Link { label: l10n.card_join(), url: link.to_owned() }],
        data: asking(data, &question, &buttons),
        buttons,
        text: sentence.clone(),
    };
    let link = link_target(link);
    let join = if share { l10n.question_join_or_share(&link) } else { l10n.question_join_or_start(&link) };
    let message = format!("{sentence} {join}");
    private(channel_id, root_id, message, Some(card))
}

/// Which meeting shall it be?
pub fn which_meeting(wanted: &Wanted, question: &str, l10n: &Localizer) -> Draft {
    let button =
        |id, label, which| start_button(id, label, question, Wanted { id: Some(which), ..wanted.clone() });
    let buttons = vec![
        button(PERSONAL, l10n.question_use_personal(), MeetingId::Personal),
        button(UNIQUE, l10n.question_use_new(), MeetingId::Unique),
    ];
    let data = json!({ "meeting_status": "WHICH_MEETING_ID", "meeting_topic": topic(&wanted.topic) });
    let card = Card {
        kind: KIND.to_owned(),
        title: l10n.question_which_title(),
        text: shown_topic(&wanted.topic),
        fallback: l10n.question_which_title(),
        data: asking(data, question, &buttons),
        buttons,
        links: Vec::new(),
    };
    private(wanted.channel_id.clone(), wanted.root_id.clone(), l10n.question_which(), Some(card))
}

/// A question that was answered by the button with this name.
pub fn answered(wanted: &Wanted, button_id: &str, l10n: &Localizer) -> Draft {
    let message = text::answered(button_id, l10n);
    private(wanted.channel_id.clone(), wanted.root_id.clone(), message, None)
}

/// Shall the personal meeting be used? With what holds now.
pub fn preference(
    channel_id: String,
    root_id: Option<String>,
    now: Option<Preference>,
    l10n: &Localizer,
) -> Draft {
    let button = |preference: Preference| Button {
        id: preference.word().to_owned(),
        label: preference_text::label(preference, l10n),
        primary: false,
        context: Press::Preference { preference, root_id: root_id.clone() }.context(),
        command: Some(format!("zoom settings {}", preference.word())),
    };
    let card = Card {
        title: l10n.preference_title(),
        text: l10n.preference_explanation(),
        fallback: preference_text::now(now, l10n),
        buttons: Preference::ALL.map(button).to_vec(),
        ..plain()
    };
    let message = format!("{} {}", preference_text::now(now, l10n), l10n.preference_how());
    private(channel_id, root_id.clone(), message, Some(card))
}

/// A sentence of the bot's for one user.
pub fn private(channel_id: String, root_id: Option<String>, message: String, card: Option<Card>) -> Draft {
    Draft {
        channel_id,
        root_id,
        author: Author::Bot,
        message,
        card,
        file_ids: Vec::new(),
        idempotency_key: None,
    }
}

/// The facts of a question, with what clients that draw it themselves need for an answer: the same as its buttons. Servers give
/// what is shown to one user a type of their own, so that the kind stands here too.
fn asking(mut data: Value, question: &str, buttons: &[Button]) -> String {
    let answer = |button: &Button| {
        let context: Value = crate::json::read(button.context.as_bytes()).unwrap_or_default();
        json!({ "button": button.id, "wanted": context["start"]["wanted"] })
    };
    data["type"] = json!(KIND);
    data["question"] = json!(question);
    data["answers"] = buttons.iter().map(answer).collect();
    data.to_string()
}

/// A card of an ordinary post.
fn plain() -> Card {
    Card { data: "{}".to_owned(), ..Card::default() }
}

fn start_button(id: &str, label: String, question: &str, wanted: Wanted) -> Button {
    let command = command(&wanted);
    Button {
        id: id.to_owned(),
        label,
        primary: false,
        context: Press::Start { question: question.to_owned(), wanted }.context(),
        command: Some(command),
    }
}

/// What would have been typed.
fn command(wanted: &Wanted) -> String {
    let (word, id, rest) = match &wanted.id {
        Some(MeetingId::Given(typed)) => ("share", "", typed.clone()),
        Some(MeetingId::Personal) => ("start", "--personal", wanted.topic.clone()),
        Some(MeetingId::Unique) => ("start", "--unique", wanted.topic.clone()),
        None => ("start", "", wanted.topic.clone()),
    };
    let rest = if rest.trim().is_empty() { rest } else { topic(&rest) };
    let new = if wanted.force { "--new" } else { "" };
    let words = ["zoom", word, new, id, rest.trim()];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn shown_topic(typed: &str) -> String {
    match topic(typed) {
        topic if topic == DEFAULT_TOPIC => String::new(),
        topic => format!("**{}**", escape_markdown(&topic)),
    }
}
