//! `./just scenarios-planted`: puts known faults into a copy of the core, and says which scenarios fail for each.
#![expect(clippy::print_stdout, reason = "a program for people")]

use simulation::planting::{self, Fault, VARIABLE};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const LIST: &str = include_str!("../../../core/planted.txt");

/// Tries those whose name holds the first argument.
fn main() -> ExitCode {
    let filter = std::env::args().nth(1).unwrap_or_default();
    let faults: Vec<Fault<'_>> = all().filter(|fault| fault.name.contains(&filter)).collect();
    let cargo =
        ["test", "--no-run", "--message-format=json", "--package", "zoom-chat", "--test", "scenarios"];
    let planted = planting::plant("planted-scenarios", &faults, &cargo).and_then(|planted| {
        let program = program(&planted.said).ok_or("cargo has built no program")?;
        match failures(&program, &planted.copy, "none").as_slice() {
            [] => Ok((planted.copy, program)),
            failed => Err(format!("fail without any fault: {}", failed.join(", "))),
        }
    });
    let (copy, program) = match planted {
        Ok(planted) => planted,
        Err(why) => {
            println!("{why}");
            return ExitCode::FAILURE;
        }
    };
    let mut missed = 0;
    println!("{:36} {:>9}  among them", "fault", "scenarios");
    for fault in &faults {
        let failed = failures(&program, &copy, fault.name);
        let is_found = failed.iter().any(|name| name == fault.found_by);
        missed += usize::from(!is_found);
        let among = if is_found { fault.found_by.to_owned() } else { format!("NOT {}", fault.found_by) };
        println!("{:36} {:>9}  {among}", fault.name, failed.len());
        if !is_found {
            println!("    {}", failed.join(", "));
        }
    }
    println!("{} found, {missed} missed", faults.len() - missed);
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn all() -> impl Iterator<Item = Fault<'static>> {
    planting::read(LIST, "scenario:")
}

/// The scenarios that fail with this fault.
fn failures(program: &Path, copy: &Path, fault: &str) -> Vec<String> {
    let run = Command::new(program).current_dir(copy).env(VARIABLE, fault).arg("--quiet").output();
    let said = run.map(|run| String::from_utf8_lossy(&run.stdout).into_owned()).unwrap_or_default();
    let (_, list) = said.rsplit_once("\nfailures:\n").unwrap_or_default();
    list.lines().take_while(|line| line.starts_with("    ")).map(|line| line.trim().to_owned()).collect()
}

/// The program that cargo says it has built.
fn program(said: &str) -> Option<PathBuf> {
    let (_, after) = said.rsplit_once("\"executable\":\"")?;
    after.split('"').next().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn every_fault_has_one_place_in_the_core() {
        for fault in all() {
            assert_eq!(fault.problem(), None);
        }
        assert!(all().count() >= 20);
    }
}
