//! The heads of calls and answers in Go's `net/rpc`. Each is followed by a value of its own.

use gobwire::Gob;

#[derive(Gob, Default)]
pub(super) struct Request {
    pub(super) service_method: String,
    pub(super) seq: u64,
}

#[derive(Gob, Default)]
pub(super) struct Response {
    pub(super) service_method: String,
    pub(super) seq: u64,
    /// Empty: the value behind it is the answer.
    pub(super) error: String,
}
