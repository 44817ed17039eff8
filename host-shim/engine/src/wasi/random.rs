//! `wasi:random`: the system's randomness, under each of its names.

use wasmtime::component::Linker;

use crate::call::Call;
use crate::server::ChatServer;

/// Bytes for one request: enough for any key, and no way to make the host hold much.
const MAX_BYTES: u64 = 64 << 10;

pub(super) fn add_to_linker<S: ChatServer, H: Send + Sync + 'static>(
    linker: &mut Linker<Call<S, H>>,
) -> wasmtime::Result<()> {
    for (interface, word) in [("random", "random"), ("insecure", "insecure-random")] {
        let mut instance = linker.instance(&format!("wasi:random/{interface}@0.2.6"))?;
        instance.func_wrap(&format!("get-{word}-bytes"), |_, (length,): (u64,)| Ok((bytes(length)?,)))?;
        instance.func_wrap(&format!("get-{word}-u64"), |_, ()| Ok((number()?,)))?;
    }
    linker
        .instance("wasi:random/insecure-seed@0.2.6")?
        .func_wrap("insecure-seed", |_, ()| Ok(((number()?, number()?),)))?;
    Ok(())
}

fn bytes(length: u64) -> wasmtime::Result<Vec<u8>> {
    if length > MAX_BYTES {
        return Err(wasmtime::Error::msg(format!("the plugin asked for {length} random bytes at once")));
    }
    let mut bytes = vec![0; usize::try_from(length)?];
    getrandom::fill(&mut bytes).map_err(no_randomness)?;
    Ok(bytes)
}

fn number() -> wasmtime::Result<u64> {
    getrandom::u64().map_err(no_randomness)
}

fn no_randomness(error: getrandom::Error) -> wasmtime::Error {
    wasmtime::Error::msg(format!("the system gave no randomness: {error}"))
}
