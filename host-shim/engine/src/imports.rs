//! The contract's imports, one file for each interface: every one has a time limit, and what the guest gives is held to its
//! size before the chat server sees it.

mod directory;
mod files;
mod frontend;
mod host;
mod http_client;
mod key_value;
mod log;
mod posts;
mod presence;
