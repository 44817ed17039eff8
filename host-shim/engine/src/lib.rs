//! Runs chat plugins: sandboxed WebAssembly components behind the `chat-plugin:api` contract.
//!
//! A host implements [`ChatServer`], loads a component into an [`Engine`] and calls its hooks. Every call gets a fresh
//! instance with its own memory and limits ([`limits`]); whatever a plugin does wrong fails that one call with a
//! [`CallError`]. A plugin reaches other servers through an [`HttpClient`], by default the [`AllowListClient`].

mod admission;
pub mod api;
#[expect(missing_docs, reason = "generated")]
mod bindings;
mod call;
#[cfg(feature = "compile")]
mod compile;
mod config;
mod due;
mod engine;
mod error;
mod http;
mod imports;
pub mod limits;
mod load;
mod repeats;
mod server;
mod ticker;
mod wasi;

pub use admission::{
    Arriving, Bodies, BodyError, FairQueue, Full, KnownService, Party, Place, ServiceRequests,
};
#[cfg(feature = "compile")]
pub use compile::precompile;
pub use due::DueLoop;
pub use engine::Engine;
pub use error::{CallError, LoadError};
pub use http::{AllowListClient, HttpClient, Origins, call_failed, own_cookies, parse_method};
pub use limits::Limits;
pub use load::ComponentSource;
pub use repeats::Line;
pub use server::{ChatServer, HostFault};
