//! What the host remembers of each post that it made: that it made it.
//!
//! The key-value store can be written by this plugin alone. The stamp on the post itself says the same without a call, but the author
//! of a post can take it away.

use super::super::keys::HOST_PREFIX;
use crate::api::{Api, ApiError, LogLevel};
use crate::model::PluginKVSetOptions;

/// How long a record is kept: far longer than Zoom reports about a meeting.
const LIFETIME_S: i64 = 90 * 24 * 3600;

/// Records that the host made the post. A record that cannot be written is logged: the post stands.
pub(super) async fn write(api: &Api, post_id: &str) {
    let options = PluginKVSetOptions { expire_in_seconds: LIFETIME_S, ..PluginKVSetOptions::default() };
    if let Err(error) = api.kv_set(key(post_id), b"made".to_vec(), options).await {
        let fields = [("post_id", post_id), ("error", &error.to_string())];
        api.note(LogLevel::Warn, "A post could not be recorded as made by the plugin.", &fields).await;
    }
}

/// Whether the host made the post, not too long ago.
pub(super) async fn has(api: &Api, post_id: &str) -> Result<bool, ApiError> {
    Ok(api.kv_get(key(post_id)).await?.is_some())
}

fn key(post_id: &str) -> String {
    format!("{HOST_PREFIX}post_{post_id}")
}
