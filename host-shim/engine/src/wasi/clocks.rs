//! `wasi:clocks`.

use std::time::{Duration, UNIX_EPOCH};

use wasmtime::StoreContextMut;
use wasmtime::component::{ComponentType, Lift, Linker, Lower, Resource};

use crate::call::Call;
use crate::server::ChatServer;
use crate::wasi::io::Pollable;

/// A moment of the wall clock, since the Unix epoch.
#[derive(Clone, Copy, Debug, ComponentType, Lift, Lower)]
#[component(record)]
struct Datetime {
    seconds: u64,
    nanoseconds: u32,
}

pub(super) fn add_to_linker<S: ChatServer, H: Send + Sync + 'static>(
    linker: &mut Linker<Call<S, H>>,
) -> wasmtime::Result<()> {
    let mut wall = linker.instance("wasi:clocks/wall-clock@0.2.6")?;
    wall.func_wrap("now", |store: StoreContextMut<'_, Call<S, H>>, ()| {
        let now = store.data().server.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok((Datetime { seconds: now.as_secs(), nanoseconds: now.subsec_nanos() },))
    })?;
    wall.func_wrap("resolution", |_, ()| Ok((Datetime { seconds: 0, nanoseconds: 1 },)))?;

    let mut monotonic = linker.instance("wasi:clocks/monotonic-clock@0.2.6")?;
    monotonic.func_wrap("now", |store: StoreContextMut<'_, Call<S, H>>, ()| {
        Ok((nanoseconds(store.data().started.elapsed()),))
    })?;
    monotonic.func_wrap("resolution", |_, ()| Ok((1_u64,)))?;
    monotonic.func_wrap("subscribe-instant", |_, (when,): (u64,)| {
        Ok((Pollable::at(Duration::from_nanos(when)),))
    })?;
    monotonic.func_wrap(
        "subscribe-duration",
        |store: StoreContextMut<'_, Call<S, H>>,
         (wait,): (u64,)|
         -> wasmtime::Result<(Resource<Pollable>,)> {
            let when = store.data().started.elapsed().saturating_add(Duration::from_nanos(wait));
            Ok((Pollable::at(when),))
        },
    )?;
    Ok(())
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
