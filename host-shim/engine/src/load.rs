//! From a file to a component that fits the contract.

use std::path::Path;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};

use crate::bindings::{Plugin, PluginPre};
use crate::call::Call;
use crate::error::LoadError;
use crate::http::HttpClient;
use crate::server::ChatServer;
use crate::wasi;

/// The contract's package and the version that this engine speaks.
const PACKAGE: &str = "chat-plugin:api";
const VERSION: &str = "0.1.0";

/// Where a component comes from.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ComponentSource<'a> {
    /// A `.cwasm` file that `precompile` made for this very engine. It holds machine code: load only the bundle's own file.
    Precompiled(&'a Path),
    /// A `.wasm` component, compiled on the spot.
    #[cfg(feature = "compile")]
    Wasm(&'a [u8]),
}

/// Loads a component, checks it and links it to its imports.
pub(crate) fn load<S: ChatServer, H: HttpClient>(
    engine: &wasmtime::Engine,
    source: ComponentSource<'_>,
) -> Result<PluginPre<Call<S, H>>, LoadError> {
    let component = match source {
        ComponentSource::Precompiled(path) => precompiled::read(engine, path)?,
        #[cfg(feature = "compile")]
        ComponentSource::Wasm(bytes) => Component::new(engine, bytes).map_err(|error| {
            LoadError::Unreadable(format!("the component could not be compiled: {error:#}"))
        })?,
    };
    check_names(engine, &component)?;
    let linker = linker(engine).map_err(|error| LoadError::Engine(format!("{error:#}")))?;
    linker
        .instantiate_pre(&component)
        .and_then(PluginPre::new)
        .map_err(|error| LoadError::Mismatch(format!("{error:#}")))
}

/// Everything that a component may import, and nothing else.
fn linker<S: ChatServer, H: HttpClient>(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Call<S, H>>> {
    let mut linker = Linker::new(engine);
    Plugin::add_to_linker::<_, wasmtime::component::HasSelf<_>>(&mut linker, |call: &mut Call<S, H>| call)?;
    wasi::add_to_linker(&mut linker)?;
    Ok(linker)
}

/// Compares the contract's exact version, which wasmtime's linker takes loosely, and the names of all other imports.
fn check_names(engine: &wasmtime::Engine, component: &Component) -> Result<(), LoadError> {
    let kind = component.component_type();
    let mut forbidden = Vec::new();
    for (name, _) in kind.imports(engine) {
        if !check_version(name)? && !wasi::is_offered(name) {
            forbidden.push(name.to_owned());
        }
    }
    if !forbidden.is_empty() {
        return Err(LoadError::ForbiddenImports(forbidden));
    }
    let mut hooks = false;
    for (name, item) in kind.exports(engine) {
        hooks |= check_version(name)? && matches!(item.ty, ComponentItem::ComponentInstance(_));
    }
    if !hooks {
        return Err(LoadError::Mismatch(format!("it exports no {PACKAGE}/hooks and so is no chat plugin")));
    }
    Ok(())
}

/// Whether the name is one of the contract's; an error if it is, in another version.
fn check_version(name: &str) -> Result<bool, LoadError> {
    let Some(rest) = name.strip_prefix(PACKAGE).and_then(|rest| rest.strip_prefix('/')) else {
        return Ok(false);
    };
    match rest.split_once('@') {
        Some((_, VERSION)) => Ok(true),
        other => Err(LoadError::Version {
            component: other.map_or("without a version", |(_, version)| version).to_owned(),
            host: VERSION,
        }),
    }
}

/// Machine code from a file.
#[expect(unsafe_code, reason = "loading machine code is unsafe by nature: the file is the bundle's own")]
mod precompiled {
    use super::{Component, LoadError, Path};

    /// Reads a `.cwasm`. wasmtime itself compares its version, its configuration and the machine's features.
    pub(super) fn read(engine: &wasmtime::Engine, path: &Path) -> Result<Component, LoadError> {
        let fail = |reason: &dyn std::fmt::Display| {
            let path = path.display();
            LoadError::Unreadable(format!("could not load the component {path}: {reason}"))
        };
        match wasmtime::Engine::detect_precompiled_file(path) {
            Ok(Some(wasmtime::Precompiled::Component)) => {}
            Ok(_) => {
                return Err(fail(
                    &"it is no precompiled component; make it with `precompile` from the .wasm",
                ));
            }
            Err(error) => return Err(fail(&format!("{error:#}; it must be a file that `precompile` made"))),
        }
        // SAFETY: the file was made by `precompile` and is installed with the executable, under the same rights; whoever can
        // change the one can change the other.
        unsafe { Component::deserialize_file(engine, path) }
            .map_err(|error| fail(&format!("{error:#}; make it again with the `precompile` of this release")))
    }
}
