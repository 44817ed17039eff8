//! Calls from the host: a server of Go's `net/rpc`.

use std::any::Any;
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use gobwire::{Decode, Encode, Encoder};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc};

use super::Empty;
use super::message::{Request, Response};
use super::values::{StreamError, Value, ValueError, Values};

/// Calls of one method under way at once. Who may have how many of them is decided by what they are about; past this many one
/// more is refused, since the stream must be read on for the other methods.
const MAX_CALLS: usize = 4096;
/// Refusals of one method under way at once, which say to whoever waits what is the matter. Past this many the server is told in its
/// own place, and says to its users what it likes.
const MAX_REFUSALS: usize = 1024;

type Reply = Box<dyn Encode + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Result<Reply, String>> + Send>>;
type Call = Box<dyn Fn(Value<'_>) -> Result<Answer, ValueError> + Send + Sync>;

struct Method {
    call: Call,
    slots: Arc<Semaphore>,
    /// Answers where there is no slot.
    refusal: Option<(Call, Arc<Semaphore>)>,
}

/// Methods that a host may call, by name.
#[derive(Default)]
pub(crate) struct Service {
    methods: HashMap<&'static str, Method>,
}

impl Service {
    /// Adds a method. `name` is Go's, with its service: `Plugin.ExecuteCommand`.
    pub(crate) fn method<A, R, F, T>(&mut self, name: &'static str, call: F)
    where
        A: Decode + Default + Send + 'static,
        R: Encode + Send + Sync + 'static,
        T: Future<Output = Result<R, String>> + Send + 'static,
        F: Fn(A) -> T + Send + Sync + 'static,
    {
        self.add(name, boxed(call), None);
    }

    /// The same, with what answers a call beside which [`MAX_CALLS`] are under way. Without that the server gets an error.
    pub(crate) fn method_or<A, R, F, T, G, U>(&mut self, name: &'static str, call: F, refuse: G)
    where
        A: Decode + Default + Send + 'static,
        R: Encode + Send + Sync + 'static,
        T: Future<Output = Result<R, String>> + Send + 'static,
        F: Fn(A) -> T + Send + Sync + 'static,
        U: Future<Output = Result<R, String>> + Send + 'static,
        G: Fn(A) -> U + Send + Sync + 'static,
    {
        self.add(name, boxed(call), Some(boxed(refuse)));
    }

    fn add(&mut self, name: &'static str, call: Call, refusal: Option<Call>) {
        let slots = Arc::new(Semaphore::new(MAX_CALLS));
        let refusal = refusal.map(|refuse| (refuse, Arc::new(Semaphore::new(MAX_REFUSALS))));
        self.methods.insert(name, Method { call, slots, refusal });
    }

    /// Serves calls, many at once, until the host closes the stream. Calls under way are then still answered.
    pub(crate) async fn serve<T>(self: Arc<Self>, stream: T) -> Result<(), StreamError>
    where
        T: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (read, write) = tokio::io::split(stream);
        let replies = Arc::new(Replies { out: Mutex::new((write, Encoder::new())) });
        // Ends when every call has dropped its half.
        let (under_way, mut all_answered) = mpsc::channel::<Infallible>(1);
        let mut calls = Values::new(read);
        let end = loop {
            let (request, answer) = match self.next(&mut calls).await {
                Ok(Some(call)) => call,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            };
            let (replies, under_way) = (Arc::clone(&replies), under_way.clone());
            tokio::spawn(async move {
                let reply = match answer {
                    Ok(answer) => CatchPanic(answer).await,
                    Err(refusal) => Err(refusal),
                };
                if let Err(error) = replies.send(request, reply).await {
                    tracing::debug!(%error, "a call's answer could not be sent");
                }
                drop(under_way);
            });
        };
        drop(under_way);
        let _ = all_answered.recv().await;
        let _ = replies.out.lock().await.0.shutdown().await;
        end
    }

    /// The next call, with its work not yet begun or the reason why it is refused. `None` at the end of the stream.
    async fn next<R: AsyncRead + Unpin>(
        &self,
        calls: &mut Values<R>,
    ) -> Result<Option<(Request, Result<Answer, String>)>, StreamError> {
        let Some(request) = calls.next().await? else { return Ok(None) };
        // Without its head nobody can be told that the call failed.
        let request: Request =
            request.decode().map_err(|_| StreamError::Broken("a call has no readable head"))?;
        let args = calls.next().await?.ok_or(StreamError::Broken("a call has no arguments"))?;
        let answer = self.start(&request, args);
        Ok(Some((request, answer)))
    }

    fn start(&self, request: &Request, args: Value<'_>) -> Result<Answer, String> {
        let Some(method) = self.methods.get(request.service_method.as_str()) else {
            return Err(format!("rpc: can't find method {}", request.service_method));
        };
        let Some((call, slot)) = method.place() else {
            return Err(format!("{MAX_CALLS} calls of {} are under way already", request.service_method));
        };
        let answer = call(args).map_err(|error| {
            tracing::error!(method = request.service_method, %error, "A call of the server could not be read.");
            error.to_string()
        })?;
        Ok(Box::pin(async move {
            let _slot = slot;
            answer.await
        }))
    }
}

impl Method {
    /// What is to be done with one more call, and its slot.
    fn place(&self) -> Option<(&Call, OwnedSemaphorePermit)> {
        let free = |slots: &Arc<Semaphore>| Arc::clone(slots).try_acquire_owned().ok();
        if let Some(slot) = free(&self.slots) {
            return Some((&self.call, slot));
        }
        let (refuse, slots) = self.refusal.as_ref()?;
        free(slots).map(|slot| (refuse, slot))
    }
}

fn boxed<A, R, F, T>(call: F) -> Call
where
    A: Decode + Default + Send + 'static,
    R: Encode + Send + Sync + 'static,
    T: Future<Output = Result<R, String>> + Send + 'static,
    F: Fn(A) -> T + Send + Sync + 'static,
{
    Box::new(move |args| {
        let answer = call(args.decode()?);
        Ok(Box::pin(async move { answer.await.map(|reply| Box::new(reply) as Reply) }))
    })
}

/// The writing half of a connection.
struct Replies<W> {
    out: Mutex<(W, Encoder)>,
}

impl<W: AsyncWrite + Unpin> Replies<W> {
    async fn send(&self, request: Request, reply: Result<Reply, String>) -> Result<(), StreamError> {
        let (error, body): (String, Reply) = match reply {
            Ok(body) => (String::new(), body),
            Err(error) => (error, Box::new(Empty {})),
        };
        let mut out = self.out.lock().await;
        let (write, encoder) = &mut *out;
        // The body first: if it cannot be encoded, nothing has entered the stream yet.
        let mut tail = Vec::new();
        encoder.encode_into(&*body, &mut tail)?;
        let mut bytes = Vec::new();
        let head = Response { service_method: request.service_method, seq: request.seq, error };
        encoder.encode_into(&head, &mut bytes)?;
        bytes.append(&mut tail);
        write.write_all(&bytes).await?;
        write.flush().await?;
        Ok(())
    }
}

/// Turns a panic into an error: a call that is never answered hangs the server.
struct CatchPanic(Answer);

impl Future for CatchPanic {
    type Output = Result<Reply, String>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match std::panic::catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(payload) => Poll::Ready(Err(format!("the plugin panicked: {}", panic_text(&*payload)))),
        }
    }
}

/// For the server's log: a sentence that was put together may hold what a user typed.
fn panic_text(payload: &(dyn Any + Send)) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("its reason is left out")
}

#[cfg(test)]
mod tests;
