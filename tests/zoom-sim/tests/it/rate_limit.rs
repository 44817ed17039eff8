//! Zoom's own limits.

use anyhow::Result;
use serde_json::json;
use zoom_sim::{PerSecond, RateLimits, RetryAfter, SimConfig};

use crate::support::{ALICE, BOB, World};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[tokio::test]
async fn calls_by_the_second_are_counted_by_weight() -> Result<()> {
    let rate_limits = RateLimits { per_second: Some(PerSecond::FREE), ..RateLimits::default() };
    let world = World::with(SimConfig { rate_limits, ..SimConfig::default() }).await?;
    for left in ["3", "2", "1", "0"] {
        let answer = world.get("/v2/users/me").await?;
        assert_eq!((answer.status, answer.header("x-ratelimit-remaining")), (200, Some(left)));
        assert_eq!(answer.header("x-ratelimit-category"), Some("Light"));
        assert_eq!(answer.header("x-ratelimit-type"), Some("QPS"));
        assert_eq!(answer.header("x-ratelimit-limit"), Some("4"));
    }
    let refused = world.get(&format!("/v2/users/{BOB}")).await?;
    assert_eq!(refused.refusal()?, (429, 429));
    assert_eq!(refused.header("retry-after"), Some("1"));
    let create = world.post("/v2/users/me/meetings", &json!({ "type": 1 })).await?;
    assert_eq!((create.status, create.header("x-ratelimit-category")), (201, Some("Medium")));

    world.sim.clock().set_ms(world.sim.now_ms() + 1000);
    assert_eq!(world.get("/v2/users/me").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_host_makes_a_hundred_meetings_a_day() -> Result<()> {
    let world = World::new().await?;
    let alice = format!("/v2/users/{ALICE}/meetings");
    for number in 0..100 {
        assert_eq!(world.post(&alice, &json!({ "type": 1 })).await?.status, 201, "{number}");
    }
    let refused = world.post(&alice, &json!({ "type": 1 })).await?;
    assert_eq!(refused.refusal()?, (429, 429));
    assert_eq!(refused.header("retry-after"), Some("2026-01-06T00:00:00Z"), "a date, not seconds");
    assert_eq!(refused.header("x-ratelimit-type"), Some("Daily-limit"));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    let bob = world.post(&format!("/v2/users/{BOB}/meetings"), &json!({ "type": 1 })).await?;
    assert_eq!(bob.status, 201, "another host");

    world.sim.set_rate_limits(RateLimits { retry_after: Some(RetryAfter::Seconds), ..RateLimits::default() });
    let refused = world.post(&alice, &json!({ "type": 1 })).await?;
    assert_eq!(refused.header("retry-after"), Some("52188"));

    world.sim.clock().set_ms(world.sim.now_ms() / DAY_MS * DAY_MS + DAY_MS);
    assert_eq!(world.post(&alice, &json!({ "type": 1 })).await?.status, 201, "the day is over at 00:00 UTC");
    Ok(())
}
