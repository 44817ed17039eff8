//! `/deauthorization`: somebody has removed the app at Zoom. Source: Zoom's page "app_deauthorized".

use crate::error::Error;
use crate::flow::Io;
use crate::i18n::Localizer;
use crate::model::{Author, Condition, Draft, Level};
use crate::settings::Settings;
use crate::store::grants;
use crate::store::official;
use crate::time::parse_ms;
use crate::zoom::auth::{Credentials, MustConnect};
use serde_json::Value;

/// Forgets what Zoom has ended. Whatever does not concern this app changes nothing.
///
/// # Errors
/// The store's.
pub async fn deauthorize(io: &Io, settings: &Settings, payload: &Value) -> Result<(), Error> {
    let client_id = payload["client_id"].as_str();
    if let Credentials::ServerToServer { account_id, client } = &settings.credentials {
        if client_id == Some(&client.id) {
            io.kv_delete(grants::server_key(client, account_id), Condition::Always).await?;
        }
        return Ok(());
    }
    let Some((client, whose)) = settings.credentials.connectable() else { return Ok(()) };
    if client_id.is_some_and(|id| id != client.id) {
        io.log(Level::Warn, "Zoom reports that another app was removed: nothing was changed", &[]).await;
        return Ok(());
    }
    let at_ms = payload["deauthorization_time"].as_str().and_then(parse_ms);
    match whose {
        MustConnect::Account => {
            if forget(io, settings, &grants::account_key(client), at_ms).await?.is_some() {
                official::forget_account(io).await?;
                io.log(
                    Level::Warn,
                    "the Zoom app was removed at Zoom: an administrator has to connect again",
                    &[],
                )
                .await;
            }
        }
        MustConnect::User => {
            let Some(zoom_user_id) = payload["user_id"].as_str().filter(|id| !id.is_empty()) else {
                return Ok(());
            };
            let not_moved = official::user_of(io, zoom_user_id).await?;
            if let Some(user_id) = &not_moved {
                official::zoom_user(io, settings, client, user_id).await?;
            }
            let users = forget(io, settings, &grants::user_key(client, zoom_user_id), at_ms).await?;
            for user_id in users.unwrap_or_default() {
                grants::forget_connection(io, &user_id, zoom_user_id).await?;
                tell(io, &user_id).await;
            }
        }
    }
    Ok(())
}

/// Deletes a grant, unless it is younger than what Zoom reports. Answers whose it was.
async fn forget(
    io: &Io,
    settings: &Settings,
    key: &str,
    at_ms: Option<u64>,
) -> Result<Option<Vec<String>>, Error> {
    let (bytes, stored) = grants::load(io, settings, key).await?;
    let connected_ms = stored.as_ref().map_or(0, |stored| stored.connected_ms);
    if at_ms.is_some_and(|at_ms| at_ms < connected_ms) {
        return Ok(None);
    }
    if bytes.is_some() {
        grants::delete(io, key, Condition::Always).await?;
    }
    Ok(Some(stored.map(|stored| stored.users).unwrap_or_default()))
}

/// A message that fails is no loss: the next command says the same.
async fn tell(io: &Io, user_id: &str) {
    let Ok(channel_id) = io.direct_channel(user_id.to_owned()).await else { return };
    let message = Localizer::of_user(io, user_id).await.connect_deauthorized();
    let draft = Draft { channel_id, author: Author::Bot, message, ..Draft::default() };
    let _ = io.create_post(draft).await;
}
