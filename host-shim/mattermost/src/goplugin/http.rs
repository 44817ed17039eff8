//! The streams that carry one HTTP request's body and its answer.

use std::io;
use std::time::Duration;

use goplugin::MuxBroker;
use goplugin::yamux::Stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Empty;
use super::rpc::{CallError, Rpc};
use super::text::{Header, LossyString};

/// How long a client may take to receive an answer of a few kilobytes.
const WRITE_TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes of a body that are read at once, at least where so many have arrived.
const PIECE: usize = 16 << 10;
/// Bytes of a body in one call.
const CHUNK: usize = 256 << 10;

/// The body of one request.
pub(crate) struct BodyStream {
    /// `None` for a request without a body.
    stream: Option<Stream>,
}

impl BodyStream {
    /// Connects to the host's body of this id; 0 stands for none.
    pub(crate) async fn dial(broker: &MuxBroker, id: u32) -> io::Result<Self> {
        let stream = if id == 0 { None } else { Some(broker.dial(id).await.map_err(io::Error::other)?) };
        Ok(Self { stream })
    }

    /// Asks for so many bytes: the host sends no more than that, and then waits to be asked again.
    pub(crate) async fn ask(&mut self, bytes: usize) -> io::Result<()> {
        match &mut self.stream {
            Some(stream) => stream.write_all(&varint(bytes as u64)).await,
            None => Ok(()),
        }
    }

    /// Reads what has arrived. 0 at the end.
    pub(crate) async fn read(&mut self, into: &mut Vec<u8>) -> io::Result<usize> {
        match &mut self.stream {
            Some(stream) => {
                if into.capacity() - into.len() < PIECE {
                    into.reserve(PIECE);
                }
                stream.read_buf(into).await
            }
            None => Ok(0),
        }
    }

    /// Tells the host that no more is wanted.
    pub(crate) async fn close(self) {
        if let Some(mut stream) = self.stream {
            let _ = stream.shutdown().await;
        }
    }
}

/// Where the answer to a request goes.
pub(crate) struct ResponseWriter {
    rpc: Rpc,
}

impl ResponseWriter {
    /// Connects to the host's writer of this id.
    pub(crate) async fn dial(broker: &MuxBroker, stream: u32) -> io::Result<Self> {
        let stream = broker.dial(stream).await.map_err(io::Error::other)?;
        Ok(Self { rpc: Rpc::new(stream) })
    }

    /// Sends the whole answer and closes the stream; without that the host would wait for more for ever. Headers replace those
    /// of the same name that the server has set, and leave its others.
    pub(crate) async fn respond(
        self,
        status: u16,
        headers: &[(String, String)],
        body: &[u8],
    ) -> io::Result<()> {
        let sent = tokio::time::timeout(WRITE_TIMEOUT, self.send(status, headers, body)).await;
        let _ = self.rpc.close().await;
        match sent {
            Ok(sent) => sent.map_err(io::Error::other),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    async fn send(&self, status: u16, headers: &[(String, String)], body: &[u8]) -> Result<(), CallError> {
        let mut header: Header = self.rpc.call("Plugin.Header", &Empty {}).await?;
        merge(&mut header, headers);
        let _: Empty = self.rpc.call("Plugin.SyncHeader", &header).await?;
        let _: Empty = self.rpc.call("Plugin.WriteHeader", &i64::from(status)).await?;
        for chunk in body.chunks(CHUNK) {
            let _: Empty = self.rpc.call("Plugin.Write", chunk).await?;
        }
        Ok(())
    }
}

/// Go finds a header only under the canonical spelling of its name.
fn merge(header: &mut Header, headers: &[(String, String)]) {
    let named: Vec<_> =
        headers.iter().map(|(name, value)| (canonical(name), LossyString(value.clone()))).collect();
    for (name, _) in &named {
        header.remove(name);
    }
    for (name, value) in named {
        header.entry(name).or_default().push(value);
    }
}

fn canonical(name: &str) -> LossyString {
    let mut upper = true;
    let spelt = name.chars().map(|c| {
        let c = if upper { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        upper = c == '-';
        c
    });
    LossyString(spelt.collect())
}

/// Go's `binary.PutVarint` of a number that is not negative: zig-zag, then seven bits a byte.
fn varint(number: u64) -> Vec<u8> {
    let mut rest = number << 1;
    let mut bytes = Vec::new();
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_are_those_of_go() {
        let cases: [(u64, &[u8]); 5] = [
            (0, &[0]),
            (63, &[0x7e]),
            (64, &[0x80, 0x01]),
            (1 << 20, &[0x80, 0x80, 0x80, 0x01]),
            ((1 << 20) + 1, &[0x82, 0x80, 0x80, 0x01]),
        ];
        for (number, bytes) in cases {
            assert_eq!(varint(number), bytes, "{number}");
        }
    }

    #[test]
    fn an_answer_replaces_headers_of_its_names_and_leaves_others() {
        let lossy = |text: &str| LossyString(text.into());
        let mut header = Header::from([
            (lossy("Content-Type"), vec![lossy("text/plain")]),
            (lossy("X-Request-Id"), vec![lossy("r1")]),
        ]);
        let answer = [("content-type", "application/json"), ("set-cookie", "a"), ("SET-COOKIE", "b")]
            .map(|(name, value)| (name.into(), value.into()));
        merge(&mut header, &answer);
        let expected = Header::from([
            (lossy("Content-Type"), vec![lossy("application/json")]),
            (lossy("Set-Cookie"), vec![lossy("a"), lossy("b")]),
            (lossy("X-Request-Id"), vec![lossy("r1")]),
        ]);
        assert_eq!(header, expected);
    }
}
