//! Webhooks: what is to be sent, when, and what came of it.
//!
//! This module is the queue; it knows nothing of sockets. [`pump`] empties it through [`send`].

mod config;
mod delivery;
pub(crate) mod event;
mod pump;
pub(crate) mod recording_event;
mod retry;
mod send;
pub(crate) mod sign;
mod validation;

use std::collections::VecDeque;

pub(crate) use config::can_be_reached;
pub use config::{RequestIdHeader, WebhookConfig};
pub use delivery::{Attempt, Delivery, DeliveryState, Release};
pub use pump::Redelivery;
pub(crate) use pump::run;
pub(crate) use send::client;
pub use validation::ValidationStatus;

use crate::{SimError, clock::UnixMs, ids::Ids};
use event::Quirks;
use retry::Verdict;

/// So many deliveries are remembered; the local host may run for weeks.
const DELIVERIES_MAX: usize = 10_000;

/// The subscription and its deliveries.
#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    config: Option<WebhookConfig>,
    validation: ValidationStatus,
    holding: bool,
    deliveries: VecDeque<Delivery>,
    last_id: u64,
    last_rank: u64,
}

/// What is to be done now.
pub(crate) enum Due {
    Deliver { id: u64, body: String, first: Option<Attempt> },
    Validate,
}

impl Webhooks {
    pub(crate) fn config(&self) -> Option<&WebhookConfig> {
        self.config.as_ref()
    }

    pub(crate) fn validation(&self) -> ValidationStatus {
        self.validation
    }

    /// Sets or removes the subscription; the next validation is an interval away.
    pub(crate) fn configure(&mut self, config: Option<WebhookConfig>, now_ms: UnixMs) {
        let signed = config.as_ref().is_some_and(|config| config.secret_token.is_some());
        self.validation =
            if signed { ValidationStatus::starting_at(now_ms) } else { ValidationStatus::default() };
        self.config = config;
    }

    pub(crate) fn quirks(&self) -> Quirks {
        self.config.as_ref().map_or_else(Quirks::default, |config| Quirks {
            meeting_id_as_number: config.meeting_id_as_number,
            omit_end_time: config.omit_end_time,
        })
    }

    /// Queues an event for the subscription, if it wants it, as often as subscriptions overlap.
    pub(crate) fn enqueue(&mut self, event: &str, body: &str, now_ms: UnixMs) -> Vec<u64> {
        let Some(config) = self.config.as_ref().filter(|config| config.wants(event)) else {
            return Vec::new();
        };
        (0..config.copies).map(|_| self.push(event, body, now_ms, None)).collect()
    }

    /// Queues an event that goes to a URL of its own, whatever is subscribed to.
    pub(crate) fn enqueue_to(&mut self, to: WebhookConfig, event: &str, body: &str, now_ms: UnixMs) -> u64 {
        let id = self.push(event, body, now_ms, None);
        if let Some(delivery) = self.get_mut(id) {
            delivery.to = Some(to);
        }
        id
    }

    /// Queues the body of an earlier delivery once more.
    pub(crate) fn redeliver(&mut self, id: u64, at_ms: UnixMs) -> Result<u64, SimError> {
        let original = self.get(id).ok_or(SimError::NoSuchDelivery(id))?;
        let (to, event, body) = (original.to.clone(), original.event.clone(), original.body.clone());
        if to.is_none() && self.config.is_none() {
            return Err(SimError::NoWebhook);
        }
        let again = self.push(&event, &body, at_ms, Some(id));
        if let Some(delivery) = self.get_mut(again) {
            delivery.to = to;
        }
        Ok(again)
    }

    pub(crate) fn hold(&mut self) {
        self.holding = true;
    }

    pub(crate) fn is_holding(&self) -> bool {
        self.holding
    }

    pub(crate) fn release(&mut self, release: &Release, ids: &mut Ids, now_ms: UnixMs) -> usize {
        let held = self.deliveries.iter().filter(|delivery| delivery.state == DeliveryState::Held);
        let mut order: Vec<u64> = held.map(|delivery| delivery.id).collect();
        self.holding = matches!(release, Release::These(_));
        match release {
            Release::InOrder => {}
            Release::Reversed => order.reverse(),
            Release::Shuffled => ids.shuffle(&mut order),
            Release::These(these) => {
                order = these.iter().copied().filter(|id| order.contains(id)).collect();
            }
        }
        for id in &order {
            self.last_rank += 1;
            let rank = self.last_rank;
            if let Some(delivery) = self.get_mut(*id) {
                delivery.rank = rank;
                delivery.state = DeliveryState::Scheduled { at_ms: now_ms };
            }
        }
        order.len()
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Delivery> {
        self.deliveries.iter().find(|delivery| delivery.id == id)
    }

    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.deliveries.iter().cloned().collect()
    }

    /// When there is something to do next.
    pub(crate) fn next_due_ms(&self) -> Option<UnixMs> {
        let deliveries = self.deliveries.iter().filter_map(due_ms);
        deliveries.chain(self.validation.next_ms).min()
    }

    /// The next thing to do, if it is due. A delivery counts as being sent from then on.
    pub(crate) fn take_due(&mut self, now_ms: UnixMs) -> Option<Due> {
        if self.validation.next_ms.is_some_and(|next_ms| next_ms <= now_ms) {
            self.validation.next_ms = None;
            return Some(Due::Validate);
        }
        let sendable = self.config.is_some() && !self.validation.disabled;
        loop {
            let delivery = self
                .deliveries
                .iter_mut()
                .filter(|delivery| due_ms(delivery).is_some_and(|due_ms| due_ms <= now_ms))
                .min_by_key(|delivery| (due_ms(delivery), delivery.rank))?;
            if !sendable && delivery.to.is_none() {
                delivery.state = DeliveryState::NotSent;
                continue;
            }
            delivery.state = DeliveryState::Sending;
            return Some(Due::Deliver {
                id: delivery.id,
                body: delivery.body.clone(),
                first: delivery.attempts.first().cloned(),
            });
        }
    }

    /// Notes an attempt and decides what becomes of the delivery.
    pub(crate) fn record(&mut self, id: u64, attempt: Attempt) {
        let Some(delivery) = self.get_mut(id) else { return };
        let verdict = retry::verdict(attempt.status, delivery.attempts.len() + 1, attempt.at_ms);
        delivery.attempts.push(attempt);
        delivery.state = match verdict {
            Verdict::Delivered => DeliveryState::Delivered,
            Verdict::Refused => DeliveryState::Refused,
            Verdict::RetryAt(at_ms) => DeliveryState::Scheduled { at_ms },
            Verdict::Dropped => DeliveryState::Dropped,
        };
    }

    /// Notes a validation, which is not retried but comes again after its interval.
    pub(crate) fn record_validation(&mut self, body: &str, attempt: Attempt, passed: bool) {
        let at_ms = attempt.at_ms;
        let id = self.push(validation::EVENT, body, at_ms, None);
        if let Some(delivery) = self.get_mut(id) {
            delivery.attempts.push(attempt);
            delivery.state = if passed { DeliveryState::Delivered } else { DeliveryState::Refused };
        }
    }

    pub(crate) fn validated(&mut self, passed: bool, now_ms: UnixMs) {
        self.validation.record(passed, now_ms);
    }

    fn push(&mut self, event: &str, body: &str, at_ms: UnixMs, redelivery_of: Option<u64>) -> u64 {
        if self.deliveries.len() == DELIVERIES_MAX {
            self.deliveries.pop_front();
        }
        self.last_id += 1;
        self.last_rank += 1;
        self.deliveries.push_back(Delivery {
            id: self.last_id,
            event: event.to_owned(),
            body: body.to_owned(),
            created_ms: at_ms,
            redelivery_of,
            state: if self.holding { DeliveryState::Held } else { DeliveryState::Scheduled { at_ms } },
            attempts: Vec::new(),
            to: None,
            rank: self.last_rank,
        });
        self.last_id
    }

    fn get_mut(&mut self, id: u64) -> Option<&mut Delivery> {
        self.deliveries.iter_mut().find(|delivery| delivery.id == id)
    }
}

fn due_ms(delivery: &Delivery) -> Option<UnixMs> {
    match delivery.state {
        DeliveryState::Scheduled { at_ms } => Some(at_ms),
        DeliveryState::Held
        | DeliveryState::Sending
        | DeliveryState::Delivered
        | DeliveryState::Refused
        | DeliveryState::Dropped
        | DeliveryState::NotSent => None,
    }
}
