//! What is generated and committed: made anew, and compared with what is there.

use crate::run::{Outcome, is_installed, output, root, run, words};
use crate::size;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

const WIRE: &str = "host-shim/mattermost/src/model/wire.rs";
const SIZES: &str = "docs/size.md";
const PICTURES: &str = "docs/img/";
const TABLE_BEGINS: &str = "| crate | bytes | share |";

/// `generated [--write]`: fails where something differs, or puts it in place.
///
/// Without Go a part is left out and named; in CI that is a failure.
pub(crate) fn main(options: &[&str]) -> Outcome {
    let write = match options {
        [] => false,
        ["--write"] => true,
        _ => return Err("usage: cargo xtask generated [--write]".into()),
    };
    let mut faults = pictures(&tracked(&["*.md", "*.mjs", "docs/img"])?);
    faults.extend(wire(write)?);
    faults.extend(sizes(write)?);
    for fault in &faults {
        eprintln!("{fault}");
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err("what is generated differs: see above, and `./just generated --write`".into())
    }
}

/// Paths and texts of tracked files. Pictures have none.
fn tracked(paths: &[&str]) -> Outcome<Vec<(String, String)>> {
    let list = output(words("git ls-files -z --cached --others --exclude-standard --").args(paths))?;
    let mut files = Vec::new();
    for path in list.split('\0').filter(|path| root().join(path).is_file()) {
        let text =
            if path.starts_with(PICTURES) { String::new() } else { fs::read_to_string(root().join(path))? };
        files.push((path.to_owned(), text));
    }
    Ok(files)
}

/// Pictures that a page shows and that are not there, and pictures that no test draws.
fn pictures(files: &[(String, String)]) -> Vec<String> {
    let there: BTreeSet<&str> = files.iter().filter_map(|(path, _)| path.strip_prefix(PICTURES)).collect();
    let drawn: BTreeSet<String> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".test.mjs"))
        .flat_map(|(_, text)| calls_of_picture(text))
        .map(|name| format!("{name}.png"))
        .collect();
    let mut faults = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".md")) {
        for (number, line) in (1..).zip(text.lines()) {
            let shown =
                line.split("](").skip(1).filter_map(|link| link.split(')').next()?.split_once("img/"));
            let missing = shown.filter(|(_, name)| !there.contains(name));
            faults.extend(missing.map(|(_, name)| format!("{path}:{number}: {PICTURES}{name} is not there")));
        }
    }
    let never_drawn = there.iter().filter(|name| !drawn.contains(**name));
    faults.extend(never_drawn.map(|name| format!("{PICTURES}{name}: no test draws it")));
    let missing = drawn.iter().filter(|name| !there.contains(name.as_str()));
    faults.extend(missing.map(|name| format!("{PICTURES}{name} is drawn by a test and not there")));
    faults
}

/// The names in calls such as `picture(page, "chat-dark")`.
fn calls_of_picture(text: &str) -> impl Iterator<Item = &str> {
    text.split("picture(").skip(1).filter_map(|call| call.split(')').next()?.split('"').nth(1))
}

/// Gob structs of Go's types.
fn wire(write: bool) -> Outcome<Vec<String>> {
    if !is_installed("go") {
        eprintln!("generated: not compared: {WIRE}, because Go is not installed");
        let is_ci = std::env::var("CI").is_ok_and(|ci| !ci.is_empty());
        return if is_ci { Err("CI leaves nothing out".into()) } else { Ok(Vec::new()) };
    }
    // Below the clone, whose rules rustfmt then finds.
    let made = root().join("target/xtask/wire.rs");
    fs::create_dir_all(made.with_file_name(""))?;
    run(words("go run .").arg(&made).current_dir(root().join("host-shim/mattermost/gen")))?;
    compare(WIRE, &fs::read_to_string(made)?, write)
}

fn compare(path: &str, made: &str, write: bool) -> Outcome<Vec<String>> {
    let committed: PathBuf = root().join(path);
    let there = fs::read_to_string(&committed)?;
    if there == made {
        return Ok(Vec::new());
    }
    if write {
        fs::write(&committed, made)?;
        eprintln!("generated: {path} is written");
        return Ok(Vec::new());
    }
    Ok(vec![differs(path, &there, made)])
}

fn differs(path: &str, there: &str, made: &str) -> String {
    let same = there.lines().zip(made.lines()).take_while(|(there, made)| there == made).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").trim().to_owned();
    format!("{path}:{}: `{}` is `{}` when it is made anew", same + 1, line(there), line(made))
}

/// The table of docs/size.md.
fn sizes(write: bool) -> Outcome<Vec<String>> {
    let page = fs::read_to_string(root().join(SIZES))?;
    let begin = page.find(TABLE_BEGINS).ok_or_else(|| format!("{SIZES} has no table"))?;
    let length = page[begin..].find("\n\n").map_or(page.len() - begin, |length| length + 1);
    let (there, (made, _)) = (&page[begin..begin + length], size::measure()?);
    let faults = compare_sizes(there, &made);
    if write {
        let page = format!("{}{made}{}", &page[..begin], &page[begin + length..]);
        fs::write(root().join(SIZES), page)?;
        return Ok(Vec::new());
    }
    Ok(faults)
}

/// What is off by more than a little: a twentieth of a row, 4,000 bytes of a small one, a fiftieth of the whole. A table that had to
/// be exact would be in every commit.
fn compare_sizes(there: &str, made: &str) -> Vec<String> {
    let whole = |rows: &BTreeMap<&str, usize>| {
        rows.iter()
            .find(|(what, _)| what.contains("zoom.wasm"))
            .map(|(what, size)| ((*what).to_owned(), *size))
    };
    let (there, made) = (rows(there), rows(made));
    let mut faults = Vec::new();
    match (whole(&there), whole(&made)) {
        (Some((before, was)), Some((after, is))) if before == after => {
            if was.abs_diff(is) > is / 50 {
                faults.push(format!(
                    "{SIZES}: zoom.wasm has {} bytes, the table says {}",
                    size::grouped(is),
                    size::grouped(was)
                ));
            }
        }
        (before, after) => {
            let row = |row: Option<(String, usize)>| row.map_or_else(|| "none".to_owned(), |(what, _)| what);
            faults.push(format!("{SIZES}: the last row is `{}`, made anew `{}`", row(before), row(after)));
        }
    }
    for what in there.keys().chain(made.keys()).collect::<BTreeSet<_>>() {
        let size = |rows: &BTreeMap<&str, usize>| rows.get(what).copied().unwrap_or_default();
        let (was, is) = (size(&there), size(&made));
        if !what.contains("zoom.wasm") && was.abs_diff(is) > (is / 20).max(4_000) {
            faults.push(format!(
                "{SIZES}: {what} has {} bytes, the table says {}",
                size::grouped(is),
                size::grouped(was)
            ));
        }
    }
    faults
}

fn rows(table: &str) -> BTreeMap<&str, usize> {
    let row = |line| {
        let mut cells = str::split(line, '|').map(str::trim).skip(1);
        let (what, size) = (cells.next()?, cells.next()?);
        let digits: String = size.chars().filter(char::is_ascii_digit).collect();
        Some((what, digits.parse().ok()?))
    };
    table.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::{compare_sizes, differs, pictures};

    const MARK: &str = "zoom.wasm";

    fn files(files: &[(&str, &str)]) -> Vec<(String, String)> {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn pictures_are_there_and_drawn() {
        let test = "await picture(page, \"chat\");\n  await picture(tab, \"dark\");";
        let fine = [
            ("README.md", "![A](docs/img/chat.png) and [b](docs/x.md)"),
            ("docs/admin/a.md", "![A](../img/dark.png)"),
            ("docs/img/chat.png", ""),
            ("docs/img/dark.png", ""),
            ("tests/a.test.mjs", test),
        ];
        assert_eq!(pictures(&files(&fine)), [""; 0]);
        let planted = [
            ("README.md", "\n![A](docs/img/chat.png) ![B](docs/img/char.png)"),
            ("docs/img/chat.png", ""),
            ("docs/img/old.png", ""),
            ("tests/a.test.mjs", test),
        ];
        assert_eq!(
            pictures(&files(&planted)),
            [
                "README.md:2: docs/img/char.png is not there",
                "docs/img/old.png: no test draws it",
                "docs/img/dark.png is drawn by a test and not there",
            ]
        );
    }

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(differs("a", "1\n2\n3\n", "1\n 4\n"), "a:2: `2` is `4` when it is made anew");
        assert_eq!(differs("a", "1\n", "1\n2\n"), "a:2: `(the end)` is `2` when it is made anew");
    }

    #[test]
    fn sizes_may_be_off_by_a_little() {
        let table = |zoom: &str, url: &str, limit: &str, whole: &str| {
            format!(
                "| crate | bytes | share |\n|---|---:|---:|\n| zoom_chat | {zoom} | 40.0% |\n{url}| **{MARK}** (at most {limit}) | **{whole}** | |\n"
            )
        };
        let url = "| url | 3,000 | 0.3% |\n";
        let there = table("400,000", url, "1,250,000", "1,000,000");
        assert_eq!(compare_sizes(&there, &table("419,000", "", "1,250,000", "1,019,000")), [""; 0]);
        assert_eq!(
            compare_sizes(&there, &table("430,000", url, "1,250,000", "1,030,000")),
            [
                "docs/size.md: zoom.wasm has 1,030,000 bytes, the table says 1,000,000",
                "docs/size.md: zoom_chat has 430,000 bytes, the table says 400,000",
            ]
        );
        let large = "| url | 9,000 | 0.9% |\n";
        assert_eq!(
            compare_sizes(&there, &table("400,000", large, "1,300,000", "1,000,000")),
            [
                "docs/size.md: the last row is `**zoom.wasm** (at most 1,250,000)`, made anew `**zoom.wasm** (at most 1,300,000)`",
                "docs/size.md: url has 9,000 bytes, the table says 3,000",
            ]
        );
    }
}
