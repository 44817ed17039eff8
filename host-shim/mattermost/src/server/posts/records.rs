//! What the host remembers of each post that it made: that it made it, and which props are its own.
//!
//! A post tells nothing reliable about itself, because its author can give it any props. The key-value store can be written by this
//! plugin alone. One small entry a post was chosen over a seal within the post: a seal would have to be bound to the
//! post's id, which is known only after the post is made, and a second write would mark the post as edited.

use super::super::keys::HOST_PREFIX;
use crate::api::{Api, LogLevel};
use crate::model::PluginKVSetOptions;

/// How long a record is kept: far longer than Zoom reports about a meeting.
const LIFETIME_S: i64 = 90 * 24 * 3600;

/// Records that the host made the post, and the names of its props. A record that cannot be written is logged: the post stands.
pub(super) async fn write(api: &Api, post_id: &str, prop_names: &[String]) {
    let value = serde_json::json!(prop_names).to_string().into_bytes();
    let options = PluginKVSetOptions { expire_in_seconds: LIFETIME_S, ..PluginKVSetOptions::default() };
    if let Err(error) = api.kv_set(key(post_id), value, options).await {
        let fields = [("post_id", post_id), ("error", &error.to_string())];
        api.note(LogLevel::Warn, "A post could not be recorded as made by the plugin.", &fields).await;
    }
}

/// The names of the props that the host gave the post; `None` if it did not make the post, or made it long ago.
pub(super) async fn read(api: &Api, post_id: &str) -> Option<Vec<String>> {
    let value = api.kv_get(key(post_id)).await.ok()??;
    serde_json::from_slice(&value).ok()
}

fn key(post_id: &str) -> String {
    format!("{HOST_PREFIX}post_{post_id}")
}
