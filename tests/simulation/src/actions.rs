//! What people and Zoom do, as the plan says.

use crate::cast;
use crate::hook::{Answer, Caller, Hook};
use crate::model::{has_secret, link_in};
use crate::plan::{Meeting, Start, What};
use crate::properties::Property;
use crate::rng::mix;
use crate::run::{Next, Sim};
use crate::zoom::events::Event;
use serde_json::json;
use zoom_chat::hooks;
use zoom_chat::model::{Action, Command, Method, Request};

impl Sim<'_> {
    /// `again`: the host delivers the same command a second time.
    pub(crate) fn act(&mut self, index: usize, again: bool) {
        let planned = &self.plan.events[index];
        let (id, what) = (planned.id, planned.what);
        let key = mix(u64::from(id), u64::from(again));
        let now_ms = self.world.now_ms;
        self.world.chat.note_rights(now_ms);
        match what {
            What::Start { user, channel, how, twice } => {
                let words = match how {
                    Start::Plain => "start",
                    Start::Unique => "start --unique",
                    Start::Personal => "start --personal",
                    Start::New => "start --new",
                };
                self.command(id, key, user, channel, words);
                if twice && !again {
                    self.at(now_ms + key % 2_000, Next::Again(index));
                }
            }
            What::Press { user, channel } => self.press(id, key, user, channel),
            What::Share { user, channel, meeting } => {
                self.about(meeting, |sim, number| {
                    sim.command(id, key, user, channel, &format!("share {number}"))
                });
            }
            What::Answer { user, button } => self.answer(id, key, user, button),
            What::Prefer { user, word } => {
                let word = ["always", "never", "ask"][word % 3];
                self.world.model.lasts(format!("what {user} prefers"));
                self.command(id, key, user, 0, &format!("settings {word}"));
            }
            What::Connect { user, channel } => self.command(id, key, user, channel, "connect"),
            What::Visit { visitor, owner, signed_in } => self.open_link(visitor, owner, signed_in, None, key),
            What::Trick { attacker, victim, step } => {
                self.open_link(attacker, attacker, true, Some((victim, step)), key);
            }
            What::Disconnect { user } => self.command(id, key, user, 0, "disconnect"),
            What::Schedule { user } => {
                let number = self.world.zoom.make(user, 2, "Weekly");
                self.world.made.insert(id, number);
            }
            What::Follow { user, channel, meeting } => self.about(meeting, |sim, number| {
                let room = &sim.world.zoom.rooms[&number];
                if room.kind != 4 && (room.host == user || user == cast::ADMIN) {
                    sim.world.model.follows.insert((cast::channel_id(channel), number));
                }
                sim.world.model.lasts(format!("who follows {number}"));
                sim.world.model.lasts(format!("what {} follows", cast::channel_id(channel)));
                sim.world.model.lasts(format!("what {user} follows"));
                sim.command(id, key, user, channel, &format!("subscription add {number}"));
            }),
            What::Unfollow { user, channel, meeting } => self.about(meeting, |sim, number| {
                sim.command(id, key, user, channel, &format!("subscription remove {number}"));
            }),
            What::Rule { user, channel, word } => {
                let word = ["allow", "restrict", "default"][word % 3];
                self.world.model.lasts("the rules of channels");
                // Only an administrator may.
                let user = if key.is_multiple_of(4) { user } else { cast::ADMIN };
                self.command(id, key, user, channel, &format!("channel-settings {word}"));
            }
            other => self.change(id, key, other),
        }
    }

    /// What needs no hook.
    fn change(&mut self, id: u32, key: u64, what: What) {
        let (now_ms, chat) = (self.world.now_ms, &mut self.world.chat);
        match what {
            What::Leave { user, channel } => chat.set_member(user, channel, false),
            What::Join { user, channel } => chat.set_member(user, channel, true),
            What::Mute { user, channel, muted } => chat.set_may_post(user, channel, !muted),
            What::Archive { channel, archived } => chat.archive(channel, archived),
            What::Deactivate { user, gone } => chat.gone[user] = gone,
            What::DeleteCard { user } => chat.delete_card(user),
            What::Restrict { on } => {
                chat.restrict = on;
                self.world.settings.restrict = on;
                self.world.settings_json = self.world.settings.json();
            }
            What::Passcodes { on } => {
                self.world.settings.passcodes = on;
                self.world.settings_json = self.world.settings.json();
            }
            What::Begin { meeting } => self.about(meeting, |sim, number| {
                if let Some(index) = sim.world.zoom.begin(number, now_ms) {
                    sim.report(Event::Started(index), mix(key, 1));
                }
            }),
            What::End { meeting } => self.about(meeting, |sim, number| {
                if let Some(index) = sim.world.zoom.end(number, now_ms) {
                    sim.report(Event::Ended(index), mix(key, 2));
                }
            }),
            What::Record { meeting } => self.about(meeting, |sim, number| {
                if let Some(index) = sim.world.zoom.newest(number)
                    && sim.world.zoom.record(index)
                {
                    sim.report(Event::Recorded(index), mix(key, 3));
                }
            }),
            What::Transcribe { meeting } => self.about(meeting, |sim, number| {
                if let Some(index) = sim.world.zoom.newest(number)
                    && sim.world.zoom.transcribe(index)
                {
                    sim.report(Event::Transcribed(index), mix(key, 4));
                }
            }),
            What::Rotate => self.world.zoom.sign_ins.rotate(),
            What::Deauthorize { user } => {
                self.world.model.removed_ms[user] = now_ms;
                self.world.model.connected[user] = false;
                if self.world.zoom.sign_ins.remove(user) {
                    let at_ms = (!key.is_multiple_of(3)).then_some(now_ms);
                    self.report(Event::Deauthorized(user, at_ms), mix(key, 5));
                }
            }
            What::Forge { kind } => self.forge(kind, key),
            What::Replay => self.replay(key),
            _ => unreachable!("#{id} is done elsewhere: {what:?}"),
        }
    }

    /// The number that is meant, once there is one.
    fn about(&mut self, meeting: Meeting, act: impl FnOnce(&mut Self, u64)) {
        let number = match meeting {
            Meeting::Personal(user) => Some(cast::pmi(user)),
            Meeting::Of(id) => self.world.made.get(&id).copied(),
        };
        if let Some(number) = number {
            act(self, number);
        }
    }

    fn command(&mut self, id: u32, key: u64, user: usize, channel: usize, words: &str) {
        let Some(node) = self.node(key) else { return };
        let command = Command {
            id: format!("command-{id}"),
            user_id: cast::user_id(user),
            channel_id: cast::channel_id(channel),
            arguments: words.to_owned(),
            ..Command::default()
        };
        let mut info = self.info("command", node, Some(user), id);
        info.command = Some(command.id.clone());
        info.shares = words.starts_with("share");
        info.disconnects = words == "disconnect";
        if info.disconnects {
            self.world.model.connected[user] = false;
        }
        self.spawn(info, Caller::User, key, |io| async move {
            Answer::Reply(hooks::command::execute(io, command).await)
        });
    }

    /// The web client's button.
    fn press(&mut self, id: u32, key: u64, user: usize, channel: usize) {
        let Some(node) = self.node(key) else { return };
        let body = json!({ "channel_id": cast::channel_id(channel), "request_id": format!("press-{id}") });
        let request = Request {
            method: Method::Post,
            path: "/api/v1/meetings".to_owned(),
            query: String::new(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
            user_id: Some(cast::user_id(user)),
        };
        let mut info = self.info("web", node, Some(user), id);
        info.command = Some(format!("press-{id}"));
        self.spawn(info, Caller::Web, key, |io| async move {
            Answer::Http(hooks::http::serve(io, request).await)
        });
    }

    /// Presses a button of the question that the user was asked last.
    fn answer(&mut self, id: u32, key: u64, user: usize, button: usize) {
        let Some((post_id, asked)) = self.world.chat.question(user) else { return };
        let (button, origin) = (asked.buttons[button % asked.buttons.len()].clone(), asked.origin);
        let action = Action {
            id: format!("action-{id}"),
            user_id: cast::user_id(user),
            channel_id: asked.channel_id.clone(),
            post_id,
            button_id: button.id,
            context: button.context,
        };
        let Some(node) = self.node(key) else { return };
        let mut info = self.info("press", node, Some(user), origin);
        info.command = Some(action.id.clone());
        self.spawn(info, Caller::User, key, |io| async move {
            Answer::Reply(hooks::action::handle(io, action).await)
        });
    }

    /// What whoever waits for an answer gets to see.
    pub(crate) fn see_answer(&mut self, hook: &Hook, answer: &Answer) {
        let text = match answer {
            Answer::Reply(reply) => reply.message.clone().unwrap_or_default(),
            Answer::Http(response) => String::from_utf8_lossy(&response.body).into_owned(),
            Answer::Due(_) => return,
        };
        if has_secret(&text) {
            self.world.violated(Property::NoSecrets, format!("{}: a secret in the answer", hook.info.name()));
        }
        if link_in(&text).is_some() {
            self.world.see_link(&hook.info, hook.info.user, &text);
        }
    }
}
