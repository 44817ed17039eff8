//! Components in the engine: ones that misbehave, ones that do not fit, the contract itself, and the built Zoom component.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod capacity;
mod contract;
mod download;
mod fetch;
mod hooks;
mod hostile;
mod limits;
mod load;
mod oauth;
mod recordings;
mod sandbox;
mod simulated;
mod storage;
mod support;
mod untrusted;
mod zoom;
