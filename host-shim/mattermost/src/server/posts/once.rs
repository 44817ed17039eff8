//! Making a post once, however often it is asked for.
//!
//! The server's own protection (`pending_post_id`) lasts for seconds, lives on one node, and is passed over for plugins. So the
//! key is claimed in the key-value store before the post is made. The claim says to the millisecond when the post is made, so that
//! one whose maker died right after making it is found again by that and by its stamp. Nothing has to be noted behind it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use chat_plugin_engine::api::posts::Error;

use super::super::keys::{HOST_PREFIX, IF_ABSENT};
use super::records;
use super::stamp::Stamp;
use crate::api::{Api, ApiError};
use crate::model::{PluginKVSetOptions, Post};
use crate::seal::Sealer;

/// How long a claim keeps others away. Longer than any call takes: whoever made it has died by then, or was refused.
const CLAIM_MS: u64 = 60_000;
/// How long a key gives back its post.
const LIFETIME_S: i64 = 24 * 3600;

/// A post to be made.
pub(super) struct Making {
    pub(super) api: Api,
    pub(super) sealer: Arc<Sealer>,
    pub(super) post: Post,
    pub(super) stamp: Stamp,
    /// It is in a user's name, who can take its stamp away.
    pub(super) by_user: bool,
}

impl Making {
    /// Makes the post, or returns the id of the one that was made under this key before.
    ///
    /// Runs to its end even when nobody waits for it any more.
    pub(super) async fn run(self, idempotency_key: Option<&str>) -> Result<String, Error> {
        let once = idempotency_key.map(name);
        let made = tokio::spawn(async move { self.make(once).await });
        made.await.unwrap_or_else(|panic| Err(Error::Other(panic.to_string())))
    }

    async fn make(mut self, once: Option<String>) -> Result<String, Error> {
        let key = once.as_ref().map(|once| format!("{HOST_PREFIX}once_{once}"));
        let now_ms = now_ms();
        self.stamp.once = once;
        if let Some(key) = &key
            && let Some(id) = self.claim(key, now_ms).await?
        {
            return Ok(id);
        }
        self.post.create_at = i64::try_from(now_ms).unwrap_or(i64::MAX);
        self.stamp.write(&self.sealer, &mut self.post);
        let made = self.api.create_post(self.post).await;
        if let (Some(key), Err(ApiError::Refused { .. })) = (key, &made) {
            // There is no post, and the next one to ask need not wait. Without an answer there may be one: the claim stays.
            let _ = self.api.kv_delete(key).await;
        }
        let id = made?.id;
        Self::record(&self.api, self.by_user, &id).await;
        Ok(id)
    }

    async fn record(api: &Api, by_user: bool, id: &str) {
        if by_user {
            records::write(api, id).await;
        }
    }

    /// `None`: the key is ours to make the post. Else the id of its post.
    async fn claim(&self, key: &str, now_ms: u64) -> Result<Option<String>, Error> {
        let claim = now_ms.to_string().into_bytes();
        let options = PluginKVSetOptions { expire_in_seconds: LIFETIME_S, ..IF_ABSENT };
        // A second round for a claim that ends between two calls.
        for _ in 0..2 {
            if self.api.kv_set(key.into(), claim.clone(), options.clone()).await? {
                return Ok(None);
            }
            let Some(old_value) = self.api.kv_get(key.into()).await? else { continue };
            let claimed_ms: u64 =
                std::str::from_utf8(&old_value).ok().and_then(|text| text.parse().ok()).unwrap_or_default();
            if let Some(id) = self.find(claimed_ms).await? {
                // Its maker may have died before that.
                Self::record(&self.api, self.by_user, &id).await;
                return Ok(Some(id));
            }
            if now_ms.saturating_sub(claimed_ms) < CLAIM_MS {
                break;
            }
            let options = PluginKVSetOptions { old_value, ..options.clone() };
            if self.api.kv_set(key.into(), claim.clone(), options).await? {
                return Ok(None);
            }
        }
        Err(Error::Unavailable("the same post is being made already".into()))
    }

    /// The post that was made under a claim of this time.
    async fn find(&self, claimed_ms: u64) -> Result<Option<String>, Error> {
        let made_at = i64::try_from(claimed_ms).unwrap_or(i64::MAX);
        let since =
            self.api.post_heads_since(self.post.channel_id.clone(), made_at.saturating_sub(1)).await?;
        for head in since {
            if head.create_at != made_at || head.user_id != self.post.user_id {
                continue;
            }
            // Of a deleted post nothing more can be read, and nothing more is to be made.
            if head.delete_at > 0 && head.r#type == self.post.r#type {
                return Ok(Some(head.id));
            }
            let post = match self.api.post(head.id).await {
                Ok(post) => post,
                Err(error) if error.is_not_found() => continue,
                Err(error) => return Err(error.into()),
            };
            if Stamp::read(&self.sealer, &post).is_some_and(|stamp| stamp.once == self.stamp.once) {
                return Ok(Some(post.id));
            }
        }
        Ok(None)
    }
}

/// Of a fixed length, whatever the plugin's key is.
fn name(idempotency_key: &str) -> String {
    base16ct::lower::encode_string(&hmac_sha256::Hash::hash(idempotency_key.as_bytes())[..16])
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}
