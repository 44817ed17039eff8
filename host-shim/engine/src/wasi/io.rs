//! `wasi:io`: an input that has ended, two outputs that are lines of the log, and waiting for a time.

use std::time::Duration;

use wasmtime::StoreContextMut;
use wasmtime::component::{ComponentType, Lift, Linker, LinkerInstance, Lower, Resource, ResourceType};

use crate::api::log::Level;
use crate::call::Call;
use crate::limits::{LOG_LINE_BYTES, TRANSFER_BYTES};
use crate::server::ChatServer;

/// The handle of the one input.
pub(super) const INPUT: u32 = 0;
/// Handles of the two outputs.
pub(super) const STDOUT: u32 = 0;
pub(super) const STDERR: u32 = 1;

/// Standard input, at its end.
pub(super) enum InputStream {}
/// Standard output or standard error.
pub(super) enum OutputStream {}
/// Something to wait for. Its handle is the time at which it is ready, in milliseconds since the call began: a handle that
/// needs no table, and no limit to how many there are.
pub(super) enum Pollable {}
/// Never made: no operation fails.
enum IoError {}

impl Pollable {
    /// Ready at this time after the call began.
    pub(super) fn at(when: Duration) -> Resource<Self> {
        let ms = when.as_nanos().div_ceil(1_000_000);
        Resource::new_own(u32::try_from(ms).unwrap_or(u32::MAX))
    }
}

#[derive(ComponentType, Lift, Lower)]
#[component(variant)]
enum StreamError {
    #[component(name = "last-operation-failed")]
    LastOperationFailed(Resource<IoError>),
    #[component(name = "closed")]
    Closed,
}

/// What a plugin prints and has not yet ended with a newline, by stream.
#[derive(Debug, Default)]
pub(crate) struct Printed([Vec<u8>; 2]);

type Store<'a, S, H> = StoreContextMut<'a, Call<S, H>>;
type Written = Result<(), StreamError>;
type Read = Result<Vec<u8>, StreamError>;

pub(super) fn add_to_linker<S: ChatServer, H: Send + Sync + 'static>(
    linker: &mut Linker<Call<S, H>>,
) -> wasmtime::Result<()> {
    let mut error = linker.instance("wasi:io/error@0.2.6")?;
    error.resource("error", ResourceType::host::<IoError>(), |_, _| Ok(()))?;
    error.func_wrap("[method]error.to-debug-string", |_, (_,): (Resource<IoError>,)| Ok((String::new(),)))?;

    poll(&mut linker.instance("wasi:io/poll@0.2.6")?)?;
    let mut streams = linker.instance("wasi:io/streams@0.2.6")?;
    input(&mut streams)?;
    output(&mut streams)
}

fn poll<S: ChatServer, H: Send + Sync + 'static>(
    poll: &mut LinkerInstance<'_, Call<S, H>>,
) -> wasmtime::Result<()> {
    poll.resource("pollable", ResourceType::host::<Pollable>(), |_, _| Ok(()))?;
    poll.func_wrap(
        "[method]pollable.ready",
        |store: Store<'_, S, H>, (pollable,): (Resource<Pollable>,)| {
            Ok((store.data().time_until(&pollable).is_zero(),))
        },
    )?;
    poll.func_wrap_async(
        "[method]pollable.block",
        |store: Store<'_, S, H>, (pollable,): (Resource<Pollable>,)| {
            Box::new(async move {
                tokio::time::sleep(store.data().time_until(&pollable)).await;
                Ok(())
            })
        },
    )?;
    poll.func_wrap_async("poll", |store: Store<'_, S, H>, (pollables,): (Vec<Resource<Pollable>>,)| {
        Box::new(async move {
            let call = store.data();
            let first = pollables.iter().map(|pollable| call.time_until(pollable)).min();
            // The specification has an empty list trap.
            let wait = first.ok_or_else(|| wasmtime::Error::msg("the plugin waits for nothing at all"))?;
            tokio::time::sleep(wait).await;
            let ready = |pollable: &Resource<Pollable>| call.time_until(pollable).is_zero();
            let indices = (0_u32..).zip(&pollables).filter(|(_, pollable)| ready(pollable));
            Ok((indices.map(|(index, _)| index).collect::<Vec<u32>>(),))
        })
    })
}

fn input<S: ChatServer, H: Send + Sync + 'static>(
    streams: &mut LinkerInstance<'_, Call<S, H>>,
) -> wasmtime::Result<()> {
    streams.resource("input-stream", ResourceType::host::<InputStream>(), |_, _| Ok(()))?;
    for name in ["read", "blocking-read"] {
        streams.func_wrap(
            &format!("[method]input-stream.{name}"),
            |_, (_, _): (Resource<InputStream>, u64)| Ok((Read::Err(StreamError::Closed),)),
        )?;
    }
    for name in ["skip", "blocking-skip"] {
        streams.func_wrap(
            &format!("[method]input-stream.{name}"),
            |_, (_, _): (Resource<InputStream>, u64)| Ok((Result::<u64, _>::Err(StreamError::Closed),)),
        )?;
    }
    streams.func_wrap("[method]input-stream.subscribe", |_, (_,): (Resource<InputStream>,)| {
        Ok((Pollable::at(Duration::ZERO),))
    })
}

fn output<S: ChatServer, H: Send + Sync + 'static>(
    streams: &mut LinkerInstance<'_, Call<S, H>>,
) -> wasmtime::Result<()> {
    streams.resource("output-stream", ResourceType::host::<OutputStream>(), |_, _| Ok(()))?;
    streams.func_wrap("[method]output-stream.check-write", |_, (_,): (Resource<OutputStream>,)| {
        Ok((Result::<u64, StreamError>::Ok(LOG_LINE_BYTES as u64),))
    })?;
    for name in ["write", "blocking-write-and-flush"] {
        streams.func_wrap_async(
            &format!("[method]output-stream.{name}"),
            |mut store: Store<'_, S, H>, (stream, bytes): (Resource<OutputStream>, Vec<u8>)| {
                Box::new(async move {
                    store.data_mut().print(&stream, &bytes).await;
                    Ok((Written::Ok(()),))
                })
            },
        )?;
    }
    for name in ["write-zeroes", "blocking-write-zeroes-and-flush"] {
        streams.func_wrap_async(
            &format!("[method]output-stream.{name}"),
            |mut store: Store<'_, S, H>, (stream, length): (Resource<OutputStream>, u64)| {
                Box::new(async move {
                    let length = usize::try_from(length).unwrap_or(usize::MAX).min(TRANSFER_BYTES);
                    store.data_mut().print(&stream, &vec![0; length]).await;
                    Ok((Written::Ok(()),))
                })
            },
        )?;
    }
    for name in ["flush", "blocking-flush"] {
        streams
            .func_wrap(&format!("[method]output-stream.{name}"), |_, (_,): (Resource<OutputStream>,)| {
                Ok((Written::Ok(()),))
            })?;
    }
    for name in ["splice", "blocking-splice"] {
        streams.func_wrap(
            &format!("[method]output-stream.{name}"),
            |_, (_, _, _): (Resource<OutputStream>, Resource<InputStream>, u64)| {
                Ok((Result::<u64, _>::Err(StreamError::Closed),))
            },
        )?;
    }
    streams.func_wrap("[method]output-stream.subscribe", |_, (_,): (Resource<OutputStream>,)| {
        Ok((Pollable::at(Duration::ZERO),))
    })
}

impl<S, H> Call<S, H> {
    fn time_until(&self, pollable: &Resource<Pollable>) -> Duration {
        Duration::from_millis(pollable.rep().into()).saturating_sub(self.started.elapsed())
    }
}

impl<S: ChatServer, H> Call<S, H> {
    /// Sends whole lines to the log and keeps the rest until its line ends.
    async fn print(&mut self, stream: &Resource<OutputStream>, bytes: &[u8]) {
        let stream = if stream.rep() == STDERR { STDERR } else { STDOUT };
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = &mut self.printed.0[stream as usize];
            // More than a line of the log holds is cut off there anyway.
            let room = LOG_LINE_BYTES.saturating_sub(line.len()) + 1;
            line.extend_from_slice(&part[..part.len().min(room)]);
            if part.ends_with(b"\n") {
                self.end_line(stream).await;
            }
        }
    }

    /// Sends to the log what was printed without a newline at its end.
    pub(crate) async fn flush_printed(&mut self) {
        for stream in [STDOUT, STDERR] {
            self.end_line(stream).await;
        }
    }

    async fn end_line(&mut self, stream: u32) {
        let line = std::mem::take(&mut self.printed.0[stream as usize]);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if !text.is_empty() {
            let name = if stream == STDERR { "stderr" } else { "stdout" };
            // Whatever is printed may hold personal data, a panic's message too.
            self.log(Level::Debug, text.to_owned(), vec![("stream".to_owned(), name.to_owned())]).await;
        }
    }
}
