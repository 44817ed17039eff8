//! A small chat in a web page that runs the plugin on one machine.
//!
//! It hosts the same component file as the chat servers do, keeps its data in one file, and has a simulated Zoom
//! beside it, so that everything can be tried without an account anywhere. It listens on loopback only: whoever
//! can reach it may act as any of its users.
//!
//! Where to look: [`run`](mod@run) for how it starts, [`server`] for the chat as the plugin sees it, [`store`] for what
//! lasts, [`web`] for what is served, [`simulation`] for the panel and the ways to sign in; `page/` holds the page itself.

pub mod app;
pub mod args;
pub mod hub;
pub mod model;
pub mod private;
pub mod run;
pub mod seed;
pub mod server;
pub mod settings;
pub mod simulation;
pub mod store;
pub mod view;
pub mod web;
