//! The components under test, built by cargo when they are not there.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context as _, bail, ensure};

/// The Zoom component: the file that `ZOOM_COMPONENT` names, else built now.
///
/// # Errors
/// When it cannot be built or read.
pub fn zoom_wasm() -> anyhow::Result<Vec<u8>> {
    match std::env::var_os("ZOOM_COMPONENT") {
        Some(path) => {
            let path = PathBuf::from(path);
            std::fs::read(&path)
                .with_context(|| format!("ZOOM_COMPONENT names {}; run `./just component`", path.display()))
        }
        None => build("zoom-chat", &[]),
    }
}

/// The component that behaves as it is told.
///
/// # Errors
/// When it cannot be built or read.
pub fn probe_wasm() -> anyhow::Result<Vec<u8>> {
    build("probe-guest", &[])
}

/// The same, made to want files and sockets.
///
/// # Errors
/// When it cannot be built or read.
pub fn greedy_wasm() -> anyhow::Result<Vec<u8>> {
    build("probe-guest", &["--features", "greedy"])
}

/// [`zoom_wasm`] compiled for this machine, once in a process.
///
/// # Errors
/// When it cannot be built or compiled.
pub fn zoom_cwasm() -> anyhow::Result<&'static Path> {
    static FILE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    once(&FILE, || precompiled(&zoom_wasm()?, "zoom"))
}

/// [`probe_wasm`] compiled for this machine, once in a process.
///
/// # Errors
/// When it cannot be built or compiled.
pub fn probe_cwasm() -> anyhow::Result<&'static Path> {
    static FILE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    once(&FILE, || precompiled(&probe_wasm()?, "probe"))
}

/// Compiles a component for this machine into a file.
///
/// # Errors
/// When it is no component, or the file cannot be written.
pub fn precompiled(component: &[u8], name: &str) -> anyhow::Result<PathBuf> {
    let code = chat_plugin_engine::precompile(component, &machine()?)?;
    let directory = target_directory().join("component-tests");
    std::fs::create_dir_all(&directory).with_context(|| format!("creating {}", directory.display()))?;
    let path = directory.join(format!("{name}.cwasm"));
    // Written aside and moved: another process that has the old file mapped keeps it.
    let aside = directory.join(format!("{name}-{}.part", std::process::id()));
    std::fs::write(&aside, code).with_context(|| format!("writing {}", aside.display()))?;
    std::fs::rename(&aside, &path).with_context(|| format!("moving to {}", path.display()))?;
    Ok(path)
}

fn once(
    file: &'static OnceLock<Result<PathBuf, String>>,
    make: impl FnOnce() -> anyhow::Result<PathBuf>,
) -> anyhow::Result<&'static Path> {
    match file.get_or_init(|| make().map_err(|error| format!("{error:#}"))) {
        Ok(path) => Ok(path),
        Err(text) => bail!("{text}"),
    }
}

/// Has cargo build a component, which takes no time when nothing has changed.
fn build(package: &str, options: &[&str]) -> anyhow::Result<Vec<u8>> {
    // Variants of a package are written to the same file.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args([
        "rustc",
        "--quiet",
        "--package",
        package,
        "--lib",
        "--crate-type",
        "cdylib",
    ]);
    cargo.args(["--profile", "component", "--target", "wasm32-wasip2"]).args(options);
    if std::env::var_os(FLAGS).is_none() {
        cargo.env(FLAGS, text_of(Command::new(root().join("scripts/wasm-target")))?);
    }
    let status = cargo.status().context("running cargo")?;
    ensure!(status.success(), "cargo could not build {package} for wasm32-wasip2: see its messages above");
    let file = format!("wasm32-wasip2/component/{}.wasm", package.replace('-', "_"));
    let path = target_directory().join(file);
    std::fs::read(&path).with_context(|| format!("reading {}", path.display()))
}

/// What rustc needs to build for the target on this machine; recipes set it.
const FLAGS: &str = "CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS";

/// The triple of this machine.
fn machine() -> anyhow::Result<String> {
    let mut rustc = Command::new("rustc");
    rustc.arg("-vV").current_dir(root());
    let text = text_of(rustc)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

fn text_of(mut command: Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("running {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
