//! Looks through the files that git tracks, or would track, for what must not land: words, and arrows between modules that go up.

mod rules;

use crate::layers;
use crate::run::{Outcome, root};
use rules::{RULES, Rule};
use std::path::Path;
use std::process::Command;

/// Where the rules themselves stand, and lines that break them.
const RULES_THEMSELVES: &str = ":!xtask/src/forbid/rules.rs";

/// `forbid [--layers [--write-known]]`. Prints each line that breaks a rule, and the floors when asked for them.
pub(crate) fn main(options: &[&str]) -> Outcome {
    let layers = match options {
        [] => layers::check(&root(), layers::Shown::Faults),
        ["--layers"] => layers::check(&root(), layers::Shown::Floors),
        ["--layers", "--write-known"] => layers::write_known(&root()),
        _ => return Err("usage: cargo xtask forbid [--layers [--write-known]]".into()),
    };
    let mut broken = 0;
    for rule in RULES {
        let lines = breaking(rule, &root())?;
        if !lines.is_empty() {
            print!("{lines}");
            eprintln!("^^^ {}\n", rule.why);
            broken += 1;
        }
    }
    layers?;
    if broken > 0 { Err(format!("{broken} rules are broken: see above").into()) } else { Ok(()) }
}

/// `file:line:text` of each line that breaks the rule, in files that git tracks or would track.
fn breaking(rule: &Rule, root: &Path) -> Outcome<String> {
    let mut grep = Command::new("git");
    grep.current_dir(root).args(["grep", "--untracked", "--no-color", "-nIE", "-e", rule.pattern, "--"]);
    let output = grep.args(rule.paths).arg(RULES_THEMSELVES).output()?;
    match output.status.code() {
        Some(0) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Some(1) => Ok(String::new()),
        _ => Err(format!("{}: {}", rule.why, String::from_utf8_lossy(&output.stderr).trim()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::rules::{RULES, Rule};
    use super::{breaking, root};
    use crate::run::run;
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;

    /// An empty repository that is gone at the end.
    struct Repository(PathBuf);

    impl Repository {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            run(Command::new("git").args(["init", "--quiet"]).current_dir(&folder)).unwrap();
            Self(folder)
        }

        fn plant(&self, path: &str, text: &str) {
            let path = self.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    impl Drop for Repository {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn each_rule_finds_its_planted_lines_and_no_others() {
        for (index, rule) in RULES.iter().enumerate() {
            assert!(!rule.planted.is_empty(), "{}: no line is planted", rule.why);
            let repository = Repository::new(&format!("rule-{index}"));
            for (number, (path, line)) in rule.planted.iter().enumerate() {
                repository.plant(path, &format!("fine\n{line}\n"));
                let found = breaking(rule, &repository.0).unwrap();
                assert_eq!(found, format!("{path}:2:{line}\n"), "{}: planted line {number}", rule.why);
                fs::remove_file(repository.0.join(path)).unwrap();
            }
            for (path, line) in rule.fine {
                repository.plant(path, &format!("{line}\n"));
            }
            assert_eq!(breaking(rule, &repository.0).unwrap(), "", "{}", rule.why);
        }
    }

    #[test]
    fn a_rule_that_cannot_be_read_is_no_rule_that_holds() {
        let broken = Rule { why: "broken", pattern: "(", paths: &["."], planted: &[], fine: &[] };
        let error = breaking(&broken, &root()).unwrap_err().to_string();
        assert!(error.starts_with("broken: "), "{error}");
    }
}
