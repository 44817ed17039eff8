//! `./just simulate --planted`: puts known bugs into a copy of the core, and says what finds each.
//!
//! The list is `planted.txt`.

use simulation::planting::{self, Fault, VARIABLE};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

const LIST: &str = include_str!("../planted.txt");
/// A bug that takes more seeds than this to find is not found.
const SEEDS: &str = "10000";

/// Tries those whose name holds this text.
pub(crate) fn run(filter: &str) -> ExitCode {
    let bugs: Vec<Fault<'_>> = all().filter(|bug| bug.name.contains(filter)).collect();
    let begin = Instant::now();
    let cargo =
        ["build", "--quiet", "--profile", "simulation", "--package", "simulation", "--bin", "simulation"];
    let program = match planting::plant("planted", &bugs, &cargo) {
        Ok(planted) => planted.target.join("simulation/simulation"),
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

fn all() -> impl Iterator<Item = Fault<'static>> {
    planting::read(LIST, "property:")
}

fn look_for(bug: &Fault<'_>, program: &Path) -> Result<String, String> {
    let begin = Instant::now();
    let mut search = Command::new(program);
    let found = search.args(["--seeds", SEEDS, "--first"]).env(VARIABLE, bug.name).output();
    let found = String::from_utf8_lossy(&found.map_err(|error| error.to_string())?.stdout).into_owned();
    let mut words = found.split_whitespace();
    let (Some(seed), Some(property)) = (words.next(), words.next()) else {
        return Err(format!("not found within {SEEDS} seeds"));
    };
    if !bug.found_by.split(", ").any(|expected| expected == property) {
        return Err(format!("seed {seed} shows {property}, expected was {}", bug.found_by));
    }
    Ok(format!("{property:26} {seed:>6} {:>8.1}", begin.elapsed().as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use simulation::Property;

    #[test]
    fn every_bug_has_one_place_in_the_core_and_a_property_that_finds_it() {
        for bug in all() {
            assert_eq!(bug.problem(), None);
            for property in bug.found_by.split(", ") {
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
