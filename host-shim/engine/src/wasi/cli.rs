//! `wasi:cli`: an empty environment.

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceType};

use crate::call::Call;
use crate::error::CallError;
use crate::server::ChatServer;
use crate::wasi::io::{INPUT, InputStream, OutputStream, STDERR, STDOUT};

/// Terminals exist as types only: no stream is one.
enum Terminal {}

pub(super) fn add_to_linker<S: ChatServer, H: Send + Sync + 'static>(
    linker: &mut Linker<Call<S, H>>,
) -> wasmtime::Result<()> {
    let mut environment = linker.instance("wasi:cli/environment@0.2.6")?;
    environment.func_wrap("get-environment", |_, ()| Ok((Vec::<(String, String)>::new(),)))?;
    environment.func_wrap("get-arguments", |_, ()| Ok((Vec::<String>::new(),)))?;
    environment.func_wrap("initial-cwd", |_, ()| Ok((None::<String>,)))?;

    linker.instance("wasi:cli/exit@0.2.6")?.func_wrap(
        "exit",
        |_: StoreContextMut<'_, Call<S, H>>, (_,): (Result<(), ()>,)| -> wasmtime::Result<()> {
            Err(CallError::Exited.into())
        },
    )?;

    linker
        .instance("wasi:cli/stdin@0.2.6")?
        .func_wrap("get-stdin", |_, ()| Ok((Resource::<InputStream>::new_own(INPUT),)))?;
    linker
        .instance("wasi:cli/stdout@0.2.6")?
        .func_wrap("get-stdout", |_, ()| Ok((Resource::<OutputStream>::new_own(STDOUT),)))?;
    linker
        .instance("wasi:cli/stderr@0.2.6")?
        .func_wrap("get-stderr", |_, ()| Ok((Resource::<OutputStream>::new_own(STDERR),)))?;

    for kind in ["input", "output"] {
        linker.instance(&format!("wasi:cli/terminal-{kind}@0.2.6"))?.resource(
            &format!("terminal-{kind}"),
            ResourceType::host::<Terminal>(),
            |_, _| Ok(()),
        )?;
    }
    for stream in ["stdin", "stdout", "stderr"] {
        linker
            .instance(&format!("wasi:cli/terminal-{stream}@0.2.6"))?
            .func_wrap(&format!("get-terminal-{stream}"), |_, ()| Ok((None::<Resource<Terminal>>,)))?;
    }
    Ok(())
}
