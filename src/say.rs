//! What people read: sentences by their reader, and pages. Never asks Zoom, never stores.

mod error;
pub mod i18n;
pub(crate) mod page;
pub mod text;
