//! Channels that follow meetings: what users want of it, and the cards there, as they begin.

use super::card::Creator;
use super::record::{CardRecord, Host, Subscription};
use super::records::card_id_of;
use super::{Life, Meeting};
use crate::say::i18n::Locale;
use crate::zoom::MeetingNumber;
use crate::zoom::event::MeetingEvent;
use serde::{Deserialize, Serialize};

/// A meeting that a user wants a channel to follow. Outlives the way to Zoom and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The channel.
    pub channel_id: String,
    /// The meeting.
    pub number: MeetingNumber,
}

/// The card of a channel that follows the event's meeting, with its name. The name follows from instance and channel, so that an event that
/// comes twice, or to two nodes at once, makes none twice. It is posted by a due job: Zoom waits no longer than three seconds.
pub fn card(
    subscription: &Subscription,
    event: &MeetingEvent,
    meeting: &Meeting,
    now_ms: u64,
    locale: Locale,
) -> (String, CardRecord) {
    let card = CardRecord {
        meeting: meeting.clone(),
        creator: Creator::unknown(),
        channel_id: subscription.channel_id.clone(),
        root_id: None,
        created_ms: now_ms,
        post_id: None,
        uuid: Some(event.uuid.clone()),
        life: Life::Waiting,
        host: Host::Checked,
        followed_by: Some(subscription.created_by.clone()),
        locale,
    };
    (card_id_of(event.number, &format!("{}/{}", subscription.channel_id, event.uuid)), card)
}
