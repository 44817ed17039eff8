//! Routines: lines that always come together have a name, and are told by it. `tests/data/routines.txt` says which; nothing is left out, as
//! all that is not the same each time stands in the name.

use std::sync::LazyLock;

/// Lines and the one that stands for them, with `{parts}` that are different each time.
struct Routine {
    title: Vec<Piece>,
    lines: Vec<Vec<Piece>>,
}

/// A piece of a line.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    Part(String),
    /// A meeting's number as people read it: `{number:spaced}`.
    Spaced(String),
}

/// Parts that may be empty.
const CAN_BE_EMPTY: [&str; 2] = ["more", "text"];

/// What stands for the parts.
type Bound = Vec<(String, String)>;

static ROUTINES: LazyLock<Vec<Routine>> = LazyLock::new(|| read(include_str!("../../data/routines.txt")));

/// Puts routines by their names, also those that are made of others. What may begin with any line comes last.
pub(super) fn fold(mut lines: Vec<String>) -> Vec<String> {
    for with_any in [false, true] {
        loop {
            let folded = fold_once(&lines, with_any);
            if folded.len() == lines.len() {
                break;
            }
            lines = folded;
        }
    }
    lines
}

fn fold_once(lines: &[String], with_any: bool) -> Vec<String> {
    let mut folded = Vec::new();
    let mut rest = lines;
    while let Some(line) = rest.first() {
        let mut routines = ROUTINES.iter().filter(|routine| with_any || !routine.begins_with_any());
        let found = routines.find_map(|routine| Some((routine.matches(rest)?, routine)));
        match found {
            Some((bound, routine)) => {
                folded.push(routine.title.iter().map(|piece| piece.with(&bound)).collect());
                rest = &rest[routine.lines.len()..];
            }
            None => {
                folded.push(line.clone());
                rest = &rest[1..];
            }
        }
    }
    folded
}

/// `# title`, and the lines below it, indented as in scenarios. Longer routines win.
fn read(text: &str) -> Vec<Routine> {
    let mut routines: Vec<Routine> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            routines.push(Routine { title: pieces(title), lines: Vec::new() });
        } else if let (Some(line), Some(routine)) = (line.strip_prefix("    "), routines.last_mut()) {
            routine.lines.push(pieces(line));
        }
    }
    for routine in &routines {
        for piece in routine.lines.iter().flatten() {
            let told = |name: &String| routine.title.contains(&Piece::Part(name.clone()));
            assert!(!matches!(piece, Piece::Part(name) if !told(name)), "a routine keeps back {piece:?}");
        }
    }
    routines.sort_by_key(|routine| std::cmp::Reverse(routine.lines.len()));
    routines
}

/// A part's name is one word of letters, so that values in braces are none.
fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let part = after
            .split_once('}')
            .filter(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == ':'));
        match part {
            Some((name, after)) => {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(match name.split_once(':') {
                    Some((name, _)) => Piece::Spaced(name.to_owned()),
                    None => Piece::Part(name.to_owned()),
                });
                rest = after;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    pieces.push(Piece::Text(text + rest));
    pieces
}

impl Routine {
    fn begins_with_any(&self) -> bool {
        matches!(self.lines.first().map(Vec::as_slice), Some([Piece::Text(text), Piece::Part(_), ..]) if text.is_empty())
    }

    fn matches(&self, lines: &[String]) -> Option<Bound> {
        let begins = |(pattern, line): (&Vec<Piece>, &String)| match pattern.first() {
            Some(Piece::Text(text)) => line.starts_with(text.as_str()),
            _ => true,
        };
        if lines.len() < self.lines.len() || !self.lines.iter().zip(lines).all(begins) {
            return None;
        }
        let mut bound = Bound::new();
        for (index, pattern) in self.lines.iter().enumerate() {
            bound = fits(pattern, lines.get(index)?, bound)?;
        }
        Some(bound)
    }
}

/// What the parts stand for where the line is as the pattern says. A part is as short as it can be, and never empty.
fn fits(pattern: &[Piece], line: &str, bound: Bound) -> Option<Bound> {
    match pattern.split_first() {
        None => line.is_empty().then_some(bound),
        Some((Piece::Part(name), rest)) if value(name, &bound).is_none() => {
            let after = match rest.first() {
                Some(Piece::Text(text)) if !text.is_empty() => Some(text.as_str()),
                _ => None,
            };
            let shortest = usize::from(!CAN_BE_EMPTY.contains(&name.as_str()));
            let ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
            ends.filter(|end| *end >= shortest && after.is_none_or(|after| line[*end..].starts_with(after)))
                .find_map(|end| {
                    let mut bound = bound.clone();
                    bound.push((name.clone(), line[..end].to_owned()));
                    fits(rest, &line[end..], bound)
                })
        }
        Some((Piece::Spaced(name), rest)) if value(name, &bound).is_none() => {
            let end = line.find(|c: char| !c.is_ascii_digit() && c != ' ').unwrap_or(line.len());
            let end = line[..end].trim_end().len();
            let mut bound = bound;
            bound.push((name.clone(), line[..end].replace(' ', "")));
            (spaced(value(name, &bound)?) == line[..end]).then(|| fits(rest, &line[end..], bound))?
        }
        Some((Piece::Text(text), rest)) => fits(rest, line.strip_prefix(text.as_str())?, bound),
        Some((piece, rest)) => fits(rest, line.strip_prefix(piece.with(&bound).as_str())?, bound),
    }
}

fn value<'a>(name: &str, bound: &'a Bound) -> Option<&'a String> {
    bound.iter().find(|(bound, _)| bound == name).map(|(_, value)| value)
}

impl Piece {
    fn with(&self, bound: &Bound) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Part(name) => value(name, bound).cloned().unwrap_or_default(),
            Self::Spaced(name) => spaced(value(name, bound).map_or("", String::as_str)),
        }
    }
}

/// `823 4567 8901`, `123 456 7890`
fn spaced(number: &str) -> String {
    let (first, rest) = number.split_at(number.len().min(3));
    let (second, third) = rest.split_at(rest.len().saturating_sub(4));
    format!("{first} {second} {third}")
}
