//! Zoom's REST API as builders of requests and parsers of answers. Source: Zoom's API reference, Users and Meetings.

pub mod api;
pub mod auth;
pub mod error;
pub mod event;
pub mod hosts;
pub mod join_link;
pub mod meetings;
pub(crate) mod number;
pub mod past;
pub(crate) mod read;
pub mod recording;
pub mod recordings;
pub mod refused;
pub mod signature;
pub mod users;

/// A meeting's number: 9 to 11 digits at Zoom today, always above what 32 bits hold.
pub type MeetingNumber = u64;
