use std::collections::BTreeMap;

use chat_plugin_engine::api::posts::{Author, Card, Draft, Error, Patch, Post};

use super::directory::{BOT, Directory};

/// A post as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPost {
    /// As the contract shows it.
    pub post: Post,
    /// Its card, whole.
    pub card: Option<Card>,
}

/// A reply that one user alone sees, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateReply {
    /// Its id.
    pub id: String,
    /// Who sees it.
    pub user_id: String,
    /// What it says.
    pub draft: Draft,
}

/// The posts of all channels.
#[derive(Debug, Default)]
pub(super) struct Posts {
    pub(super) all: Vec<StoredPost>,
    pub(super) private: Vec<PrivateReply>,
    by_key: BTreeMap<String, String>,
    private_made: usize,
}

/// The most that `posts.recent` returns: fixed by the contract.
const RECENT: usize = 60;

impl Posts {
    pub(super) fn create(&mut self, people: &Directory, draft: Draft, now_ms: u64) -> Result<String, Error> {
        if let Some(id) = draft.idempotency_key.as_ref().and_then(|key| self.by_key.get(key)) {
            return Ok(id.clone());
        }
        self.check(people, &draft)?;
        let id = format!("post-{}", self.all.len() + 1);
        if let Some(key) = draft.idempotency_key {
            self.by_key.insert(key, id.clone());
        }
        let user_id = match draft.author {
            Author::Bot => BOT.to_owned(),
            Author::User(user_id) => user_id,
        };
        let (kind, data) = summary(draft.card.as_ref());
        let post = Post {
            id: id.clone(),
            channel_id: draft.channel_id,
            root_id: draft.root_id,
            user_id,
            message: draft.message,
            kind,
            data,
            by_plugin: true,
            created_ms: now_ms,
            deleted: false,
        };
        self.all.push(StoredPost { post, card: draft.card });
        Ok(id)
    }

    /// A message of somebody's.
    pub(super) fn say(&mut self, channel_id: &str, user_id: &str, message: &str, now_ms: u64) -> String {
        let id = format!("post-{}", self.all.len() + 1);
        let (kind, data) = summary(None);
        let post = Post {
            id: id.clone(),
            channel_id: channel_id.to_owned(),
            root_id: None,
            user_id: user_id.to_owned(),
            message: message.to_owned(),
            kind,
            data,
            by_plugin: false,
            created_ms: now_ms,
            deleted: false,
        };
        self.all.push(StoredPost { post, card: None });
        id
    }

    pub(super) fn update(&mut self, id: &str, patch: Patch) -> Result<(), Error> {
        let stored = self.find(id).filter(|stored| !stored.post.deleted).ok_or(Error::NotFound)?;
        if !stored.post.by_plugin {
            return Err(Error::Forbidden);
        }
        (stored.post.kind, stored.post.data) = summary(patch.card.as_ref());
        stored.post.message = patch.message;
        stored.card = patch.card;
        Ok(())
    }

    pub(super) fn delete(&mut self, id: &str) -> Result<(), Error> {
        let stored = self.find(id).ok_or(Error::NotFound)?;
        if !stored.post.by_plugin {
            return Err(Error::Forbidden);
        }
        stored.post.deleted = true;
        Ok(())
    }

    pub(super) fn get(&self, id: &str) -> Result<Post, Error> {
        let stored = self.all.iter().find(|stored| stored.post.id == id);
        stored.map(|stored| stored.post.clone()).ok_or(Error::NotFound)
    }

    pub(super) fn recent(&self, channel_id: &str, since_ms: u64) -> Vec<Post> {
        let newest_first = self.all.iter().rev().map(|stored| &stored.post);
        let wanted = newest_first
            .filter(|post| post.channel_id == channel_id && post.created_ms >= since_ms && !post.deleted);
        wanted.take(RECENT).cloned().collect()
    }

    pub(super) fn send_private(
        &mut self,
        people: &Directory,
        user_id: String,
        draft: Draft,
    ) -> Result<String, Error> {
        self.check(people, &draft)?;
        if !people.users.contains_key(&user_id) {
            return Err(Error::NotFound);
        }
        self.private_made += 1;
        let id = format!("private-{}", self.private_made);
        self.private.push(PrivateReply { id: id.clone(), user_id, draft });
        Ok(id)
    }

    pub(super) fn update_private(&mut self, user_id: &str, id: &str, draft: Draft) -> Result<(), Error> {
        let mut replies = self.private.iter_mut();
        let reply = replies.find(|reply| reply.id == id && reply.user_id == user_id);
        reply.ok_or(Error::NotFound)?.draft = draft;
        Ok(())
    }

    pub(super) fn delete_private(&mut self, user_id: &str, id: &str) {
        self.private.retain(|reply| reply.id != id || reply.user_id != user_id);
    }

    fn find(&mut self, id: &str) -> Option<&mut StoredPost> {
        self.all.iter_mut().find(|stored| stored.post.id == id)
    }

    /// Whether the draft's channel, author and thread exist and may be written to.
    fn check(&self, people: &Directory, draft: &Draft) -> Result<(), Error> {
        let channel = people.channels.get(&draft.channel_id).ok_or(Error::NotFound)?;
        if channel.archived {
            return Err(Error::Forbidden);
        }
        match &draft.author {
            Author::User(id) if !people.users.contains_key(id) => return Err(Error::NotFound),
            Author::User(_) | Author::Bot => {}
        }
        let Some(root_id) = &draft.root_id else {
            return Ok(());
        };
        let root = self.get(root_id).map_err(|_| Error::Invalid("no such thread".to_owned()))?;
        if root.channel_id != draft.channel_id || root.root_id.is_some() || root.deleted {
            return Err(Error::Invalid("the thread's first post is none of this channel".to_owned()));
        }
        Ok(())
    }
}

/// The card's kind and data as a post shows them.
fn summary(card: Option<&Card>) -> (String, String) {
    card.map_or_else(|| (String::new(), "{}".to_owned()), |card| (card.kind.clone(), card.data.clone()))
}
