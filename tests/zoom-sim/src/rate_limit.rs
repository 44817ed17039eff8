//! Zoom's rate limits: by the second for the account, by the day for a host.

use std::collections::BTreeMap;

use crate::{
    clock::{UnixMs, iso},
    config::{RateLimits, RetryAfter},
    meetings::DAY_MS,
};

/// Zoom's weight of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    Light,
    Medium,
}

impl Weight {
    /// Of a call, by method and path below the API's base.
    pub(crate) fn of(method: &str, path: &str) -> Self {
        let meetings_of_a_user = path.contains("/users/") && path.ends_with("/meetings");
        if meetings_of_a_user || (method == "GET" && path.ends_with("/users")) {
            Self::Medium
        } else {
            Self::Light
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Medium => "Medium",
        }
    }
}

/// A refusal: the text and the headers of the answer 429.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    pub(crate) message: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
}

#[derive(Debug, Default)]
pub(crate) struct RateLimiter {
    limits: RateLimits,
    second: i64,
    calls: BTreeMap<Weight, u32>,
    day: i64,
    writes: BTreeMap<String, u32>,
}

impl RateLimiter {
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    pub(crate) fn limits(&self) -> RateLimits {
        self.limits
    }

    pub(crate) fn set_limits(&mut self, limits: RateLimits) {
        self.limits = limits;
    }

    /// Counts a call. Gives the headers for its answer, or the refusal.
    pub(crate) fn call(
        &mut self,
        weight: Weight,
        now_ms: UnixMs,
    ) -> Result<Vec<(&'static str, String)>, TooMany> {
        let Some(per_second) = self.limits.per_second else { return Ok(Vec::new()) };
        let limit = match weight {
            Weight::Light => per_second.light,
            Weight::Medium => per_second.medium,
        };
        let second = now_ms.div_euclid(1000);
        if second != self.second {
            self.second = second;
            self.calls.clear();
        }
        let calls = self.calls.entry(weight).or_default();
        let allowed = *calls < limit;
        *calls += u32::from(allowed);
        let mut headers = headers(weight, "QPS", limit, limit - *calls);
        if allowed {
            return Ok(headers);
        }
        let form = self.limits.retry_after.unwrap_or(RetryAfter::Seconds);
        headers.extend(retry_after(form, (second + 1) * 1000, now_ms));
        Err(TooMany {
            message: "You have reached the maximum per-second rate limit for this API. Try again later.",
            headers,
        })
    }

    /// Counts a create or update of a meeting of this host.
    pub(crate) fn write(&mut self, host_id: &str, weight: Weight, now_ms: UnixMs) -> Result<(), TooMany> {
        let Some(limit) = self.limits.writes_per_day else { return Ok(()) };
        let day = now_ms.div_euclid(DAY_MS);
        if day != self.day {
            self.day = day;
            self.writes.clear();
        }
        let writes = self.writes.entry(host_id.to_owned()).or_default();
        if *writes < limit {
            *writes += 1;
            return Ok(());
        }
        let form = self.limits.retry_after.unwrap_or(RetryAfter::Date);
        let mut headers = headers(weight, "Daily-limit", limit, 0);
        headers.extend(retry_after(form, (day + 1) * DAY_MS, now_ms));
        Err(TooMany {
            message: "You have reached the maximum daily rate limit for this API. Refer to the response \
                      header for details on when you can make another request.",
            headers,
        })
    }
}

/// `Retry-After` for a limit that ends at `until_ms`.
pub(crate) fn retry_after(
    form: RetryAfter,
    until_ms: UnixMs,
    now_ms: UnixMs,
) -> Option<(&'static str, String)> {
    let value = match form {
        RetryAfter::Absent => return None,
        RetryAfter::Date => iso(until_ms),
        RetryAfter::Seconds => (until_ms - now_ms).max(0).unsigned_abs().div_ceil(1000).to_string(),
    };
    Some(("retry-after", value))
}

fn headers(weight: Weight, kind: &str, limit: u32, remaining: u32) -> Vec<(&'static str, String)> {
    vec![
        ("x-ratelimit-category", weight.as_str().into()),
        ("x-ratelimit-type", kind.into()),
        ("x-ratelimit-limit", limit.to_string()),
        ("x-ratelimit-remaining", remaining.to_string()),
    ]
}
