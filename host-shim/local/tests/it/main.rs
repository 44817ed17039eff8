//! What the local host promises, seen from outside.

mod guard;
mod program;
mod settings;
mod store;
