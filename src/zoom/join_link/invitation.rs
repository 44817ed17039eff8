//! A whole invitation, as Zoom's "Copy invitation" gives it, in whatever language, its lines kept or joined.

use super::{JoinLink, number};
use crate::zoom::{MeetingNumber, hosts};

/// Zoom's passcodes are no longer.
const MAX_PASSCODE_BYTES: usize = 10;
/// Words between the meeting's number and its passcode: `Passcode:`, `Code secret :`, `Código de acceso:`.
const MAX_LABEL_WORDS: usize = 3;
/// What Zoom's invitations write before the topic.
const TOPIC_LABELS: [&str; 12] = [
    "Topic",
    "Thema",
    "Sujet",
    "Tema",
    "Tópico",
    "Argomento",
    "Onderwerp",
    "Тема",
    "トピック",
    "主题",
    "主題",
    "주제",
];

/// Whether a text says the meeting's number, as an invitation does below its link.
pub(super) fn names(text: &str, number: Option<MeetingNumber>) -> bool {
    number.is_some_and(|number| after_number(&words(text), number).is_some())
}

/// What an invitation says of the link's meeting: the passcode, where the link does not carry it, and the topic.
pub(super) fn read(link: JoinLink, text: &str) -> (JoinLink, &str) {
    let in_link = hosts::carries_passcode(&link.url);
    let passcode = link.number.filter(|_| !in_link).and_then(|number| passcode(text, number));
    (JoinLink { passcode, ..link }, topic(text))
}

/// The links in a text, whatever stands around them.
pub(super) fn links(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| c.is_whitespace() || !c.is_ascii() || "<>()[]\"'`".contains(c);
    text.match_indices("://").map(move |(at, _)| {
        let scheme = text[..at].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        let end = text[at..].find(is_end).map_or(text.len(), |length| at + length);
        text[at - scheme..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_'])
    })
}

/// The word behind the label that follows the meeting's number.
fn passcode(text: &str, number: MeetingNumber) -> Option<String> {
    let words = words(text);
    let after = after_number(&words, number)?;
    let label = after.iter().take(MAX_LABEL_WORDS).position(|word| word.ends_with(':'))?;
    let passcode = after.get(label + 1)?;
    let fits = passcode.len() <= MAX_PASSCODE_BYTES && passcode.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| passcode.clone())
}

/// Words, with the colons that some languages write close to the word behind them as those of others.
fn words(text: &str) -> Vec<String> {
    text.replace('：', ": ").split_whitespace().map(str::to_owned).collect()
}

/// What follows the meeting's number, written in one word or in up to three.
fn after_number(words: &[String], wanted: MeetingNumber) -> Option<&[String]> {
    (0..words.len()).find_map(|from| {
        (from + 1..=words.len().min(from + 3))
            .find(|to| number(&words[from..*to].concat()) == Some(wanted))
            .map(|to| &words[to..])
    })
}

/// What stands in the line of the topic. Empty where there is no such line.
fn topic(text: &str) -> &str {
    let mut labelled = text.lines().filter_map(|line| line.split_once([':', '：']));
    let found = labelled.find(|(label, _)| TOPIC_LABELS.contains(&label.trim()));
    found.map_or("", |(_, topic)| topic.trim())
}
