//! Duplicates, order, holding back, sending again.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use serde_json::json;
use tokio::sync::Barrier;
use zoom_sim::{Change, DeliveryState, Redelivery, Release, SimError, WebhookConfig};

use crate::support::{ALICE, NOW_MS, Receiver, Reply, World};

fn named(events: &[&str]) -> Vec<String> {
    events.iter().map(|event| (*event).to_owned()).collect()
}

fn send(world: &World, event: &str) -> Result<u64> {
    Ok(world.sim.send_event(&format!(r#"{{"event":"{event}"}}"#))?[0])
}

#[tokio::test]
async fn held_deliveries_go_out_in_the_order_asked_for() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    world.sim.hold_webhooks();
    let ids = [send(&world, "a")?, send(&world, "b")?, send(&world, "c")?];
    world.sim.advance(Duration::from_secs(60)).await;
    assert_eq!(receiver.events(), named(&[]));
    assert_eq!(world.sim.delivery(ids[0]).unwrap().state, DeliveryState::Held);

    assert_eq!(world.sim.release_webhooks(&Release::These(vec![ids[1], 99])), 1);
    assert!(world.sim.is_holding_webhooks());
    world.sim.settle().await;
    assert_eq!(receiver.events(), named(&["b"]));

    assert_eq!(world.sim.release_webhooks(&Release::Reversed), 2);
    assert!(!world.sim.is_holding_webhooks());
    world.sim.settle().await;
    send(&world, "d")?;
    world.sim.settle().await;
    assert_eq!(receiver.events(), named(&["b", "c", "a", "d"]));
    Ok(())
}

#[tokio::test]
async fn shuffling_loses_nothing() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    world.sim.hold_webhooks();
    let sent: Vec<String> = (0..20).map(|number| format!("event-{number:02}")).collect();
    for event in &sent {
        send(&world, event)?;
    }
    assert_eq!(world.sim.release_webhooks(&Release::Shuffled), 20);
    world.sim.settle().await;
    let mut seen = receiver.events();
    assert_ne!(seen, sent);
    seen.sort();
    assert_eq!(seen, sent);
    Ok(())
}

#[tokio::test]
async fn overlapping_subscriptions_deliver_twice_at_once() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(WebhookConfig { copies: 2, concurrent: true, ..receiver.config() }))?;
    let barrier = Arc::new(Barrier::new(2));
    receiver.reply([Reply::Together(barrier.clone()), Reply::Together(barrier)]);
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 1 }))?.id;
    world.sim.start_meeting(id)?;
    world.sim.settle().await;
    let calls = receiver.calls();
    assert_eq!(calls.len(), 2);
    assert!(world.sim.deliveries().iter().all(|delivery| delivery.state == DeliveryState::Delivered));
    assert_eq!(calls[0].body, calls[1].body);
    assert_ne!(calls[0].header("x-zm-request-id"), calls[1].header("x-zm-request-id"));
    Ok(())
}

#[tokio::test]
async fn an_event_can_come_again_much_later() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let id = send(&world, "a")?;
    world.sim.settle().await;
    let again = world.sim.redeliver(id, Redelivery { times: Some(2), after_ms: 3_600_000 })?;
    world.sim.advance(Duration::from_secs(3599)).await;
    assert_eq!(receiver.calls().len(), 1);
    world.sim.advance(Duration::from_secs(1)).await;
    let calls = receiver.calls();
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[2].body, calls[0].body);
    assert_eq!(calls[2].header("x-zm-request-timestamp"), (NOW_MS / 1000 + 3600).to_string());
    let copy = world.sim.delivery(again[1]).unwrap();
    assert_eq!((copy.redelivery_of, copy.state), (Some(id), DeliveryState::Delivered));
    assert_eq!(world.sim.redeliver(99, Redelivery::default()), Err(SimError::NoSuchDelivery(99)));
    Ok(())
}

#[tokio::test]
async fn without_a_webhook_nothing_is_sent() -> Result<()> {
    let world = World::new().await?;
    assert_eq!(world.sim.send_event("{}"), Err(SimError::NoWebhook));
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 1 }))?.id;
    world.sim.start_meeting(id)?;
    world.sim.settle().await;
    assert_eq!(world.sim.deliveries(), []);
    for url in ["https://chat.example.com/webhook", "ftp://x/", "nonsense", ""] {
        let refused = world.sim.set_webhook(Some(WebhookConfig::new(url)));
        assert_eq!(refused, Err(SimError::WebhookUrl(url.into())));
    }
    Ok(())
}

#[tokio::test]
async fn removing_the_webhook_leaves_what_is_due_unsent() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    world.sim.hold_webhooks();
    let id = send(&world, "a")?;
    world.sim.set_webhook(None)?;
    world.sim.release_webhooks(&Release::InOrder);
    world.sim.settle().await;
    assert_eq!(world.sim.delivery(id).unwrap().state, DeliveryState::NotSent);
    assert_eq!(receiver.calls().len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_delivery_goes_out_without_anyone_waiting_for_it() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.set_webhook(Some(receiver.config()))?;
    let mut changes = world.sim.subscribe();
    let id = send(&world, "a")?;
    loop {
        if let Change::Delivery { delivery } = changes.recv().await? {
            assert_eq!((delivery.id, delivery.state), (id, DeliveryState::Delivered));
            break;
        }
    }
    assert_eq!(receiver.events(), named(&["a"]));
    Ok(())
}
