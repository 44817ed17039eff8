//! Grants and who uses them. Tokens are sealed, bound to the key they are stored under.

use crate::account::token::Tokens;
use crate::error::Error;
use crate::flow::{Io, KvSet};
use crate::hex::digest;
use crate::model::{Condition, Level, Write};
use crate::settings::credentials::OAuthClient;
use crate::settings::{Secret, Settings};
use crate::store::seal::Sealer;
use crate::store::{CAS_ATTEMPTS, decode, encode, read, too_many_writers};
use serde::{Deserialize, Serialize};

/// A grant as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredGrant {
    /// What stands behind `Bearer`. Empty before the first one was had.
    pub access: Secret,
    /// When it ends, in milliseconds since the Unix epoch.
    pub expires_ms: u64,
    /// What it is good for, parted by blanks, where Zoom has said it.
    #[serde(default)]
    pub scope: Option<String>,
    /// Good for one use.
    pub refresh: Option<Secret>,
    /// When somebody connected, in milliseconds since the Unix epoch.
    pub connected_ms: u64,
    /// The organisation's account at Zoom, where Zoom has said it.
    #[serde(default)]
    pub account_id: Option<String>,
    /// Users of the chat server whose Zoom account this is: two may share one.
    pub users: Vec<String>,
    /// Who renews it now.
    pub lease: Option<Lease>,
}

/// One node's right to renew a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Drawn at random by whoever took it.
    pub holder: String,
    /// When others may take it, in milliseconds since the Unix epoch.
    pub until_ms: u64,
}

impl Default for StoredGrant {
    fn default() -> Self {
        Self {
            access: Secret::new(""),
            expires_ms: 0,
            scope: None,
            refresh: None,
            connected_ms: 0,
            account_id: None,
            users: Vec::new(),
            lease: None,
        }
    }
}

impl StoredGrant {
    /// Whether there is an access token that lives at that time.
    pub fn is_fresh(&self, at_ms: u64) -> bool {
        !self.access.expose().is_empty() && self.expires_ms > at_ms
    }

    /// The grant with the user among those who share it.
    #[must_use]
    pub fn with_user(mut self, user_id: &str) -> Self {
        if !self.users.iter().any(|id| id == user_id) {
            self.users.push(user_id.to_owned());
        }
        self
    }

    /// The grant with new tokens, and without a lease. A refresh token that Zoom did not replace stays.
    #[must_use]
    pub fn with(self, tokens: Tokens, now_ms: u64) -> Self {
        Self {
            access: tokens.access,
            expires_ms: now_ms.saturating_add(tokens.expires_in_s.saturating_mul(1000)),
            scope: tokens.scope,
            refresh: tokens.refresh.or(self.refresh),
            lease: None,
            ..self
        }
    }
}

/// Where the grant of a Zoom user lies. Another app's grants are others.
pub fn user_key(client: &OAuthClient, zoom_user_id: &str) -> String {
    format!("grant_{}", digest(&format!("{}/{zoom_user_id}", client.id)))
}

/// Where the grant of an account-level app lies.
pub fn account_key(client: &OAuthClient) -> String {
    format!("grantaccount_{}", digest(&client.id))
}

/// Where the token of a Server-to-Server app lies. A new secret makes it another app.
pub fn server_key(client: &OAuthClient, account_id: &str) -> String {
    format!("grants2s_{}", digest(&format!("{account_id}/{}/{}", client.id, client.secret.expose())))
}

/// A grant, with the bytes it was read from. One that was sealed under other settings reads as none.
///
/// # Errors
/// The store's.
pub async fn load(
    io: &Io,
    settings: &Settings,
    key: &str,
) -> Result<(Option<Vec<u8>>, Option<StoredGrant>), Error> {
    let Some(bytes) = io.kv_get(key.to_owned()).await? else { return Ok((None, None)) };
    match Sealer::of(settings).open(key, &bytes) {
        Some(plain) => {
            let grant = decode(key, &plain)?;
            Ok((Some(bytes), Some(grant)))
        }
        None => {
            let why = "a stored sign-in cannot be opened: the encryption key has changed, or the value was tampered with";
            io.log(Level::Warn, why, &[]).await;
            Ok((Some(bytes), None))
        }
    }
}

/// Stores a grant. `false`: the condition did not hold.
///
/// # Errors
/// The store's.
pub async fn store(
    io: &Io,
    settings: &Settings,
    key: &str,
    grant: &StoredGrant,
    condition: Condition,
) -> Result<bool, Error> {
    let value = Sealer::of(settings).seal(io, key, &encode(grant)?);
    let set = KvSet { key: key.to_owned(), value, expires_in_s: None, condition };
    Ok(io.kv_set(set).await? == Write::Stored)
}

/// Changes a grant, or makes it.
///
/// # Errors
/// The store's.
pub(crate) async fn change(
    io: &Io,
    settings: &Settings,
    key: &str,
    change: &dyn Fn(StoredGrant) -> StoredGrant,
) -> Result<(), Error> {
    for _ in 0..CAS_ATTEMPTS {
        let (bytes, stored) = load(io, settings, key).await?;
        let grant = change(stored.clone().unwrap_or_default());
        // Many hooks of one user may join at once: a write that changes nothing would only make the others try again.
        if stored.as_ref() == Some(&grant) {
            return Ok(());
        }
        let unchanged = bytes.map_or(Condition::Absent, Condition::Equals);
        if store(io, settings, key, &grant, unchanged).await? {
            return Ok(());
        }
    }
    Err(too_many_writers(key))
}

/// Deletes a grant. `false`: the condition did not hold.
///
/// # Errors
/// The store's.
pub async fn delete(io: &Io, key: &str, condition: Condition) -> Result<bool, Error> {
    Ok(io.kv_delete(key.to_owned(), condition).await? == Write::Stored)
}

/// The Zoom user whose account a user of the chat server has connected.
///
/// # Errors
/// The store's.
pub async fn connection(io: &Io, user_id: &str) -> Result<Option<String>, Error> {
    read(io, &connection_key(user_id)).await
}

/// Notes which Zoom user's account a user of the chat server has connected.
///
/// # Errors
/// The store's.
pub async fn set_connection(io: &Io, user_id: &str, zoom_user_id: &str) -> Result<(), Error> {
    let set = KvSet {
        key: connection_key(user_id),
        value: encode(&zoom_user_id)?,
        expires_in_s: None,
        condition: Condition::Always,
    };
    io.kv_set(set).await?;
    Ok(())
}

/// Forgets which account a user has connected, if it is still this one.
///
/// # Errors
/// The store's.
pub async fn forget_connection(io: &Io, user_id: &str, zoom_user_id: &str) -> Result<(), Error> {
    io.kv_delete(connection_key(user_id), Condition::Equals(encode(&zoom_user_id)?)).await?;
    Ok(())
}

fn connection_key(user_id: &str) -> String {
    format!("connection_{user_id}")
}
