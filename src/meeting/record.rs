//! All that is known of a meeting number, as one value: the cards that were posted for it, the instances that Zoom has told of, the
//! channels that follow it. What belongs together is decided here, by pure functions from a record and what happened to the next record:
//! they know neither the store nor a host, and give the same record again for an event that comes again.

mod bounds;
mod tie;

use crate::meeting::card::Creator;
use crate::meeting::{Life, Meeting, advance};
use crate::say::i18n::Locale;
use crate::zoom::event::MeetingEvent;
use serde::{Deserialize, Serialize};

pub use bounds::Dropped;
pub use tie::CLOCK_SLACK_MS;

/// A number's record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record {
    /// Channels that follow the meeting, in the order they began to.
    #[serde(default)]
    pub follows: Vec<Subscription>,
    /// Cards, oldest first.
    #[serde(default)]
    pub cards: Vec<Entry>,
    /// Instances, in the order they were heard of.
    #[serde(default)]
    pub instances: Vec<Instance>,
    /// When something new was heard of the number from Zoom, in milliseconds since the Unix epoch.
    #[serde(default)]
    pub heard_ms: u64,
}

/// A channel that follows a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The channel.
    pub channel_id: String,
    /// Who let it: this user's permissions count, and this user's sign-in.
    pub created_by: String,
    /// What the meeting is about, for lists. May be empty.
    #[serde(default)]
    pub topic: String,
    /// Since when, in milliseconds since the Unix epoch: what was over before is not announced. 0 where nobody knows.
    #[serde(default)]
    pub since_ms: u64,
}

/// A card among those of its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The card's name.
    pub id: String,
    /// The card.
    pub card: CardRecord,
    /// The parts of recordings that stand below it.
    #[serde(default)]
    pub passed: Vec<String>,
    /// Replies that were begun below it.
    #[serde(default)]
    pub passing: Vec<Passing>,
    /// Posts of replies that are known to stand below it: the newest, and those that were noted while another reply was open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
}

impl Entry {
    /// A card with nothing below it.
    fn new(id: String, card: CardRecord) -> Self {
        Self { id, card, passed: Vec::new(), passing: Vec::new(), replies: Vec::new() }
    }
}

/// A reply that was begun: whether its post stands is to be looked at before it is made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passing {
    /// Names the reply.
    pub reply: String,
    /// Since when, in milliseconds since the Unix epoch.
    pub since_ms: u64,
    /// The newest post that was known to stand then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A card as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRecord {
    /// What it is about.
    pub meeting: Meeting,
    /// Who posted it.
    pub creator: Creator,
    /// Where it stands.
    pub channel_id: String,
    /// The thread it stands in.
    pub root_id: Option<String>,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created_ms: u64,
    /// The post. `None` until the server has taken it.
    pub post_id: Option<String>,
    /// The instance that the card is tied to.
    pub uuid: Option<String>,
    /// How far that instance has come.
    pub life: Life,
    /// Who may have the meeting's content below the card.
    #[serde(default)]
    pub host: Host,
    /// Posted by the bot, because this user has let the channel follow the meeting.
    #[serde(default)]
    pub followed_by: Option<String>,
    /// The language of its post, from its beginning to its end.
    #[serde(default)]
    pub locale: Locale,
}

/// What is known of a card's author and the meeting's host. Anybody can post a card of any number: what was recorded, written and said
/// in a meeting stands only below cards that its host is known to have posted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Host {
    /// Nothing.
    #[default]
    Unknown,
    /// The author is this Zoom user.
    ZoomUser(String),
    /// It was checked before the card was made: by us for a channel that follows the meeting, or by the official plugin.
    Checked,
}

impl Host {
    /// A Zoom user's id, if Zoom has given it.
    pub fn zoom_user(id: Option<String>) -> Self {
        id.filter(|id| !id.is_empty()).map_or(Self::Unknown, Self::ZoomUser)
    }

    /// Whether the content of a meeting with this host, as its event says, belongs below the card.
    pub fn is(&self, host_id: Option<&str>) -> bool {
        match self {
            Self::Unknown => false,
            Self::ZoomUser(own) => host_id == Some(own.as_str()),
            Self::Checked => true,
        }
    }
}

/// An instance of the number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Zoom's name for it.
    pub uuid: String,
    /// How far it has come.
    pub life: Life,
    /// When it was heard of first, by the chat server's clock, in milliseconds since the Unix epoch.
    pub heard_ms: u64,
    /// When its end was heard of, by the same clock.
    #[serde(default)]
    pub over_ms: Option<u64>,
}

/// Longer than Zoom goes on sending an event that was not answered.
const RETRIES_MS: u64 = 2 * 3_600_000;

/// What came of an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Names of cards whose posts have to be brought in line.
    pub changed: Vec<String>,
    /// Names of cards that show already what the event has brought about, if their posts were written.
    pub unchanged: Vec<String>,
    /// Names of cards that are to be posted in channels that follow the meeting.
    pub announce: Vec<String>,
    /// What fell out of the record.
    pub dropped: Dropped,
}

/// Makes the card of a channel that follows the meeting, with its name.
pub type Follower<'a> = dyn Fn(&Subscription) -> (String, CardRecord) + 'a;

impl Record {
    /// Whether anything of the number concerns the chat.
    pub fn is_known(&self) -> bool {
        !self.cards.is_empty() || !self.follows.is_empty()
    }

    /// The card with this name.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.cards.iter().find(|entry| entry.id == id)
    }

    /// The card with this name, to be changed.
    pub fn entry_mut(&mut self, id: &str) -> Option<&mut Entry> {
        self.cards.iter_mut().find(|entry| entry.id == id)
    }

    /// The cards of an instance.
    pub fn cards_of<'a>(&'a self, uuid: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.cards.iter().filter(move |entry| entry.card.uuid.as_deref() == Some(uuid))
    }

    /// That this channel follows the meeting. `None`: it does not.
    pub fn followed_by(&self, channel_id: &str) -> Option<&Subscription> {
        self.follows.iter().find(|known| known.channel_id == channel_id)
    }

    /// Lets one more channel follow. `false`: it does already.
    pub fn follow_too(&mut self, subscription: Subscription) -> bool {
        let known = self.followed_by(&subscription.channel_id).is_some();
        if !known {
            self.follows.push(subscription);
        }
        !known
    }

    /// Takes a new card in.
    pub fn add(&mut self, id: &str, card: CardRecord, now_ms: u64) -> Dropped {
        if self.entry(id).is_none() {
            self.cards.push(Entry::new(id.to_owned(), card));
            self.tie();
        }
        self.keep_within(now_ms, Some(id))
    }

    /// Takes an event in: the next state of its instance, the cards that are tied to it by that, and cards for the channels that follow.
    pub fn apply(&mut self, event: &MeetingEvent, now_ms: u64, follower: &Follower<'_>) -> Applied {
        let before = self.clone();
        let life = self.instance(event, now_ms);
        self.tie();
        self.follow(&event.uuid, life, follower);
        let mut applied = Applied { dropped: self.keep_within(now_ms, None), ..Applied::default() };
        if !self.is_known() {
            // Nobody here has asked for it. An end is worth remembering only while its own start may still come and be taken for
            // that of a card which is posted later.
            self.instances.retain(|instance| tie::may_mislead(instance.life));
        }
        let again = self.cards == before.cards && self.instances == before.instances;
        if !again {
            self.heard_ms = now_ms;
        }
        for entry in &self.cards {
            let old = before.entry(&entry.id);
            let concerned = entry.card.uuid.as_deref() == Some(&event.uuid);
            if entry.card.followed_by.is_some() && entry.card.post_id.is_none() {
                if concerned {
                    applied.announce.push(entry.id.clone());
                }
            } else if old.is_none_or(|old| old.card != entry.card) {
                applied.changed.push(entry.id.clone());
            } else if concerned || (again && self.was_changed_lately(&entry.card, now_ms)) {
                applied.unchanged.push(entry.id.clone());
            }
        }
        applied
    }

    /// Whether an event of another instance may have given the card its state not long ago: it may have freed the card, or closed the
    /// card's own instance.
    fn was_changed_lately(&self, card: &CardRecord, now_ms: u64) -> bool {
        let is_its = |instance: &&Instance| Some(&instance.uuid) == card.uuid.as_ref();
        let over_ms = || self.instances.iter().find(is_its).and_then(|instance| instance.over_ms);
        match card.life {
            Life::Waiting | Life::Started { .. } => true,
            Life::Closed { .. } => {
                over_ms().is_some_and(|over_ms| now_ms.saturating_sub(over_ms) < RETRIES_MS)
            }
            Life::Ended { .. } => false,
        }
    }

    /// Closes what nobody tells the end of: this instance, or the cards without one that are due. Answers the names of its cards.
    pub fn close(
        &mut self,
        uuid: Option<&str>,
        unjoined: bool,
        now_ms: u64,
        is_due: &dyn Fn(&CardRecord) -> bool,
    ) -> Vec<String> {
        let closed = |life| match life {
            Life::Waiting => Some(Life::Closed { started: None, unjoined }),
            Life::Started { started } => Some(Life::Closed { started: Some(started), unjoined: false }),
            Life::Ended { .. } | Life::Closed { .. } => None,
        };
        for instance in self.instances.iter_mut().filter(|instance| Some(instance.uuid.as_str()) == uuid) {
            if let Some(life) = closed(instance.life) {
                instance.life = life;
                instance.over_ms.get_or_insert(now_ms);
            }
        }
        let mut names = Vec::new();
        for entry in self.cards.iter_mut().filter(|entry| entry.card.uuid.as_deref() == uuid) {
            if let Some(life) = closed(entry.card.life)
                && (uuid.is_some() || is_due(&entry.card))
            {
                entry.card.life = life;
                names.push(entry.id.clone());
            }
        }
        names
    }

    /// Brings the event's instance on.
    fn instance(&mut self, event: &MeetingEvent, now_ms: u64) -> Life {
        if !self.instances.iter().any(|instance| instance.uuid == event.uuid) {
            // Cards outlive what else is known of their instance.
            let life = self.cards_of(&event.uuid).next().map_or(Life::Waiting, |entry| entry.card.life);
            self.instances.push(Instance { uuid: event.uuid.clone(), life, heard_ms: now_ms, over_ms: None });
        }
        let mut next = Life::Waiting;
        for instance in self.instances.iter_mut().filter(|instance| instance.uuid == event.uuid) {
            let guessed = matches!(instance.life, Life::Closed { .. });
            instance.life = advance(instance.life, event.event);
            if matches!(instance.life, Life::Ended { .. }) {
                // That it was over before was a guess.
                instance.over_ms = instance.over_ms.filter(|_| !guessed).or(Some(now_ms));
            }
            next = instance.life;
        }
        self.supersede(now_ms);
        for entry in &mut self.cards {
            let same = |instance: &&Instance| entry.card.uuid.as_ref() == Some(&instance.uuid);
            if let Some(instance) = self.instances.iter().find(same) {
                entry.card.life = instance.life;
            }
        }
        next
    }

    /// A number has one instance at a time: one that began before another is over, though nobody has said when.
    fn supersede(&mut self, now_ms: u64) {
        let latest_ms = self.instances.iter().filter_map(|instance| tie::began_ms(instance.life)).max();
        for instance in &mut self.instances {
            if let Life::Started { started } = instance.life
                && latest_ms.is_some_and(|latest_ms| started.ms < latest_ms)
            {
                instance.life = Life::Closed { started: Some(started), unjoined: false };
                instance.over_ms.get_or_insert(now_ms);
            }
        }
    }

    /// Makes the cards that are missing in channels that follow the meeting. A channel in which the instance was started has its card.
    fn follow(&mut self, uuid: &str, life: Life, follower: &Follower<'_>) {
        for subscription in self.follows.clone() {
            let has_one = self.cards_of(uuid).any(|entry| entry.card.channel_id == subscription.channel_id);
            let too_late = tie::ended_ms(life).is_some_and(|ended_ms| ended_ms < subscription.since_ms);
            if has_one || too_late {
                continue;
            }
            let (id, card) = follower(&subscription);
            let card = CardRecord { uuid: Some(uuid.to_owned()), life, ..card };
            self.cards.push(Entry::new(id, card));
        }
    }
}
