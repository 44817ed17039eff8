//! The part of WASI 0.2 that Rust's standard library brings into every component: the wall clock, the monotonic clock and
//! randomness are real, the rest is empty. No environment, no arguments, no input; what a plugin prints goes to the log
//! at debug; ending the process fails the call. No files and no sockets.
//!
//! The names and meanings are those of the WASI 0.2 specification (<https://github.com/WebAssembly/WASI>).

mod cli;
mod clocks;
mod io;
mod random;

use wasmtime::component::Linker;

use crate::call::Call;
use crate::server::ChatServer;

pub(crate) use io::Printed;

/// The interfaces linked here, without their version.
const OFFERED: [&str; 18] = [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
    "wasi:random/random",
];

/// Links the interfaces. A component that was made for another 0.2 version gets them all the same.
pub(crate) fn add_to_linker<S: ChatServer, H: Send + Sync + 'static>(
    linker: &mut Linker<Call<S, H>>,
) -> wasmtime::Result<()> {
    io::add_to_linker(linker)?;
    cli::add_to_linker(linker)?;
    clocks::add_to_linker(linker)?;
    random::add_to_linker(linker)
}

/// Whether an import of this name is linked here.
pub(crate) fn is_offered(import: &str) -> bool {
    import.split_once("@0.2.").is_some_and(|(name, _)| OFFERED.contains(&name))
}
