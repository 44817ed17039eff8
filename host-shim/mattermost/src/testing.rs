//! A server for tests: as much of the plugin API as the tests need, spoken over the real wire.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::api::Api;
use crate::goplugin::{Client, Empty, Service};
use crate::model::*;
use crate::server::{Facts, Mattermost};

/// The id of the bot.
pub(crate) const BOT: &str = "bot";

/// What the server holds, and what was asked of it.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) kv: BTreeMap<String, Vec<u8>>,
    /// Seconds until each key is gone, as it was set; 0 for never.
    pub(crate) expiry: BTreeMap<String, i64>,
    pub(crate) posts: BTreeMap<String, Post>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) channels: BTreeMap<String, Channel>,
    /// Channel and user.
    pub(crate) members: BTreeSet<(String, String)>,
    /// User and post.
    pub(crate) ephemeral: Vec<(String, Post)>,
    /// Every user's own.
    pub(crate) preferences: Vec<Preference>,
    /// Status of the refusal with which the next call for preferences fails.
    pub(crate) refuse_next_preferences: Option<i64>,
    pub(crate) dialogs: Vec<OpenDialogRequest>,
    /// Event and where it went.
    pub(crate) events: Vec<(String, WebsocketBroadcast)>,
    pub(crate) log: Vec<String>,
    /// Status of the refusal with which the next call of `CreatePost` fails.
    pub(crate) refuse_next_post: Option<i64>,
    /// Calls of `CreatePost`.
    pub(crate) created: usize,
    /// Administrators of the channels' team.
    pub(crate) team_admins: BTreeSet<String>,
    /// Calls of `KVList`.
    pub(crate) listed: usize,
    /// Calls of `GetUser` and `GetChannelMember`.
    pub(crate) looked_up: usize,
}

/// The server's side. A clone is the same server.
#[derive(Clone, Default)]
pub(crate) struct FakeServer(Arc<Mutex<State>>);

/// A plugin's view of a new server, in which Alice and Bob are members of the channel `town`, and only Alice of `board`.
pub(crate) fn connect() -> (Mattermost, FakeServer) {
    let fake = FakeServer::default();
    {
        let mut state = fake.state();
        for (id, username) in [("u1", "alice"), ("u2", "bob"), (BOT, "zoom")] {
            let email = format!("{username}@example.com");
            let user = User {
                id: id.into(),
                username: username.into(),
                email,
                email_verified: true,
                ..User::default()
            };
            state.users.insert(id.into(), user);
        }
        for (id, kind) in [("town", "O"), ("board", "P")] {
            let channel = Channel {
                id: id.into(),
                name: format!("{id}-square"),
                r#type: kind.into(),
                ..Channel::default()
            };
            state.channels.insert(id.into(), channel);
        }
        let members = [("town", "u1"), ("town", "u2"), ("board", "u1")];
        state.members = members.map(|(channel, user)| (channel.into(), user.into())).into();
    }
    let (host, plugin) = tokio::io::duplex(1 << 20);
    tokio::spawn(Arc::new(fake.service()).serve(host));
    let server = Mattermost::default();
    server.connect(Api::new(Client::new(plugin)));
    server.set_facts(Facts::default().with_bot(BOT.into()));
    (server, fake)
}

/// Adds a call to the service: its name, the state that it works on, its arguments and its answer.
macro_rules! call {
    ($service:ident, $fake:expr, $name:literal, |$state:ident, $args:ident: $type:ty| $answer:expr) => {
        let fake = $fake.clone();
        $service.method(concat!("Plugin.", $name), move |args: $type| {
            let call = |$state: &mut State, $args: $type| $answer;
            let answer = call(&mut fake.state(), args);
            async move { Ok(answer) }
        });
    };
}

impl FakeServer {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn service(&self) -> Service {
        let mut service = Service::default();
        self.offer_keys(&mut service);
        self.offer_directory(&mut service);
        self.offer_posts(&mut service);
        self.offer_clients(&mut service);
        service
    }

    fn offer_keys(&self, service: &mut Service) {
        call!(service, self, "KVGet", |state, args: KVGetArgs| KVGetReturns {
            a: state.kv.get(&args.a).cloned().unwrap_or_default(),
            b: None
        });
        call!(service, self, "KVDelete", |state, args: KVDeleteArgs| {
            state.kv.remove(&args.a);
            KVDeleteReturns::default()
        });
        call!(service, self, "KVList", |state, args: KVListArgs| {
            state.listed += 1;
            let (page, per_page) = (usize::try_from(args.a).unwrap(), usize::try_from(args.b).unwrap());
            // In an order that is not that of bytes.
            let keys = state.kv.keys().rev().skip(page * per_page).take(per_page);
            KVListReturns { a: keys.cloned().collect(), b: None }
        });
        call!(service, self, "KVSetWithOptions", |state, args: KVSetWithOptionsArgs| {
            KVSetWithOptionsReturns { a: state.kv_set(args), b: None }
        });
    }

    fn offer_directory(&self, service: &mut Service) {
        call!(service, self, "HasPermissionToChannel", |state, args: HasPermissionToChannelArgs| {
            // Administrators may post in all channels.
            let is_admin = state.users.get(&args.a).is_some_and(|user| user.roles.contains("system_admin"))
                || state.team_admins.contains(&args.a);
            HasPermissionToChannelReturns { a: is_admin || state.members.contains(&(args.b, args.a)) }
        });
        call!(service, self, "GetUser", |state, args: GetUserArgs| {
            state.looked_up += 1;
            let found = found(state.users.get(&args.a));
            GetUserReturns { a: found.0, b: found.1 }
        });
        call!(service, self, "GetUserByEmail", |state, args: GetUserByEmailArgs| {
            let found = found(state.users.values().find(|user| user.email == args.a));
            GetUserByEmailReturns { a: found.0, b: found.1 }
        });
        call!(service, self, "GetChannel", |state, args: GetChannelArgs| {
            let found = found(state.channels.get(&args.a));
            GetChannelReturns { a: found.0, b: found.1 }
        });
        call!(service, self, "GetDirectChannel", |_state, args: GetDirectChannelArgs| {
            let channel =
                Channel { id: format!("{}__{}", args.a, args.b), r#type: "D".into(), ..Channel::default() };
            GetDirectChannelReturns { a: Some(channel), b: None }
        });
        call!(service, self, "GetChannelMember", |state, args: GetChannelMemberArgs| {
            state.looked_up += 1;
            let member = ChannelMember {
                channel_id: args.a.clone(),
                user_id: args.b.clone(),
                ..ChannelMember::default()
            };
            let found = found(state.members.contains(&(args.a, args.b)).then_some(&member));
            GetChannelMemberReturns { a: found.0, b: found.1 }
        });
        call!(service, self, "GetPreferencesForUser", |state, _args: GetPreferencesForUserArgs| {
            match state.refuse_next_preferences.take() {
                None => GetPreferencesForUserReturns { a: state.preferences.clone(), b: None },
                Some(status) => GetPreferencesForUserReturns { a: vec![], b: Some(refusal(status)) },
            }
        });
    }

    fn offer_posts(&self, service: &mut Service) {
        call!(service, self, "CreatePost", |state, args: CreatePostArgs| state.create_post(args));
        call!(service, self, "GetPost", |state, args: GetPostArgs| {
            let found = found(state.posts.get(&args.a).filter(|post| post.delete_at == 0));
            GetPostReturns { a: found.0, b: found.1 }
        });
        call!(service, self, "UpdatePost", |state, args: UpdatePostArgs| {
            let post = args.a.unwrap_or_default();
            state.posts.insert(post.id.clone(), post);
            UpdatePostReturns::default()
        });
        call!(service, self, "GetPostsSince", |state, args: GetPostsSinceArgs| {
            let changed =
                state.posts.values().filter(|post| post.channel_id == args.a && post.update_at > args.b);
            let posts = changed.map(|post| (post.id.clone(), Some(post.clone()))).collect();
            GetPostsSinceReturns { a: Some(PostList { order: vec![], posts }), b: None }
        });
    }

    fn offer_clients(&self, service: &mut Service) {
        call!(service, self, "SendEphemeralPost", |state, args: SendEphemeralPostArgs| {
            state.ephemeral.push((args.a, args.b.clone().unwrap_or_default()));
            SendEphemeralPostReturns { a: args.b }
        });
        call!(service, self, "UpdateEphemeralPost", |state, args: UpdateEphemeralPostArgs| {
            state.ephemeral.push((args.a, args.b.clone().unwrap_or_default()));
            UpdateEphemeralPostReturns { a: args.b }
        });
        call!(service, self, "OpenInteractiveDialog", |state, args: OpenInteractiveDialogArgs| {
            state.dialogs.push(args.a);
            OpenInteractiveDialogReturns::default()
        });
        call!(service, self, "PublishWebSocketEvent", |state, args: PublishWebSocketEventArgs| {
            state.events.push((args.a, args.c.unwrap_or_default()));
            Empty {}
        });
        call!(service, self, "LogWarn", |state, args: LogInfoArgs| {
            state.log.push(args.a);
            Empty {}
        });
    }
}

impl State {
    /// As the server: atomic with no old value only if the key is missing, and an empty value deletes.
    fn kv_set(&mut self, args: KVSetWithOptionsArgs) -> bool {
        let present = self.kv.get(&args.a).cloned().unwrap_or_default();
        if args.c.atomic && present != args.c.old_value {
            return false;
        }
        if args.b.is_empty() {
            self.kv.remove(&args.a);
        } else {
            self.kv.insert(args.a.clone(), args.b);
            self.expiry.insert(args.a, args.c.expire_in_seconds);
        }
        true
    }

    fn create_post(&mut self, args: CreatePostArgs) -> CreatePostReturns {
        self.created += 1;
        if let Some(status_code) = self.refuse_next_post.take() {
            return CreatePostReturns { a: None, b: Some(refusal(status_code)) };
        }
        let mut post = args.a.unwrap_or_default();
        post.id = format!("post{}", self.created);
        assert!(post.create_at > 0, "a post is found again by the time at which it was made");
        post.update_at = post.create_at;
        post.props.insert("from_plugin".into(), text("true"));
        self.posts.insert(post.id.clone(), post.clone());
        CreatePostReturns { a: Some(post), b: None }
    }
}

fn refusal(status_code: i64) -> AppError {
    AppError {
        status_code,
        id: "app.refused".into(),
        message: "nobody is called alice@example.com".into(),
        r#where: "Server".into(),
    }
}

fn found<T: Clone>(value: Option<&T>) -> (Option<T>, Option<AppError>) {
    let missing = value.is_none().then(|| AppError { status_code: 404, ..AppError::default() });
    (value.cloned(), missing)
}
