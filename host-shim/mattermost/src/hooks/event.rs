//! Something happened in the chat server.

use std::time::{SystemTime, UNIX_EPOCH};

use chat_plugin_engine::api::hooks::Event;
use chat_plugin_engine::{CallError, Party};
use serde_json::{Value, json};

use super::{Hooks, delivery_id};
use crate::goplugin::Empty;
use crate::model::{
    MessageHasBeenDeletedArgs, MessageHasBeenPostedArgs, UserHasBeenDeactivatedArgs, UserHasLeftChannelArgs,
};

type Answer = Result<Empty, String>;

/// Mattermost's hook that tells of this event; `None` for what this server does not tell of.
pub(super) fn hook_of(event: &str) -> Option<&'static str> {
    match event {
        "message-posted" => Some("MessageHasBeenPosted"),
        "post-deleted" => Some("MessageHasBeenDeleted"),
        "user-deactivated" => Some("UserHasBeenDeactivated"),
        "member-left" => Some("UserHasLeftChannel"),
        _ => None,
    }
}

impl Hooks {
    pub(super) async fn message_has_been_posted(&self, args: MessageHasBeenPostedArgs) -> Answer {
        let post = args.b.unwrap_or_default();
        // The plugin knows what its own bot says.
        if post.user_id == self.server().facts().bot_id {
            return Ok(Empty {});
        }
        let payload = json!({
            "post-id": post.id,
            "channel-id": post.channel_id,
            "root-id": post.root_id,
            "user-id": post.user_id,
            "text": post.message,
        });
        self.tell("message-posted", &[&post.id], u64::try_from(post.create_at).ok(), payload).await
    }

    pub(super) async fn message_has_been_deleted(&self, args: MessageHasBeenDeletedArgs) -> Answer {
        let post = args.b.unwrap_or_default();
        let at_ms = u64::try_from(post.delete_at).ok().filter(|at| *at > 0);
        self.tell("post-deleted", &[&post.id], at_ms, json!({"post-id": post.id})).await
    }

    pub(super) async fn user_has_been_deactivated(&self, args: UserHasBeenDeactivatedArgs) -> Answer {
        let user = args.b.unwrap_or_default();
        let at_ms = u64::try_from(user.delete_at).ok().filter(|at| *at > 0);
        let once = [user.id.as_str(), &user.delete_at.to_string()];
        self.tell("user-deactivated", &once, at_ms, json!({"user-id": user.id})).await
    }

    pub(super) async fn user_has_left_channel(&self, args: UserHasLeftChannelArgs) -> Answer {
        let member = args.b.unwrap_or_default();
        // A user may leave the same channel many times; the request tells one from another.
        let request_id = args.a.unwrap_or_default().request_id;
        let once = [request_id.as_str(), &member.channel_id, &member.user_id];
        let payload = json!({"channel-id": member.channel_id, "user-id": member.user_id});
        self.tell("member-left", &once, None, payload).await
    }

    /// One more of them than the plugin takes. The server expects no answer to an event, but one that it gets is no error to it.
    pub(super) async fn refuse_event<A: Send>(&self, _: A) -> Answer {
        self.failed(&Party::Event, "handle-event", &CallError::Busy).await;
        Ok(Empty {})
    }

    /// `once`: what tells this event from others of its name. `at_ms`: `None` for now.
    async fn tell(&self, name: &str, once: &[&str], at_ms: Option<u64>, payload: Value) -> Answer {
        let parts: Vec<&str> = ["event", name].into_iter().chain(once.iter().copied()).collect();
        let event = Event {
            id: delivery_id(&parts),
            name: name.into(),
            at_ms: at_ms.unwrap_or_else(now_ms),
            payload: payload.to_string(),
        };
        if let Err(error) = self.running()?.handle_event(event).await {
            self.failed(&Party::Event, "handle-event", &error).await;
        }
        Ok(Empty {})
    }
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}
