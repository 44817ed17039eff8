//! Private replies and open forms: they live in memory, as long as the program runs.

use crate::model::{Card, Post};
use chat_plugin_engine::api::frontend::Dialog;
use std::collections::VecDeque;

/// Private replies that are kept; older ones go.
const REPLIES_MAX: usize = 500;
/// Forms that wait for an answer, and presses that may still open one; older ones go.
const FORMS_MAX: usize = 100;

/// A message that one user alone sees.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateReply {
    /// Who sees it.
    pub for_user_id: String,
    /// The message. Its id begins with `private`.
    pub post: Post,
}

/// The private replies of all users.
#[derive(Debug, Default)]
pub struct PrivateReplies {
    replies: VecDeque<PrivateReply>,
    last: u64,
}

impl PrivateReplies {
    /// Keeps a reply, and gives it an id.
    pub fn add(&mut self, for_user_id: &str, mut post: Post) -> Post {
        self.last += 1;
        post.id = format!("private{:06}", self.last);
        if self.replies.len() == REPLIES_MAX {
            self.replies.pop_front();
        }
        self.replies.push_back(PrivateReply { for_user_id: for_user_id.to_owned(), post: post.clone() });
        post
    }

    /// One user's replies in a channel, oldest first.
    pub fn of(&self, user_id: &str, channel_id: &str) -> Vec<Post> {
        let theirs = self.replies.iter().filter(|reply| reply.for_user_id == user_id);
        theirs.map(|reply| &reply.post).filter(|post| post.channel_id == channel_id).cloned().collect()
    }

    /// One user's reply by its id.
    pub fn get(&self, user_id: &str, id: &str) -> Option<&Post> {
        let found = self.replies.iter().find(|reply| reply.post.id == id && reply.for_user_id == user_id);
        found.map(|reply| &reply.post)
    }

    /// Replaces what a reply says.
    pub fn update(&mut self, user_id: &str, id: &str, message: String, card: Option<Card>) -> Option<Post> {
        let found =
            self.replies.iter_mut().find(|reply| reply.post.id == id && reply.for_user_id == user_id)?;
        found.post.message = message;
        found.post.card = card;
        Some(found.post.clone())
    }

    /// Takes a reply away.
    pub fn remove(&mut self, user_id: &str, id: &str) -> Option<Post> {
        let index =
            self.replies.iter().position(|reply| reply.post.id == id && reply.for_user_id == user_id)?;
        self.replies.remove(index).map(|reply| reply.post)
    }
}

/// A press of a button or a command, which may open one form.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Trigger {
    id: String,
    user_id: String,
    channel_id: String,
}

/// A form that waits for its answer. The page gets all of it but the state.
#[derive(Clone, Debug)]
pub struct OpenForm {
    /// Names it in the page.
    pub id: String,
    /// Who may answer it.
    pub user_id: String,
    /// Where it was opened.
    pub channel_id: String,
    /// What is asked.
    pub dialog: Dialog,
}

/// Forms, and what may open them.
#[derive(Debug, Default)]
pub struct Forms {
    triggers: VecDeque<Trigger>,
    open: VecDeque<OpenForm>,
    last: u64,
}

impl Forms {
    /// A new trigger for something that this user just did there.
    pub fn trigger(&mut self, user_id: &str, channel_id: &str) -> String {
        let id = self.next_id("trigger");
        if self.triggers.len() == FORMS_MAX {
            self.triggers.pop_front();
        }
        let trigger =
            Trigger { id: id.clone(), user_id: user_id.to_owned(), channel_id: channel_id.to_owned() };
        self.triggers.push_back(trigger);
        id
    }

    /// Opens a form on a trigger, which is used up by it.
    pub fn open(&mut self, trigger_id: &str, dialog: Dialog) -> Option<OpenForm> {
        let index = self.triggers.iter().position(|trigger| trigger.id == trigger_id)?;
        let Trigger { user_id, channel_id, .. } = self.triggers.remove(index)?;
        let form = OpenForm { id: self.next_id("form"), user_id, channel_id, dialog };
        if self.open.len() == FORMS_MAX {
            self.open.pop_front();
        }
        self.open.push_back(form.clone());
        Some(form)
    }

    /// The form with this id, if it waits for this user.
    pub fn get(&self, user_id: &str, id: &str) -> Option<OpenForm> {
        self.open.iter().find(|form| form.id == id && form.user_id == user_id).cloned()
    }

    /// The form was answered.
    pub fn close(&mut self, id: &str) {
        self.open.retain(|form| form.id != id);
    }

    fn next_id(&mut self, kind: &str) -> String {
        self.last += 1;
        format!("{kind}{:06}", self.last)
    }
}
