//! Sending what is due.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{sync::Notify, task::JoinSet};

use super::{Due, Release, WebhookConfig, send, send::Stamp, validation};
use crate::{
    Change, Delivery, SimError, ValidationStatus, ZoomSim,
    clock::{Clock, as_ms},
    sim::Inner,
};

/// How an earlier delivery is repeated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redelivery {
    /// How many times.
    pub times: Option<u32>,
    /// How much later on the simulation's clock, in milliseconds.
    pub after_ms: u64,
}

/// Webhooks: the subscription, what was delivered, and faults of delivery.
impl ZoomSim {
    /// Saves the subscription as an administrator does at Zoom: with a Secret Token the URL is validated
    /// first, and a URL that fails is not saved.
    pub async fn save_webhook(&self, config: WebhookConfig) -> Result<(), SimError> {
        config.check()?;
        if config.secret_token.is_some() {
            self.challenge(&config).await.map_err(SimError::Validation)?;
        }
        self.set_webhook(Some(config))
    }

    /// Sets the subscription without validating the URL (for a receiver that is not up yet), or removes
    /// it. The next validation comes after its usual interval.
    pub fn set_webhook(&self, config: Option<WebhookConfig>) -> Result<(), SimError> {
        if let Some(config) = &config {
            config.check()?;
        }
        let now_ms = self.now_ms();
        self.state().webhook.configure(config, now_ms);
        self.changed(Change::Webhook);
        Ok(())
    }

    /// The subscription.
    pub fn webhook(&self) -> Option<WebhookConfig> {
        self.state().webhook.config().cloned()
    }

    /// Validates the saved URL now, as Zoom does every 72 hours.
    pub async fn validate_webhook(&self) -> Result<(), SimError> {
        let config = self.webhook().ok_or(SimError::NoWebhook)?;
        let result = self.challenge(&config).await;
        let now_ms = self.now_ms();
        self.state().webhook.validated(result.is_ok(), now_ms);
        self.changed(Change::Webhook);
        result.map_err(SimError::Validation)
    }

    /// How the validations have gone.
    pub fn validation(&self) -> ValidationStatus {
        self.state().webhook.validation()
    }

    /// Sends a body of the caller's own, signed like any event: for events that the simulation does not
    /// make itself, and for bodies that Zoom would never send. Gives the numbers of the deliveries.
    pub fn send_event(&self, body: &str) -> Result<Vec<u64>, SimError> {
        #[derive(Deserialize)]
        struct Named {
            event: Option<String>,
        }
        let named = serde_json::from_str::<Named>(body).ok().and_then(|named| named.event);
        let now_ms = self.now_ms();
        let event = named.unwrap_or_else(|| "unknown".into());
        let ids = {
            let mut state = self.state();
            if state.webhook.config().is_none() {
                return Err(SimError::NoWebhook);
            }
            state.webhook.enqueue(&event, body, now_ms)
        };
        self.changed(Change::Webhook);
        Ok(ids)
    }

    /// Every delivery so far, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.state().webhook.all()
    }

    /// One delivery by its number.
    pub fn delivery(&self, id: u64) -> Option<Delivery> {
        self.state().webhook.get(id).cloned()
    }

    /// Sends the same body again, as Zoom does now and then. Gives the numbers of the new deliveries.
    pub fn redeliver(&self, id: u64, how: Redelivery) -> Result<Vec<u64>, SimError> {
        let at_ms = self.now_ms().saturating_add(as_ms(Duration::from_millis(how.after_ms)));
        let ids = {
            let mut state = self.state();
            (0..how.times.unwrap_or(1))
                .map(|_| state.webhook.redeliver(id, at_ms))
                .collect::<Result<Vec<_>, _>>()?
        };
        self.changed(Change::Webhook);
        Ok(ids)
    }

    /// Keeps new deliveries back until they are released.
    pub fn hold_webhooks(&self) {
        self.state().webhook.hold();
        self.changed(Change::Webhook);
    }

    /// Whether new deliveries are kept back.
    pub fn is_holding_webhooks(&self) -> bool {
        self.state().webhook.is_holding()
    }

    /// Lets held deliveries go, in an order of the caller's choice. Gives how many.
    pub fn release_webhooks(&self, release: &Release) -> usize {
        let now_ms = self.now_ms();
        let released = {
            let state = &mut *self.state();
            state.webhook.release(release, &mut state.ids, now_ms)
        };
        self.changed(Change::Webhook);
        released
    }

    /// Returns when every delivery that is due has been attempted and answered.
    pub async fn settle(&self) {
        // A task of its own: a caller who goes away must not leave a delivery half sent.
        if let Err(error) = tokio::spawn(self.clone().send_due()).await
            && error.is_panic()
        {
            std::panic::resume_unwind(error.into_panic());
        }
    }

    /// Moves the clock forward, stopping wherever a webhook is due on the way and sending it there.
    pub async fn advance(&self, by: Duration) {
        let clock = self.clock();
        let target_ms = clock.now_ms().saturating_add(as_ms(by));
        loop {
            self.settle().await;
            match self.state().webhook.next_due_ms() {
                Some(due_ms) if due_ms <= target_ms => clock.set_ms(due_ms.max(clock.now_ms())),
                _ => break,
            }
        }
        clock.set_ms(target_ms.max(clock.now_ms()));
        self.changed(Change::Clock { now_ms: clock.now_ms() });
        self.settle().await;
    }

    async fn send_due(self) {
        let _sending = self.inner().sending.lock().await;
        loop {
            let due = self.take_due();
            if due.is_empty() {
                return;
            }
            let mut tasks = JoinSet::new();
            for due in due {
                let sim = self.clone();
                tasks.spawn(async move { sim.send(due).await });
            }
            tasks.join_all().await;
        }
    }

    /// The next thing to send; all that is due if the subscription is concurrent.
    fn take_due(&self) -> Vec<Due> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let concurrent = state.webhook.config().is_some_and(|config| config.concurrent);
        let mut due = Vec::new();
        while let Some(next) = state.webhook.take_due(now_ms) {
            due.push(next);
            if !concurrent {
                break;
            }
        }
        due
    }

    async fn send(&self, due: Due) {
        match due {
            Due::Validate => {
                // The outcome is in the status of the validations.
                let _ = self.validate_webhook().await;
            }
            Due::Deliver { id, body, first } => {
                let to = self.state().webhook.get(id).and_then(|delivery| delivery.to.clone());
                let Some(config) = to.or_else(|| self.webhook()) else { return };
                let stamp = match first.filter(|_| !config.renew_on_retry) {
                    Some(first) => self.stamp().repeating(&first),
                    None => self.stamp(),
                };
                let attempt = send::post(&self.inner().client, &config, stamp, &body).await;
                let delivery = {
                    let mut state = self.state();
                    state.webhook.record(id, attempt);
                    state.webhook.get(id).cloned()
                };
                if let Some(delivery) = delivery {
                    self.changed(Change::Delivery { delivery });
                }
            }
        }
    }

    async fn challenge(&self, config: &WebhookConfig) -> Result<(), String> {
        let Some(secret_token) = &config.secret_token else {
            return Err("the app has no Secret Token, without which Zoom validates no URL".into());
        };
        let plain_token = self.state().ids.token(22);
        let stamp = self.stamp();
        let body = validation::body(&plain_token, stamp.at_ms);
        let attempt = send::post(&self.inner().client, config, stamp, &body).await;
        let result = validation::check(&attempt, &plain_token, secret_token);
        self.state().webhook.record_validation(&body, attempt, result.is_ok());
        result
    }

    fn stamp(&self) -> Stamp {
        let now_ms = self.now_ms();
        Stamp::new(&mut self.state().ids, now_ms)
    }
}

/// Sends what is due as long as someone holds the simulation.
pub(crate) async fn run(inner: Weak<Inner>, clock: Clock, wake: Arc<Notify>) {
    loop {
        let next_due_ms = {
            let Some(inner) = inner.upgrade() else { return };
            let sim = ZoomSim::from(inner);
            sim.settle().await;
            sim.state().webhook.next_due_ms()
        };
        match next_due_ms {
            None => wake.notified().await,
            Some(due_ms) => tokio::select! {
                () = wake.notified() => {}
                () = clock.sleep_until(due_ms) => {}
            },
        }
    }
}
