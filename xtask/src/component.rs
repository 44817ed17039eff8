//! Builds the component, and compiles it ahead of time.

use crate::run::{Outcome, host_triple, output, run, script, target_dir, words};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Bytes of zoom.wasm. It is loaded on every node and shipped in every bundle. A fifth of it is what it says, in eight languages.
pub(crate) const SIZE_MAX: u64 = 1_300_000;

const BUILD: &str =
    "cargo rustc --package zoom-chat --lib --crate-type cdylib --profile component --target wasm32-wasip2";
const FLAGS: &str = "CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS";

/// Builds the component and compiles it ahead of time for this machine:
///
/// - `target/component/zoom.wasm`: the component, the same bytes on every machine;
/// - `target/component/zoom.cwasm`: for wasmtime on this machine's kind of processor. `--wasm-only` leaves it away.
///
/// Fails when the component is larger than it may be, without `--any-size`.
pub(crate) fn main(options: &[&str]) -> Outcome {
    let (mut wasm_only, mut any_size) = (false, false);
    for option in options {
        match *option {
            "--wasm-only" => wasm_only = true,
            "--any-size" => any_size = true,
            _ => return Err(format!("no option {option}").into()),
        }
    }
    let wasm = if any_size { build()? } else { build_with_limit()? };
    if wasm_only {
        return Ok(());
    }
    say("compiling zoom.cwasm for this machine");
    let cwasm = wasm.with_extension("cwasm");
    precompile(&wasm, &cwasm, &host_triple()?)?;
    say(&format!("{}: {} bytes", cwasm.display(), cwasm.metadata()?.len()));
    Ok(())
}

/// Builds zoom.wasm and says where it is. Fails when it is larger than it may be.
pub(crate) fn build_with_limit() -> Outcome<PathBuf> {
    let wasm = build()?;
    if wasm.metadata()?.len() > SIZE_MAX {
        return Err("zoom.wasm is too large. `./just size` shows which crates take the room".into());
    }
    Ok(wasm)
}

/// Builds zoom.wasm, however large it gets, and says where it is.
pub(crate) fn build() -> Outcome<PathBuf> {
    say("building zoom.wasm");
    // A crate that is `cdylib` and `rlib` at once loses link-time optimisation: the type is named here.
    run(words(BUILD).env(FLAGS, flags()?))?;
    let wasm = target_dir().join("component/zoom.wasm");
    install(&target_dir().join("wasm32-wasip2/component/zoom_chat.wasm"), &wasm, 0o644)?;
    say(&format!("{}: {} bytes, at most {SIZE_MAX}", wasm.display(), wasm.metadata()?.len()));
    Ok(wasm)
}

/// Builds the component with the names of its functions kept. Stripping comes last in a build, so that the code is what is shipped.
pub(crate) fn build_with_names() -> Outcome<PathBuf> {
    let target = target_dir().join("size");
    // This mangling says of every name which crate it is from.
    let flags = format!("{} -Csymbol-mangling-version=v0", flags()?);
    let mut build = words(BUILD);
    build.args(["--config", "profile.component.strip=\"none\"", "--target-dir"]).arg(&target);
    run(build.env(FLAGS, flags.trim()))?;
    Ok(target.join("wasm32-wasip2/component/zoom_chat.wasm"))
}

/// Compiles a component for where it runs.
pub(crate) fn precompile(wasm: &Path, cwasm: &Path, triple: &str) -> Outcome {
    let tool = "cargo run --quiet --package chat-plugin-engine --features compile --bin precompile --";
    run(words(tool).args([wasm, cwasm]).args(["--target", triple]))
}

/// Copies a file, with the folders above it.
pub(crate) fn install(from: &Path, to: &Path, mode: u32) -> Outcome {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).map_err(|error| format!("{} cannot be copied: {error}", from.display()))?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    Ok(())
}

/// Recipes have the flags already; other callers may not.
fn flags() -> Outcome<String> {
    match std::env::var(FLAGS) {
        Ok(flags) => Ok(flags),
        Err(_) => output(&mut script("scripts/wasm-target")),
    }
}

fn say(what: &str) {
    eprintln!("component: {what}");
}
