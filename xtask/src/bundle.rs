//! Builds the plugin for Mattermost: dist/zoom-VERSION.tar.gz, ready for the System Console.

use crate::component::{build_with_limit, install, precompile};
use crate::manifest;
use crate::run::{Outcome, command, host_triple, is_installed, output, root, run, script, target_dir, words};
use serde_json::Value;
use std::env::var;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Bytes. Mattermost loads the whole bundle into memory.
const SIZE_MAX: u64 = 6_000_000;
/// The product's version: all packages of the workspace share one. The System Console shows the manifest's.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const PLATFORM: &str = "linux-amd64";
const TRIPLE: &str = "x86_64-unknown-linux-musl";
/// What a compiler of WebAssembly is made of.
const COMPILERS: [&str; 4] =
    ["cranelift-codegen", "wasmtime-internal-cranelift", "wasmtime-internal-winch", "winch-codegen"];

/// The same sources give the same bytes.
///
/// The executable is linked by zig and needs nothing of the server; without zig, or with `--native`, it is linked by this machine's
/// own tools, and what is printed says which glibc it then needs. `--no-webapp` leaves the web client's part away, as where Node is
/// missing.
pub(crate) fn main(options: &[&str]) -> Outcome {
    let (mut native, mut webapp) = (false, true);
    for option in options {
        match *option {
            "--native" => native = true,
            "--no-webapp" => webapp = false,
            _ => return Err(format!("no option {option}").into()),
        }
    }
    let stage = target_dir().join("bundle/zoom");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    let dist = stage.join("server/dist");
    fs::create_dir_all(&dist)?;
    let tree = "cargo tree --package mattermost-host --edges normal --prefix none";
    no_compiler(&output(&mut words(tree))?)?;
    install(&build_with_limit()?, &dist.join("zoom.wasm"), 0o644)?;
    // Before what takes minutes.
    let webapp = webapp && web_client(&stage)?;
    say(&format!("compiling the component for {PLATFORM}"));
    precompile(&dist.join("zoom.wasm"), &dist.join("zoom.cwasm"), &TRIPLE.replace("musl", "gnu"))?;
    install(&executable(native)?, &dist.join(format!("plugin-{PLATFORM}")), 0o755)?;
    install(&root().join("assets/profile.svg"), &stage.join("assets/profile.svg"), 0o644)?;
    install(&root().join("LICENSE"), &stage.join("LICENSE"), 0o644)?;
    let manifest = manifest::manifest(VERSION, webapp)?;
    fs::write(stage.join("plugin.json"), format!("{manifest}\n"))?;
    keeps_promises(&manifest, &stage)?;
    let bundle = pack()?;
    for (path, size, mode) in contents(&stage)? {
        eprintln!("{size:>9}  {mode:o}  {path}");
    }
    let size = bundle.metadata()?.len();
    let version = manifest::version(VERSION)?;
    let name = bundle.strip_prefix(root())?.display();
    say(&format!("{name}: {size} bytes, at most {SIZE_MAX}; the System Console shows version {version}"));
    if size > SIZE_MAX { Err("too large".into()) } else { Ok(()) }
}

/// No compiler may reach the server: what runs there was compiled here.
fn no_compiler(tree: &str) -> Outcome {
    let compilers: Vec<&str> = tree
        .lines()
        .filter(|line| line.split(' ').next().is_some_and(|package| COMPILERS.contains(&package)))
        .collect();
    if compilers.is_empty() {
        Ok(())
    } else {
        Err(format!("the executable would hold a compiler: {}", compilers.join(", ")).into())
    }
}

/// Builds what Mattermost's web client loads. False where it cannot be built.
///
/// The server publishes the folder of the manifest's bundle_path, and `public/` at the bundle's root under /plugins/zoom/public/;
/// both to everybody, without a session.
fn web_client(stage: &Path) -> Outcome<bool> {
    if !is_installed("node") || !is_installed("npm") {
        say(
            "Node or npm is missing: THIS BUNDLE HAS NO PART FOR THE WEB CLIENT. Commands, cards and the webhook work in it; call \
             button, cards drawn by the client and the addresses to copy in the System Console do not. Install Node 20 or newer with \
             npm (Debian: apt install nodejs npm)",
        );
        return if var("CI").is_ok_and(|ci| !ci.is_empty()) {
            Err("CI leaves nothing out".into())
        } else {
            Ok(false)
        };
    }
    say("building the web client's part");
    run(script("webapp/build").stdout(std::io::stderr()))?;
    let built = root().join("webapp/dist");
    install(&built.join("main.js"), &stage.join("webapp/dist/main.js"), 0o644)?;
    for file in files(&built.join("public"))? {
        install(&file, &stage.join(file.strip_prefix(&built)?), 0o644)?;
    }
    Ok(true)
}

fn executable(native: bool) -> Outcome<PathBuf> {
    let build = "--package mattermost-host --release --target";
    if let Some(zig) = if native { None } else { zig() } {
        say(&format!("building the executable for {PLATFORM}, static, linked by zig (some minutes)"));
        let path = format!("{zig}:{}", var("PATH").unwrap_or_default());
        let mut zigbuild = command(Path::new(&zig).join("cargo-zigbuild"));
        zigbuild.arg("zigbuild").args(build.split(' ')).arg(TRIPLE).env("PATH", path);
        run(zigbuild.env("RUSTFLAGS", flags()))?;
        return Ok(target_dir().join(TRIPLE).join("release/mattermost-host"));
    }
    let triple = host_triple()?;
    if !triple.starts_with("x86_64-") {
        return Err(format!("without zig, only a machine of the kind x86_64 builds for {PLATFORM}").into());
    }
    say(&format!(
        "building the executable for {PLATFORM}, linked by this machine's own tools (some minutes)"
    ));
    run(words("cargo build").args(build.split(' ')).arg(&triple).env("RUSTFLAGS", flags()))?;
    let built = target_dir().join(triple).join("release/mattermost-host");
    let needed =
        glibc(&fs::read(&built)?).map_or_else(|| "nothing".to_owned(), |minor| format!("GLIBC 2.{minor}"));
    say(&format!("this executable needs {needed} on the server"));
    Ok(built)
}

/// The folder of zig and what calls it, where they and the standard library can be had. Who cannot has said why.
fn zig() -> Option<String> {
    let zig = output(&mut script("scripts/zig")).ok()?;
    let folder = output(words("rustc --print target-libdir --target").arg(TRIPLE)).ok()?;
    if !Path::new(&folder).is_dir() {
        run(words("rustup target add").arg(TRIPLE).stdout(std::io::stderr())).ok()?;
    }
    Some(zig)
}

/// Reproducible: no path of this machine in the executable.
fn flags() -> String {
    let home = var("HOME").unwrap_or_default();
    let folder = |name: &str, usual: &str| var(name).unwrap_or_else(|_| format!("{home}/{usual}"));
    format!(
        "{} --remap-path-prefix={}=. --remap-path-prefix={}=cargo --remap-path-prefix={}=rustup",
        var("RUSTFLAGS").unwrap_or_default(),
        root().display(),
        folder("CARGO_HOME", ".cargo"),
        folder("RUSTUP_HOME", ".rustup"),
    )
}

/// The newest minor version of glibc 2 that an executable asks for.
fn glibc(executable: &[u8]) -> Option<u32> {
    const MARK: &[u8] = b"GLIBC_2.";
    let minor = |at: usize| {
        let digits = executable[at + MARK.len()..].iter().take_while(|byte| byte.is_ascii_digit());
        std::str::from_utf8(&digits.copied().collect::<Vec<u8>>()).ok()?.parse().ok()
    };
    let marks = executable.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK);
    marks.filter_map(|(at, _)| minor(at)).max()
}

/// What the manifest promises has to be there.
fn keeps_promises(manifest: &str, stage: &Path) -> Outcome {
    let manifest: Value = serde_json::from_str(manifest)?;
    let executables =
        manifest["server"]["executables"].as_object().into_iter().flatten().map(|(_, path)| (path, 0o111));
    let webapp = manifest.pointer("/webapp/bundle_path").into_iter().map(|path| (path, 0));
    for (path, mode) in executables.chain(webapp) {
        let path = path.as_str().unwrap_or_default();
        let is_there = stage
            .join(path)
            .metadata()
            .is_ok_and(|file| file.is_file() && file.len() > 0 && file.permissions().mode() & mode == mode);
        if !is_there {
            return Err(format!("plugin.json names {path}, which was not built").into());
        }
    }
    Ok(())
}

/// Puts the stage into the bundle, with nothing in it of when and by whom.
fn pack() -> Outcome<PathBuf> {
    let epoch = match var("SOURCE_DATE_EPOCH") {
        Ok(epoch) if !epoch.is_empty() => epoch,
        _ => output(&mut words("git log -1 --format=%ct")).unwrap_or_else(|_| "0".to_owned()),
    };
    let bundle = root().join(format!("dist/zoom-{VERSION}.tar.gz"));
    let new = bundle.with_extension("gz.new");
    fs::create_dir_all(root().join("dist"))?;
    // Where it looks stands before what it takes.
    let mut tar = words("tar --sort=name --owner=0 --group=0 --numeric-owner --format=gnu --directory");
    tar.arg(target_dir().join("bundle")).arg(format!("--mtime=@{epoch}")).args(["--create", "zoom"]);
    let mut tar = tar.stdout(Stdio::piped()).spawn()?;
    let packed = tar.stdout.take().ok_or("tar has no output")?;
    run(words("gzip -n -9").stdin(packed).stdout(fs::File::create(&new)?))?;
    if !tar.wait()?.success() {
        return Err("tar failed".into());
    }
    fs::rename(&new, &bundle)?;
    Ok(bundle)
}

/// Path, bytes and mode of each file.
fn contents(stage: &Path) -> Outcome<Vec<(String, u64, u32)>> {
    let mut contents = Vec::new();
    for file in files(stage)? {
        let metadata = file.metadata()?;
        let path = file.strip_prefix(stage)?.display().to_string();
        contents.push((path, metadata.len(), metadata.permissions().mode() & 0o7777));
    }
    contents.sort();
    Ok(contents)
}

/// All files below a folder.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files_below = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { files_below.extend(files(&path)?) } else { files_below.push(path) }
    }
    Ok(files_below)
}

fn say(what: &str) {
    eprintln!("bundle: {what}");
}

#[cfg(test)]
mod tests {
    use super::{glibc, keeps_promises, no_compiler};
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_compiler_does_not_reach_the_server() {
        assert!(no_compiler("wasmtime v48.0.0\nwasmtime-internal-core v48.0.0 (*)").is_ok());
        let error = no_compiler("wasmtime v48.0.0\ncranelift-codegen v0.135.0\n").unwrap_err().to_string();
        assert_eq!(error, "the executable would hold a compiler: cranelift-codegen v0.135.0");
    }

    #[test]
    fn the_newest_glibc_is_the_one_that_is_needed() {
        assert_eq!(glibc(b"\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.2.5\0GLIBC_PRIVATE"), Some(34));
        assert_eq!(glibc(b"static"), None);
    }

    #[test]
    fn what_the_manifest_promises_is_there() {
        let stage = std::env::temp_dir().join(format!("xtask-promises-{}", std::process::id()));
        fs::create_dir_all(&stage).unwrap();
        let manifest =
            r#"{"server": {"executables": {"linux-amd64": "plugin"}}, "webapp": {"bundle_path": "main.js"}}"#;
        let missing = |file: &str| format!("plugin.json names {file}, which was not built");
        let said = || keeps_promises(manifest, &stage).map_err(|error| error.to_string());
        assert_eq!(said(), Err(missing("plugin")));
        fs::write(stage.join("plugin"), "x").unwrap();
        assert_eq!(said(), Err(missing("plugin")), "not executable");
        fs::set_permissions(stage.join("plugin"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(stage.join("main.js"), "").unwrap();
        assert_eq!(said(), Err(missing("main.js")), "empty");
        fs::write(stage.join("main.js"), "x").unwrap();
        assert_eq!(said(), Ok(()));
        fs::remove_dir_all(&stage).unwrap();
    }
}
