//! Zoom meetings for chat servers: the core, as a pure state machine, and its component.
//!
//! A hook of the contract (`wit/`) becomes a [`flow::Flow`]: an async function that asks through [`flow::Io`]. The driver performs
//! each [`flow::Effect`] and hands the [`flow::Outcome`] back. Nothing in this crate but `component` does input or output, reads a
//! clock or draws a random number.
//!
//! Where to look: [`hooks`] for what the host calls, [`start`](mod@start) for a meeting's beginning, [`meeting::events`] for what Zoom
//! reports, [`meeting`] for the meeting's life, [`meeting::card`] for what people see, [`store`] for what is kept, [`zoom`] for Zoom's API.

pub mod account;
#[cfg(target_arch = "wasm32")]
mod component;
pub mod connect;
pub mod doctor;
pub mod error;
pub mod flow;
mod hex;
pub mod hooks;
mod json;
pub mod meeting;
pub mod model;
pub mod official_import;
pub mod reconcile;
pub mod recording;
pub mod say;
pub mod settings;
pub mod start;
pub mod store;
pub mod subscription;
pub mod time;
pub mod zoom;
