//! A simulation of everything around the core: nodes, one store, one chat server, one Zoom, people, and what goes wrong among them.
//!
//! One seed makes one [`Plan`]; [`run()`] plays it effect by effect in one queue of moments, and a small model says of each step, and
//! of the end, whether that may be. Nothing waits, nothing is random but by the seed: the same seed gives the same run.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "new effects are performed, and need no line of their own everywhere"
)]

mod actions;
mod cast;
mod chat;
mod deliver;
#[cfg(test)]
mod findings;
mod hook;
mod known;
mod model;
mod plan;
pub mod planting;
mod properties;
mod rng;
mod run;
mod shrink;
mod store;
#[cfg(test)]
mod tests;
mod times;
mod trace;
mod verdict;
mod visit;
mod world;
mod zoom;

pub use known::{KNOWN, Known, known};
pub use plan::Plan;
pub use properties::{Property, Violation};
pub use run::{Outcome, run};
pub use shrink::shrink;
