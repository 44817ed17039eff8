//! The executable of the Mattermost plugin: it speaks the server's plugin protocol on one side, and runs the sandboxed component on
//! the other.
//!
//! From the wire inwards: `goplugin` is the transport, `model` what travels on it, `api` what the plugin asks of the server,
//! `hooks` what the server asks of the plugin, and `server` the chat server that the component sees. Only `goplugin` and
//! `model` know the encoding.
#![forbid(unsafe_code)]

mod api;
mod card;
mod command;
mod goplugin;
mod hooks;
mod log;
mod manifest;
mod markdown;
mod model;
mod seal;
mod sentences;
mod server;
mod settings;
#[cfg(test)]
mod testing;

use std::process::ExitCode;

/// Calls mostly wait for the server and for Zoom; two threads keep the process small.
const WORKERS: usize = 2;

fn main() -> ExitCode {
    log::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "The plugin could not start its threads.");
            return ExitCode::FAILURE;
        }
    };
    let served = runtime.block_on(goplugin::serve(hooks::service));
    // Calls under way belong to a host that is gone.
    runtime.shutdown_background();
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}
