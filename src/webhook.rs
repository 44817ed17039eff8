//! Zoom's webhook: `POST /webhook?secret=…`. Verify, store, answer, within Zoom's 3 seconds.

mod handle;
pub mod refused;

pub use handle::{Answer, Failure, Validation, handle};
pub(crate) use handle::{apply, check_url_secret};
