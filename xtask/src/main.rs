//! The project's own tools that read and judge: `cargo xtask`, called by recipes of the justfile.
//!
//! What has to work before a Rust toolchain is there, and what only calls other programs, is in `scripts/`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the answers of these tools are lines")]

mod bundle;
mod component;
mod forbid;
mod generated;
mod layers;
mod manifest;
mod run;
mod size;
mod wasm;

use run::Outcome;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask TOOL [OPTIONS]
  component [--wasm-only] [--any-size]   builds target/component/zoom.wasm and zoom.cwasm
  bundle [--native] [--no-webapp]        builds dist/zoom-VERSION.tar.gz, the plugin for Mattermost
  manifest VERSION [--no-webapp]         prints the bundle's plugin.json
  forbid [--layers [--write-known]]      looks for what must not land; prints the floors
  generated [--write]                    makes anew what is generated, and compares
  size [--functions N]                   prints the component's size by crate";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((tool, options)) = arguments.split_first() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    if matches!(tool.as_str(), "help" | "--help" | "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    match call(tool, &options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("{tool}: {failed}");
            ExitCode::FAILURE
        }
    }
}

fn call(tool: &str, options: &[&str]) -> Outcome {
    match tool {
        "component" => component::main(options),
        "bundle" => bundle::main(options),
        "manifest" => manifest::main(options),
        "forbid" => forbid::main(options),
        "generated" => generated::main(options),
        "size" => size::main(options),
        _ => Err(format!("no such tool\n{USAGE}").into()),
    }
}
