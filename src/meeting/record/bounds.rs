//! How much a record holds: what is old goes, and what is too much. Nobody loses a card that has not ended because another user posts
//! many.

use super::{Entry, Instance, Record};
use crate::meeting::Life;

/// Cards of one number, those of all channels that follow it among them. Bounds the value and the work of one event.
const MAX_CARDS: usize = 120;
/// Instances of one number.
const MAX_INSTANCES: usize = 40;
/// How much a record may take in the store, about. Hosts take values of 256 KiB, and one that is too large could not be changed any more:
/// whatever people and Zoom put into cards, older ones go before that.
const MAX_BYTES: usize = 180_000;
/// What a card takes without its texts, and what an instance or a subscription does.
const CARD_BYTES: usize = 800;
const OTHER_BYTES: usize = 300;
/// Recordings come within days; whoever comes back to an older card finds it as it ended.
const CARD_AGE_MS: u64 = 30 * 86_400_000;
/// Zoom sends an event for the last time within two hours, and ends a meeting within thirty.
const INSTANCE_AGE_MS: u64 = 2 * 86_400_000;
/// Parts of recordings that are remembered below one card: Zoom makes a handful a session.
const MAX_PASSED: usize = 300;
/// Replies that were begun below one card and have come to nothing yet.
const MAX_PASSING: usize = 20;
/// Posts of replies that are remembered while another reply is open.
const MAX_REPLIES: usize = 20;

/// How many cards fell out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Of meetings that are over.
    pub ended: usize,
    /// Of meetings that are not: their posts stay as they are.
    pub open: usize,
}

impl Record {
    /// Drops what is too old or too much; `new` is the card that has just been made.
    pub(super) fn keep_within(&mut self, now_ms: u64, new: Option<&str>) -> Dropped {
        let mut dropped = Dropped::default();
        let before = self.cards.len();
        self.cards.retain(|entry| {
            !is_over(entry.card.life) || now_ms.saturating_sub(entry.card.created_ms) <= CARD_AGE_MS
        });
        dropped.ended += before - self.cards.len();
        while self.cards.len() > MAX_CARDS {
            let gone = self.cards.remove(self.least(new));
            if is_over(gone.card.life) { dropped.ended += 1 } else { dropped.open += 1 }
        }
        while self.cards.len() > 1 && self.bytes() > MAX_BYTES {
            let gone = self.cards.remove(self.least(new));
            if is_over(gone.card.life) { dropped.ended += 1 } else { dropped.open += 1 }
        }
        for entry in &mut self.cards {
            let too_many = entry.passed.len().saturating_sub(MAX_PASSED);
            entry.passed.drain(..too_many);
            let too_many = entry.passing.len().saturating_sub(MAX_PASSING);
            entry.passing.drain(..too_many);
            let too_many = entry.replies.len().saturating_sub(MAX_REPLIES);
            entry.replies.drain(..too_many);
        }
        let cards = &self.cards;
        let has_card =
            |instance: &Instance| cards.iter().any(|entry| entry.card.uuid.as_ref() == Some(&instance.uuid));
        self.instances.retain(|instance| {
            has_card(instance) || now_ms.saturating_sub(instance.heard_ms) <= INSTANCE_AGE_MS
        });
        while self.instances.len() > MAX_INSTANCES {
            let index = self.instances.iter().position(|instance| !has_card(instance)).unwrap_or_default();
            // Its cards know how far it has come.
            self.instances.remove(index);
        }
        dropped
    }

    /// What the record takes in the store, about.
    fn bytes(&self) -> usize {
        let cards: usize = self.cards.iter().map(bytes).sum();
        cards + OTHER_BYTES * (self.instances.len() + self.follows.len())
    }

    /// Which card goes first: the oldest that is over, else the oldest of whoever has most.
    fn least(&self, new: Option<&str>) -> usize {
        if let Some(index) = self.cards.iter().position(|entry| is_over(entry.card.life)) {
            return index;
        }
        let of = |author: &Entry| {
            self.cards.iter().filter(|entry| entry.card.creator.id == author.card.creator.id).count()
        };
        let most = self.cards.iter().map(of).max().unwrap_or_default();
        let goes = |entry: &Entry| of(entry) == most && Some(entry.id.as_str()) != new;
        self.cards.iter().position(goes).unwrap_or_default()
    }
}

fn is_over(life: Life) -> bool {
    matches!(life, Life::Ended { .. } | Life::Closed { .. })
}

/// What a card takes in the store, about: texts may double where they are escaped.
fn bytes(entry: &Entry) -> usize {
    let meeting = &entry.card.meeting;
    let texts = [meeting.topic.as_str(), meeting.join_url.as_str(), &entry.card.creator.username];
    let texts: usize = texts.into_iter().map(|text| 2 * text.len()).sum();
    let ids = entry.passed.iter().chain(&entry.replies).map(|id| id.len() + 3).sum::<usize>();
    CARD_BYTES + texts + ids + OTHER_BYTES * entry.passing.len()
}
