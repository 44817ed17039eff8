//! What the world sees of an effect: only what changes it, what reaches Zoom, and refusals and failures, each as short as people can still
//! read it. A scenario that asks for a trace gets more.

use super::stored::{self, Stored, Writer};
use super::trace::{self, condition, visible};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use zoom_chat::flow::{Effect, KvSet, Outcome};
use zoom_chat::model::{Card, Condition, Draft, HttpRequest, Method};

/// What was told so far, and how.
#[derive(Default)]
pub(super) struct Story {
    /// Names of effects that are told in full; `*`: all of them.
    traced: Vec<String>,
    /// Posts as they were told last, by id.
    posts: BTreeMap<String, Shown>,
    /// When the hook began.
    pub(super) now_ms: u64,
    /// For how long keys were stored, in seconds.
    lives: BTreeMap<String, Option<u32>>,
}

/// Answers that say nothing but that it is done: they stand behind the last effect.
const PLAIN: [&str; 2] = ["=> 200", "=> done"];
/// The answer of due work does so too.
const AGAIN: &str = "=> again in ";

/// What a post says, part by part.
type Shown = Vec<(String, String)>;

/// The part of a post that holds facts.
const DATA: &str = "data";

impl Story {
    /// `trace`, or `trace may is-member` for these effects alone.
    pub(super) fn trace(&mut self, effects: &str) {
        self.traced =
            effects.split(' ').map(|name| if name.is_empty() { "*" } else { name }.to_owned()).collect();
    }

    /// Whether everything is told, without names.
    pub(super) fn is_golden(&self) -> bool {
        self.traced == ["*"]
    }

    /// An effect, its outcome, and what lay under its key before.
    pub(super) fn tell(
        &mut self,
        effect: &Effect,
        outcome: &Outcome,
        before: Option<&[u8]>,
        settings: &str,
    ) -> Vec<String> {
        let (name, now_ms) = (trace::name(effect), self.now_ms);
        if self.is_golden() || self.traced.iter().any(|traced| traced == name) {
            return trace::exchange(effect, outcome);
        }
        let is_refused = matches!(outcome, Outcome::Answer(Ok(false)));
        let is_failed = trace::failure(outcome).is_some();
        let mut lines = match effect {
            Effect::KvSet(set) => vec![self.set(set, before, settings, is_failed)],
            Effect::KvDelete(key, holds) => {
                let is_natural =
                    matches!((holds, before), (Condition::Always, None) | (Condition::Equals(_), Some(_)));
                let holds = if is_natural { "" } else { unlikely(holds) };
                let nothing = if before.is_none() { " (nothing there)" } else { "" };
                vec![format!("{name} {}{holds}{nothing}", of_time(key, now_ms))]
            }
            Effect::Http(request) => vec![format!("{name} {}", http(request, now_ms))],
            Effect::StoreResponse(file) => vec![format!(
                "{name} in {} as {} up to {} bytes: {}",
                file.channel_id,
                file.name,
                file.max_bytes,
                http(&file.request, now_ms)
            )],
            Effect::CreatePost(draft) => self.drafted(name.to_owned(), draft, outcome),
            Effect::SendPrivate(user_id, draft, privacy) => {
                self.drafted(format!("{name} to {user_id} ({privacy:?})"), draft, outcome)
            }
            Effect::UpdatePrivate(user_id, id, draft) => {
                let head = format!("{name} {id} of {user_id}{}", trace::place(draft));
                self.updated(id, head, shown(&draft.message, draft.card.as_ref()), is_failed)
            }
            Effect::UpdatePost(id, patch) => {
                self.updated(id, format!("{name} {id}"), shown(&patch.message, Some(&patch.card)), is_failed)
            }
            Effect::About | Effect::Settings => Vec::new(),
            Effect::Wake
            | Effect::Pause(_)
            | Effect::Log(_)
            | Effect::OpenDialog(..)
            | Effect::DirectChannel(_) => {
                return trace::exchange(effect, outcome);
            }
            Effect::Findings(_)
            | Effect::KvGet(_)
            | Effect::KvList(_)
            | Effect::FindUser(_)
            | Effect::FindChannel(_)
            | Effect::IsMember(_)
            | Effect::May(..)
            | Effect::GetPost(_)
            | Effect::Preference(..)
            | Effect::RecentPosts(..) => {
                if is_refused || is_failed {
                    return trace::exchange(effect, outcome);
                }
                Vec::new()
            }
        };
        if let (Some(last), Some(result)) = (lines.last_mut(), told(outcome)) {
            last.push_str(&format!(" -> {result}"));
        }
        lines
    }

    fn set(&mut self, set: &KvSet, before: Option<&[u8]>, settings: &str, is_failed: bool) -> String {
        let key = &set.key;
        let now = Stored::read(key, &set.value, settings);
        let (what, is_natural) = match before {
            Some(bytes) => (
                now.since(&Stored::read(key, bytes, settings), self.now_ms),
                matches!(set.condition, Condition::Equals(_)),
            ),
            None => (now.whole(self.now_ms), set.condition == Condition::Absent),
        };
        let mut line = format!("kv-set {}", of_time(key, self.now_ms));
        let known = before.and_then(|_| self.lives.get(key));
        if known != Some(&set.expires_in_s) {
            write!(line, " for {}", life(set.expires_in_s)).unwrap();
        }
        if !is_natural {
            line.push_str(unlikely(&set.condition));
        }
        if !is_failed {
            self.lives.insert(key.clone(), set.expires_in_s);
        }
        write!(line, ": {}", visible(&what)).unwrap();
        line
    }

    fn drafted(&mut self, mut head: String, draft: &Draft, outcome: &Outcome) -> Vec<String> {
        head.push_str(&trace::place(draft));
        let shown = shown(&draft.message, draft.card.as_ref());
        let lines = written(head, &shown, self.now_ms);
        if let Outcome::Id(Ok(id)) = outcome {
            self.posts.insert(id.clone(), shown);
        }
        lines
    }

    /// Tells the parts of a post that are not as they were.
    fn updated(&mut self, id: &str, mut head: String, shown: Shown, is_failed: bool) -> Vec<String> {
        let lines = match self.posts.get(id) {
            None => written(head, &shown, self.now_ms),
            Some(before) if *before == shown => vec![format!("{head}: as it was")],
            Some(before) => {
                let mut parts: Shown = Vec::new();
                for (name, text) in &shown {
                    match before.iter().find(|(old, _)| old == name) {
                        Some((_, old)) if old == text => {}
                        Some((_, old)) if name == DATA => {
                            parts.push((name.clone(), data_since(old, text, self.now_ms)))
                        }
                        _ => parts.push((name.clone(), text.clone())),
                    }
                }
                if shown.len() == 1 && before.len() > 1 {
                    head.push_str(", whose card is gone");
                } else {
                    let is_gone = |name: &str| shown.iter().all(|(now, _)| now != name);
                    let gone = before.iter().filter(|(name, _)| is_gone(name));
                    parts.extend(gone.map(|(name, _)| (name.clone(), "gone".to_owned())));
                }
                written(head, &parts, self.now_ms)
            }
        };
        if !is_failed {
            self.posts.insert(id.to_owned(), shown);
        }
        lines
    }
}

/// A condition that is not what one would expect of a new key, or of one that is there.
fn unlikely(holds: &Condition) -> &'static str {
    match holds {
        Condition::Always => " whatever is there",
        Condition::Absent | Condition::Equals(_) => condition(holds),
    }
}

/// What is watched is named after its time, exact to ten minutes.
fn of_time(key: &str, now_ms: u64) -> String {
    let named = key.strip_prefix("watch_").and_then(|rest| rest.split_once('_'));
    let time = named.and_then(|(span, number)| Some((stored::span_of(span.parse().ok()?, now_ms)?, number)));
    time.map_or_else(|| key.to_owned(), |(time, number)| format!("watch_{time}_{number}"))
}

/// `20 s`, `1 h`, `30 d`, `ever`
fn life(seconds: Option<u32>) -> String {
    match seconds {
        None => "ever".to_owned(),
        Some(s) if s % 86_400 == 0 => format!("{} d", s / 86_400),
        Some(s) if s % 3_600 == 0 => format!("{} h", s / 3_600),
        Some(s) if s % 60 == 0 => format!("{} min", s / 60),
        Some(s) => format!("{s} s"),
    }
}

/// `GET https://… as Bearer access-1`. Headers are told where they are not those that such a request has.
fn http(request: &HttpRequest, now_ms: u64) -> String {
    let mut line = format!("{} {}", format!("{:?}", request.method).to_uppercase(), request.url);
    let usual = match (request.method, request.body.is_empty()) {
        (Method::Post | Method::Put, false) => {
            vec![("accept", "application/json"), ("content-type", "application/json")]
        }
        _ => vec![("accept", "application/json")],
    };
    let mut others = Vec::new();
    for (name, value) in &request.headers {
        match name.as_str() {
            "authorization" => write!(line, " as {}", trace::credentials(value, now_ms)).unwrap(),
            _ if usual.contains(&(name, value)) => {}
            _ => others.push(format!("{name}: {value}")),
        }
    }
    let has = |name: &str| request.headers.iter().any(|(have, _)| have == name);
    others.extend(usual.iter().filter(|(name, _)| !has(name)).map(|(name, _)| format!("no {name}")));
    if !others.is_empty() {
        write!(line, " ({})", others.join(", ")).unwrap();
    }
    if !request.body.is_empty() {
        write!(line, " {}", String::from_utf8_lossy(&request.body)).unwrap();
    }
    line
}

/// The parts of a post. Links stand behind the text, as clients show them.
fn shown(message: &str, card: Option<&Card>) -> Shown {
    let mut parts = vec![("message".to_owned(), message.to_owned())];
    let Some(card) = card else { return parts };
    let mut text = format!("{} | {}", card.title, card.text);
    for link in &card.links {
        write!(text, " | [{}]({})", link.label, link.url).unwrap();
    }
    parts.push((card.kind.clone(), text));
    parts.push(("fallback".to_owned(), card.fallback.clone()));
    parts.extend(card.buttons.iter().map(|button| {
        let (name, context) = trace::button(button);
        (name, context)
    }));
    parts.push((DATA.to_owned(), card.data.clone()));
    parts
}

/// What is said stands behind the head where it is all.
fn written(head: String, parts: &Shown, now_ms: u64) -> Vec<String> {
    if let [(name, text)] = parts.as_slice()
        && name == "message"
    {
        return vec![format!("{head}: {}", visible(text))];
    }
    if let [(name, facts)] = parts.as_slice()
        && name == DATA
    {
        return vec![format!("{head}: {name} {}", visible(facts))];
    }
    let told = |(name, text): &(String, String)| {
        let text = serde_json::from_str::<Value>(text)
            .ok()
            .filter(Value::is_object)
            .map_or_else(|| text.clone(), |value| Writer { now_ms, is_brief: false }.write(&value));
        format!("  {name}: {}", visible(&text))
    };
    std::iter::once(head).chain(parts.iter().map(told)).collect()
}

fn data_since(before: &str, now: &str, now_ms: u64) -> String {
    match (serde_json::from_str(before), serde_json::from_str(now)) {
        (Ok(before), Ok(now)) => Writer { now_ms, is_brief: false }.changes(&before, &now),
        _ => now.to_owned(),
    }
}

/// What came back, where it is not plain success. What Zoom answers the story says itself.
fn told(outcome: &Outcome) -> Option<String> {
    if let Outcome::Http(Ok(response)) = outcome {
        return (!(200..300).contains(&response.status)).then(|| response.status.to_string());
    }
    trace::result(outcome)
}

/// Lines that say the same one after another are told once, and so are reads that fail alike.
pub(super) fn together(lines: Vec<String>) -> Vec<String> {
    let mut told: Vec<(String, usize)> = Vec::new();
    for line in lines {
        let Some((last, times)) = told.last_mut() else {
            told.push((line, 1));
            continue;
        };
        if *last == line {
            *times += 1;
        } else if let (Some((name, what, result)), Some((other, more, same))) =
            (failed_read(last), failed_read(&line))
            && (name, result) == (other, same)
        {
            *last = format!("{name} {what}, {more} -> {result}");
        } else {
            told.push((line, 1));
        }
    }
    let times = |(line, times)| if times == 1 { line } else { format!("{line} ({times} times)") };
    told.into_iter().map(times).collect()
}

/// Puts a plain answer behind the last effect.
pub(super) fn close(mut lines: Vec<String>) -> Vec<String> {
    if let [.., last, answer] = lines.as_mut_slice()
        && (PLAIN.contains(&answer.as_str()) || answer.starts_with(AGAIN))
    {
        last.push_str(&format!(" {answer}"));
        lines.pop();
    }
    lines
}

/// `get-post post-1 -> NotFound`, in its parts.
fn failed_read(line: &str) -> Option<(&str, &str, &str)> {
    let (read, result) = line.rsplit_once(" -> ")?;
    let (name, what) = read.split_once(' ')?;
    matches!(name, "get-post" | "find-user" | "find-channel" | "is-member").then_some((name, what, result))
}
