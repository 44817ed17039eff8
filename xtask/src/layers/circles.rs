//! Circles among modules.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

type Edges = BTreeMap<String, BTreeSet<String>>;

/// The shortest way from one module to another, both named. `None` if there is none.
pub(super) fn way(edges: &Edges, from: &str, to: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut next = VecDeque::from([from]);
    while let Some(module) = next.pop_front() {
        if module == to {
            let mut way = vec![to.to_owned()];
            let mut at = to;
            while at != from {
                at = before.get(at)?;
                way.push(at.to_owned());
            }
            way.reverse();
            return Some(way);
        }
        for import in edges.get(module).into_iter().flatten() {
            if import != from && !before.contains_key(import.as_str()) {
                before.insert(import, module);
                next.push_back(import);
            }
        }
    }
    None
}

/// Each group of modules of which every one leads to every other one, largest first.
pub(super) fn all(edges: &Edges) -> Vec<Vec<String>> {
    let reach = |from: &str| -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut next = vec![from];
        while let Some(module) = next.pop() {
            for import in edges.get(module).into_iter().flatten() {
                if seen.insert(import.clone()) {
                    next.push(import);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        edges.keys().map(|module| (module, reach(module))).collect();
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for (module, reaches) in &reached {
        let back = |other: &&String| reached.get(*other).is_some_and(|reaches| reaches.contains(*module));
        let circle: Vec<String> = reaches.iter().filter(back).cloned().collect();
        if !circle.is_empty() {
            circles.insert(circle);
        }
    }
    let mut circles: Vec<_> = circles.into_iter().collect();
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    circles
}
