//! What the tests and benchmarks of components share: a chat server in memory, a Zoom with answers of its own, and the built
//! components.

mod build;
mod memory;
mod zoom;

pub use build::{greedy_wasm, precompiled, probe_cwasm, probe_wasm, zoom_cwasm, zoom_wasm};
pub use memory::{Fault, LogLine, MemoryServer, PrivateReply, StoredPost};
pub use zoom::CannedZoom;
