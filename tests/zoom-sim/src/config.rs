//! What a simulated Zoom is made of before anything happens in it.

use serde::{Deserialize, Serialize};

use crate::Clock;

/// The account, its app and how its Zoom behaves.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// The account's id, as in `account_id` of users and webhooks.
    pub account_id: String,
    /// API Key of the JWT app: the `iss` of its tokens.
    pub api_key: String,
    /// API Secret of the JWT app: the HS256 key of its tokens.
    pub api_secret: String,
    /// What "now" is.
    pub clock: Clock,
    /// Every identifier is drawn from it: the same seed gives the same ids, uuids and passcodes.
    pub seed: u64,
    /// Where join links point, without a trailing slash.
    pub web_url: String,
    /// Which calls are refused with 429.
    pub rate_limits: RateLimits,
    /// Zoom's account setting "require a passcode": meetings made without one get one. Without it Zoom
    /// turns the waiting room on for a meeting that nothing else protects.
    pub require_passcode: bool,
    /// Which uuid a meeting has when it is first started.
    pub first_uuid: FirstUuid,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            account_id: "SimAccount000000000000".into(),
            api_key: "sim-api-key".into(),
            api_secret: "sim-api-secret-of-thirty-six-letters".into(),
            clock: Clock::real(),
            seed: 1,
            web_url: "https://example.zoom.us".into(),
            rate_limits: RateLimits::default(),
            require_passcode: false,
            first_uuid: FirstUuid::Fresh,
        }
    }
}

/// Which uuid a meeting's first start gets. Later starts always get a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstUuid {
    /// A new one, as scheduled, recurring and personal meetings show it. The harder case.
    Fresh,
    /// The one of the create answer.
    AsCreated,
}

/// Zoom's rate limits. They hold for the whole account; a test's usual default is no limit by the second
/// (on a clock that stands still all calls fall into one) and Zoom's limit of creates and updates by the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimits {
    /// Calls by the second, by weight of the call.
    pub per_second: Option<PerSecond>,
    /// Calls by the day (UTC), by weight of the call.
    pub per_day: Option<PerDay>,
    /// Creates and updates of meetings by host and day (UTC).
    pub writes_per_day: Option<u32>,
    /// How `Retry-After` is written, if not Zoom's way (see [`RetryAfter`]).
    pub retry_after: Option<RetryAfter>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { per_second: None, per_day: None, writes_per_day: Some(100), retry_after: None }
    }
}

/// Calls allowed in one second, by Zoom's weight of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerSecond {
    /// Reads of one thing.
    pub light: u32,
    /// Lists, and creating a meeting.
    pub medium: u32,
    /// Reports; the simulation has none, but counts who asks for them.
    pub heavy: u32,
}

impl PerSecond {
    /// A free account.
    pub const FREE: Self = Self { light: 4, medium: 2, heavy: 1 };
    /// A Pro account.
    pub const PRO: Self = Self { light: 30, medium: 20, heavy: 10 };
    /// A Business account or larger.
    pub const BUSINESS: Self = Self { light: 80, medium: 60, heavy: 40 };
}

/// Calls allowed in one day, by Zoom's weight of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerDay {
    /// Reads of one thing.
    pub light: u32,
    /// Lists, and creating a meeting.
    pub medium: u32,
    /// Reports; the simulation has none, but counts who asks for them.
    pub heavy: u32,
}

impl PerDay {
    /// A free account.
    pub const FREE: Self = Self { light: 6000, medium: 2000, heavy: 1000 };
}

/// How an answer 429 says when to come back. Zoom writes a date for the limit by the day; proxies and
/// older answers write seconds; present documentation lists no header at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// `Retry-After: 30`
    Seconds,
    /// `Retry-After: 2026-01-06T00:00:00Z`
    Date,
    /// No header.
    Absent,
}
