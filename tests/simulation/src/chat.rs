//! The chat server: people, channels, posts. No better than real ones: it forgets idempotency keys, checks no permission when the
//! plugin posts, and shows a post to others before its maker knows of it.

use crate::cast::{self, ADMIN, CHANNELS, MEMBERS, USERS};
use std::collections::BTreeMap;
use zoom_chat::model::{
    Author, Button, Card, Channel, ChannelKind, Draft, HostError, Patch, Permission, Post, User,
};

/// How long the server knows an idempotency key.
const KEY_LIFE_MS: u64 = 60_000;

/// A post, and what is written nowhere else.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    pub(crate) post: Post,
    /// Written since its author or the channel's end made that impossible? Then its last state may be missing.
    pub(crate) out_of_reach: bool,
}

/// What one user sees.
#[derive(Debug, Clone)]
pub(crate) struct Private {
    pub(crate) user: usize,
    pub(crate) channel_id: String,
    pub(crate) buttons: Vec<Button>,
    /// What it came of.
    pub(crate) origin: u32,
}

/// What somebody may in a channel, and since when not.
#[derive(Debug, Clone, Copy)]
struct Right {
    member: bool,
    may_post: bool,
    /// When all was well last.
    last_ms: u64,
}

#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) posts: Vec<Posted>,
    pub(crate) private: Vec<Private>,
    rights: [[Right; CHANNELS]; USERS],
    pub(crate) archived: [bool; CHANNELS],
    pub(crate) gone: [bool; USERS],
    /// The plugin's own rule for the channel, as the store has it.
    pub(crate) rules: [Option<bool>; CHANNELS],
    pub(crate) restrict: bool,
    keys: BTreeMap<String, (String, u64)>,
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) keeps_deleted: bool,
}

impl Chat {
    pub(crate) fn new(now_ms: u64, restrict: bool, keeps_deleted: bool) -> Self {
        let right = |member| Right { member, may_post: true, last_ms: now_ms };
        Self {
            posts: Vec::new(),
            private: Vec::new(),
            rights: MEMBERS.map(|of| of.map(right)),
            archived: [false; CHANNELS],
            gone: [false; USERS],
            rules: [None; CHANNELS],
            restrict,
            keys: BTreeMap::new(),
            files: BTreeMap::new(),
            keeps_deleted,
        }
    }

    /// Before something changes about who may do what: notes how long all was well.
    pub(crate) fn note_rights(&mut self, now_ms: u64) {
        for user in 0..USERS {
            for channel in 0..CHANNELS {
                if self.allowed(user, channel) {
                    self.rights[user][channel].last_ms = now_ms;
                }
            }
        }
    }

    /// Whether a user may post a meeting in a channel.
    pub(crate) fn allowed(&self, user: usize, channel: usize) -> bool {
        let right = self.rights[user][channel];
        right.member
            && right.may_post
            && !self.gone[user]
            && !self.archived[channel]
            && !self.is_restricted(channel)
    }

    fn is_restricted(&self, channel: usize) -> bool {
        let public = kind(channel) == ChannelKind::Public;
        kind(channel) != ChannelKind::Direct && self.rules[channel].unwrap_or(self.restrict && public)
    }

    /// Whether that was so at any time since then.
    pub(crate) fn was_allowed(&self, user: usize, channel: usize, since_ms: u64) -> bool {
        self.allowed(user, channel) || self.rights[user][channel].last_ms >= since_ms
    }

    pub(crate) fn set_member(&mut self, user: usize, channel: usize, member: bool) {
        if kind(channel) != ChannelKind::Direct {
            self.rights[user][channel].member = member;
        }
    }

    pub(crate) fn set_may_post(&mut self, user: usize, channel: usize, may_post: bool) {
        self.rights[user][channel].may_post = may_post;
    }

    pub(crate) fn archive(&mut self, channel: usize, archived: bool) {
        if kind(channel) == ChannelKind::Direct {
            return;
        }
        self.archived[channel] = archived;
        let id = cast::channel_id(channel);
        for posted in self.posts.iter_mut().filter(|posted| posted.post.channel_id == id) {
            posted.out_of_reach = true;
        }
    }

    pub(crate) fn find_user(&self, id: &str) -> Result<User, HostError> {
        let user = cast::user_of(id).filter(|_| id.starts_with("u-")).ok_or(HostError::NotFound)?;
        Ok(User {
            id: id.to_owned(),
            username: cast::username(user).to_owned(),
            display_name: cast::username(user).to_owned(),
            email: Some(cast::email(user)),
            locale: "en".to_owned(),
            is_admin: user == ADMIN,
            is_deactivated: self.gone[user],
            ..User::default()
        })
    }

    pub(crate) fn find_channel(&self, id: &str) -> Result<Channel, HostError> {
        let channel = cast::channel_of(id).ok_or(HostError::NotFound)?;
        Ok(Channel {
            id: id.to_owned(),
            kind: kind(channel),
            display_name: cast::CHANNEL_NAMES[channel].to_owned(),
            archived: self.archived[channel],
        })
    }

    fn right(&self, user_id: &str, channel_id: &str) -> Option<Right> {
        Some(self.rights[cast::user_of(user_id)?][cast::channel_of(channel_id)?])
    }

    pub(crate) fn is_member(&self, user_id: &str, channel_id: &str) -> bool {
        self.right(user_id, channel_id).is_some_and(|right| right.member)
    }

    pub(crate) fn may(&self, user_id: &str, channel_id: &str, permission: Permission) -> bool {
        let is_admin = cast::user_of(user_id) == Some(ADMIN);
        match permission {
            Permission::CreatePost => {
                self.right(user_id, channel_id).is_some_and(|right| right.member && right.may_post)
            }
            Permission::ManageChannel | Permission::Administer => is_admin,
        }
    }

    pub(crate) fn create(&mut self, draft: &Draft, now_ms: u64) -> Result<String, HostError> {
        if let Some((id, at_ms)) = draft.idempotency_key.as_ref().and_then(|key| self.keys.get(key))
            && at_ms + KEY_LIFE_MS > now_ms
        {
            return Ok(id.clone());
        }
        if let Some(channel) = cast::channel_of(&draft.channel_id) {
            if self.archived[channel] {
                return Err(HostError::Forbidden);
            }
        } else if !draft.channel_id.starts_with("c-direct-") {
            return Err(HostError::NotFound);
        }
        if let Some(root_id) = &draft.root_id
            && !self.posts.iter().any(|posted| posted.post.id == *root_id && !posted.post.deleted)
        {
            return Err(HostError::NotFound);
        }
        let id = format!("post-{}", self.posts.len() + 1);
        let (kind, data) = shown(draft.card.as_ref());
        let post = Post {
            id: id.clone(),
            channel_id: draft.channel_id.clone(),
            root_id: draft.root_id.clone(),
            user_id: match &draft.author {
                Author::Bot => "u-bot".to_owned(),
                Author::User(id) => id.clone(),
            },
            kind,
            data,
            by_plugin: true,
            created_ms: now_ms,
            deleted: false,
        };
        self.posts.push(Posted { post, out_of_reach: false });
        if let Some(key) = &draft.idempotency_key {
            self.keys.insert(key.clone(), (id.clone(), now_ms));
        }
        Ok(id)
    }

    pub(crate) fn update(&mut self, id: &str, patch: &Patch) -> Result<(), HostError> {
        let archived = self.archived;
        let posted = self.find(id).ok_or(HostError::NotFound)?;
        if cast::channel_of(&posted.post.channel_id).is_some_and(|channel| archived[channel]) {
            return Err(HostError::Forbidden);
        }
        posted.post.data.clone_from(&patch.card.data);
        Ok(())
    }

    fn find(&mut self, id: &str) -> Option<&mut Posted> {
        self.posts.iter_mut().find(|posted| posted.post.id == id && !posted.post.deleted)
    }

    pub(crate) fn get(&self, id: &str) -> Result<Post, HostError> {
        let posted = self.posts.iter().find(|posted| posted.post.id == id).ok_or(HostError::NotFound)?;
        match posted.post.deleted && !self.keeps_deleted {
            true => Err(HostError::NotFound),
            false => Ok(posted.post.clone()),
        }
    }

    pub(crate) fn recent(&self, channel_id: &str, since_ms: u64) -> Vec<Post> {
        let posts = self.posts.iter().rev().map(|posted| &posted.post);
        let found = posts.filter(|post| post.channel_id == channel_id && post.created_ms >= since_ms);
        found.take(60).cloned().collect()
    }

    pub(crate) fn send_private(&mut self, user_id: &str, draft: &Draft, origin: u32) -> String {
        let user = cast::user_of(user_id).unwrap_or_default();
        let (buttons, channel_id) = (buttons(draft), draft.channel_id.clone());
        self.private.push(Private { user, channel_id, buttons, origin });
        format!("private-{}", self.private.len())
    }

    pub(crate) fn update_private(&mut self, id: &str, draft: &Draft) -> Result<(), HostError> {
        let index = id.strip_prefix("private-").and_then(|number| number.parse::<usize>().ok());
        let private = index.and_then(|index| self.private.get_mut(index - 1)).ok_or(HostError::NotFound)?;
        private.buttons = buttons(draft);
        Ok(())
    }

    /// The question that a user was asked last, and its name.
    pub(crate) fn question(&self, user: usize) -> Option<(String, &Private)> {
        let mut asked = self.private.iter().enumerate().rev();
        let (index, private) =
            asked.find(|(_, private)| private.user == user && !private.buttons.is_empty())?;
        Some((format!("private-{}", index + 1), private))
    }

    /// The author deletes the newest card.
    pub(crate) fn delete_card(&mut self, user: usize) {
        let (id, bot) = (cast::user_id(user), user == ADMIN);
        let is_its = |posted: &&mut Posted| {
            let post = &posted.post;
            let may = post.user_id == id || (bot && post.user_id == "u-bot");
            may && !post.deleted && post.kind == zoom_chat::meeting::card::KIND
        };
        if let Some(posted) = self.posts.iter_mut().rev().find(is_its) {
            posted.post.deleted = true;
        }
    }
}

fn kind(channel: usize) -> ChannelKind {
    match channel {
        0 | 2 => ChannelKind::Public,
        1 => ChannelKind::Private,
        _ => ChannelKind::Direct,
    }
}

fn shown(card: Option<&Card>) -> (String, String) {
    card.map_or_else(|| (String::new(), "{}".to_owned()), |card| (card.kind.clone(), card.data.clone()))
}

fn buttons(draft: &Draft) -> Vec<Button> {
    draft.card.as_ref().map(|card| card.buttons.clone()).unwrap_or_default()
}
