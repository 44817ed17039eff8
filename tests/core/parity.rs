//! `docs/parity.md` cannot rot: whatever it names exists, and whatever the plugin offers has a row.
#![expect(clippy::unwrap_used, reason = "a page that cannot be read is a failed test")]
#![expect(clippy::disallowed_methods, reason = "the page and the tests are files")]

use super::named::tests;
use std::collections::BTreeSet;
use std::path::Path;
use zoom_chat::say::i18n::Localizer;
use zoom_chat::say::text::subcommands;

#[test]
fn every_test_that_the_page_names_exists() {
    let tests = tests();
    let missing: Vec<_> =
        rows().iter().flat_map(|row| names(&row.shown_by)).filter(|name| !tests.contains(name)).collect();
    assert!(missing.is_empty(), "docs/parity.md names tests that are not there: {missing:#?}");
}

#[test]
fn every_row_has_a_test_or_says_why_not() {
    let rows = rows();
    assert!(rows.len() > 150, "only {} rows could be read", rows.len());
    for row in rows {
        let reason = row.shown_by.strip_prefix("– ").is_some_and(|reason| reason.len() > 10);
        assert!(reason || !names(&row.shown_by).is_empty(), "neither a test nor a reason: {row:?}");
        assert!(!row.there.is_empty() && !row.here.is_empty(), "half a row: {row:?}");
    }
}

#[test]
fn every_defect_has_a_test_of_its_number() {
    let tests = tests();
    for number in 1..=34 {
        let row = rows().into_iter().find(|row| row.there.starts_with(&format!("D{number} ")));
        let row = row.unwrap_or_else(|| panic!("docs/parity.md has no row for D{number}"));
        let own = format!("d{number:02}_");
        let named = names(&row.shown_by).into_iter().find(|name| name.starts_with(&own));
        assert!(named.is_some_and(|name| tests.contains(&name)), "no test {own}…: {row:?}");
    }
}

#[test]
fn every_command_route_and_setting_has_a_row() {
    let here: String = rows().iter().map(|row| format!("{} {}\n", row.there, row.here)).collect();
    let has = |what: &str| here.contains(what);
    for subcommand in subcommands(&Localizer::default()) {
        let path = subcommand.path;
        let command = format!("`/zoom {path}");
        assert!(has(&format!("{command}`")) || has(&format!("{command} ")), "no row for {command}`");
    }
    let routes = routes();
    assert!(routes.len() > 6, "only {routes:?} could be read");
    for route in routes {
        assert!(has(&format!("`{route}`")), "no row for {route}");
    }
    let manifest: serde_json::Value = serde_json::from_str(&read("plugin.json")).unwrap();
    let settings = manifest["settings_schema"]["settings"].as_array().unwrap();
    assert!(settings.len() > 10, "only {} settings could be read", settings.len());
    for key in settings.iter().map(|setting| setting["key"].as_str().unwrap()) {
        assert!(has(&format!("`{key}`")), "no row for the setting {key}");
    }
}

#[test]
fn every_event_and_every_key_of_the_official_plugin_has_a_row() {
    let there: String = rows().iter().map(|row| format!("{}\n", row.there)).collect();
    let events = literals(&["src/zoom/event.rs"], &|text| {
        text.split_once('.').is_some_and(|(of, what)| is_word(of) && is_word(what))
    });
    assert!(events.len() > 4, "only {events:?} could be read");
    for event in events {
        assert!(there.contains(&format!("`{event}`")), "no row for the event {event}");
    }
    let sources = ["src/account/official.rs", "src/store/preference.rs", "src/store/channel_settings.rs"];
    let kinds = ["zoom", "post_meeting_", "meeting_channel_"];
    let keys = literals(&sources, &|text| kinds.iter().any(|kind| text.starts_with(kind)));
    assert!(keys.len() > 6, "only {keys:?} could be read");
    for key in keys {
        let name = key.split('{').next().unwrap_or_default();
        assert!(there.contains(&format!("`{name}")), "no row for the key {key}");
    }
}

/// A row of one of the page's tables.
#[derive(Debug)]
struct Row {
    there: String,
    here: String,
    shown_by: String,
}

fn rows() -> Vec<Row> {
    let page = read("docs/parity.md");
    let lines = page.lines().filter(|line| line.starts_with('|') && *line != "|---|---|---|");
    let lines = lines.map(|line| {
        let inner = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |"));
        inner.unwrap_or_else(|| panic!("not a row: {line}"))
    });
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [there, here, shown_by] = cells[..] else { panic!("not three cells: {line}") };
        Row { there: there.to_owned(), here: here.to_owned(), shown_by: shown_by.to_owned() }
    };
    lines.map(row).filter(|row| row.shown_by != "shown by").collect()
}

/// What stands between backticks.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The addresses that `serve-http` tells apart.
fn routes() -> BTreeSet<String> {
    literals(&["src/hooks/http.rs"], &|text| {
        text.starts_with('/') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '/')
    })
}

/// The texts in sources that are of a kind.
fn literals(sources: &[&str], is_one: &dyn Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources {
        let source = read(source);
        found.extend(source.split('"').skip(1).step_by(2).filter(|text| is_one(text)).map(str::to_owned));
    }
    found
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
