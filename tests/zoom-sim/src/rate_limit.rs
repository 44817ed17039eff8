//! Zoom's rate limits: by the second and by the day for the account, by the day for a host.

use std::collections::BTreeMap;

use crate::{
    clock::{UnixMs, iso},
    config::{RateLimits, RetryAfter},
    meetings::DAY_MS,
};

/// `X-RateLimit-Type` of limits by the day.
const DAILY: &str = "Daily-limit";

/// Zoom's weight of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    Light,
    Medium,
    Heavy,
}

impl Weight {
    /// Of a call, by method and path below the API's base.
    pub(crate) fn of(method: &str, path: &str) -> Self {
        if path.contains("/report/") || path.contains("/metrics/") {
            return Self::Heavy;
        }
        let of_a_user = path.contains("/users/")
            && ["/meetings", "/upcoming_meetings", "/recordings"].iter().any(|list| path.ends_with(list));
        let is_list = method == "GET" && path.ends_with("/users");
        let is_long = path.contains("/past_meetings/") && path.ends_with("/participants");
        if of_a_user || is_list || is_long || path.contains("/live_meetings/") {
            Self::Medium
        } else {
            Self::Light
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Medium => "Medium",
            Self::Heavy => "Heavy",
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
    calls_of_the_day: BTreeMap<Weight, u32>,
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
        let (second, day) = (now_ms.div_euclid(1000), now_ms.div_euclid(DAY_MS));
        self.turn_to(second, day);
        let by_day = self.limits.per_day.map(|limits| match weight {
            Weight::Light => limits.light,
            Weight::Medium => limits.medium,
            Weight::Heavy => limits.heavy,
        });
        let by_second = self.limits.per_second.map(|limits| match weight {
            Weight::Light => limits.light,
            Weight::Medium => limits.medium,
            Weight::Heavy => limits.heavy,
        });
        let today = self.calls_of_the_day.entry(weight).or_default();
        if let Some(limit) = by_day.filter(|limit| *today >= *limit) {
            return Err(TooMany::today(&self.limits, (weight, limit), day, now_ms));
        }
        let now = self.calls.entry(weight).or_default();
        if let Some(limit) = by_second.filter(|limit| *now >= *limit) {
            let form = self.limits.retry_after.unwrap_or(RetryAfter::Seconds);
            let mut headers = headers(weight, "QPS", limit, 0);
            headers.extend(retry_after(form, (second + 1) * 1000, now_ms));
            let message = "You have reached the maximum per-second rate limit for this API. Try again later.";
            return Err(TooMany { message, headers });
        }
        *today += 1;
        *now += 1;
        Ok(match (by_second, by_day) {
            (Some(limit), _) => headers(weight, "QPS", limit, limit - *now),
            (None, Some(limit)) => headers(weight, DAILY, limit, limit - *today),
            (None, None) => Vec::new(),
        })
    }

    /// Counts a create or update of a meeting of this host.
    pub(crate) fn write(&mut self, host_id: &str, weight: Weight, now_ms: UnixMs) -> Result<(), TooMany> {
        let Some(limit) = self.limits.writes_per_day else { return Ok(()) };
        let day = now_ms.div_euclid(DAY_MS);
        self.turn_to(self.second, day);
        let writes = self.writes.entry(host_id.to_owned()).or_default();
        if *writes < limit {
            *writes += 1;
            return Ok(());
        }
        Err(TooMany::today(&self.limits, (weight, limit), day, now_ms))
    }

    /// What was counted in another second or on another day counts no more.
    fn turn_to(&mut self, second: i64, day: i64) {
        if second != self.second {
            self.second = second;
            self.calls.clear();
        }
        if day != self.day {
            self.day = day;
            self.calls_of_the_day.clear();
            self.writes.clear();
        }
    }
}

impl TooMany {
    fn today(limits: &RateLimits, (weight, limit): (Weight, u32), day: i64, now_ms: UnixMs) -> Self {
        let form = limits.retry_after.unwrap_or(RetryAfter::Date);
        let mut headers = headers(weight, DAILY, limit, 0);
        headers.extend(retry_after(form, (day + 1) * DAY_MS, now_ms));
        let message = "You have reached the maximum daily rate limit for this API. Refer to the response \
                       header for details on when you can make another request.";
        Self { message, headers }
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
