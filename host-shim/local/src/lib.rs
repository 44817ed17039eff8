//! A small chat in a web page that runs the plugin on one machine.
//!
//! It hosts the same component file as the chat servers do, keeps its data in one file, and has a simulated Zoom
//! beside it, so that everything can be tried without an account anywhere. It listens on loopback only: whoever
//! can reach it may act as any of its users.

pub mod args;
pub mod hub;
pub mod model;
pub mod private;
pub mod seed;
pub mod server;
pub mod settings;
pub mod store;
pub mod view;
