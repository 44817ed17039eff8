//! The world that hooks act in: performs one effect at a time, or fails to.

use crate::cast::{self, Settings, SignIn};
use crate::chat::Chat;
use crate::model::{Model, link_in};
use crate::plan::{Failing, Plan};
use crate::properties::Property;
use crate::store::Store;
use crate::times::BEGINNING_MS;
use crate::zoom::{Spent, Zoom};
use serde_json::Value;
use std::collections::BTreeMap;
use zoom_chat::flow::{Effect, FileRequest, Outcome};
use zoom_chat::model::{FileError, HostError, HttpError, HttpRequest, HttpResponse, Server, Write};

/// The origin of what nobody of the plan has begun.
pub(crate) const NOBODYS: u32 = u32::MAX;

/// What is known of a hook.
#[derive(Debug, Clone)]
pub(crate) struct HookInfo {
    /// Names it among all hooks of the run.
    pub(crate) serial: u32,
    pub(crate) kind: &'static str,
    pub(crate) node: usize,
    pub(crate) user: Option<usize>,
    /// What it came of.
    pub(crate) origin: u32,
    /// A command's name, the same when it is delivered twice.
    pub(crate) command: Option<String>,
    /// Sent by somebody who knows no secret.
    pub(crate) stranger: bool,
    /// Posts a meeting of which nothing but the number is known.
    pub(crate) shares: bool,
    /// Asks for an account to be disconnected.
    pub(crate) disconnects: bool,
    pub(crate) began_ms: u64,
}

impl HookInfo {
    pub(crate) fn name(&self) -> String {
        let user = self.user.map(cast::username).unwrap_or_default();
        match self.origin {
            NOBODYS => format!("{}{}", self.kind, self.serial),
            origin => format!("{}{}({user}#{origin})", self.kind, self.serial),
        }
    }
}

/// What goes wrong with an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Nothing happens, and that is said.
    Before,
    /// It happens, and an error is answered.
    After,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) now_ms: u64,
    pub(crate) store: Store,
    pub(crate) chat: Chat,
    pub(crate) zoom: Zoom,
    pub(crate) model: Model,
    pub(crate) settings: Settings,
    pub(crate) settings_json: String,
    /// How far each node's clock is ahead.
    pub(crate) ahead_ms: [i64; 3],
    /// The most that clocks differ by, in this run.
    pub(crate) skew_ms: u64,
    /// Hooks that are under way.
    pub(crate) alive: Vec<bool>,
    /// The number of the meeting that came of a start.
    pub(crate) made: BTreeMap<u32, u64>,
    /// The link that each user was given last, and what for.
    pub(crate) links: BTreeMap<usize, (String, u32)>,
}

impl World {
    pub(crate) fn new(plan: &Plan) -> Self {
        let shape = &plan.shape;
        let settings = Settings {
            sign_in: shape.sign_in,
            signed: shape.signed,
            restrict: shape.restrict,
            passcodes: shape.passcodes,
        };
        let [a, b, c, store] = shape.ahead_ms;
        let skew_ms = shape.ahead_ms.iter().map(|ms| ms.unsigned_abs()).max().unwrap_or_default() * 2;
        Self {
            now_ms: BEGINNING_MS,
            store: Store::new(store),
            chat: Chat::new(BEGINNING_MS, shape.restrict, shape.keeps_deleted),
            zoom: Zoom::new(plan.seed, shape.sign_in),
            model: Model::new(BEGINNING_MS),
            settings,
            settings_json: settings.json(),
            ahead_ms: [a, b, c],
            skew_ms,
            alive: Vec::new(),
            made: BTreeMap::new(),
            links: BTreeMap::new(),
        }
    }

    /// What a node takes for the time.
    pub(crate) fn clock(&self, node: usize) -> u64 {
        self.now_ms.saturating_add_signed(self.ahead_ms[node])
    }

    pub(crate) fn violated(&mut self, property: Property, what: impl Into<String>) {
        self.model.violated(property, self.now_ms, what);
    }

    /// Effects that take no time and cannot fail.
    pub(crate) fn is_quick(effect: &Effect) -> bool {
        matches!(
            effect,
            Effect::About | Effect::Settings | Effect::Findings(_) | Effect::Wake | Effect::Log(_)
        )
    }

    pub(crate) fn perform(&mut self, hook: &HookInfo, effect: &Effect, fault: Fault) -> Outcome {
        self.model.asked(hook, effect, self.now_ms);
        if fault == Fault::Before {
            return failed(
                effect,
                HostError::Unavailable("down".to_owned()),
                HttpError::Unreachable("down".to_owned()),
            );
        }
        let outcome = self.act(hook, effect);
        if fault == Fault::After {
            if matches!(effect, Effect::Http(request) if request.url.ends_with("/oauth/token")) {
                self.zoom.sign_ins.lost(hook.serial);
            }
            return failed(effect, HostError::Other("no answer".to_owned()), HttpError::TimedOut);
        }
        outcome
    }

    fn act(&mut self, hook: &HookInfo, effect: &Effect) -> Outcome {
        let now_ms = self.now_ms;
        match effect {
            Effect::About => Outcome::Server(Server { post_history: self.chat.keeps_deleted, ..about() }),
            Effect::Settings => Outcome::Settings(self.settings_json.clone()),
            Effect::Findings(_) => Outcome::Findings(Vec::new()),
            Effect::Wake | Effect::Log(_) | Effect::Pause(_) => Outcome::Done,
            Effect::Http(request) => Outcome::Http(Ok(self.http(hook, request))),
            Effect::KvGet(key) => Outcome::Value(Ok(self.store.get(key, now_ms).map(<[u8]>::to_vec))),
            Effect::KvSet(set) => {
                let written = self.store.set(set, now_ms);
                if written == Write::Stored {
                    if set.key.starts_with("grant") {
                        self.zoom.sign_ins.stored(hook.serial);
                    }
                    if set.key == "zoomChannelSettings" {
                        self.read_rules(&set.value);
                    }
                }
                Outcome::Write(Ok(written))
            }
            Effect::KvDelete(key, condition) => Outcome::Write(Ok(self.store.delete(key, condition, now_ms))),
            Effect::KvList(list) => Outcome::Keys(Ok(self.store.list(list, now_ms))),
            Effect::FindUser(id) => Outcome::User(self.chat.find_user(id)),
            Effect::FindChannel(id) => Outcome::Channel(self.chat.find_channel(id)),
            Effect::IsMember(who) => Outcome::Answer(Ok(self.chat.is_member(&who.user_id, &who.channel_id))),
            Effect::May(who, what) => {
                Outcome::Answer(Ok(self.chat.may(&who.user_id, &who.channel_id, *what)))
            }
            Effect::DirectChannel(user_id) => Outcome::Id(Ok(format!("c-direct-{user_id}"))),
            Effect::Preference(..) => Outcome::Preference(Ok(None)),
            Effect::CreatePost(draft) => {
                let before = self.chat.posts.len();
                let made = self.chat.create(draft, now_ms);
                if self.chat.posts.len() > before {
                    self.model.posted(hook, draft, &self.chat, &self.zoom, now_ms);
                }
                Outcome::Id(made)
            }
            Effect::UpdatePost(id, patch) => {
                let updated = self.chat.update(id, patch);
                if updated.is_ok() {
                    self.model.updated(&patch.card.data, &self.zoom, now_ms);
                }
                Outcome::Updated(updated)
            }
            Effect::GetPost(id) => Outcome::Post(self.chat.get(id)),
            Effect::RecentPosts(channel_id, since_ms) => {
                Outcome::Posts(Ok(self.chat.recent(channel_id, *since_ms)))
            }
            Effect::SendPrivate(user_id, draft, _) => {
                self.see_link(hook, cast::user_of(user_id), &draft.message);
                Outcome::Id(Ok(self.chat.send_private(user_id, draft, hook.origin)))
            }
            Effect::UpdatePrivate(_, id, draft) => Outcome::Updated(self.chat.update_private(id, draft)),
            Effect::StoreResponse(file) => Outcome::File(Ok(self.download(file))),
            Effect::OpenDialog(..) => Outcome::Updated(Ok(())),
        }
    }

    fn download(&mut self, file: &FileRequest) -> String {
        let id = format!("stored-{}", self.chat.files.len());
        self.chat.files.insert(id.clone(), file.request.url.clone());
        id
    }

    fn http(&mut self, hook: &HookInfo, request: &HttpRequest) -> HttpResponse {
        let answered = self.zoom.answer(request, hook.serial, self.now_ms);
        match answered.noted {
            crate::zoom::Noted::Nothing => {}
            crate::zoom::Noted::Made { number } => {
                self.made.insert(hook.origin, number);
                let host = self.zoom.rooms[&number].host;
                if hook.user != Some(host) {
                    let what = format!("{} made a meeting as {}", hook.name(), cast::username(host));
                    self.violated(Property::OwnAccount, what);
                }
            }
            crate::zoom::Noted::SpentAgain(spent) => self.spent_again(hook, &spent),
        }
        answered.response
    }

    /// Whoever took a lease in time has 30 seconds; clocks may differ by a little.
    fn spent_again(&mut self, hook: &HookInfo, first: &Spent) {
        let within_lease = first.at_ms + 28_000 > self.now_ms + self.skew_ms;
        let first_alive = self.alive[first.by as usize];
        let could_know = first.stored || (first_alive && within_lease && !first.lost);
        if could_know {
            self.violated(
                Property::TokenOnce,
                format!("{} uses what hook {} has used", hook.name(), first.by),
            );
        }
    }

    /// The plugin's own rules for channels, in the form that the official plugin shares.
    fn read_rules(&mut self, value: &[u8]) {
        self.chat.note_rights(self.now_ms);
        let rules: Value = serde_json::from_slice(value).unwrap_or_default();
        for (channel, rule) in self.chat.rules.iter_mut().enumerate() {
            *rule = match rules[cast::channel_id(channel)]["Preference"].as_str() {
                Some("allow") => Some(false),
                Some("restrict") => Some(true),
                _ => None,
            };
        }
    }

    /// Whether the plugin can ask Zoom about this user's meetings at any time.
    pub(crate) fn can_ask(&self, host: usize) -> bool {
        self.settings.sign_in != SignIn::User
            && self.settings.sign_in != SignIn::Account
            && !self.chat.gone[host]
    }

    /// A link to connect, for its user.
    pub(crate) fn see_link(&mut self, hook: &HookInfo, reader: Option<usize>, text: &str) {
        if let (Some(link), Some(reader)) = (link_in(text), reader) {
            self.links.insert(reader, (link.to_owned(), hook.origin));
        }
    }

    /// Whether this kind of trouble concerns the effect, and how.
    pub(crate) fn fault_of(effect: &Effect, failing: Failing) -> Fault {
        let writes = matches!(effect, Effect::KvSet(_) | Effect::KvDelete(..));
        let store = writes || matches!(effect, Effect::KvGet(_) | Effect::KvList(_));
        let makes = matches!(
            effect,
            Effect::CreatePost(_)
                | Effect::UpdatePost(..)
                | Effect::SendPrivate(..)
                | Effect::UpdatePrivate(..)
        );
        let chat = makes
            || matches!(
                effect,
                Effect::FindUser(_)
                    | Effect::FindChannel(_)
                    | Effect::IsMember(_)
                    | Effect::May(..)
                    | Effect::GetPost(_)
                    | Effect::RecentPosts(..)
            );
        let zoom = matches!(effect, Effect::Http(_) | Effect::StoreResponse(_));
        match failing {
            Failing::Store if store => Fault::Before,
            Failing::StoreLies if writes => Fault::After,
            Failing::Chat if chat => Fault::Before,
            Failing::ChatLies if makes => Fault::After,
            Failing::Zoom if zoom => Fault::Before,
            Failing::ZoomLies if zoom => Fault::After,
            _ => Fault::None,
        }
    }
}

fn about() -> Server {
    Server {
        name: "Chat".to_owned(),
        site_url: "https://chat.example.com".to_owned(),
        plugin_url: "https://chat.example.com/plugins/zoom".to_owned(),
        command_prefix: "/".to_owned(),
        locale: "en".to_owned(),
        post_history: false,
    }
}

fn failed(effect: &Effect, error: HostError, http: HttpError) -> Outcome {
    match effect {
        Effect::KvGet(_) => Outcome::Value(Err(error)),
        Effect::KvList(_) => Outcome::Keys(Err(error)),
        Effect::KvSet(_) | Effect::KvDelete(..) => Outcome::Write(Err(error)),
        Effect::FindUser(_) => Outcome::User(Err(error)),
        Effect::FindChannel(_) => Outcome::Channel(Err(error)),
        Effect::IsMember(_) | Effect::May(..) => Outcome::Answer(Err(error)),
        Effect::CreatePost(_) | Effect::SendPrivate(..) | Effect::DirectChannel(_) => Outcome::Id(Err(error)),
        Effect::UpdatePost(..) | Effect::UpdatePrivate(..) | Effect::OpenDialog(..) => {
            Outcome::Updated(Err(error))
        }
        Effect::RecentPosts(..) => Outcome::Posts(Err(error)),
        Effect::Preference(..) => Outcome::Preference(Err(error)),
        Effect::GetPost(_) => Outcome::Post(Err(error)),
        Effect::Http(_) => Outcome::Http(Err(http)),
        Effect::StoreResponse(_) => Outcome::File(Err(FileError::Unavailable("down".to_owned()))),
        Effect::About
        | Effect::Settings
        | Effect::Findings(_)
        | Effect::Wake
        | Effect::Pause(_)
        | Effect::Log(_) => {
            unreachable!("these do not fail: {effect:?}")
        }
    }
}
