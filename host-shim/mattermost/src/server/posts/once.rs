//! Making a post once, however often it is asked for.
//!
//! The server's own protection (`pending_post_id`) lasts for seconds, lives on one node, and is passed over for plugins. So the
//! key is claimed in the key-value store before the post is made, and holds the post's id afterwards.

use chat_plugin_engine::api::posts::Error;

use super::super::keys::{HOST_PREFIX, IF_ABSENT};
use super::records;
use crate::api::{Api, ApiError, LogLevel};
use crate::model::{PluginKVSetOptions, Post};

/// What a key holds while its post is being made. No id looks like it.
const CLAIMED: &[u8] = b"-";
/// How long a claim outlives a crash in the middle. Longer than any call takes.
const CLAIM_S: i64 = 60;
/// How long a key gives back its post.
const LIFETIME_S: i64 = 24 * 3600;

/// Makes the post, or returns the id of the one that was made under this key before.
///
/// Runs to its end even when nobody waits for it any more: a post that is made but not noted would be made again.
pub(super) async fn create(
    api: &Api,
    idempotency_key: Option<String>,
    post: Post,
    prop_names: Vec<String>,
) -> Result<String, Error> {
    let api = api.clone();
    let made = tokio::spawn(async move {
        let key = idempotency_key.map(|key| self::key(&key));
        if let Some(key) = &key
            && let Some(id) = claim(&api, key).await?
        {
            return Ok(id);
        }
        let made = api.create_post(post).await;
        if let Some(key) = key {
            settle(&api, key, made.as_ref().map(|post| post.id.as_str())).await;
        }
        let id = made?.id;
        records::write(&api, &id, &prop_names).await;
        Ok(id)
    });
    made.await.unwrap_or_else(|panic| Err(Error::Other(panic.to_string())))
}

/// Notes what became of the claim.
async fn settle(api: &Api, key: String, made: Result<&str, &ApiError>) {
    match made {
        Ok(id) => {
            let options =
                PluginKVSetOptions { expire_in_seconds: LIFETIME_S, ..PluginKVSetOptions::default() };
            if let Err(error) = api.kv_set(key, id.into(), options).await {
                let fields = [("post_id", id), ("error", &error.to_string())];
                api.note(LogLevel::Warn, "A post may be made twice if it is asked for again.", &fields).await;
            }
        }
        Err(ApiError::Refused { .. }) => {
            let _ = api.kv_delete(key).await;
        }
        // Without an answer the post may exist: the claim keeps a second one away until it ends.
        Err(ApiError::Rpc(_) | ApiError::NotConnected | ApiError::Empty(_)) => {}
    }
}

/// `None`: the key is ours to make the post. Else the id of its post.
async fn claim(api: &Api, key: &str) -> Result<Option<String>, Error> {
    // A second round for a claim that ends between the two calls.
    for _ in 0..2 {
        let options = PluginKVSetOptions { expire_in_seconds: CLAIM_S, ..IF_ABSENT };
        if api.kv_set(key.into(), CLAIMED.to_vec(), options).await? {
            return Ok(None);
        }
        match api.kv_get(key.into()).await? {
            Some(value) if value == CLAIMED => break,
            Some(id) => return Ok(Some(String::from_utf8_lossy(&id).into_owned())),
            None => {}
        }
    }
    Err(Error::Unavailable("the same post is being made already".into()))
}

/// Of a fixed length, whatever the plugin's key is.
fn key(idempotency_key: &str) -> String {
    let digest = hmac_sha256::Hash::hash(idempotency_key.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{HOST_PREFIX}once_{hex}")
}
