//! Calls from the host: a server of Go's `net/rpc`.

use std::any::Any;
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use gobwire::{Decode, Decoder, Encode, Encoder, Gob, Progress};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{Mutex, Semaphore, mpsc};

use super::Empty;

/// Calls of one method under way at once. Who may have how many of them is decided by what they are about; past this many one
/// more is refused, since the stream must be read on for the other methods.
const MAX_CALLS: usize = 4096;
/// A single message, in bytes. The largest real one is a post with its props, under 1 MB.
const MAX_MESSAGE: u64 = 64 << 20;

type Reply = Box<dyn Encode + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Result<Reply, String>> + Send>>;
type Call = Box<dyn Fn(&mut Decoder) -> Result<Answer, gobwire::Error> + Send + Sync>;

struct Method {
    call: Call,
    slots: Arc<Semaphore>,
}

/// Why a connection could be served no longer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Gob(#[from] gobwire::Error),
    #[error("a message of {0} bytes is larger than any real one")]
    TooLarge(u64),
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
        let call: Call = Box::new(move |args| {
            let answer = call(args.decode()?);
            Ok(Box::pin(async move { answer.await.map(|reply| Box::new(reply) as Reply) }))
        });
        self.methods.insert(name, Method { call, slots: Arc::new(Semaphore::new(MAX_CALLS)) });
    }

    /// Serves calls, many at once, until the host closes the stream. Calls under way are then still answered.
    pub(crate) async fn serve<T>(self: Arc<Self>, stream: T) -> Result<(), ServeError>
    where
        T: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (read, write) = tokio::io::split(stream);
        let replies = Arc::new(Replies { out: Mutex::new((write, Encoder::new())) });
        // Ends when every call has dropped its half.
        let (under_way, mut all_answered) = mpsc::channel::<Infallible>(1);
        let mut calls = Calls { read: BufReader::new(read), decoder: Decoder::new(), message: Vec::new() };
        let end = loop {
            let (request, answer) = match calls.next(&self).await {
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

    fn start(&self, request: &Request, args: &mut Decoder) -> Result<Result<Answer, String>, ServeError> {
        let Some(method) = self.methods.get(request.service_method.as_str()) else {
            args.discard()?;
            return Ok(Err(format!("rpc: can't find method {}", request.service_method)));
        };
        let Ok(slot) = Arc::clone(&method.slots).try_acquire_owned() else {
            args.discard()?;
            return Ok(Err(format!("{MAX_CALLS} calls of {} are under way already", request.service_method)));
        };
        let answer = (method.call)(args).map_err(|error| {
            tracing::error!(method = request.service_method, %error, "A call of the server could not be read.");
            error.to_string()
        });
        Ok(answer.map(|answer| -> Answer {
            Box::pin(async move {
                let _slot = slot;
                answer.await
            })
        }))
    }
}

#[derive(Gob, Default)]
struct Request {
    service_method: String,
    seq: u64,
}

#[derive(Gob, Default)]
struct Response {
    service_method: String,
    seq: u64,
    error: String,
}

/// The reading half of a connection.
struct Calls<R> {
    read: R,
    decoder: Decoder,
    message: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Calls<R> {
    /// The next call, with its work not yet begun or the reason why it is refused. `None` at the end of the stream.
    async fn next(
        &mut self,
        service: &Service,
    ) -> Result<Option<(Request, Result<Answer, String>)>, ServeError> {
        if !self.value().await? {
            return Ok(None);
        }
        let request: Request = self.decoder.decode()?;
        if !self.value().await? {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
        let answer = service.start(&request, &mut self.decoder)?;
        Ok(Some((request, answer)))
    }

    /// Reads messages until the decoder holds a value. False at the end of the stream.
    async fn value(&mut self) -> Result<bool, ServeError> {
        let mut first = true;
        loop {
            let length = match self.length().await {
                Ok(length) => length,
                Err(error) if first && error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
                Err(error) => return Err(error.into()),
            };
            first = false;
            if length > MAX_MESSAGE {
                return Err(ServeError::TooLarge(length));
            }
            self.message.clear();
            // Grows as bytes arrive: the announced length alone reserves nothing.
            let read = (&mut self.read).take(length).read_to_end(&mut self.message).await?;
            if read as u64 != length {
                return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
            }
            if self.decoder.push_message(&self.message)? == Progress::Ready {
                self.message.shrink_to(64 << 10);
                return Ok(true);
            }
        }
    }

    /// gob's unsigned integer: one byte below 128, else the negated count of big-endian bytes that follow.
    async fn length(&mut self) -> std::io::Result<u64> {
        let first = self.read.read_u8().await?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let count = usize::from(first.wrapping_neg());
        let mut bytes = [0; 8];
        let Some(tail) = bytes.len().checked_sub(count) else {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "bad length of a message"));
        };
        self.read.read_exact(&mut bytes[tail..]).await?;
        Ok(u64::from_be_bytes(bytes))
    }
}

/// The writing half of a connection.
struct Replies<W> {
    out: Mutex<(W, Encoder)>,
}

impl<W: AsyncWrite + Unpin> Replies<W> {
    async fn send(&self, request: Request, reply: Result<Reply, String>) -> Result<(), ServeError> {
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

fn panic_text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason given")
}

#[cfg(test)]
mod tests;
