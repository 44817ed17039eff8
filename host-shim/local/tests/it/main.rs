//! What the local host promises, seen from outside.

mod store;
