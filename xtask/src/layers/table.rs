//! The table of floors, layers.txt.

use std::collections::BTreeSet;

/// The floors from the top down.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) floors: Vec<Floor>,
}

/// Modules that stand side by side.
#[derive(Debug)]
pub(super) struct Floor {
    pub(super) name: String,
    /// As they are written: `store`, `say/cards`, `features/*`.
    pub(super) entries: Vec<String>,
}

/// What arrows lead from and to: a module with all below it that has no place of its own in the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Room {
    /// From the top, 0. The crate's root is above all.
    pub(super) floor: Option<usize>,
    /// `features/start`
    pub(super) name: String,
}

/// The crate's root, src/lib.rs: it names all modules, and nobody imports from it.
pub(super) const ROOT: &str = "lib";

impl Table {
    /// Reads a floor from each line: its name, then its modules. `#` begins a comment.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut floors: Vec<Floor> = Vec::new();
        let mut seen = BTreeSet::new();
        for line in text.lines() {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace().map(str::to_owned);
            let Some(name) = words.next() else { continue };
            let entries: Vec<String> = words.collect();
            if let Some(twice) = entries.iter().find(|entry| !seen.insert((*entry).clone())) {
                return Err(format!("{twice} stands on two floors"));
            }
            floors.push(Floor { name, entries });
        }
        Ok(Self { floors })
    }

    /// The room of a path from the crate's root. `None` where it is on no floor.
    pub(super) fn room(&self, path: &[String], modules: &BTreeSet<Vec<String>>) -> Option<Room> {
        // The end of a path may be a type or a function.
        let length = (0..=path.len()).rev().find(|length| modules.contains(&path[..*length]))?;
        if length == 0 {
            return Some(Room { floor: None, name: ROOT.to_owned() });
        }
        (1..=length).rev().find_map(|length| {
            let name = path[..length].join("/");
            let all = format!("{}/*", path[..length - 1].join("/"));
            let stands = |entry: &String| *entry == name || length > 1 && *entry == all;
            let floor = self.floors.iter().position(|floor| floor.entries.iter().any(stands))?;
            Some(Room { floor: Some(floor), name })
        })
    }

    /// Entries of which no room is one.
    pub(super) fn empty<'a>(&'a self, rooms: &'a BTreeSet<Room>) -> impl Iterator<Item = &'a String> {
        let is_filled = |entry: &String| {
            let below = entry.strip_suffix('*');
            rooms
                .iter()
                .any(|room| room.name == *entry || below.is_some_and(|below| room.name.starts_with(below)))
        };
        self.floors.iter().flat_map(|floor| &floor.entries).filter(move |entry| !is_filled(entry))
    }
}
