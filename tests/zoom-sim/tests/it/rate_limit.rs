//! Zoom's own limits.

use anyhow::Result;
use serde_json::json;
use zoom_sim::{PerDay, PerSecond, RateLimits, RetryAfter, SimConfig};

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

#[tokio::test]
async fn each_call_has_its_weight() -> Result<()> {
    let rate_limits = RateLimits { per_second: Some(PerSecond::PRO), ..RateLimits::default() };
    let world = World::with(SimConfig { rate_limits, ..SimConfig::default() }).await?;
    for (method, path, category, limit) in [
        ("GET", "/v2/users/me", "Light", "30"),
        ("GET", "/v2/meetings/1", "Light", "30"),
        ("GET", "/v2/meetings/1/invitation", "Light", "30"),
        ("GET", "/v2/meetings/1/recordings", "Light", "30"),
        ("PATCH", "/v2/meetings/1", "Light", "30"),
        ("DELETE", "/v2/meetings/1", "Light", "30"),
        ("PUT", "/v2/meetings/1/status", "Light", "30"),
        ("GET", "/v2/past_meetings/1", "Light", "30"),
        ("GET", "/v2/users", "Medium", "20"),
        ("GET", "/v2/users/me/meetings", "Medium", "20"),
        ("GET", "/v2/users/me/upcoming_meetings", "Medium", "20"),
        ("POST", "/v2/users/me/meetings", "Medium", "20"),
        ("GET", "/v2/past_meetings/1/participants", "Medium", "20"),
        ("GET", "/v2/report/users/1/meetings", "Heavy", "10"),
    ] {
        let answer = world.call(method, path, Some("{}")).await?;
        assert_eq!(answer.header("x-ratelimit-category"), Some(category), "{method} {path}");
        assert_eq!(answer.header("x-ratelimit-limit"), Some(limit), "{method} {path}");
    }
    Ok(())
}

#[tokio::test]
async fn heavy_calls_run_out_first() -> Result<()> {
    let world = World::new().await?;
    let limits = json!({ "per_second": { "light": 4, "medium": 2, "heavy": 1 } }).to_string();
    assert_eq!(world.call("PUT", "/sim/rate_limits", Some(&limits)).await?.status, 200);
    let report = "/v2/report/daily";
    assert_eq!(world.get(report).await?.refusal()?, (400, 2300), "counted, but not there");
    assert_eq!(world.get(report).await?.refusal()?, (429, 429));
    assert_eq!(world.get("/v2/users").await?.status, 200, "other weights go on");
    assert_eq!(world.call("PUT", "/sim/rate_limits", Some("{}")).await?.status, 200);
    assert_eq!(world.get(report).await?.refusal()?, (400, 2300), "no limit");
    Ok(())
}

#[tokio::test]
async fn calls_by_the_day_are_counted_by_weight() -> Result<()> {
    let per_day = PerDay { medium: 2, ..PerDay::FREE };
    let rate_limits = RateLimits { per_day: Some(per_day), ..RateLimits::default() };
    let world = World::with(SimConfig { rate_limits, ..SimConfig::default() }).await?;
    for left in ["1", "0"] {
        let answer = world.get("/v2/users").await?;
        assert_eq!((answer.status, answer.header("x-ratelimit-remaining")), (200, Some(left)));
        assert_eq!(answer.header("x-ratelimit-type"), Some("Daily-limit"));
        assert_eq!(answer.header("retry-after"), None);
        world.sim.clock().set_ms(world.sim.now_ms() + 60_000);
    }
    let refused = world.get("/v2/users/me/meetings").await?;
    assert_eq!(refused.refusal()?, (429, 429));
    assert!(refused.json()?["message"].as_str().unwrap().contains("maximum daily rate limit"));
    assert_eq!(refused.header("x-ratelimit-category"), Some("Medium"));
    assert_eq!(refused.header("x-ratelimit-limit"), Some("2"));
    assert_eq!(refused.header("retry-after"), Some("2026-01-06T00:00:00Z"), "a date, not seconds");
    assert_eq!(world.get("/v2/users/me").await?.header("x-ratelimit-limit"), Some("6000"));

    // What was refused by the second was not used up by the day.
    let per_second = Some(PerSecond { light: 0, medium: 0, heavy: 0 });
    world.sim.set_rate_limits(RateLimits { per_second, ..rate_limits });
    world.sim.clock().set_ms(world.sim.now_ms() / DAY_MS * DAY_MS + DAY_MS);
    let refused = world.get("/v2/users").await?;
    assert_eq!((refused.status, refused.header("x-ratelimit-type")), (429, Some("QPS")));
    world.sim.set_rate_limits(rate_limits);
    assert_eq!(world.get("/v2/users").await?.header("x-ratelimit-remaining"), Some("1"), "a new day");
    Ok(())
}

#[tokio::test]
async fn updates_count_with_creates() -> Result<()> {
    let world = World::new().await?;
    let limits = r#"{"writes_per_day":3,"retry_after":"absent"}"#;
    assert_eq!(world.call("PUT", "/sim/rate_limits", Some(limits)).await?.status, 200);
    let meeting = world.post("/v2/users/me/meetings", &json!({})).await?.json()?;
    let path = format!("/v2/meetings/{}", meeting["id"]);
    for _ in 0..2 {
        assert_eq!(world.call("PATCH", &path, Some(r#"{"topic":"New"}"#)).await?.status, 204);
    }
    let refused = world.call("PATCH", &path, Some("{}")).await?;
    assert_eq!((refused.refusal()?, refused.header("retry-after")), ((429, 429), None));
    assert_eq!(world.post("/v2/users/me/meetings", &json!({})).await?.status, 429);
    assert_eq!(world.get(&path).await?.status, 200, "reads are another matter");
    Ok(())
}
