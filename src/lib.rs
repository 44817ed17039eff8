//! Zoom meetings for chat servers: the core, as a pure state machine, and its component.
//!
//! A hook of the contract (`wit/`) becomes a [`flow::Flow`]: an async function that asks through [`flow::Io`]. The driver performs
//! each [`flow::Effect`] and hands the [`flow::Outcome`] back. Nothing in this crate but `component` does input or output, reads a
//! clock or draws a random number.
//!
//! The house has floors, and imports go down only (`./just forbid --layers` prints and holds them):
//!
//! - `component`: the bindings and the driver
//! - [`hooks`]: what the host calls, one file a hook
//! - [`features`]: what people can do; none imports another
//! - [`meeting`]: what features share: life, card, record, the post that follows, who may post where
//! - [`account`]: signed in at Zoom, and what is asked then
//! - [`say`]: what people read
//! - [`store`]: keys, compare-and-set, turns, due jobs, seals
//! - [`error`], [`zoom`], [`settings`]: whose fault it is; Zoom as types; what the administrator has set
//! - [`flow`], [`model`]: the engine; plain data of the contract
//! - `hex`, `json`, [`time`]: the base

pub mod account;
#[cfg(target_arch = "wasm32")]
mod component;
pub mod error;
pub mod features;
pub mod flow;
mod hex;
pub mod hooks;
mod json;
pub mod meeting;
pub mod model;
pub mod say;
pub mod settings;
pub mod store;
pub mod time;
pub mod zoom;
