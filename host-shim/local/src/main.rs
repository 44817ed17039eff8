//! The program: a small chat that runs the plugin. `local-host --help` lists what it takes.

use clap::Parser as _;
use local_host::{args::Args, run::run};
use std::{
    io::{self, Write as _},
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let default = if args.verbose { "info,local_host=debug,plugin=debug" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).compact().init();
    match run(args, asked_to_end()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With nowhere to write to, the exit code has to do.
            let _ = writeln!(io::stderr(), "local-host: {error:#}.");
            ExitCode::FAILURE
        }
    }
}

/// Ctrl-C, or a polite request of the system.
async fn asked_to_end() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
