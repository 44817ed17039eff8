//! Names for what is random or a digest, so that people can follow it: `card-1`, `link-1`, `command-1`, counted as they are first seen.

use ct_codecs::{Base64UrlSafeNoPadding, Encoder as _};
use std::collections::{BTreeMap, BTreeSet};

/// The names of one scenario.
#[derive(Default)]
pub(super) struct Names {
    names: BTreeMap<String, String>,
    counts: BTreeMap<String, usize>,
    /// What the story itself wrote out stays as it is.
    written: BTreeSet<String>,
    /// Posts are counted as they are seen, too: a stage is the same wherever it stands.
    are_posts_counted: bool,
}

/// What stories may write by its name. Other names could be those of posts and files, too.
const WRITTEN: [&str; 2] = ["card-", "question-"];
/// Digests and what else is written in hexadecimal has one of these lengths.
const HEX: [usize; 3] = [16, 32, 64];
/// 256 bits as base64url.
const TOKEN: usize = 43;

impl Names {
    /// A line that came out, with names. A line that the story wrote goes through [`Self::write`].
    pub(super) fn put_in(&mut self, line: &str) -> String {
        let mut named = String::new();
        for (before, word) in words(line) {
            named.push_str(before);
            let name = self.name_of(word, &named);
            named.push_str(&name);
        }
        named
    }

    /// A line of the story, with what its names stand for.
    pub(super) fn take_out(&self, line: &str) -> String {
        let meant = |word: &str| {
            let is_written = WRITTEN.iter().any(|kind| word.starts_with(kind));
            let found = self.names.iter().find(|(_, name)| is_written && *name == word);
            found.map(|(meant, _)| meant.clone())
        };
        words(line)
            .map(|(before, word)| format!("{before}{}", meant(word).unwrap_or_else(|| word.to_owned())))
            .collect()
    }

    /// A line of the story, with names for what has one.
    pub(super) fn put_known_in(&self, line: &str) -> String {
        let known = |word: &str| {
            let name = self.names.get(word)?;
            WRITTEN.iter().any(|kind| name.starts_with(kind)).then(|| name.clone())
        };
        words(line)
            .map(|(before, word)| format!("{before}{}", known(word).unwrap_or_else(|| word.to_owned())))
            .collect()
    }

    /// Notes what a line of the story writes out.
    pub(super) fn write(&mut self, line: &str) {
        self.written.extend(words(line).map(|(_, word)| word.to_owned()).filter(|word| word.len() >= HEX[0]));
    }

    /// Names of a stage, whatever there was before it.
    pub(super) fn of_a_stage() -> Self {
        Self { are_posts_counted: true, ..Self::default() }
    }

    /// `before` ends with what the word is called there.
    fn name_of(&mut self, word: &str, before: &str) -> String {
        let post = word
            .split_once('-')
            .filter(|(kind, _)| self.are_posts_counted && matches!(*kind, "post" | "private"));
        if let Some((kind, _)) = post.filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit())) {
            return match self.names.get(word) {
                Some(name) => name.clone(),
                None => {
                    let name = self.count(kind);
                    self.keep(word, name)
                }
            };
        }
        if word.len() < HEX[0] || self.written.contains(word) {
            return word.to_owned();
        }
        if let Some(name) = self.names.get(word) {
            return name.clone();
        }
        if word.len() == TOKEN && !is_hex(word) && word.bytes().any(|b| b.is_ascii_uppercase()) {
            let name = match label(before) {
                "code_verifier" => self.verifier(word),
                "code_challenge" => "challenge-of-nothing".to_owned(),
                label => self.count(label),
            };
            return self.keep(word, name);
        }
        let at = word.len() - HEX.into_iter().rev().find(|n| is_hex_from(word, *n)).unwrap_or(0);
        let (prefix, digits) = word.split_at(at);
        if digits.is_empty() || self.written.contains(digits) {
            return word.to_owned();
        }
        match prefix.chars().next_back() {
            // A card is named after its meeting.
            Some('-') if digits.len() == HEX[0] => {
                let (prefix, number) = prefix[..at - 1].rsplit_once('_').unwrap_or(("", &prefix[..at - 1]));
                let id = format!("{number}-{digits}");
                let name = self.names.get(&id).cloned().unwrap_or_else(|| self.count("card"));
                let name = self.keep(&id, name);
                if prefix.is_empty() { name } else { format!("{prefix}_{name}") }
            }
            Some('_') => {
                let prefix = &prefix[..at - 1];
                match self.names.get(digits) {
                    Some(name) if name.starts_with(&format!("{prefix}_")) => name.clone(),
                    Some(name) => format!("{prefix}_{name}"),
                    None => {
                        let name = self.count(prefix).replace('-', "_");
                        self.keep(digits, name)
                    }
                }
            }
            None => {
                // `once as …`: a key.
                let name = self.count(if before.ends_with(" as ") { "key" } else { label(before) });
                self.keep(digits, name)
            }
            Some(_) => word.to_owned(),
        }
    }

    /// The challenge that a verifier belongs to has its number, whoever shows it.
    fn verifier(&mut self, verifier: &str) -> String {
        let hash = hmac_sha256::Hash::hash(verifier.as_bytes());
        let name = self.count("verifier");
        let challenge = Base64UrlSafeNoPadding::encode_to_string(hash).unwrap();
        self.keep(&challenge, name.replace("verifier", "challenge"));
        name
    }

    fn count(&mut self, kind: &str) -> String {
        let count = self.counts.entry(kind.to_owned()).or_default();
        *count += 1;
        format!("{kind}-{count}")
    }

    fn keep(&mut self, meant: &str, name: String) -> String {
        self.names.insert(meant.to_owned(), name.clone());
        name
    }
}

/// The words of a line, each with what stands before it. The last one may be empty.
fn words(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let begin = rest.find(is_part).unwrap_or(rest.len());
        let end = rest[begin..].find(|c| !is_part(c)).map_or(rest.len(), |length| begin + length);
        let (before, word) = (&rest[..begin], &rest[begin..end]);
        rest = &rest[end..];
        Some((before, word))
    })
}

/// What a value is called: the word before the signs it stands behind.
fn label(before: &str) -> &str {
    let before = before.trim_end_matches([' ', ':', '=', '"']);
    let begin = before.rfind(|c: char| !c.is_ascii_alphabetic() && c != '_').map_or(0, |at| at + 1);
    if before.is_char_boundary(begin) && begin < before.len() { &before[begin..] } else { "value" }
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether the last `length` characters are hexadecimal and nothing else goes before them in the same number.
fn is_hex_from(word: &str, length: usize) -> bool {
    word.len().checked_sub(length).is_some_and(|at| {
        is_hex(&word[at..])
            && word[at..].bytes().any(|b| b.is_ascii_lowercase())
            && (at == 0 || matches!(word.as_bytes()[at - 1], b'-' | b'_'))
    })
}
