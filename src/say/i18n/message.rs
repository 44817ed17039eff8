//! Fills in a message that `build.rs` has parsed.
//!
//! It is text with three marks between, each followed by the place of an argument: 1 puts the argument there. 2 chooses by a number:
//! the count of branches, then for each the letter of its plural form (or the number itself), its length and what it holds. 3 chooses
//! by a text: the same, with the length of a key and the key in place of the letter. Counts and lengths are single bytes of ASCII, a
//! branch's length two of them with seven bits each.

use super::Localizer;
use super::plural::{OTHER, category};

/// What a caller gives.
pub(super) enum Value<'a> {
    /// Text, as it is.
    Text(&'a str),
    /// A number, which may choose a plural form.
    Number(u64),
}

const ARGUMENT: char = '\u{1}';
const PLURAL: char = '\u{2}';
const SELECT: char = '\u{3}';

/// Appends the message with its values.
pub(super) fn format(out: &mut String, message: &str, values: &[Value<'_>], localizer: &Localizer) {
    let mut rest = message;
    while let Some(at) = rest.find([ARGUMENT, PLURAL, SELECT]) {
        let (text, marked) = rest.split_at(at);
        out.push_str(text);
        let mut reader = Reader(marked);
        let mark = reader.char();
        let place = reader.char();
        if mark == ARGUMENT {
            argument(out, place, values, localizer);
        } else {
            let chosen = reader.branch(mark, values.get(place as usize), localizer);
            format(out, chosen, values, localizer);
        }
        rest = reader.0;
    }
    out.push_str(rest);
}

fn argument(out: &mut String, place: char, values: &[Value<'_>], localizer: &Localizer) {
    match place {
        'A' => out.push_str(&localizer.server.name),
        'B' => out.push_str(&localizer.server.command_prefix),
        _ => match values.get(place as usize) {
            Some(Value::Text(text)) => out.push_str(text),
            Some(Value::Number(number)) => out.push_str(&number.to_string()),
            None => {}
        },
    }
}

/// Reads what follows a mark. What is not there is empty: `build.rs` writes it all.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn char(&mut self) -> char {
        let mut chars = self.0.chars();
        let first = chars.next().unwrap_or_default();
        self.0 = chars.as_str();
        first
    }

    fn text(&mut self, bytes: usize) -> &'a str {
        let (text, rest) = self.0.split_at_checked(bytes).unwrap_or_default();
        self.0 = rest;
        text
    }

    /// Reads all branches, and chooses: the number itself before its plural form, and what is for all others last.
    fn branch(&mut self, mark: char, value: Option<&Value<'_>>, localizer: &Localizer) -> &'a str {
        let (mut exact, mut fitting, mut other) = (None, None, "");
        for _ in 0..self.char() as usize {
            let key = if mark == SELECT { self.char() as usize } else { 1 };
            let key = self.text(key);
            let length = self.char() as usize * 128 + self.char() as usize;
            let body = self.text(length);
            match value {
                Some(Value::Number(number)) => {
                    let is = |letter: char| key.chars().eq([letter]);
                    if char::from_digit(u32::try_from(*number).unwrap_or(u32::MAX).min(10), 10)
                        .is_some_and(is)
                    {
                        exact = Some(body);
                    } else if is(category(localizer.locale, *number)) {
                        fitting = Some(body);
                    }
                    if is(OTHER) {
                        other = body;
                    }
                }
                Some(Value::Text(text)) if key == *text => fitting = Some(body),
                Some(Value::Text(_)) if key == "other" => other = body,
                Some(Value::Text(_)) | None => {}
            }
        }
        exact.or(fitting).unwrap_or(other)
    }
}
