//! What open pages are told at once.

use crate::model::Channel;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Pages that lag behind by more than this are told to load everything anew.
const NEWS_MAX: usize = 256;

/// Something that a page shows.
#[derive(Debug)]
pub struct News {
    to: Audience,
    /// A JSON object with a `type`.
    pub body: Value,
}

/// Whose pages get it.
#[derive(Debug)]
enum Audience {
    Everybody,
    Users(Vec<String>),
}

impl News {
    /// Whether this user's pages get it.
    pub fn is_for(&self, user_id: &str) -> bool {
        match &self.to {
            Audience::Everybody => true,
            Audience::Users(ids) => ids.iter().any(|id| id == user_id),
        }
    }
}

/// Hands news to every open page. Clones share the pages.
#[derive(Clone, Debug)]
pub struct Hub(broadcast::Sender<Arc<News>>);

impl Default for Hub {
    fn default() -> Self {
        Self(broadcast::Sender::new(NEWS_MAX))
    }
}

impl Hub {
    /// Tells every page.
    pub fn tell_everybody(&self, body: Value) {
        self.tell(Audience::Everybody, body);
    }

    /// Tells the pages of one user.
    pub fn tell_user(&self, user_id: &str, body: Value) {
        self.tell(Audience::Users(vec![user_id.to_owned()]), body);
    }

    /// Tells the pages of a channel's members.
    pub fn tell_members(&self, channel: &Channel, body: Value) {
        self.tell(Audience::Users(channel.members.clone()), body);
    }

    /// The news from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<News>> {
        self.0.subscribe()
    }

    fn tell(&self, to: Audience, body: Value) {
        // Nobody listening is fine.
        let _ = self.0.send(Arc::new(News { to, body }));
    }
}
