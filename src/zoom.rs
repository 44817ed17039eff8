//! Zoom as types: what it sends and what people paste of it, read. Asks nothing.

pub mod error;
pub mod event;
pub mod hosts;
pub mod join_link;
pub(crate) mod number;
pub(crate) mod read;
pub mod recording;
pub mod refused;
pub mod signature;

/// A meeting's number: 9 to 11 digits at Zoom today, always above what 32 bits hold.
pub type MeetingNumber = u64;
