//! Scenarios: what comes in, which effects go out, what comes back.
//!
//! A file holds several. `# name` begins one, `; text` says what it shows. Any other line that is not indented is a directive of
//! [`world`] or a hook of [`step`]; the indented lines below a hook are what it must do, in order.

mod answer;
mod browser;
pub(crate) mod calls;
pub(crate) mod converge;
mod given;
pub(crate) mod many;
mod names;
pub(crate) mod race;
pub(crate) mod recording;
mod routine;
mod step;
mod stepwise;
mod stored;
mod story;
mod trace;
mod world;

use std::fmt::Write as _;
use std::path::PathBuf;

/// One file of scenarios.
pub(crate) struct File {
    path: PathBuf,
    /// What stands before the first scenario.
    preface: String,
    scenarios: Vec<Scenario>,
}

struct Scenario {
    name: String,
    lines: Vec<Line>,
}

/// A line as written, and for a hook the indented lines below it.
#[derive(Clone)]
struct Line {
    text: String,
    expected: Vec<String>,
}

/// What is to be done with a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It fails.
    Check,
    /// What came out is what is expected from now on.
    Update,
    /// As [`Self::Update`], and stages stand for the steps that do what they do.
    UpdateGiven,
}

impl Mode {
    /// By `UPDATE_EXPECT=1` or `UPDATE_EXPECT=given`.
    pub(crate) fn of_environment() -> Self {
        match std::env::var("UPDATE_EXPECT").as_deref() {
            Err(_) => Self::Check,
            Ok("given") => Self::UpdateGiven,
            Ok(_) => Self::Update,
        }
    }
}

impl File {
    pub(crate) fn read(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap();
        let begin =
            text.find("# ").filter(|at| *at == 0 || text[..*at].ends_with('\n')).unwrap_or(text.len());
        Self { preface: text[..begin].to_owned(), scenarios: read(&text[begin..]), path }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.scenarios.iter().map(|scenario| scenario.name.clone()).collect()
    }

    /// Plays a scenario, and rewrites the file or fails where something else came out.
    pub(crate) fn check(&mut self, name: &str, mode: Mode) -> Result<(), String> {
        let scenario = self.scenarios.iter_mut().find(|scenario| scenario.name == name).unwrap();
        let (differences, unused) = scenario.play(mode);
        let played = match mode {
            Mode::Check | Mode::Update if differences.is_empty() => Ok(()),
            Mode::Check => Err(differences),
            Mode::Update | Mode::UpdateGiven => {
                self.write();
                Ok(())
            }
        };
        // Nobody may take for tested what did not happen.
        if unused.is_empty() { played } else { Err(played.err().unwrap_or_default() + &unused) }
    }

    fn write(&self) {
        let mut text = self.preface.clone();
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

/// The scenarios of a text. What stands before the first is passed over.
fn read(text: &str) -> Vec<Scenario> {
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
    scenarios
}

impl Scenario {
    /// Its lines but comments and empty ones.
    fn steps(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.is_comment())
    }

    /// Runs every line, replaces what was expected by what came out, and says where the two differed, and what was prepared in vain.
    fn play(&mut self, mode: Mode) -> (String, String) {
        let mut world = world::World::new();
        let mut names = names::Names::default();
        let mut differences = String::new();
        let mut raws = Vec::new();
        for line in &mut self.lines {
            if mode == Mode::UpdateGiven && !line.is_comment() {
                line.text = names.put_known_in(&line.text);
            }
            let raw = line.play(&mut world, &mut names);
            let actual = match line.text.strip_prefix(given::GIVEN) {
                Some(stage) => given::play(&mut world, &mut names, stage),
                None => tell(&world, &mut names, &raw),
            };
            raws.push(raw);
            if actual != line.expected {
                let (expected, actual) = (line.expected.join("\n    "), actual.join("\n    "));
                writeln!(differences, "{}\n  expected:\n    {expected}\n  actual:\n    {actual}", line.text)
                    .unwrap();
            }
            line.expected = actual;
        }
        if mode == Mode::UpdateGiven && !world.story.is_golden() {
            given::put_in(&mut self.lines, raws, &world);
        }
        let unused = world.unused().iter().map(|line| format!("nothing has used: {line}\n")).collect();
        (differences, unused)
    }
}

impl Line {
    fn is_comment(&self) -> bool {
        self.text.trim().is_empty() || self.text.starts_with(';')
    }

    /// Follows a directive or calls a hook: what it does, in lines without names.
    fn play(&self, world: &mut world::World, names: &mut names::Names) -> Vec<String> {
        if self.is_comment() || self.text.starts_with(given::GIVEN) {
            return Vec::new();
        }
        let text = world.fill_in(&names.take_out(&self.text));
        names.write(&self.text);
        if world.set(&text) {
            return Vec::new();
        }
        let lines = step::run(world, &text);
        world.see(&lines);
        lines
    }
}

/// What came out as people read it.
fn tell(world: &world::World, names: &mut names::Names, raw: &[String]) -> Vec<String> {
    match world.story.is_golden() {
        true => raw.to_vec(),
        false => {
            let named = raw.iter().map(|line| names.put_in(line)).collect();
            story::close(story::together(routine::fold(story::together(named))))
        }
    }
}
