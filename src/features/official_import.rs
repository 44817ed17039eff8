//! Takes over what the official plugin has left, when this one is switched on in its place: its subscriptions, and the cards of meetings
//! that still run. From then on nobody has to look for it, so that an event of a number that nobody here knows costs one read.
//!
//! What that plugin has stored about a post is trusted, since plugins alone write there; what a post says of itself only decides among
//! the posts of the channel that the store names.

use crate::account::official::{CHANNEL_PREFIX, POST_PREFIX, instance_of_key, text};
use crate::error::Error;
use crate::flow::{Io, KvList, KvSet};
use crate::meeting::card::{Creator, KIND};
use crate::meeting::record::{CardRecord, Host, Subscription};
use crate::meeting::records::{self, card_id_of};
use crate::meeting::{Life, Meeting};
use crate::model::{Condition, HostError, Level, Post};
use crate::say::i18n::Localizer;
use crate::settings::Settings;
use crate::store;
use crate::zoom::event::Time;
use crate::zoom::{MeetingNumber, hosts, number};
use serde_json::Value;
use std::collections::BTreeMap;

/// For this long that plugin looks for its posts.
const LIFE_MS: u64 = 86_400_000;
/// Keys that are asked for at once.
const PAGE: u32 = 500;
/// Where a run has stopped, for as long as the next one waits at most, and some more.
const STOPPED_KEY: &str = "import_stopped";
const STOPPED_LIFE_S: u32 = 2 * 3_600;
/// So many entries in a row for which the server is away mean that it is, for all of them.
const MAX_AWAY: usize = 3;

/// What is taken over of an entry, and how much was.
#[derive(Debug, Default)]
struct Taken {
    subscriptions: usize,
    cards: usize,
}

/// What is stored of it begins so where entries before it failed: keys do not.
const FAILED: char = '!';

/// Where a run has stopped.
#[derive(Debug)]
struct Stopped {
    /// The last key that it came to.
    after: String,
    /// There are entries before it that could not be taken over.
    failed: bool,
}

/// Takes over what there is. Every entry may be taken over again, and by several nodes at once: that changes nothing. Answers whether that
/// was all: it ends early where it has taken this long, and the next run goes on there unless it begins `anew`. An entry that cannot be
/// taken over is passed over, and tried again once all others are done.
///
/// # Errors
/// The store's; the host's.
pub async fn run(io: &Io, settings: &Settings, longest_ms: u64, anew: bool) -> Result<bool, Error> {
    // What cannot be read is as good as none.
    let stopped = if anew { None } else { store::read(io, STOPPED_KEY).await.unwrap_or_default() };
    let stopped = stopped.map(|text: String| match text.strip_prefix(FAILED) {
        Some(after) => Stopped { after: after.to_owned(), failed: true },
        None => Stopped { after: text, failed: false },
    });
    let mut import = Import {
        io,
        settings,
        until_ms: io.time() + longest_ms,
        posts: BTreeMap::new(),
        taken: Taken::default(),
        failed: 0,
        why: None,
        away: 0,
        reached: stopped.as_ref().map(|stopped| stopped.after.clone()),
    };
    let done = import.go_on().await;
    import.log().await;
    let failed = import.failed > 0 || stopped.as_ref().is_some_and(|stopped| stopped.failed);
    let all = *done.as_ref().unwrap_or(&false);
    if !all || failed || stopped.is_some() {
        let reached = import.reached.filter(|_| !all).map(|after| Stopped { after, failed });
        // Where that fails the next run begins at the first key, or where the one before it has stopped.
        let _ = note_stopped(io, reached).await;
    }
    done.map(|all| all && !failed)
}

async fn note_stopped(io: &Io, stopped: Option<Stopped>) -> Result<(), Error> {
    let key = STOPPED_KEY.to_owned();
    match stopped {
        Some(Stopped { after, failed }) => {
            let text = if failed { format!("{FAILED}{after}") } else { after };
            let (value, expires_in_s) = (store::encode(&text)?, Some(STOPPED_LIFE_S));
            io.kv_set(KvSet { key, value, expires_in_s, condition: Condition::Always }).await?;
        }
        None => {
            io.kv_delete(key, Condition::Always).await?;
        }
    }
    Ok(())
}

struct Import<'a> {
    io: &'a Io,
    settings: &'a Settings,
    until_ms: u64,
    /// Posts of channels that were looked through.
    posts: BTreeMap<String, Vec<Post>>,
    taken: Taken,
    /// Entries that could not be taken over, and why not the first.
    failed: usize,
    why: Option<(Level, String)>,
    /// For how many in a row the server was away.
    away: usize,
    /// The last key that was come to.
    reached: Option<String>,
}

impl Import<'_> {
    async fn go_on(&mut self) -> Result<bool, Error> {
        // Posts first: of an instance that has one the channel says no more.
        let past_posts = self.reached.as_ref().is_some_and(|key| key.starts_with(CHANNEL_PREFIX));
        Ok((past_posts || self.all(POST_PREFIX).await?) && self.all(CHANNEL_PREFIX).await?)
    }

    async fn log(&self) {
        let Taken { subscriptions, cards } = self.taken;
        if subscriptions + cards > 0 {
            let (subscriptions, cards) = (subscriptions.to_string(), cards.to_string());
            let what = "subscriptions and cards of the official plugin were taken over";
            self.io.log(Level::Info, what, &[("subscriptions", &subscriptions), ("cards", &cards)]).await;
        }
        if let Some((level, why)) = &self.why {
            let entries = self.failed.to_string();
            let what = "entries of the official plugin could not be taken over, and are tried again";
            self.io.log(*level, what, &[("entries", &entries), ("why", why)]).await;
        }
    }

    /// Takes over what lies under the keys that begin so.
    async fn all(&mut self, prefix: &str) -> Result<bool, Error> {
        loop {
            let after = self.reached.clone().filter(|key| key.starts_with(prefix));
            let list = KvList { prefix: prefix.to_owned(), after, limit: PAGE };
            let keys = self.io.kv_list(list).await?;
            let is_last = keys.len() < usize::try_from(PAGE).unwrap_or_default();
            for key in keys {
                let entry = self.entry(prefix, &key).await;
                self.judge(entry)?;
                self.reached = Some(key);
                if self.io.time() > self.until_ms {
                    return Ok(false);
                }
            }
            if is_last {
                return Ok(true);
            }
        }
    }

    /// One entry's trouble is not the next one's.
    fn judge(&mut self, entry: Result<(), Error>) -> Result<(), Error> {
        let is_away = matches!(entry, Err(Error::Host(HostError::Unavailable(_))));
        self.away = if is_away { self.away + 1 } else { 0 };
        let Err(error) = entry else { return Ok(()) };
        if self.away >= MAX_AWAY {
            return Err(error);
        }
        self.failed += 1;
        self.why = self.why.take().or_else(|| error.log());
        Ok(())
    }

    async fn entry(&mut self, prefix: &str, key: &str) -> Result<(), Error> {
        let Some(value) = self.io.kv_get(key.to_owned()).await? else { return Ok(()) };
        let name = key.strip_prefix(prefix).unwrap_or_default();
        if prefix == POST_PREFIX {
            self.post(name, &value).await
        } else if let Some(number) = number_of_key(name) {
            self.channel(number, &value).await
        } else {
            Ok(())
        }
    }

    /// The post of an instance, or in that plugin's JWT era of a number.
    async fn post(&mut self, name: &str, post_id: &[u8]) -> Result<(), Error> {
        let post = match self.io.get_post(String::from_utf8_lossy(post_id).into_owned()).await {
            Ok(post) => post,
            Err(HostError::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        // Our own posts have records of their own.
        let Some(data) = facts(&post).filter(|_| !post.by_plugin) else { return Ok(()) };
        let named = number_of_key(name);
        let found = named.or_else(|| number::read(&data["meeting_id"])).filter(|number| *number > 0);
        let Some(number) = found else { return Ok(()) };
        let uuid = named.is_none().then(|| instance_of_key(name));
        self.card(number, uuid, post, &data).await
    }

    /// The channel that a number was posted in, or that follows it.
    async fn channel(&mut self, number: MeetingNumber, value: &[u8]) -> Result<(), Error> {
        if let Some(subscription) = read_subscription(value) {
            records::import_subscription(self.io, number, &subscription).await?;
            self.taken.subscriptions += 1;
            return Ok(());
        }
        let entry: Value = crate::json::read(value).unwrap_or_default();
        let Some(channel_id) = entry["channel_id"].as_str() else { return Ok(()) };
        if !self.posts.contains_key(channel_id) {
            let since_ms = self.io.now_ms().saturating_sub(LIFE_MS);
            let posts = match self.io.recent_posts(channel_id.to_owned(), since_ms).await {
                Ok(posts) => posts,
                Err(HostError::NotFound | HostError::Unsupported) => Vec::new(),
                Err(error) => return Err(error.into()),
            };
            let cards = posts.into_iter().filter(|post| !post.by_plugin && facts(post).is_some());
            self.posts.insert(channel_id.to_owned(), cards.collect());
        }
        let of_number = |post: &&Post| {
            facts(post).is_some_and(|data| runs(&data) && number::read(&data["meeting_id"]) == Some(number))
        };
        let found = self.posts.get(channel_id).and_then(|posts| posts.iter().find(of_number)).cloned();
        match found {
            Some(post) => {
                let data = facts(&post).unwrap_or_default();
                self.card(number, None, post, &data).await
            }
            None => Ok(()),
        }
    }

    async fn card(
        &mut self,
        number: MeetingNumber,
        uuid: Option<String>,
        post: Post,
        data: &Value,
    ) -> Result<(), Error> {
        let (card_id, card) = card_of(self.io, self.settings, number, uuid, post, data).await?;
        let is_open = matches!(card.life, Life::Waiting | Life::Started { .. });
        if records::import_card(self.io, number, &card_id, card).await? {
            if is_open {
                store::watch(self.io, number, self.io.now_ms()).await?;
            }
            self.taken.cards += 1;
        }
        Ok(())
    }
}

/// A key of a number, in the one spelling that it has: another would be found again and again.
fn number_of_key(name: &str) -> Option<MeetingNumber> {
    name.parse().ok().filter(|number: &MeetingNumber| *number > 0 && number.to_string() == name)
}

/// The facts of a card.
fn facts(post: &Post) -> Option<Value> {
    let is_card = post.kind == KIND && !post.deleted;
    crate::json::read(post.data.as_bytes()).ok().filter(|_| is_card)
}

/// Whether a card has not ended.
fn runs(data: &Value) -> bool {
    data["meeting_status"] == "STARTED"
}

/// A card of the post as if we had posted it, with its name.
async fn card_of(
    io: &Io,
    settings: &Settings,
    number: MeetingNumber,
    uuid: Option<String>,
    post: Post,
    data: &Value,
) -> Result<(String, CardRecord), Error> {
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let plain = Meeting::of_number(settings, number, &text("meeting_topic"))?;
    // The post is its author's, who may have changed the link: `/join/` leads people to Zoom alone.
    let join_url = hosts::link(settings, &text("meeting_link"));
    let card_id = card_id_of(number, &format!("post/{}", post.id));
    let card = CardRecord {
        meeting: Meeting {
            join_url: join_url.unwrap_or_else(|| plain.join_url.clone()),
            personal: data["meeting_personal"] == true,
            // That plugin says of Personal Meetings too that they are none. Where it does not know the instance, the number may come back.
            shared: uuid.is_none(),
            ..plain
        },
        creator: Creator { id: post.user_id, username: text("meeting_creator_username") },
        channel_id: post.channel_id,
        root_id: post.root_id,
        created_ms: post.created_ms,
        life: life(post.created_ms, uuid.is_some(), data),
        uuid,
        // The official plugin makes cards of a user's own meetings alone, and its store names the post or the channel.
        host: Host::Checked,
        followed_by: None,
        post_id: Some(post.id),
        locale: Localizer::of_server(io).await.locale,
    };
    Ok((card_id, card))
}

/// How far its instance has come. `begun`: the instance is known.
fn life(created_ms: u64, begun: bool, data: &Value) -> Life {
    let seen = |ms| Time { ms, by_zoom: false };
    let started = seen(created_ms);
    match (runs(data), begun) {
        (true, true) => Life::Started { started },
        (true, false) => Life::Waiting,
        (false, _) => {
            let ended = number::read(&data["meeting_end_time"]).unwrap_or(created_ms);
            Life::Ended { started: Some(started), ended: seen(ended) }
        }
    }
}

/// What lies under a channel's key, if it is a subscription.
fn read_subscription(bytes: &[u8]) -> Option<Subscription> {
    let entry: Value = crate::json::read(bytes).ok()?;
    let (channel_id, created_by) = (text(&entry, "channel_id")?, text(&entry, "created_by")?);
    let is_one = entry["is_subscription"] == true;
    is_one.then_some(Subscription { channel_id, created_by, topic: String::new(), since_ms: 0 })
}
