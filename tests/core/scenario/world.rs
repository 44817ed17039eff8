//! The chat server and the Zoom that a scenario plays in. A directive changes it; an effect is answered from it.

mod chat;
mod zoom;

use super::browser::Browsers;
use super::story::Story;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::collections::VecDeque;
use zoom_chat::model::{
    Button, Channel, ChannelKind, Dialog, Draft, FileError, HostError, HostFinding, HttpError, HttpResponse,
    Post, State, User,
};
use zoom_chat::time::parse_ms;

pub(crate) struct World {
    pub(crate) now_ms: u64,
    /// How far the server's clock, which dates posts, is ahead of the plugin's.
    pub(crate) server_ahead_ms: i64,
    pub(crate) settings: Value,
    site_url: String,
    /// The server's default language.
    locale: String,
    /// Deleted posts are still found.
    post_history: bool,
    users: BTreeMap<String, User>,
    channels: BTreeMap<String, Channel>,
    /// What is not so: `alice member town-square`, `alice post town-square`.
    denied: Vec<String>,
    posts: Vec<Post>,
    /// When posts were updated: this server takes what was touched for recent, which the contract does not allow.
    touched: BTreeMap<String, u64>,
    /// Buttons by post, private ones too.
    buttons: BTreeMap<String, Vec<Button>>,
    /// The dialog that was opened last.
    pub(crate) dialog: Option<Dialog>,
    /// `alice use-pmi` and its value.
    preferences: BTreeMap<String, String>,
    private: usize,
    pub(crate) files: usize,
    /// Posts by the key they were made with, and when.
    made: BTreeMap<String, (String, u64)>,
    keys: BTreeMap<String, (Vec<u8>, Option<u64>)>,
    /// `None`: what a Zoom in good health says.
    zoom: VecDeque<Option<Result<HttpResponse, HttpError>>>,
    /// Effects that fail, by name, with what, and how many are spared before.
    failures: VecDeque<(String, HostError, u32)>,
    file_failures: VecDeque<FileError>,
    /// Directives that are followed while a flow pauses, one each time.
    meanwhile: VecDeque<String>,
    pub(crate) browsers: Browsers,
    /// What the host has found out by itself.
    findings: Vec<HostFinding>,
    /// What stands for `$link`, `$state`, `$proof` and `$context`: the last of each that was seen.
    pub(crate) seen: BTreeMap<&'static str, String>,
    next_number: u64,
    pub(crate) hooks: u8,
    pub(super) story: Story,
}

pub(crate) const API_KEY: &str = "example-api-key";
pub(crate) const API_SECRET: &str = "example-api-secret-of-thirty-six-chr";
pub(crate) const URL_SECRET: &str = "url-secret";
pub(crate) const SIGNING_SECRET: &str = "signing-secret";

impl World {
    pub(crate) fn new() -> Self {
        let user = |name: &str| {
            let id = format!("u-{name}");
            let email = Some(format!("{name}@example.com"));
            (
                id.clone(),
                User {
                    id,
                    username: name.to_owned(),
                    display_name: name.to_owned(),
                    email,
                    ..User::default()
                },
            )
        };
        let channel =
            |name: &str| (format!("c-{name}"), Channel { id: format!("c-{name}"), ..Channel::default() });
        Self {
            now_ms: parse_ms("2026-01-05T09:30:00Z").unwrap(),
            server_ahead_ms: 0,
            settings: json!({ "APIKey": API_KEY, "APISecret": API_SECRET, "WebhookSecret": URL_SECRET }),
            site_url: "https://chat.example.com".to_owned(),
            locale: "en".to_owned(),
            post_history: true,
            users: ["alice", "bob"].map(user).into(),
            channels: ["town-square", "off-topic"].map(channel).into(),
            denied: Vec::new(),
            posts: Vec::new(),
            touched: BTreeMap::new(),
            buttons: BTreeMap::new(),
            dialog: None,
            preferences: BTreeMap::new(),
            private: 0,
            files: 0,
            made: BTreeMap::new(),
            keys: BTreeMap::new(),
            zoom: VecDeque::new(),
            failures: VecDeque::new(),
            file_failures: VecDeque::new(),
            meanwhile: VecDeque::new(),
            browsers: Browsers::default(),
            findings: Vec::new(),
            seen: BTreeMap::new(),
            next_number: 82_345_678_901,
            hooks: 0,
            story: Story::default(),
        }
    }

    /// Follows a directive. `false`: the line is none.
    pub(crate) fn set(&mut self, line: &str) -> bool {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "trace" => self.story.trace(rest),
            "settings" => merge(&mut self.settings, &serde_json::from_str(rest).unwrap()),
            "site-url" => self.site_url = rest.to_owned(),
            "locale" => self.locale = rest.to_owned(),
            "now" => self.now_ms = parse_ms(rest).unwrap(),
            "advance" => self.now_ms += duration_ms(rest),
            "user" => self.set_user(rest),
            "channel" => self.set_channel(rest),
            "deny" => self.denied.push(rest.to_owned()),
            "zoom" => self.zoom.push_back((rest != "well").then(|| zoom::zoom_answer(rest))),
            "fail" => match rest.strip_prefix("store-response ") {
                Some(how) => self.file_failures.push_back(file_failure(how)),
                None => self.failures.push_back(failure(rest)),
            },
            "preference" => {
                let (whose, value) = rest.rsplit_once(' ').unwrap();
                self.preferences.insert(whose.to_owned(), value.to_owned());
            }
            "no-post-history" => self.post_history = false,
            "delete-post" => self.posts.iter_mut().find(|post| post.id == rest).unwrap().deleted = true,
            "post" => self.set_post(rest),
            "edit-post" => self.edit_post(rest),
            "meanwhile" => self.meanwhile.push_back(rest.to_owned()),
            "host-finding" => self.find(rest),
            "forget-cookies" => self.browsers.forget(rest),
            "plant-cookie" => {
                let (browser, pair) = rest.split_once(' ').unwrap();
                self.browsers.plant(browser, pair);
            }
            "forget-keys" => self.keys.clear(),
            "put" => {
                let (key, value) = rest.split_once(' ').unwrap();
                self.keys.insert(key.to_owned(), (value.into(), None));
            }
            _ => return false,
        }
        true
    }

    /// Directives that have changed nothing, as nothing was asked that they are for.
    pub(crate) fn unused(&self) -> Vec<String> {
        let failures = self.failures.iter().map(|(name, _, _)| format!("fail {name}"));
        let files = self.file_failures.iter().map(|error| format!("fail store-response {error:?}"));
        let answers = self.zoom.iter().map(|answer| match answer {
            Some(Ok(answer)) => format!("zoom {} {}", answer.status, String::from_utf8_lossy(&answer.body)),
            other => format!("zoom {other:?}"),
        });
        let meanwhile = self.meanwhile.iter().map(|line| format!("meanwhile {line}"));
        failures.chain(files).chain(answers).chain(meanwhile).collect()
    }

    /// `bad Version: It is too low. Install another.`
    fn find(&mut self, text: &str) {
        let (head, said) = text.split_once(": ").unwrap();
        let (state, check) = head.split_once(' ').unwrap();
        let (found, remedy) = said.split_once(". ").map_or((said, ""), |(found, remedy)| (found, remedy));
        let states = [State::Good, State::Warning, State::Bad];
        self.findings.push(HostFinding {
            check: check.to_owned(),
            state: states.into_iter().find(|known| known.name() == state).unwrap(),
            found: format!("{}.", found.trim_end_matches('.')),
            remedy: remedy.to_owned(),
        });
    }

    /// `alice {"email":null}`
    fn set_user(&mut self, text: &str) {
        let (name, changes) = text.split_once(' ').unwrap();
        let changes: Value = serde_json::from_str(changes).unwrap();
        let user = self.users.get_mut(&format!("u-{name}")).unwrap();
        for (member, value) in changes.as_object().unwrap() {
            let flag = value.as_bool().unwrap_or_default();
            match member.as_str() {
                "email" => user.email = value.as_str().map(str::to_owned),
                "locale" => user.locale = value.as_str().unwrap().to_owned(),
                "is_bot" => user.is_bot = flag,
                "is_remote" => user.is_remote = flag,
                "is_deactivated" => user.is_deactivated = flag,
                "is_admin" => user.is_admin = flag,
                other => panic!("user has no {other}"),
            }
        }
    }

    /// `town-square archived`, `town-square private`, `town-square called Town Square`
    fn set_channel(&mut self, text: &str) {
        let (name, what) = text.split_once(' ').unwrap();
        let channel = self.channels.get_mut(&format!("c-{name}")).unwrap();
        match what {
            "archived" => channel.archived = true,
            "private" => channel.kind = ChannelKind::Private,
            "direct" => channel.kind = ChannelKind::Direct,
            "group" => channel.kind = ChannelKind::Group,
            name if name.starts_with("called ") => channel.display_name = name["called ".len()..].to_owned(),
            other => panic!("no such channel: {other}"),
        }
    }

    /// Public base URL under which the plugin answers. A host without an address has none for the plugin either.
    pub(crate) fn plugin_url(&self) -> String {
        match self.site_url.as_str() {
            "" => String::new(),
            site_url => format!("{site_url}/plugins/zoom"),
        }
    }

    /// What a line means: `$link`, `$state`, `$proof` (of a form) and `$context` (of a button that was pressed) stand for the last ones that were seen.
    pub(crate) fn fill_in(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for (name, value) in &self.seen {
            line = line.replace(&format!("${name}"), value);
        }
        line
    }

    /// Looks for `link=…`, `state=…` and `proof=…` in what came out.
    pub(crate) fn see(&mut self, lines: &[String]) {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        for (name, sign) in [("link", "link="), ("state", "state="), ("proof", "proof=")] {
            if let Some((_, after)) = lines.iter().rev().find_map(|line| line.split_once(sign)) {
                let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
                self.seen.insert(name, after[..end].to_owned());
            }
        }
    }

    /// Posts in the thread of this one.
    pub(crate) fn replies(&self, root_id: &str) -> usize {
        self.posts.iter().filter(|post| post.root_id.as_deref() == Some(root_id)).count()
    }

    /// What the card in a post says of its meeting.
    pub(crate) fn status(&self, post_id: &str) -> String {
        let post = self.posts.iter().find(|post| post.id == post_id).unwrap();
        let data: Value = serde_json::from_str(&post.data).unwrap();
        data["meeting_status"].as_str().unwrap().to_owned()
    }

    /// The name of the card in a post.
    pub(crate) fn card_id(&self, post_id: &str) -> String {
        let post = self.posts.iter().find(|post| post.id == post_id).unwrap();
        let data: Value = serde_json::from_str(&post.data).unwrap();
        data["card_id"].as_str().unwrap().to_owned()
    }

    /// How many cards of ours stand in channels.
    pub(crate) fn cards(&self) -> usize {
        self.posts.iter().filter(|post| post.by_plugin && post.kind == "custom_zoom").count()
    }

    /// The context of a button.
    pub(crate) fn button(&self, post_id: &str, button_id: &str) -> String {
        let buttons = self.buttons.get(post_id).expect("a post with buttons");
        buttons.iter().find(|button| button.id == button_id).expect("a button").context.clone()
    }

    fn keep_buttons(&mut self, post_id: &str, draft: &Draft) {
        let buttons = draft.card.as_ref().map(|card| card.buttons.clone()).unwrap_or_default();
        self.buttons.insert(post_id.to_owned(), buttons);
    }

    /// `root-1 town-square` or `reply-1 town-square root-1`, with `kind {…}` behind for a card made by another plugin.
    fn set_post(&mut self, text: &str) {
        let (text, card) = match text.find(" custom_") {
            Some(at) => (&text[..at], text[at + 1..].split_once(' ')),
            None => (text, None),
        };
        let (kind, data) = card.unwrap_or_default();
        let words: Vec<&str> = text.split(' ').collect();
        let post = Post {
            id: words[0].to_owned(),
            channel_id: format!("c-{}", words[1]),
            root_id: words.get(2).map(|id| (*id).to_owned()),
            user_id: "u-bob".to_owned(),
            kind: kind.to_owned(),
            data: data.to_owned(),
            created_ms: self.now_ms,
            ..Post::default()
        };
        self.posts.push(post);
    }

    /// `post-1 {…}`: its author changes some of what it says.
    fn edit_post(&mut self, text: &str) {
        let (id, changes) = text.split_once(' ').unwrap();
        let post = self.posts.iter_mut().find(|post| post.id == id).unwrap();
        let mut data = serde_json::from_str(&post.data).unwrap();
        merge(&mut data, &serde_json::from_str(changes).unwrap());
        post.data = data.to_string();
    }
}

/// `create-post unavailable`, or `kv-get:card_ unavailable 1` to spare the first one of that kind of key.
fn failure(text: &str) -> (String, HostError, u32) {
    let words: Vec<&str> = text.split(' ').collect();
    let (name, how) = (words[0], words[1]);
    let error = match how {
        "not-found" => HostError::NotFound,
        "forbidden" => HostError::Forbidden,
        "invalid" => HostError::Invalid("the message is too long".to_owned()),
        "unsupported" => HostError::Unsupported,
        "unavailable" => HostError::Unavailable("no database".to_owned()),
        "other" => HostError::Other("who knows".to_owned()),
        other => panic!("no such failure: {other}"),
    };
    (name.to_owned(), error, words.get(2).map_or(0, |spared| spared.parse().unwrap()))
}

/// `denied`, `status 404`, `too-large 12000000000`, `unsupported`, `unavailable`, `other`, `page` (what a host says of a page)
fn file_failure(text: &str) -> FileError {
    let (how, number) = text.split_once(' ').unwrap_or((text, "0"));
    match how {
        "denied" => FileError::Denied,
        "status" => FileError::Status(number.parse().unwrap()),
        "too-large" => FileError::TooLarge(number.parse().unwrap()),
        "unsupported" => FileError::Unsupported,
        "unavailable" => FileError::Unavailable("connection reset".to_owned()),
        "page" => FileError::Unavailable("the other server answered with a page".to_owned()),
        "other" => FileError::Other("who knows".to_owned()),
        other => panic!("no such failure: {other}"),
    }
}

/// Members of `changes` replace those of `object`; a text replaces all of it.
fn merge(object: &mut Value, changes: &Value) {
    match (object.as_object_mut(), changes.as_object()) {
        (Some(object), Some(changes)) => object.extend(changes.clone()),
        _ => *object = changes.clone(),
    }
}

/// `90s`, `47m`, `25h`
fn duration_ms(text: &str) -> u64 {
    let (number, unit) = text.split_at(text.len() - 1);
    let unit_ms = match unit {
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        other => panic!("no such unit: {other}"),
    };
    number.parse::<u64>().unwrap() * unit_ms
}
