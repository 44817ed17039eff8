//! Turns the catalogue `i18n/*.json` into tables and one method a message: a message that is not there, or lacks an argument, does not
//! compile.
//!
//! Messages are ICU MessageFormat. They are parsed here, so that the component formats without a parser: `src/say/i18n/message.rs` says
//! what they become.

#![expect(clippy::disallowed_methods, reason = "this runs where the component is built, not in its sandbox")]
#![expect(clippy::wildcard_enum_match_arm, reason = "the parser's nodes are non-exhaustive")]

use ferrocat_icu::{IcuNode, IcuPluralKind, parse_icu};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The catalogue's files, in the order of `Locale`. The first is the source of the others.
const LOCALES: [&str; 8] = ["en", "de", "fr", "es", "pt-BR", "ja", "zh-CN", "ar"];
/// What ids of messages begin with that the component never says: the web client's, and a host's own.
const OTHERS: [&str; 2] = ["zoom.web.", "zoom.host."];
/// Arguments that every message may use and no caller gives.
const IMPLICIT: [&str; 2] = ["server", "prefix"];

type Catalogue = BTreeMap<String, String>;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=i18n");
    let directory = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("i18n");
    let english = read(&directory, LOCALES[0]);
    let messages: Vec<Message<'_>> = english.iter().map(|(id, text)| Message::of(id, text)).collect();
    let mut code = String::new();
    for locale in LOCALES {
        let texts = read(&directory, locale);
        table(&mut code, locale, &messages, &texts);
    }
    methods(&mut code, &messages);
    let out = Path::new(&variable("OUT_DIR")).join("catalogue.rs");
    std::fs::write(&out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

/// A message of the source.
struct Message<'a> {
    id: &'a str,
    text: &'a str,
    arguments: Arguments,
}

/// Names of the arguments that callers give, and whether each is a number.
type Arguments = BTreeMap<String, bool>;

impl<'a> Message<'a> {
    fn of(id: &'a str, text: &'a str) -> Self {
        let mut arguments = Arguments::new();
        collect(&parse(id, text), &mut arguments);
        Self { id, text, arguments }
    }

    fn method(&self) -> String {
        self.id.trim_start_matches("zoom.").replace('.', "_")
    }
}

/// One locale's messages behind one another, and where each ends. What a translation lacks is said in English: a test of the core
/// finds it.
fn table(code: &mut String, locale: &str, messages: &[Message<'_>], texts: &Catalogue) {
    let (mut all, mut ends) = (String::new(), Vec::new());
    for message in messages {
        let text = texts.get(message.id).map_or(message.text, String::as_str);
        encode(&parse(message.id, text), message, &mut all);
        ends.push(u16::try_from(all.len()).unwrap_or_else(|_| panic!("{locale}: more than 64 KiB of texts")));
    }
    let name = locale.to_uppercase().replace('-', "_");
    // `\\0` before a digit would look like an octal escape.
    let texts = format!("{all:?}").replace("\\0", "\\u{0}");
    writeln!(code, "static {name}: Table = Table {{ texts: {texts}, ends: &{ends:?} }};")
        .expect("a text grows");
}

fn methods(code: &mut String, messages: &[Message<'_>]) {
    code.push_str("impl Localizer {\n");
    for (index, message) in messages.iter().enumerate() {
        let parameters: String = message
            .arguments
            .iter()
            .map(|(name, is_number)| format!(", {name}: {}", if *is_number { "u64" } else { "&str" }))
            .collect();
        let values: Vec<String> = message
            .arguments
            .iter()
            .map(|(name, is_number)| format!("Value::{}({name})", if *is_number { "Number" } else { "Text" }))
            .collect();
        let doc = format!("`{}`:\n```text\n{}\n```", message.id, message.text);
        let method = message.method();
        writeln!(
            code,
            "    #[doc = {doc:?}]\n    pub fn {method}(&self{parameters}) -> String {{ self.message({index}, &[{}]) }}",
            values.join(", ")
        )
        .expect("a text grows");
    }
    code.push_str("}\n");
}

fn collect(nodes: &[IcuNode], arguments: &mut Arguments) {
    for node in nodes {
        match node {
            IcuNode::Argument { name } if !IMPLICIT.contains(&name.as_str()) => {
                arguments.entry(name.clone()).or_insert(false);
            }
            IcuNode::Select { name, options } => {
                arguments.entry(name.clone()).or_insert(false);
                options.iter().for_each(|option| collect(&option.value, arguments));
            }
            IcuNode::Plural { name, options, .. } => {
                arguments.insert(name.clone(), true);
                options.iter().for_each(|option| collect(&option.value, arguments));
            }
            _ => {}
        }
    }
}

/// Writes a message as `src/say/i18n/message.rs` reads it.
fn encode(nodes: &[IcuNode], message: &Message<'_>, out: &mut String) {
    encode_within(nodes, message, None, out);
}

fn encode_within(nodes: &[IcuNode], message: &Message<'_>, number: Option<char>, out: &mut String) {
    for node in nodes {
        match node {
            IcuNode::Literal(text) => {
                assert!(!text.contains(['\u{1}', '\u{2}', '\u{3}']), "{}: control characters", message.id);
                out.push_str(text);
            }
            IcuNode::Argument { name } => out.extend(['\u{1}', place(message, name)]),
            IcuNode::Pound => {
                let number = number.unwrap_or_else(|| panic!("{}: # outside of a plural", message.id));
                out.extend(['\u{1}', number]);
            }
            IcuNode::Plural { kind: IcuPluralKind::Cardinal, offset: 0, name, options } => {
                let argument = place(message, name);
                out.extend(['\u{2}', argument, small(options.len())]);
                for option in options {
                    let key = match option.selector.as_str() {
                        "zero" => 'z',
                        "one" => 'o',
                        "two" => 't',
                        "few" => 'f',
                        "many" => 'm',
                        "other" => '*',
                        "=0" => '0',
                        "=1" => '1',
                        selector => panic!("{}: no plural branch {selector}", message.id),
                    };
                    out.push(key);
                    branch(&option.value, message, Some(argument), out);
                }
            }
            IcuNode::Select { name, options } => {
                out.extend(['\u{3}', place(message, name), small(options.len())]);
                for option in options {
                    out.push(small(option.selector.len()));
                    out.push_str(&option.selector);
                    branch(&option.value, message, number, out);
                }
            }
            other => {
                panic!("{}: only arguments, plurals and selects are used here, not {other:?}", message.id)
            }
        }
    }
}

/// Its length, then what it holds.
fn branch(nodes: &[IcuNode], message: &Message<'_>, number: Option<char>, out: &mut String) {
    let mut body = String::new();
    encode_within(nodes, message, number, &mut body);
    out.extend([small(body.len() / 128), small(body.len() % 128)]);
    out.push_str(&body);
}

/// Where an argument stands among the values.
fn place(message: &Message<'_>, name: &str) -> char {
    if let Some(index) = IMPLICIT.iter().position(|implicit| *implicit == name) {
        return char::from(b'A' + u8::try_from(index).expect("there are two"));
    }
    let index = message.arguments.keys().position(|known| known == name);
    small(index.unwrap_or_else(|| panic!("{}: English has no argument {name}", message.id)))
}

/// A number that is one byte of the text.
fn small(number: usize) -> char {
    assert!(number < 128, "too large");
    char::from(u8::try_from(number).expect("below 128"))
}

fn parse(id: &str, text: &str) -> Vec<IcuNode> {
    parse_icu(text).unwrap_or_else(|error| panic!("{id}: {error}: {text}")).nodes
}

/// What the component says, of a locale that may not be there yet.
fn read(directory: &Path, locale: &str) -> Catalogue {
    let path = directory.join(format!("{locale}.json"));
    if !path.exists() && locale != LOCALES[0] {
        return Catalogue::new();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let all: Catalogue =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    all.into_iter().filter(|(id, _)| !OTHERS.iter().any(|others| id.starts_with(others))).collect()
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}
