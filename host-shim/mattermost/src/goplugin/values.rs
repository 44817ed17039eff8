//! Values from a gob stream, each of which can be unreadable without harm to the next.
//!
//! What a value holds is often chosen by users: the props of a post, the text of a header. The decoder of the library refuses
//! some of it, deep nesting and text that is not UTF-8 among them, and has then lost its place in the stream, with the types that
//! the refused value has defined. So values are walked here first, as they arrive and in bounded memory: definitions of types are
//! handed to the decoder one by one, and what is left of the value is something that it takes.

mod cursor;
mod walk;

use gobwire::{Decode, Decoder, Progress};
use tokio::io::{AsyncRead, AsyncReadExt};

use cursor::Cursor;
use walk::Walk;

/// Bytes asked of the stream at once.
const CHUNK: usize = 8 << 10;
/// A definition of a type, in bytes. The server's largest structs take a few kilobytes.
const MAX_DEFINITION: usize = 256 << 10;
/// What a buffer may keep between two values.
const KEPT: usize = 64 << 10;

/// Why a stream of values cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StreamError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Gob(#[from] gobwire::Error),
    #[error("the stream breaks the rules of its encoding: {0}")]
    Broken(&'static str),
}

/// Why one value cannot be used. The stream goes on behind it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ValueError {
    #[error("it is larger than {} MiB", walk::MAX_VALUE >> 20)]
    TooLarge,
    #[error(transparent)]
    Gob(#[from] gobwire::Error),
}

/// A stream of gob values, read one after another.
pub(super) struct Values<R> {
    read: R,
    input: Input,
    walk: Walk,
    decoder: Decoder,
}

/// A value that was read from the stream whole. One that is not decoded is dropped.
pub(super) struct Value<'a> {
    walk: &'a mut Walk,
    decoder: &'a mut Decoder,
}

impl<R: AsyncRead + Unpin> Values<R> {
    pub(super) fn new(read: R) -> Self {
        Self { read, input: Input::default(), walk: Walk::default(), decoder: Decoder::new() }
    }

    /// The next value, or `None` at the end of the stream.
    pub(super) async fn next(&mut self) -> Result<Option<Value<'_>>, StreamError> {
        self.next_without(&[]).await
    }

    /// The next value without what structs in it have in fields of these names: it is passed over as it arrives, however large it is.
    /// They may hold anything but arrays.
    pub(super) async fn next_without(
        &mut self,
        fields: &'static [&'static str],
    ) -> Result<Option<Value<'_>>, StreamError> {
        self.walk.restart(fields, KEPT);
        if !self.reach_value().await? {
            return Ok(None);
        }
        loop {
            let mut cursor = self.input.cursor();
            let done = self.walk.run(&mut cursor, &mut self.decoder)?;
            let taken = cursor.taken();
            self.input.take(taken);
            if done {
                break;
            }
            if self.input.left > 0 {
                self.fill(MAX_DEFINITION).await?;
            } else if self.walk.may_cross_messages() {
                self.next_message().await?;
            } else {
                return Err(StreamError::Broken("a message ends within a value"));
            }
        }
        if self.input.left > 0 {
            return Err(StreamError::Broken("a message goes on behind its value"));
        }
        Ok(Some(Value { walk: &mut self.walk, decoder: &mut self.decoder }))
    }

    /// Reads definitions of types up to the message in which a value begins. False at the end of the stream.
    async fn reach_value(&mut self) -> Result<bool, StreamError> {
        let mut first = true;
        loop {
            if first && !self.input.has_bytes() && self.read_some().await? == 0 {
                return Ok(false);
            }
            first = false;
            self.next_message().await?;
            let defines = loop {
                match self.input.cursor().peek_int()? {
                    Some(id) => break id < 0,
                    None => self.fill(MAX_DEFINITION).await?,
                }
            };
            if !defines {
                return Ok(true);
            }
            while !self.input.holds_message() {
                self.fill(MAX_DEFINITION).await?;
            }
            let definition = self.input.cursor();
            let length = definition.bytes.len();
            if !matches!(self.decoder.push_message(definition.bytes)?, Progress::TypeDefinition(_)) {
                return Err(StreamError::Broken("a definition defines nothing"));
            }
            self.input.take(length);
        }
    }

    /// Reads the length of the next message.
    async fn next_message(&mut self) -> Result<(), StreamError> {
        loop {
            let unread = self.input.unread();
            if let Some((length, width)) = gobwire::parse_uint(unread)? {
                self.input.at += width;
                self.input.left = length;
                return Ok(());
            }
            if self.read_some().await? == 0 {
                return Err(end_of_file());
            }
        }
    }

    /// Reads more of the message under way, of which at most so many bytes may be waiting already.
    async fn fill(&mut self, limit: usize) -> Result<(), StreamError> {
        if self.input.unread().len() >= limit {
            return Err(StreamError::Broken("a definition of a type is larger than any real one"));
        }
        if self.input.holds_message() {
            return Err(StreamError::Broken("a message ends within a number"));
        }
        if self.read_some().await? == 0 {
            return Err(end_of_file());
        }
        Ok(())
    }

    async fn read_some(&mut self) -> Result<usize, StreamError> {
        self.input.make_room();
        Ok(self.read.read_buf(&mut self.input.bytes).await?)
    }
}

impl Value<'_> {
    /// Decodes the value. Go's rule for structs holds: fields go by their names.
    pub(super) fn decode<T: Decode + Default>(self) -> Result<T, ValueError> {
        let body = self.walk.value()?;
        match self.decoder.push_message(body)? {
            Progress::Ready => Ok(self.decoder.decode()?),
            Progress::TypeDefinition(_) | Progress::NeedMore => Err(gobwire::Error::UnexpectedEof.into()),
        }
    }
}

/// Bytes that have come and were not looked at yet.
#[derive(Default)]
struct Input {
    bytes: Vec<u8>,
    at: usize,
    /// What is to come of the message under way, waiting bytes included.
    left: u64,
}

impl Input {
    fn unread(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    fn has_bytes(&self) -> bool {
        self.at < self.bytes.len()
    }

    fn holds_message(&self) -> bool {
        self.unread().len() as u64 >= self.left
    }

    /// The waiting bytes of the message under way.
    fn cursor(&self) -> Cursor<'_> {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        Cursor::new(&self.unread()[..self.unread().len().min(left)], self.left)
    }

    fn take(&mut self, bytes: usize) {
        self.at += bytes;
        self.left -= bytes as u64;
    }

    fn make_room(&mut self) {
        self.bytes.drain(..self.at);
        self.at = 0;
        if self.bytes.capacity() > KEPT && self.bytes.len() < CHUNK {
            self.bytes.shrink_to(CHUNK);
        }
        self.bytes.reserve(CHUNK);
    }
}

fn end_of_file() -> StreamError {
    std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()
}

#[cfg(test)]
mod tests;
