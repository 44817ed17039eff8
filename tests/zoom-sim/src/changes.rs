//! What changed, for whoever shows it.

use serde::Serialize;

use crate::{Delivery, SeenRequest, clock::UnixMs};

/// Something changed. Read the rest through the handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A user was added, changed or removed.
    User {
        /// Zoom's id.
        id: String,
    },
    /// A meeting was made or changed, or its state did.
    Meeting {
        /// Its number.
        id: u64,
    },
    /// An attempt to deliver a webhook was made.
    Delivery {
        /// With that attempt.
        delivery: Delivery,
    },
    /// A call of the API came in; sent again with its status once it is answered.
    Request {
        /// The call.
        request: SeenRequest,
    },
    /// Faults were added or cleared.
    Faults,
    /// The clock was moved by hand.
    Clock {
        /// To this time.
        now_ms: UnixMs,
    },
    /// Apps, what was handed out to them, or the switches of OAuth changed.
    Grants,
    /// The webhook's settings, validation or queue changed.
    Webhook,
}
