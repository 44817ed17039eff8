//! The contract's Markdown as Mattermost understands it.

use std::collections::BTreeMap;

use crate::sentences::say;

/// Someone or something that a text names by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mention {
    /// `<@id>`
    User(String),
    /// `<#id>`
    Channel(String),
}

impl Mention {
    /// The mention as texts have it.
    pub(crate) fn markup(&self) -> String {
        match self {
            Self::User(id) => format!("<@{id}>"),
            Self::Channel(id) => format!("<#{id}>"),
        }
    }
}

/// Names of mentions, with Mattermost's sigil.
pub(crate) type Names = BTreeMap<Mention, String>;

/// What stands between `@` and a word that is not meant as a mention: a space without width. An escape would not do, because
/// the server looks for mentions in the text without its escapes.
const NO_MENTION: char = '\u{200b}';

/// The mentions of a text.
pub(crate) fn mentions(text: &str) -> impl Iterator<Item = Mention> {
    Pieces { text, from: 0 }.filter_map(|piece| match piece {
        Piece::Mention(mention) => Some(mention),
        Piece::Plain(_) | Piece::At => None,
    })
}

/// The text with its mentions by name; who has none is "someone" in the language of this locale. Any other `@word` mentions nobody: it comes from a meeting's topic, say, and may
/// not call a whole channel.
pub(crate) fn render(text: &str, names: &Names, locale: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in (Pieces { text, from: 0 }) {
        match piece {
            Piece::Plain(text) => out.push_str(text),
            Piece::At => out.extend(['@', NO_MENTION]),
            Piece::Mention(mention) => match names.get(&mention) {
                Some(name) => out.push_str(name),
                None => out.push_str(&say(
                    locale,
                    match mention {
                        Mention::User(_) => "zoom.host.someone",
                        Mention::Channel(_) => "zoom.host.channel",
                    },
                    &[],
                )),
            },
        }
    }
    out
}

/// Plain text for a place that takes Markdown, on one line.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(' '),
            // Within a word it stands for itself.
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => out.push('_'),
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '|' => out.extend(['\\', c]),
            '(' if before == ']' => out.push_str("\\("),
            // These mean something at the beginning only.
            '#' | '+' | '-' if out.is_empty() => out.extend(['\\', c]),
            '.' | ')' if !out.is_empty() && out.bytes().all(|b| b.is_ascii_digit()) => out.extend(['\\', c]),
            '@' if !before.is_alphanumeric() && after.is_alphanumeric() => out.extend(['@', NO_MENTION]),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// A link. The label is plain text.
pub(crate) fn link(label: &str, url: &str) -> String {
    let url: String = url
        .chars()
        .filter_map(|c| match c {
            '(' => Some("%28".to_owned()),
            ')' => Some("%29".to_owned()),
            '<' => Some("%3C".to_owned()),
            '>' => Some("%3E".to_owned()),
            c if c.is_whitespace() || c.is_control() => None,
            c => Some(c.to_string()),
        })
        .collect();
    format!("[{}]({url})", escape(label))
}

enum Piece<'a> {
    Plain(&'a str),
    Mention(Mention),
    /// An `@` that Mattermost would take for the beginning of a mention.
    At,
}

/// Cuts a text at its mentions. Code, addresses and escapes stay whole.
struct Pieces<'a> {
    text: &'a str,
    from: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.from == self.text.len() {
            return None;
        }
        let mut at = self.from;
        while at < self.text.len() {
            let special = self.special(at);
            match special {
                Special::Whole(length) => at += length,
                Special::At | Special::Mention(..) if at > self.from => break,
                Special::At => {
                    self.from = at + 1;
                    return Some(Piece::At);
                }
                Special::Mention(mention, length) => {
                    self.from = at + length;
                    return Some(Piece::Mention(mention));
                }
            }
        }
        let plain = &self.text[self.from..at];
        self.from = at;
        Some(Piece::Plain(plain))
    }
}

enum Special {
    /// So many bytes that stay as they are.
    Whole(usize),
    Mention(Mention, usize),
    At,
}

impl Pieces<'_> {
    fn special(&self, at: usize) -> Special {
        let rest = &self.text[at..];
        let before = self.text[..at].chars().next_back().unwrap_or(' ');
        let first = rest.chars().next().unwrap_or(' ');
        match first {
            '`' => Special::Whole(code_length(rest)),
            '\\' if !rest[1..].starts_with('@') => {
                Special::Whole(1 + rest[1..].chars().next().map_or(0, char::len_utf8))
            }
            '<' => match mention(rest) {
                Some((mention, length)) => Special::Mention(mention, length),
                None => Special::Whole(1),
            },
            ']' if rest[1..].starts_with('(') => Special::Whole(target_length(rest)),
            'h' if !before.is_alphanumeric()
                && (rest.starts_with("http://") || rest.starts_with("https://")) =>
            {
                Special::Whole(
                    rest.find(|c: char| c.is_whitespace() || c == '<' || c == '>').unwrap_or(rest.len()),
                )
            }
            '@' if !before.is_alphanumeric() && rest[1..].starts_with(char::is_alphanumeric) => Special::At,
            c => Special::Whole(c.len_utf8()),
        }
    }
}

/// The length of a code span or block that begins here, else of its backticks alone.
fn code_length(rest: &str) -> usize {
    let ticks = run(rest);
    let mut at = ticks;
    while let Some(next) = rest[at..].find('`') {
        at += next;
        let closing = run(&rest[at..]);
        at += closing;
        if closing == ticks {
            return at;
        }
    }
    ticks
}

fn run(rest: &str) -> usize {
    rest.bytes().take_while(|byte| *byte == b'`').count()
}

/// The length of `](target)`, else of the bracket alone.
fn target_length(rest: &str) -> usize {
    let mut depth = 0;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1,
            ')' => depth -= 1,
            '\n' => break,
            _ => {}
        }
    }
    1
}

fn mention(rest: &str) -> Option<(Mention, usize)> {
    let end = rest.find('>')?;
    let id = rest.get(2..end)?;
    let is_id = (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let mention = match (is_id, rest.as_bytes()[1]) {
        (true, b'@') => Mention::User(id.to_owned()),
        (true, b'#') => Mention::Channel(id.to_owned()),
        _ => return None,
    };
    Some((mention, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::from([
            (Mention::User("u1".into()), "@alice".into()),
            (Mention::Channel("c1".into()), "~town-square".into()),
        ])
    }

    #[test]
    fn mentions_get_names_and_nothing_else_mentions_anybody() {
        let cases = [
            ("<@u1> started it in <#c1>.", "@alice started it in ~town-square."),
            ("<@u9> and <#c9>", "someone and a channel"),
            ("<@> <@a b> <x> a<b", "<@> <@\u{200b}a b> <x> a<b"),
            ("@all, @channel: (@here)", "@\u{200b}all, @\u{200b}channel: (@\u{200b}here)"),
            ("\\@all", "\\@\u{200b}all"),
            ("a@example.com @ 5", "a@example.com @ 5"),
            ("`@all <@u1>` ```\n@here\n```", "`@all <@u1>` ```\n@here\n```"),
            ("one ` @all", "one ` @\u{200b}all"),
            (
                "[Join](https://zoom.us/j/1?pwd=@x(y)) @all",
                "[Join](https://zoom.us/j/1?pwd=@x(y)) @\u{200b}all",
            ),
            ("https://zoom.us/@me @all", "https://zoom.us/@me @\u{200b}all"),
            ("<https://zoom.us/@me>", "<https://zoom.us/@me>"),
            ("naïve 😀 <@u1>é", "naïve 😀 @aliceé"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(render(text, &names(), "en"), expected, "{text}");
        }
    }

    #[test]
    fn f40_whoever_has_no_name_is_someone_in_the_readers_language() {
        assert_eq!(render("<@u9>, <#c9>", &names(), "ja"), "誰か, あるチャンネル");
        assert_eq!(render("<@u9>, <#c9>", &names(), "tlh"), "someone, a channel");
    }

    #[test]
    fn each_mention_is_found() {
        let found: Vec<_> = mentions("<@u1> `<@code>` <#c1> <@u1>").collect();
        let user = || Mention::User("u1".into());
        assert_eq!(found, [user(), Mention::Channel("c1".into()), user()]);
    }

    #[test]
    fn plain_text_shows_as_it_is() {
        let cases = [
            ("Sprint *review* [x](y)", "Sprint \\*review\\* \\[x\\]\\(y)"),
            ("snake_case_name _it_", "snake_case_name \\_it\\_"),
            ("# one", "\\# one"),
            ("1. one", "1\\. one"),
            ("v1.2 - two + three #4", "v1.2 - two + three #4"),
            ("two\r\nlines", "two  lines"),
            ("@all hands", "@\u{200b}all hands"),
            (":tada: 5 > 3 | a\\b", ":tada: 5 \\> 3 \\| a\\\\b"),
        ];
        for (text, expected) in cases {
            assert_eq!(escape(text), expected, "{text}");
        }
    }

    #[test]
    fn links_cannot_be_broken_out_of() {
        assert_eq!(
            link("Join ](x)", "https://zoom.us/j/1?a=(b) c\n"),
            "[Join \\]\\(x)](https://zoom.us/j/1?a=%28b%29c)"
        );
    }
}
