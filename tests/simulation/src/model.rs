//! The reference model: it knows what the world knows, and says of each thing that the plugin does whether that may be. It knows
//! nothing of how the plugin keeps its own state.

use crate::cast::{self, USERS};
use crate::chat::Chat;
use crate::properties::{Property, Violation};
use crate::world::HookInfo;
use crate::zoom::{Instance, Zoom};
use memchr::memmem::Finder;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use zoom_chat::flow::Effect;
use zoom_chat::model::{Author, Draft, Privacy};

/// How much clocks may differ.
const SLACK_MS: u64 = 90_000;
/// A personal or shared meeting that begins this long after its card has nothing to do with it.
const SOON_MS: u64 = 4 * 3_600_000;

/// A card as the world has seen it.
#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) posts: Vec<usize>,
    pub(crate) number: Option<u64>,
    /// When its post was first asked for.
    pub(crate) asked_ms: u64,
    /// The earliest that its author can have asked for it: before that where the start broke off and the post was made for it later.
    pub(crate) wanted_ms: u64,
    /// Of a number that stands for many meetings.
    pub(crate) comes_back: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) violations: Vec<Violation>,
    pub(crate) cards: BTreeMap<String, Card>,
    by_command: BTreeMap<String, String>,
    followed: BTreeMap<(String, String), String>,
    /// When a user first asked for something in a hook that broke off. Which card came of it cannot be seen from outside.
    broke_off: BTreeMap<usize, u64>,
    /// Under which post which part stands.
    parts: BTreeSet<(String, usize)>,
    /// Who has seen an account connected, and has not asked for anything else since.
    pub(crate) connected: [bool; USERS],
    /// When a user removed the app at Zoom last.
    pub(crate) removed_ms: [u64; USERS],
    /// Signed deliveries that were answered with success: their bodies, and the second of their signature.
    pub(crate) handled: BTreeSet<(String, u64)>,
    /// What people have asked for that may be kept for ever.
    lasting: BTreeSet<String>,
    /// Channels that follow a number by right.
    pub(crate) follows: BTreeSet<(String, u64)>,
    begun_ms: u64,
}

static MARKED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(cast::MARK));
static PART: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("part-"));
static LINK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("oauth2/connect?link="));

pub(crate) fn has_secret(text: &str) -> bool {
    MARKED.find(text.as_bytes()).is_some()
}

/// What follows in a link to connect.
pub(crate) fn link_in(text: &str) -> Option<&str> {
    let at = LINK.find(text.as_bytes())? + "oauth2/connect?link=".len();
    let end = text[at..].find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    Some(&text[at..at + end.unwrap_or(text.len() - at)])
}

/// The parts that a text links to.
fn parts_in(text: &str) -> Vec<usize> {
    let found = PART.find_iter(text.as_bytes());
    let number = |at: usize| {
        let digits: String = text[at + 5..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    found.filter_map(number).collect()
}

impl Model {
    pub(crate) fn new(begun_ms: u64) -> Self {
        Self { begun_ms, ..Self::default() }
    }

    pub(crate) fn violated(&mut self, property: Property, now_ms: u64, what: impl Into<String>) {
        let at_ms = now_ms.saturating_sub(self.begun_ms);
        self.violations.push(Violation { property, what: what.into(), at_ms });
    }

    /// Somebody asked for something that may be kept for ever, under a key for each of these.
    pub(crate) fn lasts(&mut self, what: impl Into<String>) {
        self.lasting.insert(what.into());
    }

    pub(crate) fn lasting(&self) -> usize {
        self.lasting.len()
    }

    /// A hook broke off: what its user asked for in it may be done by another one.
    pub(crate) fn broke_off(&mut self, hook: &HookInfo) {
        if let (Some(user), Some(_)) = (hook.user, &hook.command) {
            self.broke_off.entry(user).or_insert(hook.began_ms);
        }
    }

    /// The earliest that the author of a card can have asked for it.
    fn wanted_ms(&self, hook: &HookInfo, draft: &Draft, now_ms: u64) -> u64 {
        let author = match &draft.author {
            Author::User(id) => cast::user_of(id),
            Author::Bot => None,
        };
        let earlier = author.filter(|_| hook.user.is_none()).and_then(|user| self.broke_off.get(&user));
        earlier.copied().unwrap_or(now_ms)
    }

    /// Looks for secrets where none belong, and for what strangers may not do.
    pub(crate) fn asked(&mut self, hook: &HookInfo, effect: &Effect, now_ms: u64) {
        if let Some(where_) = misplaced(effect) {
            self.violated(Property::NoSecrets, now_ms, format!("{}: a secret in {where_}", hook.name()));
        }
        if hook.stranger && changes(effect) {
            let what = format!("{} asks for {effect:?}", hook.name());
            self.violated(Property::StrangersChangeNothing, now_ms, what);
        }
        if let Effect::SendPrivate(user_id, draft, privacy) = effect
            && link_in(&draft.message).is_some()
            && (*privacy != Privacy::Must || hook.user != cast::user_of(user_id))
        {
            self.violated(Property::NoSecrets, now_ms, "a link to connect in a message that others may read");
        }
        if let Effect::CreatePost(draft) = effect {
            if link_in(&draft.message).is_some() {
                self.violated(Property::NoSecrets, now_ms, "a link to connect in a post");
            }
            if let Some(data) = card_data(draft) {
                let card_id = data["card_id"].as_str().unwrap_or_default().to_owned();
                let comes_back = data["meeting_personal"] == true || hook.shares;
                let number = data["meeting_id"].as_u64();
                let wanted_ms = self.wanted_ms(hook, draft, now_ms);
                let fresh = Card { posts: Vec::new(), number, asked_ms: now_ms, wanted_ms, comes_back };
                self.cards.entry(card_id).or_insert(fresh);
            }
        }
    }

    /// A post was made, the newest one.
    pub(crate) fn posted(&mut self, hook: &HookInfo, draft: &Draft, chat: &Chat, zoom: &Zoom, now_ms: u64) {
        match card_data(draft) {
            Some(data) => {
                self.card_posted(hook, draft, &data, chat, now_ms);
                self.check_times(&data, zoom, now_ms);
            }
            None => self.content_posted(draft, chat, zoom, now_ms),
        }
    }

    fn card_posted(&mut self, hook: &HookInfo, draft: &Draft, data: &Value, chat: &Chat, now_ms: u64) {
        let card_id = data["card_id"].as_str().unwrap_or_default().to_owned();
        let index = chat.posts.len() - 1;
        let Some(card) = self.cards.get_mut(&card_id) else { return };
        card.posts.push(index);
        let (count, asked_ms) = (card.posts.len(), card.asked_ms);
        if count > 1 {
            let what = format!("{}: post {} of card {card_id}", hook.name(), chat.posts[index].post.id);
            self.violated(Property::OneCard, now_ms, what);
        }
        if let Some(command) = &hook.command {
            let first = self.by_command.entry(command.clone()).or_insert_with(|| card_id.clone());
            if *first != card_id {
                self.violated(Property::OneCard, now_ms, format!("{command} has two cards"));
            }
        }
        let uuid = data["meeting_uuid"].as_str().unwrap_or_default().to_owned();
        let by_bot = chat.posts[index].post.user_id == "u-bot";
        if by_bot {
            let key = (uuid, draft.channel_id.clone());
            let first = self.followed.entry(key).or_insert_with(|| card_id.clone());
            if *first != card_id {
                self.violated(Property::OneCard, now_ms, "a channel has two cards of an occurrence");
            }
        } else {
            let (user, channel) =
                (cast::user_of(&chat.posts[index].post.user_id), cast::channel_of(&draft.channel_id));
            // What was checked when the hook began may have changed since then.
            let since_ms = hook.began_ms.min(asked_ms);
            if let (Some(user), Some(channel)) = (user, channel)
                && !chat.was_allowed(user, channel, since_ms)
            {
                let what = format!("{}: {} in {}", hook.name(), cast::username(user), draft.channel_id);
                self.violated(Property::NoBypass, now_ms, what);
            }
        }
    }

    /// A post of a card was written.
    pub(crate) fn updated(&mut self, data: &str, zoom: &Zoom, now_ms: u64) {
        if let Ok(data) = serde_json::from_str(data) {
            self.check_times(&data, zoom, now_ms);
        }
    }

    fn check_times(&mut self, data: &Value, zoom: &Zoom, now_ms: u64) {
        let (Some(number), Some(card_id)) = (data["meeting_id"].as_u64(), data["card_id"].as_str()) else {
            return;
        };
        let Some(card) = self.cards.get(card_id) else { return };
        let (start, end) = (data["meeting_start_time"].as_u64(), data["meeting_end_time"].as_u64());
        let Some(instance) = data["meeting_uuid"].as_str().and_then(|uuid| zoom.by_uuid(uuid)) else {
            if start.is_some() {
                self.violated(Property::OwnTimes, now_ms, format!("{card_id} has times of no instance"));
            }
            return;
        };
        let wrong = wrong_times(card, instance, number, start, end, now_ms);
        if let Some(why) = wrong {
            self.violated(Property::OwnTimes, now_ms, format!("card {card_id} of {number}: {why}"));
        }
    }

    fn content_posted(&mut self, draft: &Draft, chat: &Chat, zoom: &Zoom, now_ms: u64) {
        let mut parts = parts_in(&draft.message);
        parts.extend(draft.file_ids.iter().filter_map(|id| chat.files.get(id)).flat_map(|url| parts_in(url)));
        parts.sort_unstable();
        parts.dedup();
        let secret = has_secret(&draft.message);
        if parts.is_empty() {
            if secret {
                self.violated(Property::NoSecrets, now_ms, "a secret in a post");
            }
            return;
        }
        let root_id = draft.root_id.clone().unwrap_or_default();
        let root = chat.posts.iter().find(|posted| posted.post.id == root_id);
        let Some(root) = root else {
            self.violated(Property::ContentOfTheHost, now_ms, "a recording is posted outside a thread");
            return;
        };
        for part in parts {
            let instance = &zoom.instances[zoom.parts[part].instance];
            if !self.parts.insert((root_id.clone(), part)) {
                let what = format!("part {part} again under {root_id}");
                self.violated(Property::EachPartOnce, now_ms, what);
            }
            let author = cast::user_of(&root.post.user_id);
            let may = match author {
                Some(author) => author == instance.host,
                None => self.follows.contains(&(root.post.channel_id.clone(), instance.number)),
            };
            if !may {
                let what = format!(
                    "part {part} of {}'s meeting under {root_id} of {}",
                    cast::username(instance.host),
                    root.post.user_id
                );
                self.violated(Property::ContentOfTheHost, now_ms, what);
            }
        }
    }
}

/// Why a card may not show these times of this instance.
fn wrong_times(
    card: &Card,
    instance: &Instance,
    number: u64,
    start: Option<u64>,
    end: Option<u64>,
    now_ms: u64,
) -> Option<&'static str> {
    if instance.number != number || card.number != Some(number) {
        return Some("the instance is another meeting's");
    }
    if start.is_some_and(|start| start != instance.start_ms) {
        return Some("not when it started");
    }
    if let Some(end) = end {
        let Some(true_end) = instance.end_ms else { return Some("it still runs") };
        // Without a time of Zoom's it is the time of receipt.
        let fits = if instance.omits_end {
            end + SLACK_MS >= true_end && end <= now_ms + SLACK_MS
        } else {
            end == true_end
        };
        if !fits {
            return Some("not when it ended");
        }
    }
    None
}

/// Why an instance is not the one that a card can be about, once all is known.
pub(crate) fn wrong_instance(card: &Card, instance: &Instance) -> Option<&'static str> {
    // A number that was made for the card has no meeting but the card's.
    if !card.comes_back {
        return None;
    }
    // Of an end that comes without a time nobody can say when it was.
    let ended = instance.end_ms.filter(|_| !instance.omits_end);
    if ended.is_some_and(|ended| ended + SLACK_MS < card.wanted_ms) {
        return Some("it was over before the card");
    }
    if instance.start_ms > card.asked_ms + SOON_MS {
        return Some("it began long after the card");
    }
    None
}

/// The facts of a card that is posted.
fn card_data(draft: &Draft) -> Option<Value> {
    let card = draft.card.as_ref().filter(|card| card.kind == zoom_chat::meeting::card::KIND)?;
    let data: Value = serde_json::from_str(&card.data).ok()?;
    data["card_id"].is_string().then_some(data)
}

/// Where an effect has a secret that does not belong there.
fn misplaced(effect: &Effect) -> Option<&'static str> {
    let bytes = |value: &[u8]| MARKED.find(value).is_some();
    let bad = |found: bool, place: &'static str| found.then_some(place);
    match effect {
        Effect::Log(line) => {
            let fields = line.fields.iter().any(|(_, value)| has_secret(value));
            bad(has_secret(&line.message) || fields, "a log line")
        }
        Effect::Http(request) => {
            let to_zoom = to_zoom(&request.url);
            let carried = bytes(&request.body) || request.headers.iter().any(|(_, value)| has_secret(value));
            bad(has_secret(&request.url) || (carried && !to_zoom), "a request")
        }
        Effect::StoreResponse(file) => {
            let carried = file.request.headers.iter().any(|(_, value)| has_secret(value));
            bad(carried && !to_zoom(&file.request.url), "a download")
        }
        Effect::KvGet(key) | Effect::KvDelete(key, _) => bad(has_secret(key), "a key"),
        Effect::KvSet(set) => bad(has_secret(&set.key) || bytes(&set.value), "the store, unsealed"),
        // Those of recordings are looked at where they are posted.
        Effect::CreatePost(draft) => bad(
            draft.card.as_ref().is_some_and(|card| has_secret(&card.data) || has_secret(&card.text)),
            "a card",
        ),
        Effect::UpdatePost(_, patch) => {
            bad(has_secret(&patch.message) || has_secret(&patch.card.data), "a card")
        }
        Effect::SendPrivate(_, draft, _) | Effect::UpdatePrivate(_, _, draft) => {
            bad(has_secret(&draft.message), "a private message")
        }
        Effect::OpenDialog(_, dialog) => bad(has_secret(&dialog.state), "a dialog"),
        Effect::About
        | Effect::Settings
        | Effect::Findings(_)
        | Effect::Wake
        | Effect::Pause(_)
        | Effect::FindUser(_)
        | Effect::FindChannel(_)
        | Effect::IsMember(_)
        | Effect::May(..)
        | Effect::DirectChannel(_)
        | Effect::Preference(..)
        | Effect::GetPost(_)
        | Effect::KvList(_)
        | Effect::RecentPosts(..) => None,
    }
}

fn to_zoom(url: &str) -> bool {
    let host = url.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    host == "zoom.us" || host.ends_with(".zoom.us")
}

/// What changes something that matters. That somebody knocked may be noted.
fn changes(effect: &Effect) -> bool {
    match effect {
        Effect::KvSet(set) => !set.key.starts_with("webhook"),
        Effect::KvDelete(..)
        | Effect::CreatePost(_)
        | Effect::UpdatePost(..)
        | Effect::SendPrivate(..)
        | Effect::StoreResponse(_)
        | Effect::Http(_) => true,
        _ => false,
    }
}
