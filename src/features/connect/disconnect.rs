//! `/zoom disconnect`.

use super::require_right;
use crate::account::grants::{self, StoredGrant};
use crate::account::official;
use crate::account::token;
use crate::error::Error;
use crate::flow::Io;
use crate::model::{Condition, User};
use crate::say::i18n::Localizer;
use crate::settings::credentials::{MustConnect, OAuthClient};
use crate::settings::{Secret, Settings};
use crate::store::{CAS_ATTEMPTS, too_many_writers};

/// Takes back what Zoom was told, then forgets it. Answers what to say.
///
/// # Errors
/// An administrator's matter; the store's.
pub async fn disconnect(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user: &User,
) -> Result<String, Error> {
    let Some((client, whose)) = settings.credentials.connectable() else {
        return Ok(l10n.connect_nothing());
    };
    require_right(user, whose)?;
    let told = match whose {
        MustConnect::Account => {
            official::import_account(io, settings, client).await?;
            forget(io, settings, client, &grants::account_key(client), None).await?
        }
        MustConnect::User => {
            let zoom_user_id = official::zoom_user(io, settings, client, &user.id).await?;
            match zoom_user_id {
                Some(zoom_user_id) => {
                    grants::forget_connection(io, &user.id, &zoom_user_id).await?;
                    leave(io, settings, client, &user.id, &zoom_user_id).await?
                }
                None => Told::Nothing,
            }
        }
    };
    Ok(match told {
        Told::Nothing => l10n.connect_not_connected(),
        Told::Forgotten => l10n.connect_disconnected(),
        Told::NotRevoked => l10n.connect_disconnected_here(),
    })
}

/// What became of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// There was none.
    Nothing,
    /// It is gone.
    Forgotten,
    /// It is gone here, but Zoom could not be told.
    NotRevoked,
}

/// Takes a user away from a Zoom user's grant. The last one ends it.
pub(super) async fn leave(
    io: &Io,
    settings: &Settings,
    client: &OAuthClient,
    user_id: &str,
    zoom_user_id: &str,
) -> Result<Told, Error> {
    forget(io, settings, client, &grants::user_key(client, zoom_user_id), Some(user_id)).await
}

async fn forget(
    io: &Io,
    settings: &Settings,
    client: &OAuthClient,
    key: &str,
    user_id: Option<&str>,
) -> Result<Told, Error> {
    for _ in 0..CAS_ATTEMPTS {
        let (bytes, stored) = grants::load(io, settings, key).await?;
        let Some(bytes) = bytes else { return Ok(Told::Nothing) };
        let unchanged = Condition::Equals(bytes);
        let others: Vec<String> = match &stored {
            Some(stored) => stored.users.iter().filter(|id| Some(id.as_str()) != user_id).cloned().collect(),
            None => Vec::new(),
        };
        let changed = match stored.clone() {
            Some(stored) if user_id.is_some() && !others.is_empty() => {
                let left = StoredGrant { users: others, ..stored };
                if grants::store(io, settings, key, &left, unchanged).await? {
                    return Ok(Told::Forgotten);
                }
                false
            }
            Some(_) | None => grants::delete(io, key, unchanged).await?,
        };
        if changed {
            return Ok(revoke(io, settings, client, stored).await);
        }
    }
    Err(too_many_writers(key))
}

/// The refresh token stands for the grant; an access token that has ended does not reach it.
async fn revoke(io: &Io, settings: &Settings, client: &OAuthClient, stored: Option<StoredGrant>) -> Told {
    let Some(stored) = stored else { return Told::NotRevoked };
    let filled = |token: &Secret| !token.expose().is_empty();
    let tokens = [Some(stored.access).filter(filled), stored.refresh];
    let mut told = Told::NotRevoked;
    for token in tokens.into_iter().flatten() {
        if token::revoke(io, settings, client, &token).await.is_ok() {
            told = Told::Forgotten;
        }
    }
    told
}
