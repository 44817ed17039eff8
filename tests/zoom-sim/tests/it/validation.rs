//! Zoom's challenge to the webhook URL.

use std::time::Duration;

use anyhow::Result;
use zoom_sim::{DeliveryState, SimError, WebhookConfig, signature};

use crate::support::{NOW_MS, Receiver, SECRET_TOKEN, World, closed_port_url};

const INTERVAL: Duration = Duration::from_secs(72 * 60 * 60);

#[tokio::test]
async fn saving_a_url_sends_a_signed_challenge() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.save_webhook(receiver.config()).await?;
    let calls = receiver.calls();
    assert_eq!(receiver.events(), ["endpoint.url_validation"]);
    let json = calls[0].json()?;
    let plain = json["payload"]["plainToken"].as_str().unwrap_or_default();
    assert!(plain.len() == 22 && plain.chars().all(|letter| letter.is_ascii_alphanumeric()), "{plain}");
    assert_eq!(
        String::from_utf8(calls[0].body.to_vec())?,
        format!(
            r#"{{"payload":{{"plainToken":"{plain}"}},"event_ts":{NOW_MS},"event":"endpoint.url_validation"}}"#
        )
    );
    let timestamp = calls[0].header("x-zm-request-timestamp");
    assert_eq!(calls[0].header("x-zm-signature"), signature(SECRET_TOKEN, timestamp, &calls[0].body));
    assert_eq!(world.sim.webhook(), Some(receiver.config()));
    Ok(())
}

#[tokio::test]
async fn a_url_that_fails_is_not_saved() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    receiver.set_secret_token(Some("another"));
    let wrong = world.sim.save_webhook(receiver.config()).await;
    let expected = "encryptedToken is not the HMAC of plainToken under the Secret Token";
    assert_eq!(wrong, Err(SimError::Validation(expected.into())));
    receiver.set_secret_token(None);
    let refused = world.sim.save_webhook(receiver.config()).await;
    assert_eq!(refused, Err(SimError::Validation("the receiver answered 401, not 200".into())));
    let closed = WebhookConfig::signed(closed_port_url().await?, SECRET_TOKEN);
    assert!(matches!(world.sim.save_webhook(closed).await, Err(SimError::Validation(_))));
    assert_eq!(world.sim.webhook(), None);
    assert!(world.sim.deliveries().iter().all(|delivery| delivery.state == DeliveryState::Refused));
    Ok(())
}

#[tokio::test]
async fn without_a_secret_token_there_is_no_challenge() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.save_webhook(WebhookConfig::new(&receiver.url)).await?;
    world.sim.advance(10 * INTERVAL).await;
    assert_eq!(receiver.calls().len(), 0);
    assert!(matches!(world.sim.validate_webhook().await, Err(SimError::Validation(_))));
    Ok(())
}

#[tokio::test]
async fn the_challenge_comes_every_72_hours() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.save_webhook(receiver.config()).await?;
    world.sim.advance(INTERVAL - Duration::from_millis(1)).await;
    assert_eq!(receiver.calls().len(), 1);
    world.sim.advance(Duration::from_millis(1)).await;
    assert_eq!(receiver.calls().len(), 2);
    world.sim.advance(3 * INTERVAL).await;
    assert_eq!(receiver.calls().len(), 5);
    Ok(())
}

#[tokio::test]
async fn six_failures_in_a_row_disable_the_subscription() -> Result<()> {
    let (world, receiver) = (World::new().await?, Receiver::new().await?);
    world.sim.save_webhook(receiver.config()).await?;
    receiver.set_secret_token(None);
    world.sim.advance(5 * INTERVAL).await;
    let status = world.sim.validation();
    assert_eq!((status.failures_in_a_row, status.mails, status.disabled), (5, 2, false));

    receiver.set_secret_token(Some(SECRET_TOKEN));
    world.sim.advance(INTERVAL).await;
    assert_eq!(world.sim.validation().failures_in_a_row, 0, "one success forgives all");

    receiver.set_secret_token(None);
    world.sim.advance(6 * INTERVAL).await;
    assert!(world.sim.validation().disabled);
    let calls = receiver.calls().len();
    let id = world.sim.send_event(r#"{"event":"a"}"#)?[0];
    world.sim.advance(10 * INTERVAL).await;
    assert_eq!(receiver.calls().len(), calls, "no event and no challenge");
    assert_eq!(world.sim.delivery(id).unwrap().state, DeliveryState::NotSent);

    receiver.set_secret_token(Some(SECRET_TOKEN));
    world.sim.save_webhook(receiver.config()).await?;
    assert!(!world.sim.validation().disabled);
    let id = world.sim.send_event(r#"{"event":"a"}"#)?[0];
    world.sim.settle().await;
    assert_eq!(world.sim.delivery(id).unwrap().state, DeliveryState::Delivered);
    Ok(())
}
