//! The engine of the core: flows are async functions that ask through [`Io`], and the compiler writes the state machine.
//!
//! **Contract.** [`Flow::start`] runs a flow to its first question. [`Step::Ask`] holds every [`Effect`] asked since the last
//! step, each with an id. The driver performs them and hands each [`Outcome`] back under its id through [`Flow::resume`], with the
//! time by then; it may do so one by one, in any order, and perform effects of one step side by side: flows that need an order await
//! each before they ask the next. [`Step::Done`] comes exactly once, and nothing is open after it. An id that is not open, or an outcome
//! of another effect, is [`Misuse`] and changes nothing: whatever a driver does, a flow does not panic.
//!
//! Nothing here waits, reads a clock or draws a random number: a flow gets the time with its beginning and with each answer, and all its
//! randomness with its beginning, as [`Moment`].

use crate::model::{
    Channel, Condition, Dialog, Draft, FileError, HostError, HostFinding, HttpError, HttpRequest,
    HttpResponse, Level, Patch, Permission, Post, Privacy, Server, User, Write,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// When a hook runs, and its share of randomness. Comes in with each hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// Fresh entropy, never used twice.
    pub entropy: [u8; 32],
}

/// What a flow asks of its host. Each is a function of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// `host.about`
    About,
    /// `host.settings`
    Settings,
    /// `host.findings`, in this language
    Findings(String),
    /// `host.wake`
    Wake,
    /// `host.pause`, in milliseconds
    Pause(u32),
    /// `log.write`
    Log(LogLine),
    /// `http-client.send`
    Http(HttpRequest),
    /// `key-value.get`
    KvGet(String),
    /// `key-value.set`
    KvSet(KvSet),
    /// `key-value.delete`
    KvDelete(String, Condition),
    /// `key-value.list`
    KvList(KvList),
    /// `directory.find-user`
    FindUser(String),
    /// `directory.find-channel`
    FindChannel(String),
    /// `directory.is-member`
    IsMember(InChannel),
    /// `directory.may`
    May(InChannel, Permission),
    /// `directory.direct-channel`: with this user
    DirectChannel(String),
    /// `directory.preference`: of this user, by name
    Preference(String, String),
    /// `posts.create`
    CreatePost(Draft),
    /// `posts.update`
    UpdatePost(String, Patch),
    /// `posts.get`
    GetPost(String),
    /// `posts.recent`: in this channel, since this time
    RecentPosts(String, u64),
    /// `posts.send-private`: to this user
    SendPrivate(String, Draft, Privacy),
    /// `posts.update-private`: of this user, by its id
    UpdatePrivate(String, String, Draft),
    /// `files.store-response`
    StoreResponse(FileRequest),
    /// `frontend.open-dialog`: by this trigger
    OpenDialog(String, Dialog),
}

/// A line for the server's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Who should read it.
    pub level: Level,
    /// What happened.
    pub message: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

/// A write to the key-value store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvSet {
    /// The key.
    pub key: String,
    /// Never empty.
    pub value: Vec<u8>,
    /// Seconds until the key is gone.
    pub expires_in_s: Option<u32>,
    /// What must hold.
    pub condition: Condition,
}

/// Which keys of the key-value store are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvList {
    /// What they begin with.
    pub prefix: String,
    /// The key that they come after.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// A file that another server has, to be stored in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// What fetches it.
    pub request: HttpRequest,
    /// Where it is stored.
    pub channel_id: String,
    /// Its name there.
    pub name: String,
    /// Largest size that is taken.
    pub max_bytes: u64,
}

/// A user in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InChannel {
    /// The user's id.
    pub user_id: String,
    /// The channel's id.
    pub channel_id: String,
}

/// What the host answers. The variant is that of the effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// For `Log`, `Wake` and `Pause`.
    Done,
    /// For `About`.
    Server(Server),
    /// For `Settings`: a JSON object.
    Settings(String),
    /// For `Findings`.
    Findings(Vec<HostFinding>),
    /// For `Http`.
    Http(Result<HttpResponse, HttpError>),
    /// For `KvGet`.
    Value(Result<Option<Vec<u8>>, HostError>),
    /// For `KvSet` and `KvDelete`.
    Write(Result<Write, HostError>),
    /// For `KvList`, in the order of their bytes.
    Keys(Result<Vec<String>, HostError>),
    /// For `FindUser`.
    User(Result<User, HostError>),
    /// For `FindChannel`.
    Channel(Result<Channel, HostError>),
    /// For `IsMember` and `May`.
    Answer(Result<bool, HostError>),
    /// For `CreatePost` and `SendPrivate`: the post's id. For `DirectChannel`: the channel's.
    Id(Result<String, HostError>),
    /// For `UpdatePost`, `UpdatePrivate` and `OpenDialog`.
    Updated(Result<(), HostError>),
    /// For `GetPost`.
    Post(Result<Post, HostError>),
    /// For `RecentPosts`: newest first.
    Posts(Result<Vec<Post>, HostError>),
    /// For `Preference`.
    Preference(Result<Option<String>, HostError>),
    /// For `StoreResponse`: the file's id.
    File(Result<String, FileError>),
}

/// Names an effect within its flow.
pub type EffectId = u32;

/// How far a flow has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<T> {
    /// These are new questions.
    Ask(Vec<(EffectId, Effect)>),
    /// The flow is over.
    Done(T),
}

/// What a driver did wrong. The flow has not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misuse {
    /// It was never asked, was answered already, or the flow is over.
    #[error("effect {0} is not open: it was never asked, was answered already, or the flow is over")]
    NotOpen(EffectId),
    /// It is still open.
    #[error("the outcome for effect {0} is that of another effect")]
    OtherKind(EffectId),
}

/// A running hook.
pub struct Flow<T> {
    io: Io,
    future: Pin<Box<dyn Future<Output = T>>>,
}

impl<T> Flow<T> {
    /// Makes a flow of an async function and runs it to its first question.
    pub fn start<F>(moment: Moment, run: impl FnOnce(Io) -> F) -> (Self, Step<T>)
    where
        F: Future<Output = T> + 'static,
    {
        let io = Io(Rc::new(RefCell::new(Shared::new(moment))));
        let mut flow = Self { future: Box::pin(run(io.clone())), io };
        let step = flow.poll();
        (flow, step)
    }

    /// Hands an outcome back and runs on. `now_ms`: the time by now, in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// [`Misuse`]; the flow has not moved.
    pub fn resume(&mut self, now_ms: u64, id: EffectId, outcome: Outcome) -> Result<Step<T>, Misuse> {
        let mut shared = self.io.0.borrow_mut();
        let fits = shared.open.get(&id).ok_or(Misuse::NotOpen(id))?;
        if !fits(&outcome) {
            return Err(Misuse::OtherKind(id));
        }
        shared.open.remove(&id);
        shared.answers.insert(id, outcome);
        shared.latest_ms = now_ms;
        drop(shared);
        Ok(self.poll())
    }

    fn poll(&mut self) -> Step<T> {
        match self.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => {
                let mut shared = self.io.0.borrow_mut();
                shared.open.clear();
                shared.asked.clear();
                Step::Done(value)
            }
            Poll::Pending => Step::Ask(std::mem::take(&mut self.io.0.borrow_mut().asked)),
        }
    }
}

/// The handle that flows ask through.
#[derive(Clone)]
pub struct Io(Rc<RefCell<Shared>>);

/// Whether an outcome is of the kind that an effect has.
type Fits = fn(&Outcome) -> bool;

struct Shared {
    /// When the hook began.
    now_ms: u64,
    /// When the last answer came.
    latest_ms: u64,
    random: ChaCha20Rng,
    next: EffectId,
    asked: Vec<(EffectId, Effect)>,
    open: BTreeMap<EffectId, Fits>,
    answers: BTreeMap<EffectId, Outcome>,
}

impl Shared {
    fn new(moment: Moment) -> Self {
        Self {
            now_ms: moment.now_ms,
            latest_ms: moment.now_ms,
            random: ChaCha20Rng::from_seed(moment.entropy),
            next: 0,
            asked: Vec::new(),
            open: BTreeMap::new(),
            answers: BTreeMap::new(),
        }
    }

    fn ask(&mut self, effect: Effect, fits: Fits) -> EffectId {
        let id = self.next;
        self.next += 1;
        self.asked.push((id, effect));
        self.open.insert(id, fits);
        id
    }
}

/// An effect that was asked for and waits for its outcome.
#[must_use = "an effect has no answer until it is awaited"]
pub struct Asked<T> {
    shared: Rc<RefCell<Shared>>,
    id: EffectId,
    read: fn(Outcome) -> Option<T>,
}

impl<T> Future for Asked<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        let outcome = self.shared.borrow_mut().answers.remove(&self.id);
        // One that does not fit was not taken.
        outcome.and_then(self.read).map_or(Poll::Pending, Poll::Ready)
    }
}

/// One method for each effect that has an answer: asks at once, so that two calls before an await stand side by side.
macro_rules! asks {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $ty:ty),*) -> $out:ty = $effect:expr => $outcome:ident;)*) => {
        impl Io { $(
            $(#[$doc])*
            pub fn $name(&self, $($arg: $ty),*) -> Asked<$out> {
                let read = |outcome| match outcome {
                    Outcome::$outcome(value) => Some(value),
                    _ => None,
                };
                self.ask($effect, |outcome| matches!(outcome, Outcome::$outcome(_)), read)
            }
        )* }
    };
}

asks! {
    /// `host.about`
    about() -> Server = Effect::About => Server;
    /// `host.settings`: a JSON object.
    settings() -> String = Effect::Settings => Settings;
    /// `host.findings`
    findings(locale: String) -> Vec<HostFinding> = Effect::Findings(locale) => Findings;
    /// `http-client.send`
    http(request: HttpRequest) -> Result<HttpResponse, HttpError> = Effect::Http(request) => Http;
    /// `key-value.get`
    kv_get(key: String) -> Result<Option<Vec<u8>>, HostError> = Effect::KvGet(key) => Value;
    /// `key-value.set`
    kv_set(set: KvSet) -> Result<Write, HostError> = Effect::KvSet(set) => Write;
    /// `key-value.delete`
    kv_delete(key: String, condition: Condition) -> Result<Write, HostError> = Effect::KvDelete(key, condition) => Write;
    /// `key-value.list`
    kv_list(list: KvList) -> Result<Vec<String>, HostError> = Effect::KvList(list) => Keys;
    /// `directory.find-user`
    find_user(id: String) -> Result<User, HostError> = Effect::FindUser(id) => User;
    /// `directory.find-channel`
    find_channel(id: String) -> Result<Channel, HostError> = Effect::FindChannel(id) => Channel;
    /// `directory.is-member`
    is_member(who: InChannel) -> Result<bool, HostError> = Effect::IsMember(who) => Answer;
    /// `directory.may`
    may(who: InChannel, permission: Permission) -> Result<bool, HostError> = Effect::May(who, permission) => Answer;
    /// `directory.direct-channel`
    direct_channel(user_id: String) -> Result<String, HostError> = Effect::DirectChannel(user_id) => Id;
    /// `directory.preference`
    preference(user_id: String, name: String) -> Result<Option<String>, HostError> = Effect::Preference(user_id, name) => Preference;
    /// `posts.create`
    create_post(draft: Draft) -> Result<String, HostError> = Effect::CreatePost(draft) => Id;
    /// `posts.update`
    update_post(id: String, patch: Patch) -> Result<(), HostError> = Effect::UpdatePost(id, patch) => Updated;
    /// `posts.get`
    get_post(id: String) -> Result<Post, HostError> = Effect::GetPost(id) => Post;
    /// `posts.recent`
    recent_posts(channel_id: String, since_ms: u64) -> Result<Vec<Post>, HostError> = Effect::RecentPosts(channel_id, since_ms) => Posts;
    /// `posts.send-private`
    send_private(user_id: String, draft: Draft, privacy: Privacy) -> Result<String, HostError> = Effect::SendPrivate(user_id, draft, privacy) => Id;
    /// `posts.update-private`
    update_private(user_id: String, id: String, draft: Draft) -> Result<(), HostError> = Effect::UpdatePrivate(user_id, id, draft) => Updated;
    /// `files.store-response`
    store_response(file: FileRequest) -> Result<String, FileError> = Effect::StoreResponse(file) => File;
    /// `frontend.open-dialog`
    open_dialog(trigger_id: String, dialog: Dialog) -> Result<(), HostError> = Effect::OpenDialog(trigger_id, dialog) => Updated;
}

impl Io {
    /// Milliseconds since the Unix epoch, when the hook began.
    pub fn now_ms(&self) -> u64 {
        self.0.borrow().now_ms
    }

    /// What time it was when the last answer came, for what must hold across nodes: a hook may have waited since it began. Milliseconds
    /// since the Unix epoch.
    pub fn time(&self) -> u64 {
        self.0.borrow().latest_ms
    }

    /// Random bytes from the hook's entropy.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.borrow_mut().random.fill_bytes(&mut bytes);
        bytes
    }

    /// `log.write`
    pub fn log(&self, level: Level, message: &str, fields: &[(&str, &str)]) -> Asked<()> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.tell(Effect::Log(LogLine { level, message: message.to_owned(), fields }))
    }

    /// `host.wake`
    pub fn wake(&self) -> Asked<()> {
        self.tell(Effect::Wake)
    }

    /// `host.pause`
    pub fn pause(&self, ms: u32) -> Asked<()> {
        self.tell(Effect::Pause(ms))
    }

    /// Asks for an effect that answers nothing.
    fn tell(&self, effect: Effect) -> Asked<()> {
        let is_done = |outcome: &Outcome| matches!(outcome, Outcome::Done);
        self.ask(effect, is_done, |outcome| matches!(outcome, Outcome::Done).then_some(()))
    }

    fn ask<T>(&self, effect: Effect, fits: Fits, read: fn(Outcome) -> Option<T>) -> Asked<T> {
        Asked { shared: self.0.clone(), id: self.0.borrow_mut().ask(effect, fits), read }
    }
}
