//! `./just simulate --planted`: puts known bugs into a copy of the core, and says what finds each.
//!
//! The list is `planted.txt`. A bug is an exact text of a source file and what stands in its place: a text that is no longer there fails,
//! so that the list keeps up with the core. The copy is built once: in what stands in the place, `PLANTED` is whether this is the bug that
//! is being looked for, which an environment variable says.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

const LIST: &str = include_str!("../planted.txt");
/// The tree that this program was built from.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Names the bug that a copy shall have.
const VARIABLE: &str = "ZOOM_CHAT_PLANTED";
/// What a copy's library ends with.
const SWITCH: &str = r#"
/// Whether the copy has this bug.
pub(crate) fn planted(name: &str) -> bool {
    static NAME: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    NAME.get_or_init(|| std::env::var("ZOOM_CHAT_PLANTED").unwrap_or_default()) == name
}
"#;
/// A bug that takes more seeds than this to find is not found.
const SEEDS: &str = "10000";

/// A bug.
struct Bug<'a> {
    name: &'a str,
    /// Any of these finds it.
    properties: Vec<&'a str>,
    file: &'a str,
    find: &'a str,
    put: &'a str,
}

/// Tries those whose name holds this text.
pub(crate) fn run(filter: &str) -> ExitCode {
    let bugs: Vec<Bug<'_>> = all().filter(|bug| bug.name.contains(filter)).collect();
    let begin = Instant::now();
    let program = match copy(Path::new(ROOT), &bugs).and_then(|copy| build(&copy)) {
        Ok(program) => program,
        Err(why) => {
            println!("{why}");
            return ExitCode::FAILURE;
        }
    };
    println!("built in {} s", begin.elapsed().as_secs());
    let mut failed = 0;
    println!("{:30} {:26} {:>6} {:>8}", "bug", "found by", "seed", "seconds");
    for bug in &bugs {
        match look_for(bug, &program) {
            Ok(line) => println!("{:30} {line}", bug.name),
            Err(why) => {
                failed += 1;
                println!("{:30} FAILED: {why}", bug.name);
            }
        }
    }
    println!("{} passed, {failed} failed", bugs.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn all() -> impl Iterator<Item = Bug<'static>> {
    LIST.split("\n# ").skip(1).map(read)
}

/// `name`, `property: …`, `file: …`, then the two texts.
fn read(entry: &str) -> Bug<'_> {
    let line = |name: &str| {
        let found = entry.lines().find_map(|line| line.strip_prefix(name));
        found.unwrap_or_else(|| panic!("an entry of planted.txt lacks {name} {entry}")).trim()
    };
    let (_, texts) = entry.split_once("--- find\n").expect("an entry has --- find");
    let (find, put) = texts.split_once("--- put\n").expect("an entry has --- put");
    Bug {
        name: entry.lines().next().unwrap_or_default(),
        properties: line("property:").split(", ").collect(),
        file: line("file:"),
        find: find.trim_end_matches('\n'),
        put: put.trim_end_matches('\n'),
    }
}

fn look_for(bug: &Bug<'_>, program: &Path) -> Result<String, String> {
    let begin = Instant::now();
    let mut search = Command::new(program);
    let found = search.args(["--seeds", SEEDS, "--first"]).env(VARIABLE, bug.name).output();
    let found = String::from_utf8_lossy(&found.map_err(|error| error.to_string())?.stdout).into_owned();
    let mut words = found.split_whitespace();
    let (Some(seed), Some(property)) = (words.next(), words.next()) else {
        return Err(format!("not found within {SEEDS} seeds"));
    };
    if !bug.properties.contains(&property) {
        return Err(format!("seed {seed} shows {property}, expected was {}", bug.properties.join(" or ")));
    }
    Ok(format!("{property:26} {seed:>6} {:>8.1}", begin.elapsed().as_secs_f64()))
}

/// A tree like this one, with links to all that stays as it is, and all bugs in it.
fn copy(root: &Path, bugs: &[Bug<'_>]) -> Result<PathBuf, String> {
    let copy = root.join("target/planted");
    let why = |error: io::Error| format!("{}: {error}", copy.display());
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for bug in bugs {
        let read = || fs::read_to_string(root.join(bug.file)).map_err(why);
        let text = match texts.remove(bug.file) {
            Some(text) => text,
            None => read()?,
        };
        let count = text.matches(bug.find).count();
        if count != 1 {
            let (name, file) = (bug.name, bug.file);
            return Err(format!(
                "{name}: the text to replace is {count} times in {file}: bring planted.txt up to date"
            ));
        }
        let put = bug.put.replace("PLANTED", &format!("crate::planted(\"{}\")", bug.name));
        texts.insert(bug.file, text.replacen(bug.find, &put, 1));
    }
    link(root, &copy).map_err(why)?;
    mirror(&root.join("src"), &copy.join("src")).map_err(why)?;
    let library = fs::read_to_string(root.join("src/lib.rs")).map_err(why)?;
    fs::write(copy.join("src/lib.rs"), library + SWITCH).map_err(why)?;
    for (file, text) in texts {
        fs::write(copy.join(file), text).map_err(why)?;
    }
    Ok(copy)
}

fn link(root: &Path, copy: &Path) -> io::Result<()> {
    fs::create_dir_all(copy)?;
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let (name, link) = (entry.file_name(), copy.join(entry.file_name()));
        let skipped = ["target", ".git", "src"].iter().any(|skipped| name == *skipped);
        if !skipped && fs::symlink_metadata(&link).is_err() {
            std::os::unix::fs::symlink(entry.path(), link)?;
        }
    }
    Ok(())
}

/// Copies what differs, so that cargo builds again only what changed.
fn mirror(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if !from.join(entry.file_name()).exists() {
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?
            } else {
                fs::remove_file(entry.path())?
            }
        }
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            mirror(&entry.path(), &target)?;
        } else if fs::read(&target).ok() != Some(fs::read(entry.path())?) {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

fn build(copy: &Path) -> Result<PathBuf, String> {
    let target = copy.with_file_name("planted-target");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo)
        .current_dir(copy)
        .args(["build", "--quiet", "--profile", "simulation", "--package", "simulation", "--target-dir"])
        .arg(&target)
        .output()
        .map_err(|error| error.to_string())?;
    if built.status.success() {
        return Ok(target.join("simulation/simulation"));
    }
    Err(format!("it does not compile: {}", String::from_utf8_lossy(&built.stderr)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use simulation::Property;

    #[test]
    fn every_bug_has_one_place_in_the_core_and_a_property_that_finds_it() {
        for bug in all() {
            let text = fs::read_to_string(Path::new(ROOT).join(bug.file)).unwrap();
            assert_eq!(text.matches(bug.find).count(), 1, "{}: in {}", bug.name, bug.file);
            assert!(bug.put.contains("PLANTED"), "{}", bug.name);
            for property in bug.properties {
                assert!(
                    Property::ALL.iter().any(|known| known.name() == property),
                    "{}: {property}",
                    bug.name
                );
            }
        }
        assert!(all().count() >= 12);
    }
}
