//! Zoom's retries, on a clock that the test moves.

use std::time::Duration;

use anyhow::Result;
use zoom_sim::{DeliveryState, WebhookConfig, signature};

use crate::support::{NOW_MS, Receiver, Reply, SECRET_TOKEN, World, closed_port_url};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const EVENT: &str = r#"{"event":"meeting.ended"}"#;

/// Minutes after the event at which each attempt was made, and the status it got.
fn attempts(world: &World, id: u64) -> Vec<(i64, Option<u16>)> {
    let delivery = world.sim.delivery(id).unwrap();
    delivery.attempts.iter().map(|attempt| ((attempt.at_ms - NOW_MS) / 60_000, attempt.status)).collect()
}

#[tokio::test]
async fn server_errors_are_retried_after_5_20_and_60_minutes() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    receiver.reply([500, 503, 599, 500].map(Reply::Status));
    let id = world.sim.send_event(EVENT)?[0];
    world.sim.settle().await;
    assert_eq!(attempts(&world, id), [(0, Some(500))]);
    world.sim.advance(5 * MINUTE - Duration::from_millis(1)).await;
    assert_eq!(receiver.calls().len(), 1, "not a moment too early");
    world.sim.advance(Duration::from_millis(1)).await;
    assert_eq!(receiver.calls().len(), 2);
    world.sim.advance(DAY).await;
    assert_eq!(attempts(&world, id), [(0, Some(500)), (5, Some(503)), (25, Some(599)), (85, Some(500))]);
    assert_eq!(world.sim.delivery(id).unwrap().state, DeliveryState::Dropped);
    assert_eq!(world.sim.now_ms(), NOW_MS + 5 * 60_000 + 24 * 60 * 60 * 1000);
    Ok(())
}

#[tokio::test]
async fn a_retry_that_succeeds_is_the_last() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    receiver.reply([Reply::Status(502), Reply::Status(204)]);
    let id = world.sim.send_event(EVENT)?[0];
    world.sim.advance(DAY).await;
    assert_eq!(attempts(&world, id), [(0, Some(502)), (5, Some(204))]);
    assert_eq!(world.sim.delivery(id).unwrap().state, DeliveryState::Delivered);
    Ok(())
}

#[tokio::test]
async fn redirects_and_refusals_are_final() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    for status in [301, 307, 400, 401, 404, 413, 429, 499] {
        receiver.reply([Reply::Status(status)]);
        let id = world.sim.send_event(EVENT)?[0];
        world.sim.settle().await;
        assert_eq!(world.sim.delivery(id).unwrap().state, DeliveryState::Refused, "{status}");
    }
    world.sim.advance(DAY).await;
    assert_eq!(receiver.calls().len(), 8);
    Ok(())
}

#[tokio::test]
async fn silence_and_closed_ports_are_retried() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(WebhookConfig { timeout_ms: 50, ..receiver.config() }))?;
    receiver.reply([Reply::Silence]);
    let silent = world.sim.send_event(EVENT)?[0];
    world.sim.advance(10 * MINUTE).await;
    assert_eq!(attempts(&world, silent), [(0, None), (5, Some(200))]);
    let error = world.sim.delivery(silent).unwrap().attempts[0].error.clone();
    assert_eq!(error.as_deref(), Some("no answer within 50 ms"));

    world.sim.set_webhook(Some(WebhookConfig::new(closed_port_url().await?)))?;
    let closed = world.sim.send_event(EVENT)?[0];
    world.sim.advance(DAY).await;
    let delivery = world.sim.delivery(closed).unwrap();
    assert_eq!((delivery.attempts.len(), delivery.state), (4, DeliveryState::Dropped));
    let error = delivery.attempts[0].error.clone().unwrap_or_default();
    assert!(error.to_lowercase().contains("refused"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_retry_has_a_new_timestamp_or_the_first_one() -> Result<()> {
    for renew_on_retry in [true, false] {
        let (world, receiver) = (World::new().await?, Receiver::new().await?);
        world.sim.set_webhook(Some(WebhookConfig { renew_on_retry, ..receiver.config() }))?;
        receiver.reply([Reply::Status(500)]);
        world.sim.send_event(EVENT)?;
        world.sim.advance(5 * MINUTE).await;
        let calls = receiver.calls();
        let first_s = NOW_MS / 1000;
        let second_s = if renew_on_retry { first_s + 300 } else { first_s };
        let ids: Vec<&str> = calls.iter().map(|call| call.header("x-zm-request-id")).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0] != ids[1], renew_on_retry);
        for (call, timestamp_s) in calls.iter().zip([first_s, second_s]) {
            let timestamp = timestamp_s.to_string();
            assert_eq!(call.header("x-zm-request-timestamp"), timestamp);
            let expected = signature(SECRET_TOKEN, &timestamp, EVENT.as_bytes());
            assert_eq!(call.header("x-zm-signature"), expected);
        }
    }
    Ok(())
}
