//! Calls over one stream: a client of Go's `net/rpc`.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gobwire::{Decode, Encode, Encoder};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::oneshot;

use super::message::{Request, Response};
use super::values::{StreamError, Value, Values};

/// Why a call gave no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The other side refused the call as such.
    #[error("{0}")]
    Refused(String),
    /// The answer came and cannot be used. Other calls go on.
    #[error("the answer could not be read: {0}")]
    Unreadable(String),
    /// The stream is gone.
    #[error("{0}")]
    Lost(String),
}

/// Takes the answer to one call.
type Take = Box<dyn FnOnce(Result<Value<'_>, CallError>) + Send>;

/// A call that waits for its answer.
struct Waiting {
    take: Take,
    /// Fields that the caller has no use for.
    leave_out: &'static [&'static str],
}

/// A client over one stream. A clone uses the same stream, which ends with the last of them.
#[derive(Clone)]
pub(crate) struct Rpc {
    shared: Arc<Shared>,
}

struct Shared {
    /// Held while a call is written: what the encoder has told of types must stand in the stream in the same order.
    writer: tokio::sync::Mutex<Writer>,
    calls: Arc<Mutex<Calls>>,
}

struct Writer {
    stream: Box<dyn AsyncWrite + Send + Unpin>,
    encoder: Encoder,
    next: u64,
}

#[derive(Default)]
struct Calls {
    waiting: BTreeMap<u64, Waiting>,
    /// Why no more answers come.
    end: Option<String>,
}

impl Rpc {
    pub(crate) fn new<T: AsyncRead + AsyncWrite + Send + 'static>(stream: T) -> Self {
        let (read, write) = tokio::io::split(stream);
        let calls = Arc::new(Mutex::new(Calls::default()));
        tokio::spawn(take_answers(Values::new(read), Arc::clone(&calls)));
        let writer = Writer { stream: Box::new(write), encoder: Encoder::new(), next: 0 };
        Self { shared: Arc::new(Shared { writer: tokio::sync::Mutex::new(writer), calls }) }
    }

    /// Calls a method and waits for its answer. Not to be cancelled: a call written in part would spoil the stream for all others.
    pub(crate) async fn call<A, R>(&self, method: &str, args: &A) -> Result<R, CallError>
    where
        A: Encode + ?Sized + Sync,
        R: Decode + Default + Send + 'static,
    {
        self.call_without(&[], method, args).await
    }

    /// The same, without what structs in the answer have in fields of these names.
    pub(crate) async fn call_without<A, R>(
        &self,
        leave_out: &'static [&'static str],
        method: &str,
        args: &A,
    ) -> Result<R, CallError>
    where
        A: Encode + ?Sized + Sync,
        R: Decode + Default + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let take: Take = Box::new(move |value| {
            let answer = value.and_then(|value| {
                value.decode::<R>().map_err(|error| CallError::Unreadable(error.to_string()))
            });
            // Nobody may wait for it any more.
            let _ = sender.send(answer);
        });
        self.send(method, args, Waiting { take, leave_out }).await?;
        answer.await.unwrap_or_else(|_| Err(CallError::Lost("the stream has ended".into())))
    }

    async fn send<A: Encode + ?Sized + Sync>(
        &self,
        method: &str,
        args: &A,
        waiting: Waiting,
    ) -> Result<(), CallError> {
        let mut writer = self.shared.writer.lock().await;
        let seq = writer.next;
        // The arguments first: if they cannot be encoded, nothing has entered the stream yet.
        let (mut tail, mut bytes) = (Vec::new(), Vec::new());
        let refused = |error: gobwire::Error| CallError::Refused(error.to_string());
        writer.encoder.encode_into(args, &mut tail).map_err(refused)?;
        let head = Request { service_method: method.into(), seq };
        writer.encoder.encode_into(&head, &mut bytes).map_err(refused)?;
        bytes.append(&mut tail);
        {
            let mut calls = lock(&self.shared.calls);
            if let Some(end) = &calls.end {
                return Err(CallError::Lost(end.clone()));
            }
            calls.waiting.insert(seq, waiting);
        }
        writer.next += 1;
        let written = match writer.stream.write_all(&bytes).await {
            Ok(()) => writer.stream.flush().await,
            Err(error) => Err(error),
        };
        written.map_err(|error| {
            lock(&self.shared.calls).waiting.remove(&seq);
            CallError::Lost(error.to_string())
        })
    }

    /// Closes the stream: no more calls.
    pub(crate) async fn close(&self) -> std::io::Result<()> {
        self.shared.writer.lock().await.stream.shutdown().await
    }
}

/// Gives each answer to its call, until the stream ends.
async fn take_answers<R: AsyncRead + Unpin>(mut values: Values<R>, calls: Arc<Mutex<Calls>>) {
    let end = loop {
        match take_answer(&mut values, &calls).await {
            Ok(true) => {}
            Ok(false) => break "the stream has ended".to_owned(),
            Err(error) => break error.to_string(),
        }
    };
    let waiting = {
        let mut calls = lock(&calls);
        calls.end = Some(end.clone());
        std::mem::take(&mut calls.waiting)
    };
    for call in waiting.into_values() {
        (call.take)(Err(CallError::Lost(end.clone())));
    }
}

/// False at the end of the stream.
async fn take_answer<R: AsyncRead + Unpin>(
    values: &mut Values<R>,
    calls: &Mutex<Calls>,
) -> Result<bool, StreamError> {
    let Some(head) = values.next().await? else { return Ok(false) };
    // Without its head nobody knows whose answer it is.
    let head: Response = head.decode().map_err(|_| StreamError::Broken("an answer has no readable head"))?;
    let leave_out = lock(calls).waiting.get(&head.seq).map_or(&[][..], |call| call.leave_out);
    let value = values.next_without(leave_out).await?;
    let value = value.ok_or(StreamError::Broken("an answer has no value"))?;
    let call = lock(calls).waiting.remove(&head.seq);
    if let Some(Waiting { take, .. }) = call {
        let answer = if head.error.is_empty() { Ok(value) } else { Err(CallError::Refused(head.error)) };
        // What the decoder holds after a panic is not known.
        catch_unwind(AssertUnwindSafe(|| take(answer)))
            .map_err(|_| StreamError::Broken("the decoder panicked"))?;
    }
    Ok(true)
}

fn lock(calls: &Mutex<Calls>) -> MutexGuard<'_, Calls> {
    calls.lock().unwrap_or_else(PoisonError::into_inner)
}
