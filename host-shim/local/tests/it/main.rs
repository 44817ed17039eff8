//! What the local host promises, seen from outside.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod guard;
mod program;
mod settings;
mod store;
mod web_client;
