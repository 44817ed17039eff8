//! One line for what happened, for people.

use crate::hook::Answer;
use crate::world::HookInfo;
use zoom_chat::flow::{Effect, Outcome};

const LONGEST: usize = 170;

/// `None`: not worth a line.
pub(crate) fn line(hook: &HookInfo, effect: &Effect, outcome: &Outcome) -> Option<String> {
    let asked = match effect {
        Effect::About | Effect::Settings | Effect::Findings(_) | Effect::Wake => return None,
        Effect::Log(line) => format!("log {:?}: {} {:?}", line.level, line.message, line.fields),
        Effect::Http(request) => format!("{:?} {} {}", request.method, request.url, text(&request.body)),
        Effect::KvGet(key) => format!("get {key}"),
        Effect::KvList(list) => format!("list {}", list.prefix),
        Effect::KvSet(set) => {
            format!(
                "set {} = {} for {:?} if {}",
                set.key,
                text(&set.value),
                set.expires_in_s,
                condition(&set.condition)
            )
        }
        Effect::KvDelete(key, only) => format!("delete {key} if {}", condition(only)),
        Effect::CreatePost(draft) => {
            format!(
                "post in {} below {:?}: {}",
                draft.channel_id,
                draft.root_id,
                draft.message.replace('\n', " ")
            )
        }
        Effect::UpdatePost(id, patch) => format!("update {id}: {}", patch.card.data),
        other => format!("{other:?}"),
    };
    let answered = match outcome {
        Outcome::Value(Ok(Some(value))) => text(value),
        Outcome::Http(Ok(response)) => format!("{} {}", response.status, text(&response.body)),
        Outcome::Done => String::new(),
        other => format!("{other:?}"),
    };
    Some(format!("node{} {} {} -> {}", hook.node, hook.name(), cut(asked), cut(answered)))
}

fn condition(condition: &zoom_chat::model::Condition) -> &'static str {
    match condition {
        zoom_chat::model::Condition::Always => "always",
        zoom_chat::model::Condition::Absent => "absent",
        zoom_chat::model::Condition::Equals(_) => "unchanged",
    }
}

pub(crate) fn answer(answer: &Answer) -> String {
    cut(match answer {
        Answer::Http(response) => format!("{} {:?}", response.status, response.headers.first()),
        other => format!("{other:?}"),
    })
}

fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("({} sealed bytes)", bytes.len()),
    }
}

fn cut(text: String) -> String {
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(std::iter::once('…')).collect()
}
