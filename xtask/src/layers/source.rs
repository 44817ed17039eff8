//! What a Rust file imports: its `use` items and the paths `crate::…`, `self::…` and `super::…` in its code.

use std::collections::BTreeSet;

/// A path into the crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    /// Where it stands, from 1.
    pub(super) line: usize,
    /// From the crate's root, with what is imported at its end. Globs end with the module.
    pub(super) path: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// `::`
    Colons,
    Sign(char),
}

/// The module of a file below `src/`: `src/a/b.rs` and `src/a/b/mod.rs` are `a::b`, `src/lib.rs` is the root.
pub(super) fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// What the file of a module imports from its own crate, in the order of its lines. `modules` are all that have a file.
pub(super) fn imports(text: &str, module: &[String], modules: &BTreeSet<Vec<String>>) -> Vec<Import> {
    let mut reader = Reader {
        tokens: tokens(text),
        at: 0,
        module: module.to_vec(),
        inline: Vec::new(),
        depth: 0,
        modules,
        found: Vec::new(),
    };
    reader.file();
    reader.found
}

struct Reader<'a> {
    tokens: Vec<(usize, Token<'a>)>,
    at: usize,
    module: Vec<String>,
    /// Depths at which inline modules of this file began.
    inline: Vec<usize>,
    depth: usize,
    modules: &'a BTreeSet<Vec<String>>,
    found: Vec<Import>,
}

impl<'a> Reader<'a> {
    fn file(&mut self) {
        while let Some((_, token)) = self.tokens.get(self.at) {
            match *token {
                Token::Word("use") => {
                    self.at += 1;
                    self.skip_colons();
                    self.tree(&[]);
                    continue;
                }
                Token::Word("mod") => self.inline_module(),
                Token::Word("crate" | "self" | "super")
                    if self.is_colons(self.at + 1) && !self.is_after_colons() =>
                {
                    self.path();
                    continue;
                }
                Token::Sign('{') => self.depth += 1,
                Token::Sign('}') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.inline.last() == Some(&self.depth) {
                        self.inline.pop();
                        self.module.pop();
                    }
                }
                Token::Word(_) | Token::Colons | Token::Sign(_) => {}
            }
            self.at += 1;
        }
    }

    /// `mod name {`: what follows is a module of its own until its brace closes.
    fn inline_module(&mut self) {
        if let Some(name) = self.word(self.at + 1)
            && matches!(self.tokens.get(self.at + 2), Some((_, Token::Sign('{'))))
        {
            self.module.push(name.to_owned());
            self.inline.push(self.depth);
        }
    }

    /// One branch of a `use`, behind what stands before it.
    fn tree(&mut self, before: &[&'a str]) {
        let mut path = before.to_vec();
        let line = self.line();
        while let Some(word) = self.word(self.at) {
            path.push(word);
            self.at += 1;
            if !self.is_colons(self.at) {
                break;
            }
            self.at += 1;
        }
        match self.tokens.get(self.at) {
            Some((_, Token::Sign('{'))) => {
                self.at += 1;
                while let Some((_, token)) = self.tokens.get(self.at) {
                    match token {
                        Token::Sign('}') => break,
                        Token::Sign(',') => self.at += 1,
                        Token::Word(_) | Token::Colons | Token::Sign(_) => {
                            let before = self.at;
                            self.tree(&path);
                            // Never stay where nothing can be read.
                            self.at = self.at.max(before + 1);
                        }
                    }
                }
                self.at += 1;
            }
            Some((_, Token::Sign('*'))) => {
                self.at += 1;
                self.keep(line, &path);
            }
            _ => {
                self.keep(line, &path);
                if self.word(self.at) == Some("as") {
                    self.at += 2;
                }
            }
        }
    }

    /// A path in code, which begins with `crate`, `self` or `super`.
    fn path(&mut self) {
        let line = self.line();
        let mut path = Vec::new();
        while let Some(word) = self.word(self.at) {
            path.push(word);
            self.at += 1;
            if !self.is_colons(self.at) || self.word(self.at + 1).is_none() {
                break;
            }
            self.at += 1;
        }
        self.keep(line, &path);
    }

    fn keep(&mut self, line: usize, words: &[&str]) {
        let mut words = words.to_vec();
        // `a::{self}` is `a`.
        if words.len() > 1 && words.last() == Some(&"self") {
            words.pop();
        }
        let Some((first, rest)) = words.split_first() else { return };
        let mut path = match *first {
            "crate" => Vec::new(),
            "self" | "super" => self.module.clone(),
            // A module of this one, or another crate.
            name => {
                let mut child = self.module.clone();
                child.push(name.to_owned());
                if !self.modules.contains(&child) {
                    return;
                }
                child
            }
        };
        if *first == "super" {
            path.pop();
        }
        for word in rest {
            if *word == "super" {
                path.pop();
            } else {
                path.push((*word).to_owned());
            }
        }
        self.found.push(Import { line, path });
    }

    fn word(&self, at: usize) -> Option<&'a str> {
        match self.tokens.get(at) {
            Some((_, Token::Word(word))) => Some(word),
            _ => None,
        }
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |(line, _)| *line)
    }

    fn is_colons(&self, at: usize) -> bool {
        matches!(self.tokens.get(at), Some((_, Token::Colons)))
    }

    fn is_after_colons(&self) -> bool {
        self.at > 0 && self.is_colons(self.at - 1)
    }

    fn skip_colons(&mut self) {
        if self.is_colons(self.at) {
            self.at += 1;
        }
    }
}

/// Words and signs with their lines, without comments, texts, letters and lifetimes.
fn tokens(text: &str) -> Vec<(usize, Token<'_>)> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let begin = at;
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => at += count(&bytes[at..], |byte| byte != b'\n'),
            b'/' if bytes.get(at + 1) == Some(&b'*') => at = after_comment(bytes, at),
            b'"' => at = after_text(bytes, at + 1),
            b'\'' => at = after_letter_or_lifetime(bytes, at),
            b':' if bytes.get(at + 1) == Some(&b':') => {
                tokens.push((line, Token::Colons));
                at += 2;
            }
            byte if is_word(byte) => {
                at += count(&bytes[at..], is_word);
                let word = &text[begin..at];
                if matches!(word, "r" | "br" | "cr") && matches!(bytes.get(at), Some(b'"' | b'#')) {
                    if let Some(end) = after_raw_text(bytes, at) {
                        at = end;
                    } else {
                        // `r#type` is one word.
                        at += 1 + count(&bytes[at + 1..], is_word);
                        tokens.push((line, Token::Word(&text[begin..at])));
                    }
                } else if !(matches!(word, "b" | "c") && matches!(bytes.get(at), Some(b'"' | b'\''))) {
                    tokens.push((line, Token::Word(word)));
                }
            }
            byte => {
                if byte.is_ascii_punctuation() {
                    tokens.push((line, Token::Sign(byte.into())));
                }
                at += 1;
            }
        }
        line += bytes[begin..at.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count();
    }
    tokens
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn count(bytes: &[u8], fits: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| fits(**byte)).count()
}

/// Comments in comments count.
fn after_comment(bytes: &[u8], begin: usize) -> usize {
    let (mut at, mut depth) = (begin, 0_usize);
    while at < bytes.len() {
        match bytes[at..] {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn after_text(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// `at` is behind the `r`. `None` where no text begins.
fn after_raw_text(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = count(&bytes[at..], |byte| byte == b'#');
    (bytes.get(at + hashes) == Some(&b'"')).then_some(())?;
    let end = [b"\"", &bytes[at..at + hashes]].concat();
    let begin = at + hashes + 1;
    let length = bytes[begin..].windows(end.len()).position(|window| window == end)?;
    Some(begin + length + end.len())
}

fn after_letter_or_lifetime(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at + 1) {
        // `'\''`, `'\u{41}'`
        Some(b'\\') => at + 4 + count(&bytes[(at + 3).min(bytes.len())..], |byte| byte != b'\''),
        Some(byte) if is_word(*byte) => {
            let end = at + 1 + count(&bytes[at + 1..], is_word);
            // `'a'` is a letter, `'a` a lifetime.
            if bytes.get(end) == Some(&b'\'') { end + 1 } else { end }
        }
        // `' '`
        Some(_) => at + 3,
        None => at + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{imports, module_of};

    fn of(module: &str, text: &str) -> Vec<String> {
        let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
        let modules = ["a", "a::b", "a::b::c", "x", "y"].map(path).into();
        let found = imports(text, &path(module), &modules);
        found.iter().map(|import| format!("{} {}", import.line, import.path.join("::"))).collect()
    }

    #[test]
    fn files_are_modules() {
        assert_eq!(module_of("src/lib.rs"), Vec::<String>::new());
        assert_eq!(module_of("src/a.rs"), ["a"]);
        assert_eq!(module_of("src/a/b.rs"), ["a", "b"]);
        assert_eq!(module_of("src/a/mod.rs"), ["a"]);
    }

    #[test]
    fn reads_each_branch_of_a_use() {
        let text = "use crate::x;\npub use crate::x::{self, Y, z::{Q as R, *}};\nuse ::std::fmt;\npub(crate) use crate::y::*;\n";
        assert_eq!(of("a", text), ["1 x", "2 x", "2 x::Y", "2 x::z::Q", "2 x::z", "4 y"]);
        let text = "use crate::{\n    x::X,\n    y::{\n        A,\n        B,\n    },\n};\nuse crate::x;\n";
        assert_eq!(of("a", text), ["2 x::X", "4 y::A", "5 y::B", "8 x"]);
    }

    #[test]
    fn resolves_paths_from_where_they_stand() {
        assert_eq!(
            of("a::b", "use super::q; use super::super::x; use self::c::T; use c::U;"),
            ["1 a::q", "1 x", "1 a::b::c::T", "1 a::b::c::U",]
        );
        assert_eq!(of("a", "use std::fmt; use serde::Serialize; use x::Y;"), [""; 0]);
    }

    #[test]
    fn reads_paths_in_code() {
        let text = "fn f(x: &crate::x::X<'_>) -> super::y::Y {\n    crate::x::of::<u8>();\n    self::b::g(); self.x\n}\n\
                    macro_rules! m { () => { $crate::y::z!() } }\npub(in crate::a) fn g() {}\npub(crate) fn h() {}\n<T as crate::x::T>::super_of()\n";
        assert_eq!(of("a", text), ["1 x::X", "1 y::Y", "2 x::of", "3 a::b::g", "5 y::z", "6 a", "8 x::T"]);
    }

    #[test]
    fn modules_within_a_file_are_modules() {
        let text = "mod tests {\n    use super::T;\n    use super::super::x;\n    fn f() { if a { b } }\n    mod deep { use super::super::U; }\n}\nuse super::y;\nmod b;\n";
        assert_eq!(of("a", text), ["2 a::T", "3 x", "5 a::U", "7 y"]);
    }

    #[test]
    fn comments_texts_and_letters_say_nothing() {
        let text = r###"
//! [`crate::x`]
/* crate::x /* use crate::x; */ crate::x */
const A: &str = "use crate::x; \" crate::x";
const B: &str = r#"crate::x " crate::x"#;
const C: &[u8] = b"crate::x";
const D: (char, char, char, u8) = ('"', '\'', '\u{22}', b'"');
fn f<'a>(r#use: &'a str) { crate::y::z(); }
const E: &str = "
crate::x
"; use crate::x;
"###;
        assert_eq!(of("a", text), ["8 y::z", "11 x"]);
    }

    #[test]
    fn what_is_broken_off_ends_somewhere() {
        for text in [
            "use crate::{x, ",
            "use",
            "use crate::{;;",
            "\"",
            "'",
            "'\\",
            "r#\"",
            "/*",
            "crate::",
            "mod",
            "use crate::{{{",
        ] {
            let _ = of("a", text);
        }
    }
}
