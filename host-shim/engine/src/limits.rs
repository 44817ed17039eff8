//! Every limit that the engine holds a plugin to, with its reason.

use std::time::Duration;

/// Linear memory of one instance, in bytes. The Zoom component uses under 2 MiB; a body of 1 MiB parsed as JSON stays under 16.
pub const MEMORY_BYTES: usize = 32 << 20;
/// Instances at once. Each holds at most [`MEMORY_BYTES`]; a call takes milliseconds, most of it spent waiting for imports.
pub const CONCURRENT_CALLS: usize = 64;
/// How long a call waits for a free instance before it fails as busy: shorter than people wait for an answer.
pub const QUEUE_WAIT: Duration = Duration::from_secs(3);
/// The guest's own computing in one call, waiting for imports left out. A start of a meeting takes about 20 µs.
pub const GUEST_CPU: Duration = Duration::from_secs(2);
/// One import of the chat server. Longer means that the server is in trouble.
pub const IMPORT: Duration = Duration::from_secs(10);
/// One HTTP exchange; a request asks for less.
pub const HTTP: Duration = Duration::from_secs(20);
/// Reaching another server, before anything is sent: its part of [`HTTP`].
pub const CONNECT: Duration = Duration::from_secs(10);
/// Fetching one file.
pub const FILE: Duration = Duration::from_secs(120);
/// A whole call, except of `run-due`.
pub const CALL: Duration = Duration::from_secs(45);
/// One pause that a plugin asks for. It waits for what another node does in a second or two, and keeps its place meanwhile.
pub const PAUSE: Duration = Duration::from_secs(5);
/// A whole call of `run-due`, which may move files.
pub const DUE_CALL: Duration = Duration::from_secs(300);

/// Body of a request to `serve-http`, in bytes: fixed by the contract.
pub const MAX_BODY: usize = 1 << 20;
/// Body of a request that a plugin sends, in bytes.
pub const HTTP_REQUEST_BODY: usize = 1 << 20;
/// Headers of a request that a plugin sends, in bytes. Most servers take no more.
pub const HTTP_HEADER_BYTES: usize = 32 << 10;
/// Body of a response that a plugin reads, in bytes. The largest page of Zoom's API is about 200 KB.
pub const HTTP_RESPONSE_BODY: u64 = 4 << 20;
/// A file's size, in bytes: it is held in memory while it moves.
pub const FILE_BYTES: u64 = 64 << 20;
/// Length of a key, in bytes, as the strictest known server takes it.
pub const KEY_BYTES: usize = 150;
/// Length of a value, in bytes.
pub const VALUE_BYTES: usize = 256 << 10;
/// Length of a log line with its fields, in bytes; the rest is cut off.
pub const LOG_LINE_BYTES: usize = 4 << 10;
/// Log lines of one call; the rest is counted and dropped.
pub const LOG_LINES: u32 = 100;
/// Everything that one import or one answer moves out of the guest, in bytes.
pub const TRANSFER_BYTES: usize = 4 << 20;

/// The limits that an embedder may change; the others are constants of this module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// See [`CONCURRENT_CALLS`]; never more than that.
    pub concurrent_calls: usize,
    /// See [`QUEUE_WAIT`].
    pub queue_wait: Duration,
    /// See [`GUEST_CPU`].
    pub guest_cpu: Duration,
    /// See [`IMPORT`].
    pub import: Duration,
    /// See [`HTTP`].
    pub http: Duration,
    /// See [`FILE`].
    pub file: Duration,
    /// See [`CALL`].
    pub call: Duration,
    /// See [`DUE_CALL`].
    pub due_call: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_calls: CONCURRENT_CALLS,
            queue_wait: QUEUE_WAIT,
            guest_cpu: GUEST_CPU,
            import: IMPORT,
            http: HTTP,
            file: FILE,
            call: CALL,
            due_call: DUE_CALL,
        }
    }
}
