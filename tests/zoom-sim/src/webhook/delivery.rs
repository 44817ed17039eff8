//! What is known of each webhook that was sent or is to be sent.

use serde::Serialize;

use super::WebhookConfig;
use crate::clock::UnixMs;

/// One event on its way to the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Number of the delivery, counted from 1.
    pub id: u64,
    /// `meeting.started` and so on.
    pub event: String,
    /// The exact bytes that are sent.
    pub body: String,
    /// When the event happened.
    pub created_ms: UnixMs,
    /// The delivery whose body this one repeats, if it was asked for.
    pub redelivery_of: Option<u64>,
    /// Where it is.
    #[serde(flatten)]
    pub state: DeliveryState,
    /// Every attempt so far, oldest first.
    pub attempts: Vec<Attempt>,
    /// Where it goes, if not to the subscription.
    #[serde(skip)]
    pub(crate) to: Option<WebhookConfig>,
    /// Rank among deliveries that are due at one time.
    #[serde(skip)]
    pub(crate) rank: u64,
}

/// Where a delivery is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeliveryState {
    /// Kept back until it is released.
    Held,
    /// The next attempt is due then.
    Scheduled {
        /// Due time.
        at_ms: UnixMs,
    },
    /// An attempt is being made.
    Sending,
    /// The receiver answered 200–299.
    Delivered,
    /// The receiver answered 3xx or 4xx, which is final.
    Refused,
    /// All four attempts failed.
    Dropped,
    /// No attempt was made: the webhook was removed, or disabled by failed validations.
    NotSent,
}

/// One POST to the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// When it was made.
    pub at_ms: UnixMs,
    /// `x-zm-request-timestamp`: Unix seconds.
    pub timestamp_s: i64,
    /// `x-zm-request-id` or `x-zm-trackingid`.
    pub request_id: String,
    /// Status of the answer; absent if there was none.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
    /// Beginning of the answer's body.
    pub answer: String,
}

/// In which order held deliveries go out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// As they happened.
    InOrder,
    /// The last one first.
    Reversed,
    /// By chance, from the simulation's seed.
    Shuffled,
    /// Only these, in this order; later ones are still held.
    These(Vec<u64>),
}
