//! The chat server: what it answers to each effect.

use super::World;
use crate::scenario::trace;
use zoom_chat::flow::{Effect, KvList, KvSet, Outcome};
use zoom_chat::model::{Author, Condition, HostError, Permission, Post, Server, Write};

/// How long it is known which post was made with a key: real servers forget it.
const KEPT_MS: u64 = 60_000;

impl World {
    /// What lies under the key that an effect writes.
    pub(crate) fn lies_under(&self, effect: &Effect) -> Option<Vec<u8>> {
        let (Effect::KvSet(KvSet { key, .. }) | Effect::KvDelete(key, _)) = effect else { return None };
        self.get(key)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each effect")]
    pub(crate) fn answer(&mut self, effect: &Effect) -> Outcome {
        let name = trace::name(effect);
        if let Some((failing, _, spared)) = self.failures.front_mut()
            && is_named(effect, name, failing)
        {
            if *spared > 0 {
                *spared -= 1;
            } else if let Some((_, error, _)) = self.failures.pop_front() {
                return failed(effect, error);
            }
        }
        match effect {
            Effect::About => Outcome::Server(Server {
                name: "Mattermost".to_owned(),
                site_url: self.site_url.clone(),
                plugin_url: self.plugin_url(),
                command_prefix: "/".to_owned(),
                locale: self.locale.clone(),
                post_history: self.post_history,
            }),
            Effect::Settings => Outcome::Settings(
                self.settings.as_str().map_or_else(|| self.settings.to_string(), str::to_owned),
            ),
            Effect::Findings(_) => Outcome::Findings(self.findings.clone()),
            Effect::Wake | Effect::Log(_) => Outcome::Done,
            Effect::Pause(ms) => {
                self.now_ms += u64::from(*ms);
                if let Some(line) = self.meanwhile.pop_front() {
                    assert!(self.set(&line), "no directive: {line}");
                }
                Outcome::Done
            }
            Effect::Http(request) => Outcome::Http(self.zoom(request)),
            Effect::KvGet(key) => Outcome::Value(Ok(self.get(key))),
            Effect::KvList(list) => Outcome::Keys(Ok(self.list(list))),
            Effect::KvSet(set) => Outcome::Write(Ok(self.put(set))),
            Effect::KvDelete(key, condition) => {
                if !self.holds(key, condition) {
                    return Outcome::Write(Ok(Write::Conflict));
                }
                self.keys.remove(key);
                Outcome::Write(Ok(Write::Stored))
            }
            Effect::FindUser(id) => Outcome::User(self.users.get(id).cloned().ok_or(HostError::NotFound)),
            Effect::FindChannel(id) => {
                Outcome::Channel(self.channels.get(id).cloned().ok_or(HostError::NotFound))
            }
            Effect::IsMember(who) => {
                Outcome::Answer(Ok(self.allowed(&who.user_id, "member", &who.channel_id)))
            }
            Effect::May(who, permission) => {
                let what = match permission {
                    Permission::CreatePost => "post",
                    Permission::ManageChannel => "manage",
                    Permission::Administer => "administer",
                };
                // Only members post.
                let is_member = *permission != Permission::CreatePost
                    || self.allowed(&who.user_id, "member", &who.channel_id);
                Outcome::Answer(Ok(is_member && self.allowed(&who.user_id, what, &who.channel_id)))
            }
            Effect::DirectChannel(user_id) => {
                Outcome::Id(Ok(format!("c-direct-{}", user_id.trim_start_matches("u-"))))
            }
            Effect::Preference(user_id, name) => {
                let whose = format!("{} {name}", user_id.trim_start_matches("u-"));
                Outcome::Preference(Ok(self.preferences.get(&whose).cloned()))
            }
            Effect::CreatePost(draft) => {
                let made = draft.idempotency_key.as_ref().and_then(|key| self.made.get(key));
                if let Some((id, made_ms)) = made
                    && self.now_ms < made_ms + KEPT_MS
                {
                    return Outcome::Id(Ok(id.clone()));
                }
                let id = format!("post-{}", self.posts.len() + 1);
                self.posts.push(Post {
                    id: id.clone(),
                    channel_id: draft.channel_id.clone(),
                    root_id: draft.root_id.clone(),
                    user_id: match &draft.author {
                        Author::Bot => "u-bot".to_owned(),
                        Author::User(id) => id.clone(),
                    },
                    kind: draft.card.as_ref().map(|card| card.kind.clone()).unwrap_or_default(),
                    data: draft.card.as_ref().map_or_else(|| "{}".to_owned(), |card| card.data.clone()),
                    by_plugin: true,
                    created_ms: self.now_ms.saturating_add_signed(self.server_ahead_ms),
                    deleted: false,
                });
                self.keep_buttons(&id, draft);
                if let Some(key) = &draft.idempotency_key {
                    self.made.insert(key.clone(), (id.clone(), self.now_ms));
                }
                Outcome::Id(Ok(id))
            }
            Effect::UpdatePost(id, patch) => {
                match self.posts.iter_mut().find(|post| post.id == *id && !post.deleted) {
                    Some(post) => {
                        self.touched.insert(id.clone(), self.now_ms);
                        post.data.clone_from(&patch.card.data);
                        Outcome::Updated(Ok(()))
                    }
                    None => Outcome::Updated(Err(HostError::NotFound)),
                }
            }
            Effect::RecentPosts(channel_id, since_ms) => {
                let is_new =
                    |post: &Post| post.created_ms.max(*self.touched.get(&post.id).unwrap_or(&0)) >= *since_ms;
                let found =
                    self.posts.iter().rev().filter(|post| post.channel_id == *channel_id && is_new(post));
                let found = found.filter(|post| self.post_history || !post.deleted);
                Outcome::Posts(Ok(found.cloned().collect()))
            }
            Effect::SendPrivate(_, draft, _) => {
                self.private += 1;
                let id = format!("private-{}", self.private);
                self.keep_buttons(&id, draft);
                Outcome::Id(Ok(id))
            }
            Effect::UpdatePrivate(_, id, draft) => {
                self.keep_buttons(id, draft);
                Outcome::Updated(Ok(()))
            }
            Effect::StoreResponse(_) => Outcome::File(match self.file_failures.pop_front() {
                Some(error) => Err(error),
                None => {
                    self.files += 1;
                    Ok(format!("file-{}", self.files))
                }
            }),
            Effect::OpenDialog(_, dialog) => {
                self.dialog = Some(dialog.clone());
                Outcome::Updated(Ok(()))
            }
            Effect::GetPost(id) => Outcome::Post(
                self.posts
                    .iter()
                    .find(|post| post.id == *id && (self.post_history || !post.deleted))
                    .cloned()
                    .ok_or(HostError::NotFound),
            ),
        }
    }

    fn allowed(&self, user_id: &str, what: &str, channel_id: &str) -> bool {
        let (user, channel) = (user_id.trim_start_matches("u-"), channel_id.trim_start_matches("c-"));
        self.channels.contains_key(channel_id) && !self.denied.contains(&format!("{user} {what} {channel}"))
    }

    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let (value, until) = self.keys.get(key)?;
        until.is_none_or(|until| until > self.now_ms).then(|| value.clone())
    }

    fn list(&self, list: &KvList) -> Vec<String> {
        let after = |key: &str| list.after.as_deref().is_none_or(|after| key > after);
        let keys = self.keys.keys().filter(|key| key.starts_with(&list.prefix) && after(key));
        keys.filter(|key| self.get(key).is_some()).take(list.limit as usize).cloned().collect()
    }

    fn put(&mut self, set: &KvSet) -> Write {
        if !self.holds(&set.key, &set.condition) {
            return Write::Conflict;
        }
        let until = set.expires_in_s.map(|s| self.now_ms + u64::from(s) * 1000);
        self.keys.insert(set.key.clone(), (set.value.clone(), until));
        Write::Stored
    }

    fn holds(&self, key: &str, condition: &Condition) -> bool {
        let current = self.get(key);
        match condition {
            Condition::Always => true,
            Condition::Absent => current.is_none(),
            Condition::Equals(bytes) => current.as_ref() == Some(bytes),
        }
    }
}

/// Whether an effect is the one that shall fail: by its name, and behind a colon by what its key begins with.
fn is_named(effect: &Effect, name: &str, failing: &str) -> bool {
    let Some((failing, prefix)) = failing.split_once(':') else { return failing == name };
    let has_key = |key: &str| failing == name && key.starts_with(prefix);
    matches!(effect, Effect::KvGet(key) | Effect::KvDelete(key, _) | Effect::KvSet(KvSet { key, .. }) if has_key(key))
}

fn failed(effect: &Effect, error: HostError) -> Outcome {
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
        Effect::About
        | Effect::Findings(_)
        | Effect::Settings
        | Effect::Wake
        | Effect::Pause(_)
        | Effect::Log(_)
        | Effect::StoreResponse(_)
        | Effect::Http(_) => {
            panic!("cannot fail: {effect:?}")
        }
    }
}
