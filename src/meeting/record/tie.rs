//! Which instance a card is about. Zoom does not say which link people used: what decides is when the card was posted and when the
//! instance ran.

use super::{CardRecord, Instance, Record};
use crate::meeting::Life;

/// How much Zoom's clock and the chat server's may differ.
pub const CLOCK_SLACK_MS: u64 = 60_000;
/// A card of a number that comes back is about a meeting that begins within this time after it. Whoever posts it in the morning does
/// not mean the evening's meeting.
const SOON_MS: u64 = 3_600_000;

/// Why a card is about an instance, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// It began after the card and within [`SOON_MS`], of which so much is left: sooner is better.
    Soon(u64),
    /// It ran while the card was posted, having begun then: the latest of several.
    Ran(u64),
}

impl Record {
    /// Ties cards to the instances that they are about. A card that was tied because an instance began soon after it moves to one that is
    /// known to have run when it was posted, as long as it shows no end and has no content below it: Zoom's events come in any order.
    pub(super) fn tie(&mut self) {
        for entry in &mut self.cards {
            let card = &mut entry.card;
            let fixed = card.followed_by.is_some() || !entry.passed.is_empty() || !entry.passing.is_empty();
            // It was taken to run when the card was posted, until its end was told.
            if !fixed && card.comes_back() && ended_ms(card.life).is_some_and(|ms| ms < card.created_ms) {
                card.uuid = None;
                card.life = Life::Waiting;
            }
            let open = match card.life {
                Life::Waiting | Life::Started { .. } => true,
                Life::Closed { .. } => card.uuid.is_none(),
                Life::Ended { .. } => false,
            };
            if fixed || !open {
                continue;
            }
            let best = self.instances.iter().filter_map(|instance| Some((reason(card, instance)?, instance)));
            let Some((reason, instance)) = best.max_by_key(|(reason, _)| *reason) else { continue };
            let is_better = match (&card.uuid, reason) {
                (None, _) => true,
                (Some(uuid), Reason::Ran(_)) => *uuid != instance.uuid && !card.ran(),
                (Some(_), Reason::Soon(_)) => false,
            };
            if is_better {
                card.uuid = Some(instance.uuid.clone());
                card.life = instance.life;
            }
        }
    }
}

impl CardRecord {
    /// Whether the number comes back, so that not each of its instances is the card's.
    fn comes_back(&self) -> bool {
        self.meeting.personal || self.meeting.shared
    }

    /// Whether the instance that it shows is known to have begun before the card.
    fn ran(&self) -> bool {
        began_ms(self.life).is_some_and(|began_ms| began_ms <= self.created_ms)
    }
}

/// Why a card is about an instance. `None`: it is not, or nobody can know yet.
fn reason(card: &CardRecord, instance: &Instance) -> Option<Reason> {
    let card_ms = card.created_ms;
    let ended_ms = ended_ms(instance.life);
    let began_ms = began_ms(instance.life).or(ended_ms).unwrap_or(instance.heard_ms);
    if !card.comes_back() {
        // The number was made for this card.
        return Some(Reason::Soon(u64::MAX - began_ms));
    }
    let over_before = |ms: Option<u64>| ms.is_some_and(|ms| ms < card_ms);
    if over_before(ended_ms) || over_before(instance.over_ms) {
        return None;
    }
    if began_ms > card_ms {
        return SOON_MS.checked_sub(began_ms - card_ms).map(Reason::Soon);
    }
    // Its end shows that it ran on. Of a start alone nobody knows, as ends are lost: a card that showed yesterday's meeting would be worse
    // than one that waits until the end is told.
    let just_now = card_ms - began_ms <= CLOCK_SLACK_MS;
    (ended_ms.is_some() || just_now).then_some(Reason::Ran(began_ms))
}

/// Whether the end alone, of a number that nobody here has posted, has to be remembered: a start that comes after it could be taken for
/// that of a card which is posted in between.
pub(super) fn may_mislead(life: Life) -> bool {
    match life {
        Life::Ended { started: Some(started), ended } => {
            !started.by_zoom || ended.ms.saturating_sub(started.ms) <= CLOCK_SLACK_MS
        }
        Life::Ended { started: None, .. } => true,
        Life::Waiting | Life::Started { .. } | Life::Closed { .. } => false,
    }
}

/// When an instance began.
pub(super) fn began_ms(life: Life) -> Option<u64> {
    match life {
        Life::Waiting => None,
        Life::Started { started } => Some(started.ms),
        Life::Ended { started, .. } | Life::Closed { started, .. } => started.map(|started| started.ms),
    }
}

/// When an instance was over.
pub(super) fn ended_ms(life: Life) -> Option<u64> {
    match life {
        Life::Ended { ended, .. } => Some(ended.ms),
        // Nobody knows when.
        Life::Closed { .. } | Life::Waiting | Life::Started { .. } => None,
    }
}
