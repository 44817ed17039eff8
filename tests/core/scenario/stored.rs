//! Stored values as people read them, and what has changed in one.

use serde_json::Value;
use std::fmt::Write as _;
use zoom_chat::settings::Settings;
use zoom_chat::store::seal::Sealer;
use zoom_chat::time::parse_ms;

/// A stored value, opened if it is sealed.
pub(super) struct Stored {
    is_sealed: bool,
    content: Content,
}

enum Content {
    Json(Value),
    Text(String),
    Bytes(usize),
}

/// Numbers from here on are taken for milliseconds since the Unix epoch.
const FIRST_MS: &str = "2020-01-01T00:00:00Z";
/// How long a list of meetings to look at is added to.
const SPAN_MS: u64 = 600_000;
const LAST_MS: &str = "2040-01-01T00:00:00Z";

impl Stored {
    /// Reads what lies under a key, with these settings.
    pub(super) fn read(key: &str, bytes: &[u8], settings: &str) -> Self {
        let opened =
            Settings::parse(settings).ok().and_then(|settings| Sealer::of(&settings).open(key, bytes));
        let plain = opened.as_deref().unwrap_or(bytes);
        let content = match (serde_json::from_slice(plain), std::str::from_utf8(plain)) {
            (Ok(value), _) => Content::Json(value),
            (_, Ok(text)) => Content::Text(text.to_owned()),
            _ => Content::Bytes(plain.len()),
        };
        Self { is_sealed: opened.is_some(), content }
    }

    /// All of it.
    pub(super) fn whole(&self, now_ms: u64) -> String {
        let writer = Writer { now_ms, is_brief: true };
        let text = match &self.content {
            Content::Json(value) => writer.write(value),
            Content::Text(text) => turn(text, now_ms).unwrap_or_else(|| text.clone()),
            Content::Bytes(count) => format!("{count} bytes"),
        };
        if self.is_sealed { format!("sealed {text}") } else { text }
    }

    /// What differs from the value that lay there before, or all of it where that says less.
    pub(super) fn since(&self, before: &Self, now_ms: u64) -> String {
        let whole = self.whole(now_ms);
        let differences = match (&before.content, &self.content) {
            (Content::Json(before), Content::Json(now)) if before == now => "as it was".to_owned(),
            (Content::Json(before), Content::Json(now)) => {
                Writer { now_ms, is_brief: true }.changes(before, now)
            }
            _ => return whole,
        };
        match (before.is_sealed, self.is_sealed) {
            (true, true) if differences.len() < whole.len() => format!("sealed {differences}"),
            (false, false) if differences.len() < whole.len() => differences,
            _ => whole,
        }
    }
}

/// A turn in a channel: when it began, and a random number that is another one each time.
fn turn(text: &str, now_ms: u64) -> Option<String> {
    let (began_ms, random) = text.split_once('-')?;
    let is_random = random.len() == 16 && random.bytes().all(|b| b.is_ascii_hexdigit());
    let began = time(began_ms.parse().ok()?, now_ms).filter(|_| is_random)?;
    Some(format!("a turn since {began}"))
}

/// Writes JSON without the signs that people need not read, and milliseconds as times.
#[derive(Clone, Copy)]
pub(super) struct Writer {
    /// The hook's own time.
    pub(super) now_ms: u64,
    /// Members that hold nothing are left out.
    pub(super) is_brief: bool,
}

impl Writer {
    pub(super) fn write(self, value: &Value) -> String {
        match value {
            Value::Object(members) => {
                let members = members.iter().filter(|(_, value)| !self.is_brief || !is_empty(value));
                let members: Vec<_> =
                    members.map(|(name, value)| format!("{name}: {}", self.member(name, value))).collect();
                format!("{{{}}}", members.join(", "))
            }
            Value::Array(items) => {
                format!("[{}]", items.iter().map(|item| self.write(item)).collect::<Vec<_>>().join(", "))
            }
            Value::Number(number) => {
                number.as_u64().and_then(|ms| time(ms, self.now_ms)).unwrap_or_else(|| number.to_string())
            }
            Value::Null | Value::Bool(_) | Value::String(_) => value.to_string(),
        }
    }

    /// The value of a member. What counts spans of time is a time, too.
    fn member(self, name: &str, value: &Value) -> String {
        let span = value.as_u64().filter(|_| name.ends_with("_span"));
        span.and_then(|span| span_of(span, self.now_ms)).unwrap_or_else(|| self.write(value))
    }

    /// `cards[0].post_id: "post-1", -waiting`
    pub(super) fn changes(self, before: &Value, now: &Value) -> String {
        let mut found = Vec::new();
        self.compare("", before, now, &mut found);
        found.join(", ")
    }

    fn compare(self, path: &str, before: &Value, now: &Value, found: &mut Vec<String>) {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match (before, now) {
            _ if before == now => {}
            (Value::Object(old), Value::Object(new)) => {
                for (name, value) in new {
                    match old.get(name) {
                        Some(old) => self.compare(&below(name), old, value, found),
                        None => found.push(format!("{}: {}", below(name), self.member(name, value))),
                    }
                }
                let gone = old.keys().filter(|name| !new.contains_key(*name));
                found.extend(gone.map(|name| format!("-{}", below(name))));
            }
            (Value::Array(old), Value::Array(new)) => {
                for (index, value) in new.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    match old.get(index) {
                        Some(old) => self.compare(&path, old, value, found),
                        None => found.push(format!("{path}: {}", self.write(value))),
                    }
                }
                found.extend((new.len()..old.len()).map(|index| format!("-{path}[{index}]")));
            }
            _ if !path.is_empty() => found.push(format!("{path}: {}", self.member(path, now))),
            _ => found.push(self.write(now)),
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// When a span of ten minutes begins. That of the hook is `now`.
pub(super) fn span_of(span: u64, now_ms: u64) -> Option<String> {
    let begin_ms = if span == now_ms / SPAN_MS { now_ms } else { span * SPAN_MS };
    time(begin_ms, now_ms)
}

/// A number of milliseconds as a time; that of the hook is `now`.
pub(super) fn time(ms: u64, now_ms: u64) -> Option<String> {
    if ms == now_ms {
        return Some("now".to_owned());
    }
    let (first, last) = (parse_ms(FIRST_MS)?, parse_ms(LAST_MS)?);
    if !(first..last).contains(&ms) {
        return None;
    }
    let time = time::OffsetDateTime::from_unix_timestamp(i64::try_from(ms / 1000).ok()?).ok()?;
    let (hour, minute, second) = time.to_hms();
    let mut text = format!(
        "{}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}",
        time.year(),
        u8::from(time.month()),
        time.day()
    );
    if !ms.is_multiple_of(1000) {
        write!(text, ".{:03}", ms % 1000).ok()?;
    }
    Some(text + "Z")
}
