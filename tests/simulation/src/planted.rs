//! `./just simulate --planted`: puts known bugs into copies of the core, one at a time, and says what finds each.
//!
//! The list is `planted.txt`. A bug is an exact text of a source file and what stands in its place: a text that is no longer there fails,
//! so that the list keeps up with the core.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

const LIST: &str = include_str!("../planted.txt");
/// The tree that this program was built from.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
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
    let bugs: Vec<Bug<'_>> =
        LIST.split("\n# ").skip(1).map(read).filter(|bug| bug.name.contains(filter)).collect();
    let mut failed = 0;
    println!("{:34} {:28} {:>7} {:>6} {:>6}", "bug", "found by", "seed", "build", "search");
    for bug in &bugs {
        match try_one(bug) {
            Ok(line) => println!("{:34} {line}", bug.name),
            Err(why) => {
                failed += 1;
                println!("{:34} FAILED: {why}", bug.name);
            }
        }
    }
    println!("{} passed, {failed} failed", bugs.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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

fn try_one(bug: &Bug<'_>) -> Result<String, String> {
    let root = Path::new(ROOT);
    let text = fs::read_to_string(root.join(bug.file)).map_err(|error| format!("{}: {error}", bug.file))?;
    match text.matches(bug.find).count() {
        1 => {}
        n => {
            return Err(format!(
                "the text to replace is {n} times in {}: bring planted.txt up to date",
                bug.file
            ));
        }
    }
    let begin = Instant::now();
    let copy = copy(root, bug, &text.replacen(bug.find, bug.put, 1)).map_err(|error| error.to_string())?;
    let program = build(&copy)?;
    let built_s = begin.elapsed().as_secs();
    let begin = Instant::now();
    let search = Command::new(program).args(["--seeds", SEEDS, "--first"]).output();
    let search = search.map_err(|error| error.to_string())?;
    let found = String::from_utf8_lossy(&search.stdout).into_owned();
    let mut words = found.split_whitespace();
    let (Some(seed), Some(property)) = (words.next(), words.next()) else {
        return Err(format!("not found within {SEEDS} seeds"));
    };
    if !bug.properties.contains(&property) {
        return Err(format!("seed {seed} shows {property}, expected was {}", bug.properties.join(" or ")));
    }
    let mut line = String::new();
    let _ = write!(line, "{property:28} {seed:>7} {built_s:>4} s {:>4} s", begin.elapsed().as_secs());
    Ok(line)
}

/// A tree like this one, with links to all that stays as it is.
fn copy(root: &Path, bug: &Bug<'_>, text: &str) -> io::Result<PathBuf> {
    let copy = root.join("target/planted");
    fs::create_dir_all(&copy)?;
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let (name, link) = (entry.file_name(), copy.join(entry.file_name()));
        let skipped = ["target", ".git", "src"].iter().any(|skipped| name == *skipped);
        if !skipped && fs::symlink_metadata(&link).is_err() {
            std::os::unix::fs::symlink(entry.path(), link)?;
        }
    }
    mirror(&root.join("src"), &copy.join("src"))?;
    fs::write(copy.join(bug.file), text)?;
    Ok(copy)
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
        // Quick to build is worth more here than quick to run.
        .env("CARGO_PROFILE_SIMULATION_OPT_LEVEL", "1")
        .output()
        .map_err(|error| error.to_string())?;
    if built.status.success() {
        return Ok(target.join("simulation/simulation"));
    }
    Err(format!("it does not compile: {}", String::from_utf8_lossy(&built.stderr)))
}
