//! The key-value store, and what the host itself keeps there.

use std::collections::BTreeSet;

use chat_plugin_engine::api::key_value::{Condition, Error, Outcome};

use super::Mattermost;
use super::fault::{read_error, write_error};
use crate::api::ApiError;
use crate::model::PluginKVSetOptions;
use crate::seal::Sealer;

/// Keys of the host itself begin with this. The component reaches none of them.
pub(super) const HOST_PREFIX: &str = "mm_host_";
/// Mattermost keeps the bot's id below this.
const SERVER_PREFIX: &str = "mmi_";
/// The key that seals what leaves the server.
const SEAL_KEY: &str = "mm_host_seal_key";
/// Length of a key, in bytes. The server counts characters, so that this always fits.
const MAX_KEY_BYTES: usize = 150;
/// Keys that are listed in one call.
const KEYS_PER_PAGE: usize = 1_000;
/// Two million keys: one that lists on has been told nonsense.
const MAX_PAGES: usize = 2_000;

/// Sets a key that is missing.
pub(super) const IF_ABSENT: PluginKVSetOptions =
    PluginKVSetOptions { atomic: true, old_value: Vec::new(), expire_in_seconds: 0 };

pub(super) async fn get(server: &Mattermost, key: String) -> Result<Option<Vec<u8>>, Error> {
    check(&key)?;
    server.api().map_err(read_error)?.kv_get(key).await.map_err(read_error)
}

pub(super) async fn set(
    server: &Mattermost,
    key: String,
    value: Vec<u8>,
    expires_in_s: Option<u32>,
    condition: Condition,
) -> Result<Outcome, Error> {
    check(&key)?;
    if value.is_empty() {
        return Err(Error::Other("an empty value cannot be stored".into()));
    }
    // The server takes 0 for never.
    let expire_in_seconds = expires_in_s.map_or(0, |seconds| i64::from(seconds.max(1)));
    let options = match condition {
        Condition::Always => PluginKVSetOptions { expire_in_seconds, ..PluginKVSetOptions::default() },
        Condition::Absent => PluginKVSetOptions { expire_in_seconds, ..IF_ABSENT },
        // No key holds an empty value, and the server would take it for a missing key.
        Condition::Equals(old_value) if old_value.is_empty() => return Ok(Outcome::Conflict),
        Condition::Equals(old_value) => PluginKVSetOptions { atomic: true, old_value, expire_in_seconds },
    };
    let stored = server.api().map_err(write_error)?.kv_set(key, value, options).await.map_err(write_error)?;
    Ok(outcome(stored))
}

pub(super) async fn delete(server: &Mattermost, key: String, condition: Condition) -> Result<Outcome, Error> {
    check(&key)?;
    let api = server.api().map_err(write_error)?;
    match condition {
        Condition::Always => api.kv_delete(key).await.map(|()| Outcome::Stored).map_err(write_error),
        Condition::Absent => api.kv_get(key).await.map(|value| outcome(value.is_none())).map_err(read_error),
        Condition::Equals(old_value) if old_value.is_empty() => Ok(Outcome::Conflict),
        Condition::Equals(old_value) => {
            let options = PluginKVSetOptions { atomic: true, old_value, ..PluginKVSetOptions::default() };
            api.kv_set(key, Vec::new(), options).await.map(outcome).map_err(write_error)
        }
    }
}

/// The server lists all keys, page by page, in an order of its own and without a prefix. What is held is no more than what is answered.
pub(super) async fn list(
    server: &Mattermost,
    prefix: &str,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<String>, Error> {
    let api = server.api().map_err(read_error)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut listed = BTreeSet::new();
    for page in 0..MAX_PAGES {
        let keys = api.kv_list(page, KEYS_PER_PAGE).await.map_err(read_error)?;
        let is_last = keys.len() < KEYS_PER_PAGE;
        let wanted = keys.into_iter().filter(|key| {
            key.starts_with(prefix) && !is_taken(key) && after.is_none_or(|after| key.as_str() > after)
        });
        for key in wanted {
            listed.insert(key);
            if listed.len() > limit {
                listed.pop_last();
            }
        }
        if is_last {
            return Ok(listed.into_iter().collect());
        }
    }
    Err(Error::Unavailable("the server keeps too many keys to list them".into()))
}

/// The sealer under the key that all nodes share; the first one to need it makes it.
pub(super) async fn sealer(server: &Mattermost) -> Result<Sealer, ApiError> {
    let api = server.api()?;
    if api.kv_get(SEAL_KEY.into()).await?.is_none() {
        // Whoever loses the race takes the winner's key below.
        api.kv_set(SEAL_KEY.into(), Sealer::generate_key().to_vec(), IF_ABSENT).await?;
    }
    let key = api.kv_get(SEAL_KEY.into()).await?;
    key.and_then(|key| Sealer::new(&key)).ok_or(ApiError::Empty("KVGet of the key for sealing"))
}

fn check(key: &str) -> Result<(), Error> {
    if key.is_empty() || key.len() > MAX_KEY_BYTES || is_taken(key) { Err(Error::InvalidKey) } else { Ok(()) }
}

fn is_taken(key: &str) -> bool {
    key.starts_with(HOST_PREFIX) || key.starts_with(SERVER_PREFIX)
}

fn outcome(done: bool) -> Outcome {
    if done { Outcome::Stored } else { Outcome::Conflict }
}
