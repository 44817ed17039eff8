//! The house has floors, and arrows go down: what each module of `src/` imports, held to the table `layers.txt`.
//!
//! A module imports from floors below its own; not from its own floor, and not from above. So no circle can be. What breaks this
//! today stands in `layers-known.txt` by file and module: it fails when it is there no more, so that the list only shrinks.

mod circles;
mod source;
mod table;

use crate::run::{Outcome, output};
use source::{imports, module_of};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use table::{Room, Table};

const TABLE: &str = "xtask/layers.txt";
const KNOWN: &str = "xtask/layers-known.txt";
/// What a line begins with that goes on with the fault before it.
const CONTINUED: &str = "    ";
const KNOWN_HEAD: &str = "\
# Imports that do not go down and are known, by file and module: `./just forbid` fails when one is gone and still stands here.
# `./just forbid --layers --write-known` writes this list anew, and only ever a shorter one.
";

/// What is printed besides faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing.
    Faults,
    /// The floors, and what each module imports.
    Floors,
}

/// Holds the modules to the table, less what is known.
pub(crate) fn check(root: &Path, shown: Shown) -> Outcome {
    let house = House::of(root)?;
    if shown == Shown::Floors {
        print!("{}", house.floors());
    }
    let faults = house.faults(&known(root)?);
    for fault in &faults {
        eprintln!("{fault}");
    }
    if faults.is_empty() {
        Ok(())
    } else {
        let count = faults.iter().filter(|line| !line.starts_with(CONTINUED)).count();
        Err(format!("{count} faults between layers: see above and {TABLE}").into())
    }
}

/// Writes the list of known faults anew. Fails when it would grow.
pub(crate) fn write_known(root: &Path) -> Outcome {
    let before = known(root)?;
    let after: BTreeSet<String> = House::of(root)?.not_down().map(Arrow::key).collect();
    if after.len() > before.len() {
        let new: Vec<&str> = after.difference(&before).map(String::as_str).collect();
        let (from, to) = (before.len(), after.len());
        return Err(format!("the list would grow from {from} to {to}. New: {}", new.join(", ")).into());
    }
    let mut text = KNOWN_HEAD.to_owned();
    for line in &after {
        let _ = writeln!(text, "{line}");
    }
    fs::write(root.join(KNOWN), text)?;
    println!("{KNOWN}: {} before, {} now", before.len(), after.len());
    Ok(())
}

fn known(root: &Path) -> Outcome<BTreeSet<String>> {
    let text = fs::read_to_string(root.join(KNOWN)).map_err(|error| format!("{KNOWN}: {error}"))?;
    Ok(read_known(&text))
}

fn read_known(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

/// One import from one room to another.
#[derive(Debug, PartialEq, Eq)]
struct Arrow {
    file: String,
    line: usize,
    from: Room,
    to: Room,
}

impl Arrow {
    fn goes_down(&self) -> bool {
        matches!((self.from.floor, self.to.floor), (Some(from), Some(to)) if to > from)
    }

    fn key(&self) -> String {
        format!("{} -> {}", self.file, self.to.name)
    }
}

/// All modules with what they import.
#[derive(Debug)]
struct House {
    table: Table,
    rooms: BTreeSet<Room>,
    arrows: Vec<Arrow>,
    /// Files that are on no floor.
    outside: Vec<String>,
}

impl House {
    fn of(root: &Path) -> Outcome<Self> {
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "src/*.rs"];
        let list = output(Command::new("git").current_dir(root).args(list))?;
        let mut files = Vec::new();
        for file in list.split('\0').filter(|file| !file.is_empty() && root.join(file).is_file()) {
            files.push((file.to_owned(), fs::read_to_string(root.join(file))?));
        }
        Ok(Self::build(&files, Table::read(&fs::read_to_string(root.join(TABLE))?)?))
    }

    fn build(files: &[(String, String)], table: Table) -> Self {
        let modules: BTreeSet<Vec<String>> =
            files.iter().map(|(file, _)| module_of(file)).chain([Vec::new()]).collect();
        let mut house = Self { table, rooms: BTreeSet::new(), arrows: Vec::new(), outside: Vec::new() };
        for (file, text) in files {
            let module = module_of(file);
            // The root names all modules.
            if module.is_empty() {
                continue;
            }
            let Some(from) = house.table.room(&module, &modules) else {
                house.outside.push(file.clone());
                continue;
            };
            for import in imports(text, &module, &modules) {
                // Where there is none, the file at the other end is outside, and that is said.
                let Some(to) = house.table.room(&import.path, &modules) else { continue };
                let (file, line) = (file.clone(), import.line);
                let arrow = Arrow { file, line, from: from.clone(), to };
                if arrow.to != from && house.arrows.last() != Some(&arrow) {
                    house.arrows.push(arrow);
                }
            }
            house.rooms.insert(from);
        }
        house
    }

    fn not_down(&self) -> impl Iterator<Item = &Arrow> {
        self.arrows.iter().filter(|arrow| !arrow.goes_down())
    }

    /// A line for each thing that is wrong and not known.
    fn faults(&self, known: &BTreeSet<String>) -> Vec<String> {
        let mut faults: Vec<String> = Vec::new();
        faults.extend(self.outside.iter().map(|file| format!("{file}: is on no floor of {TABLE}")));
        faults.extend(
            self.table.empty(&self.rooms).map(|entry| format!("{TABLE}: {entry} is no module of src/")),
        );
        let found: BTreeSet<String> = self.not_down().map(Arrow::key).collect();
        let mut said = BTreeSet::new();
        for arrow in self.not_down().filter(|arrow| !known.contains(&arrow.key())) {
            let (from, to) = (self.place(&arrow.from), self.place(&arrow.to));
            let why =
                if arrow.from.floor == arrow.to.floor { "both stand side by side" } else { "arrows go down" };
            faults.push(format!("{}:{}: {from} imports {to}: {why}", arrow.file, arrow.line));
            if said.insert(arrow.key()) {
                faults.extend(self.circle(arrow));
            }
        }
        let gone = known.difference(&found);
        faults.extend(gone.map(|line| {
            format!("{KNOWN}: `{line}` is gone: take the line out (`./just forbid --layers --write-known`)")
        }));
        faults
    }

    /// How what an arrow leads to comes back to where it begins, with file and line of each step.
    fn circle(&self, arrow: &Arrow) -> Option<String> {
        let way = circles::way(&self.edges(), &arrow.to.name, &arrow.from.name)?;
        let mut text = format!("{CONTINUED}a circle: {}", arrow.from.name);
        let _ = write!(text, " -> {}", arrow.to.name);
        for pair in way.windows(2) {
            let step =
                self.arrows.iter().find(|arrow| arrow.from.name == pair[0] && arrow.to.name == pair[1]);
            let _ = write!(text, " -> {}", pair[1]);
            if let Some(step) = step {
                let _ = write!(text, " ({}:{})", step.file, step.line);
            }
        }
        Some(text)
    }

    fn place(&self, room: &Room) -> String {
        let floor = room.floor.and_then(|floor| self.table.floors.get(floor));
        floor.map_or_else(|| room.name.clone(), |floor| format!("{} (floor {})", room.name, floor.name))
    }

    fn edges(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for arrow in &self.arrows {
            edges.entry(arrow.from.name.clone()).or_default().insert(arrow.to.name.clone());
        }
        edges
    }

    /// The floors from the top down, each module with what it imports. A sign is before what does not go down.
    fn floors(&self) -> String {
        let mut text = "Floors from the top down. A module imports from floors below: ^ goes up, = stays on the floor.\n".to_owned();
        let edges = self.edges();
        for (number, floor) in self.table.floors.iter().enumerate() {
            let rooms: Vec<&Room> = self.rooms.iter().filter(|room| room.floor == Some(number)).collect();
            let _ =
                writeln!(text, "\n{}{}", floor.name, if rooms.is_empty() { "  (nothing yet)" } else { "" });
            for room in rooms {
                let imports = edges
                    .get(&room.name)
                    .into_iter()
                    .flatten()
                    .map(|to| format!("{}{to}", self.sign(number, to)));
                let imports: Vec<String> = imports.collect();
                let line = format!("  {:<24} {}", room.name, imports.join(" "));
                let _ = writeln!(text, "{}", line.trim_end());
            }
        }
        let _ = write!(text, "\n{}", self.summary(&edges));
        text
    }

    fn sign(&self, floor: usize, to: &str) -> &'static str {
        match self.rooms.iter().find(|room| room.name == to).and_then(|room| room.floor) {
            Some(other) if other > floor => "",
            Some(other) if other == floor => "=",
            _ => "^",
        }
    }

    fn summary(&self, edges: &BTreeMap<String, BTreeSet<String>>) -> String {
        let arrows: usize = edges.values().map(BTreeSet::len).sum();
        let pairs = |filter: fn(&Arrow) -> bool| {
            self.arrows
                .iter()
                .filter(|arrow| filter(arrow))
                .map(|arrow| (&arrow.from, &arrow.to))
                .collect::<BTreeSet<_>>()
                .len()
        };
        let beside = pairs(|arrow| arrow.from.floor == arrow.to.floor);
        let up = pairs(|arrow| !arrow.goes_down() && arrow.from.floor != arrow.to.floor);
        let leads = |from: &str, to: &str| edges.get(from).is_some_and(|rooms| rooms.contains(to));
        let mutual = edges.iter().flat_map(|(from, rooms)| rooms.iter().map(move |to| (from, to)));
        let mutual = mutual.filter(|(from, to)| from < to && leads(to, from)).count();
        let mut text = format!(
            "{} modules, {arrows} arrows: {up} go up, {beside} stay on their floor; {mutual} pairs import each other.\n",
            self.rooms.len()
        );
        for circle in circles::all(edges) {
            let _ = writeln!(text, "A circle of {}: {}", circle.len(), circle.join(" "));
        }
        text
    }
}

#[cfg(test)]
mod tests;
