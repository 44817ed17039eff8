//! Scenarios: what comes in, which effects go out, what comes back.
//!
//! A file holds several. `# name` begins one, `; text` says what it shows. Any other line that is not indented is a directive of
//! [`world`] or a hook of [`step`]; the indented lines below a hook are what it must do, in order.

mod answer;
mod browser;
pub(crate) mod calls;
pub(crate) mod converge;
pub(crate) mod race;
pub(crate) mod recording;
mod step;
mod stepwise;
mod trace;
mod world;

use std::fmt::Write as _;
use std::path::PathBuf;

/// One file of scenarios.
pub(crate) struct File {
    path: PathBuf,
    scenarios: Vec<Scenario>,
}

struct Scenario {
    name: String,
    lines: Vec<Line>,
}

/// A line as written, and for a hook the indented lines below it.
struct Line {
    text: String,
    expected: Vec<String>,
}

impl File {
    pub(crate) fn read(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut scenarios: Vec<Scenario> = Vec::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("# ") {
                scenarios.push(Scenario { name: name.trim().to_owned(), lines: Vec::new() });
            } else if let Some(scenario) = scenarios.last_mut() {
                match (line.strip_prefix("    "), scenario.lines.last_mut()) {
                    (Some(expected), Some(above)) => above.expected.push(expected.to_owned()),
                    _ => scenario.lines.push(Line { text: line.to_owned(), expected: Vec::new() }),
                }
            }
        }
        Self { path, scenarios }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.scenarios.iter().map(|scenario| scenario.name.clone()).collect()
    }

    /// Plays a scenario. With `update` the file is rewritten to what came out; otherwise a difference fails.
    pub(crate) fn check(&mut self, name: &str, update: bool) -> Result<(), String> {
        let scenario = self.scenarios.iter_mut().find(|scenario| scenario.name == name).unwrap();
        let differences = scenario.play();
        if differences.is_empty() {
            return Ok(());
        }
        if !update {
            return Err(differences);
        }
        self.write();
        Ok(())
    }

    fn write(&self) {
        let mut text = String::new();
        for scenario in &self.scenarios {
            writeln!(text, "# {}", scenario.name).unwrap();
            for line in &scenario.lines {
                writeln!(text, "{}", line.text).unwrap();
                for expected in &line.expected {
                    writeln!(text, "    {expected}").unwrap();
                }
            }
        }
        std::fs::write(&self.path, text).unwrap();
    }
}

impl Scenario {
    /// Runs every line, replaces what was expected by what came out, and says where the two differed.
    fn play(&mut self) -> String {
        let mut world = world::World::new();
        let mut differences = String::new();
        for line in &mut self.lines {
            if line.text.trim().is_empty() || line.text.starts_with(';') {
                continue;
            }
            let text = world.fill_in(&line.text);
            let actual = match world.set(&text) {
                true => Vec::new(),
                false => step::run(&mut world, &text),
            };
            world.see(&actual);
            if actual != line.expected {
                let (expected, actual) = (line.expected.join("\n    "), actual.join("\n    "));
                writeln!(differences, "{}\n  expected:\n    {expected}\n  actual:\n    {actual}", line.text)
                    .unwrap();
            }
            line.expected = actual;
        }
        differences
    }
}
