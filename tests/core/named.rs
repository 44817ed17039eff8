//! Every test of the project by its name, whatever language it is written in.
#![expect(clippy::unwrap_used, reason = "a source that cannot be read is a failed test")]
#![expect(clippy::disallowed_methods, reason = "sources are files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where tests stand.
const FOLDERS: [&str; 11] = [
    "src",
    "tests/data/scenarios",
    "tests/core",
    "tests/component",
    "tests/mattermost",
    "tests/simulation",
    "tests/zoom-sim",
    "tests/oracles",
    "tests/browser",
    "tests/web",
    "host-shim",
];
/// The web client's own.
const WEB_CLIENT: &str = "webapp/tests";

/// Names of scenarios, of functions in Rust and Go, of subtests in Go, and the titles of tests in JavaScript and TypeScript.
pub(crate) fn tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("txt") => {
                tests.extend(text.lines().filter_map(|line| line.strip_prefix("# ")).map(str::to_owned))
            }
            Some("go") => {
                tests.extend(functions(&text, "func ").filter(|name| name.starts_with("Test")));
                tests.extend(called_with(&text, &[".Run(", ".run("]));
            }
            Some("rs") => {
                tests.extend(rust_tests(&text));
                tests.extend(named_trials(&text));
            }
            _ => tests.extend(called_with(&text, &["test(", "it("])),
        }
    }
    assert!(tests.len() > 300, "only {} tests were found", tests.len());
    tests
}

/// Functions below an attribute that makes them tests.
fn rust_tests(text: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line.contains("test]") || line.contains("test(");
        } else if !line.starts_with("//") {
            if is_test {
                tests.extend(functions(line.trim_start_matches("async "), "fn "));
            }
            is_test = false;
        }
    }
    tests
}

/// Names in a table of trials, of a file that makes tests of its own.
fn named_trials(text: &str) -> Vec<String> {
    let is_name = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let lines = text.lines().filter(|_| text.contains("libtest_mimic::run"));
    lines.filter_map(|line| quoted(line.trim_start().trim_start_matches('('))).filter(is_name).collect()
}

/// Names of the functions whose lines begin with `keyword`.
fn functions<'a>(text: &'a str, keyword: &'static str) -> impl Iterator<Item = String> + 'a {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.lines()
        .filter_map(move |line| line.strip_prefix(keyword))
        .map(move |line| line.split(|c| !is_part(c)).next().unwrap_or_default().to_owned())
}

/// The texts that are the first arguments of calls, and those that lines begin with: names in tables of cases.
fn called_with(text: &str, calls: &[&str]) -> Vec<String> {
    let code = |line: &&str| !line.trim_start().starts_with("//");
    let mut found = Vec::new();
    for line in text.lines().filter(code) {
        let arguments = calls.iter().filter_map(|call| line.split_once(call)).map(|(_, after)| after);
        found.extend(arguments.chain([line.trim_start().trim_start_matches('{')]).filter_map(quoted));
    }
    found
}

/// The text that a piece of code begins with.
fn quoted(code: &str) -> Option<String> {
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let (text, _) = code[1..].split_once(quote)?;
    Some(text.to_owned())
}

fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = FOLDERS
        .iter()
        .chain([&WEB_CLIENT])
        .map(|folder| root().join(folder))
        .filter(|folder| folder.is_dir())
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            if path.is_dir() {
                if !path.ends_with("node_modules") {
                    folders.push(path);
                }
            } else if matches!(extension, Some("txt" | "rs" | "go" | "mjs" | "js" | "ts" | "tsx")) {
                files.push(path);
            }
        }
    }
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn tests_of_every_language_are_found() {
    let go = "func TestX(t *testing.T) {\n\tt.Run(\"f01_a\", run)\n\tw.run(\"f02_b\", run)\n\t// t.Run(\"f03_c\", run)\n";
    assert_eq!(called_with(go, &[".Run(", ".run("]), ["f01_a", "f02_b"]);
    let script = "  test(\"f04 d\", async () => {\n  it('f05_e', () => {\n  test(`f06_f ${x}`, () => {});\n";
    assert_eq!(called_with(script, &["test(", "it("]), ["f04 d", "f05_e", "f06_f ${x}"]);
    let rust = "#[tokio::test]\nasync fn f07_g() {\n}\n#[test]\n// why\nfn f08_h() {\n}\nfn f09_i() {}\n";
    assert_eq!(rust_tests(rust), ["f07_g", "f08_h"]);
}
