//! Compiling ahead of time.

use crate::config::config;
use crate::error::LoadError;

/// Compiles a component into the content of a `.cwasm` file for machines of `target` (a triple such as
/// `x86_64-unknown-linux-gnu`), which this very version of the engine loads as
/// [`ComponentSource::Precompiled`](crate::ComponentSource::Precompiled).
pub fn precompile(component: &[u8], target: &str) -> Result<Vec<u8>, LoadError> {
    let mut config = config();
    let failed = |error: wasmtime::Error| LoadError::Unreadable(format!("could not be compiled: {error:#}"));
    config.target(target).map_err(failed)?;
    let engine = wasmtime::Engine::new(&config).map_err(|error| LoadError::Engine(format!("{error:#}")))?;
    engine.precompile_component(component).map_err(failed)
}
