//! Zoom's webhook: `POST /webhook?secret=…`. Verify, store, answer, within Zoom's 3 seconds.

pub mod event;
mod handle;
pub mod refused;
pub mod signature;

pub use handle::{Answer, Failure, Validation, handle};
pub(crate) use handle::{apply, check_url_secret};
