//! Faults that are planted into a copy of the core, to see that tests find them.
//!
//! A list says what they are. A fault is an exact text of a source file and what stands in its place: a text that is no longer there fails,
//! so that the list keeps up with the core. The copy is built once: in what stands in the place, `PLANTED` is whether this is the fault that
//! is being looked for, which an environment variable says.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The tree that this program was built from.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Names the fault that a copy shall have.
pub const VARIABLE: &str = "ZOOM_CHAT_PLANTED";
/// What a copy's library ends with.
const SWITCH: &str = r#"
/// Whether the copy has this bug.
pub(crate) fn planted(name: &str) -> bool {
    static NAME: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    NAME.get_or_init(|| std::env::var("ZOOM_CHAT_PLANTED").unwrap_or_default()) == name
}
"#;

/// A fault.
#[derive(Debug, Clone, Copy)]
pub struct Fault<'a> {
    /// Its name.
    pub name: &'a str,
    /// Any of these finds it.
    pub found_by: &'a str,
    /// A source file of the core.
    pub file: &'a str,
    find: &'a str,
    put: &'a str,
}

/// The faults of a list; `finder` is what a line begins with that says what finds one.
pub fn read<'a>(list: &'a str, finder: &'a str) -> impl Iterator<Item = Fault<'a>> {
    list.split("\n# ").skip(1).map(move |entry| fault(entry, finder))
}

/// `name`, `<finder> …`, `file: …`, then the two texts.
fn fault<'a>(entry: &'a str, finder: &str) -> Fault<'a> {
    let line = |name: &str| {
        let found = entry.lines().find_map(|line| line.strip_prefix(name));
        found.unwrap_or_else(|| panic!("an entry of the list lacks {name} {entry}")).trim()
    };
    let (_, texts) = entry.split_once("--- find\n").expect("an entry has --- find");
    let (find, put) = texts.split_once("--- put\n").expect("an entry has --- put");
    Fault {
        name: entry.lines().next().unwrap_or_default(),
        found_by: line(finder),
        file: line("file:"),
        find: find.trim_end_matches('\n'),
        put: put.trim_end_matches('\n'),
    }
}

impl Fault<'_> {
    /// What is wrong with the entry, if anything is.
    pub fn problem(&self) -> Option<String> {
        let text = fs::read_to_string(Path::new(ROOT).join(self.file)).unwrap_or_default();
        let count = text.matches(self.find).count();
        if count != 1 {
            return Some(format!("{}: the text to replace is {count} times in {}", self.name, self.file));
        }
        (!self.put.contains("PLANTED")).then(|| format!("{}: it is always planted", self.name))
    }
}

/// A copy that was built.
pub struct Planted {
    /// The tree.
    pub copy: PathBuf,
    /// Where cargo has put what it built.
    pub target: PathBuf,
    /// What cargo said.
    pub said: String,
}

/// Puts all faults into a copy, `target/<name>`, and builds there what cargo is told to build.
///
/// # Errors
/// What cannot be copied, or does not compile.
pub fn plant(name: &str, faults: &[Fault<'_>], cargo: &[&str]) -> Result<Planted, String> {
    let copy = copy(Path::new(ROOT), name, faults)?;
    let target = copy.with_file_name(format!("{name}-target"));
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(program)
        .current_dir(&copy)
        .args(cargo)
        .arg("--target-dir")
        .arg(&target)
        .output()
        .map_err(|error| error.to_string())?;
    if built.status.success() {
        return Ok(Planted { copy, target, said: String::from_utf8_lossy(&built.stdout).into_owned() });
    }
    Err(format!("it does not compile: {}", String::from_utf8_lossy(&built.stderr)))
}

/// A tree like this one, with links to all that stays as it is, and all bugs in it.
fn copy(root: &Path, name: &str, faults: &[Fault<'_>]) -> Result<PathBuf, String> {
    let copy = root.join("target").join(name);
    let why = |error: io::Error| format!("{}: {error}", copy.display());
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for fault in faults {
        if let Some(problem) = fault.problem() {
            return Err(format!("{problem}: bring the list up to date"));
        }
        let read = || fs::read_to_string(root.join(fault.file)).map_err(why);
        let text = match texts.remove(fault.file) {
            Some(text) => text,
            None => read()?,
        };
        if text.matches(fault.find).count() != 1 {
            return Err(format!("{}: another fault has changed the same text", fault.name));
        }
        let put = fault.put.replace("PLANTED", &format!("crate::planted(\"{}\")", fault.name));
        texts.insert(fault.file, text.replacen(fault.find, &put, 1));
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
