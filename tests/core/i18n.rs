//! The catalogue: whole in every language, and said as Unicode's rules have it.
#![expect(clippy::unwrap_used, reason = "a catalogue that cannot be read is a failed test")]
#![expect(clippy::disallowed_methods, reason = "the catalogue is files")]
#![expect(clippy::wildcard_enum_match_arm, reason = "the parser's nodes are non-exhaustive")]

use ferrocat_icu::{IcuNode, parse_icu};
use icu_locale_core::Locale as IcuLocale;
use icu_plurals::{PluralCategory, PluralRules};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use zoom_chat::model::Server;
use zoom_chat::say::i18n::{Locale, Localizer};

type Catalogue = BTreeMap<String, String>;

fn catalogue(locale: Locale) -> Catalogue {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("i18n/{}.json", locale.tag()));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let catalogue: Catalogue = serde_json::from_str(&text).unwrap();
    let sorted = format!("{}\n", serde_json::to_string_pretty(&catalogue).unwrap());
    assert!(text == sorted, "{}: not sorted, not indented by two, or an id stands twice", path.display());
    catalogue
}

#[test]
fn there_is_a_file_for_each_language_and_no_other() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("i18n");
    let files: BTreeSet<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, Locale::ALL.map(|locale| format!("{}.json", locale.tag())).into());
}

#[test]
fn every_language_has_every_message_with_every_argument() {
    let english = catalogue(Locale::En);
    assert!(english.len() > 300, "only {} messages", english.len());
    let mut wrong = Vec::new();
    for locale in Locale::ALL {
        let texts = catalogue(locale);
        let missing = english.keys().filter(|id| !texts.contains_key(*id));
        wrong.extend(missing.map(|id| format!("{}: {id} is missing", locale.tag())));
        for (id, text) in &texts {
            let Some(source) = english.get(id) else {
                wrong.push(format!("{}: {id} is not in English", locale.tag()));
                continue;
            };
            let (wanted, given) = (parts(source, Locale::En), parts(text, locale));
            if wanted.is_err() || given != wanted || text.trim() != text.as_str() {
                wrong.push(format!("{}: {id} has {given:?}, not {wanted:?}: {text}", locale.tag()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_translation_is_the_english_text() {
    let english = catalogue(Locale::En);
    for locale in &Locale::ALL[1..] {
        let texts = catalogue(*locale);
        let same = texts.iter().filter(|(id, text)| english.get(*id) == Some(text)).count();
        // Names, quotation marks, and words that two languages share.
        assert!(same < english.len() / 10, "{}: {same} messages are English", locale.tag());
    }
}

/// What a message is made of besides text: its arguments, the branches of its selects, and the code that is typed.
#[derive(Debug, PartialEq, Eq, Default)]
struct Parts {
    arguments: BTreeSet<String>,
    branches: BTreeSet<String>,
    code: Vec<String>,
}

/// Fails where the message cannot be parsed, or a plural has other branches than its language needs.
fn parts(text: &str, locale: Locale) -> Result<Parts, String> {
    let message = parse_icu(text).map_err(|error| error.to_string())?;
    let mut parts = Parts::default();
    collect(&message.nodes, locale, &mut parts)?;
    parts.code = text.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    parts.code.sort();
    Ok(parts)
}

fn collect(nodes: &[IcuNode], locale: Locale, parts: &mut Parts) -> Result<(), String> {
    for node in nodes {
        match node {
            IcuNode::Argument { name } => {
                parts.arguments.insert(name.clone());
            }
            IcuNode::Select { name, options } => {
                parts.arguments.insert(name.clone());
                for option in options {
                    parts.branches.insert(format!("{name}: {}", option.selector));
                    collect(&option.value, locale, parts)?;
                }
            }
            IcuNode::Plural { name, options, .. } => {
                parts.arguments.insert(name.clone());
                let (exact, given): (BTreeSet<&str>, BTreeSet<&str>) = options
                    .iter()
                    .map(|option| option.selector.as_str())
                    .partition(|key| key.starts_with('='));
                parts.branches.extend(exact.into_iter().map(|key| format!("{name}: {key}")));
                let wanted: BTreeSet<&str> = rules(locale).categories().map(name_of).collect();
                if given != wanted {
                    return Err(format!("{name} has the branches {given:?}, not {wanted:?}"));
                }
                for option in options {
                    collect(&option.value, locale, parts)?;
                }
            }
            IcuNode::Literal(_) | IcuNode::Pound => {}
            other => return Err(format!("{other:?} is not used here")),
        }
    }
    Ok(())
}

fn rules(locale: Locale) -> PluralRules {
    let locale: IcuLocale = locale.tag().parse().unwrap();
    PluralRules::try_new_cardinal(locale.into()).unwrap()
}

fn name_of(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// The same numbers by Unicode's own library and by the component: what the component says for a number is what stands in the branch
/// that the library chooses.
#[test]
fn plural_forms_are_unicode_s() {
    let numbers = (0..=250).chain([1000, 1002, 1_000_000, 2_000_000, 2_000_001, u64::MAX]);
    for locale in Locale::ALL {
        let (texts, rules) = (catalogue(locale), rules(locale));
        let message = parse_icu(&texts["zoom.time.minutes"]).unwrap();
        for number in numbers.clone() {
            let expected = said(&message.nodes, name_of(rules.category_for(number)), number);
            assert_eq!(
                Localizer::of_locale(locale).time_minutes(number),
                expected,
                "{} {number}",
                locale.tag()
            );
        }
    }
}

fn said(nodes: &[IcuNode], category: &str, number: u64) -> String {
    let one = |node: &IcuNode| match node {
        IcuNode::Literal(text) => text.clone(),
        IcuNode::Pound => number.to_string(),
        IcuNode::Plural { options, .. } => {
            let option = options.iter().find(|option| option.selector == category).unwrap();
            said(&option.value, category, number)
        }
        other => panic!("{other:?}"),
    };
    nodes.iter().map(one).collect()
}

#[test]
fn messages_are_filled_in() {
    let server = Server { name: "Mattermost".into(), command_prefix: "/".into(), ..Server::default() };
    let english = Localizer::new(server, "en-AU");
    assert_eq!(
        english.connect_connected_account(),
        "The organisation’s Zoom account is now connected to Mattermost."
    );
    assert_eq!(english.user_connect_own(), "Connect your Zoom account first: type `/zoom connect`.");
    // What is filled in is not read again.
    assert_eq!(english.card_quoted("{topic} \u{1}\u{0}#"), "“{topic} \u{1}\u{0}#”");
    let ago = |seconds| english.question_recent("Zoom", seconds, "Alice");
    assert_eq!(ago(0), "Alice started a Zoom meeting here just now.");
    assert_eq!(ago(1), "Alice started a Zoom meeting here 1 second ago.");
    assert_eq!(ago(10), "Alice started a Zoom meeting here 10 seconds ago.");
    let why = |why| english.error_not_posted("https://zoom.us/j/1", why);
    assert!(why("gone").contains("(the channel or thread is gone)"), "{}", why("gone"));
    assert!(why("for another reason").contains("(the server did not take the post)"));
}

#[test]
fn a_reader_gets_the_nearest_language() {
    let table = [
        ("en", Locale::En),
        ("en-AU", Locale::En),
        ("de", Locale::De),
        ("de_AT", Locale::De),
        ("fr-CA", Locale::Fr),
        ("es-MX", Locale::Es),
        ("pt", Locale::PtBr),
        ("pt-BR", Locale::PtBr),
        ("pt-PT", Locale::PtBr),
        ("ja", Locale::Ja),
        ("zh", Locale::ZhCn),
        ("zh-CN", Locale::ZhCn),
        ("zh-Hans-SG", Locale::ZhCn),
        ("zh-TW", Locale::En),
        ("zh-Hant", Locale::En),
        ("ar-EG", Locale::Ar),
        ("PT-br", Locale::PtBr),
        ("sv", Locale::En),
        ("dea", Locale::En),
        ("", Locale::En),
    ];
    for (tag, locale) in table {
        assert_eq!(Locale::of(tag), locale, "{tag}");
    }
    let server = |locale: &str| Server { locale: locale.into(), ..Server::default() };
    assert_eq!(Localizer::new(server("fr"), "").locale, Locale::Fr);
    assert_eq!(Localizer::new(server("fr"), "sv").locale, Locale::En);
    assert_eq!(Localizer::new(server("fr"), "de").for_all().locale, Locale::Fr);
}

#[test]
fn lengths_that_chat_servers_cut_fit() {
    for locale in Locale::ALL {
        let l10n = Localizer::of_locale(locale);
        for (what, text, most) in [
            ("title", l10n.channel_title(), 24),
            ("label", l10n.channel_label(), 24),
            ("help", l10n.channel_explanation(), 150),
        ] {
            assert!(
                text.len() <= most,
                "{}: the dialog's {what} has {} of {most} bytes: {text}",
                locale.tag(),
                text.len()
            );
        }
    }
}
