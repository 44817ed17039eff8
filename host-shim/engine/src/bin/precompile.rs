//! Compiles a component ahead of time: `precompile IN.wasm OUT.cwasm [--target TRIPLE]`.
//!
//! The target is always stated to the compiler, so that nothing of the building machine's own processor gets into the file.

use std::path::PathBuf;
use std::process::ExitCode;

/// What the shipped executable runs on. Files for `-gnu` and `-musl` are the same.
const DEFAULT_TARGET: &str = "x86_64-unknown-linux-gnu";

const USAGE: &str = "usage: precompile IN.wasm OUT.cwasm [--target TRIPLE]";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(done) => {
            say(&done);
            ExitCode::SUCCESS
        }
        Err(problem) => {
            complain(&problem);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<String, String> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut target = DEFAULT_TARGET.to_owned();
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--target" => target = rest.next().ok_or(USAGE)?,
            option if option.starts_with('-') => return Err(USAGE.to_owned()),
            _ => files.push(argument.into()),
        }
    }
    let [source, result] = files.try_into().map_err(|_| USAGE)?;
    let component = std::fs::read(&source).map_err(|error| format!("{}: {error}", source.display()))?;
    let code = chat_plugin_engine::precompile(&component, &target)
        .map_err(|error| format!("{}: {error}", source.display()))?;
    std::fs::write(&result, &code).map_err(|error| format!("{}: {error}", result.display()))?;
    Ok(format!("{}: {} bytes for {target}", result.display(), code.len()))
}

#[expect(clippy::print_stdout, reason = "a command's answer")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "a command's complaint")]
fn complain(text: &str) {
    eprintln!("{text}");
}
