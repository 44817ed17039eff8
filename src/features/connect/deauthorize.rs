//! `/deauthorization`: somebody has removed the app at Zoom. Source: Zoom's page "app_deauthorized".

use crate::account::grants;
use crate::account::official;
use crate::error::Error;
use crate::flow::Io;
use crate::model::{Author, Condition, Draft, Level};
use crate::say::i18n::Localizer;
use crate::settings::Settings;
use crate::settings::credentials::{Credentials, MustConnect, OAuthClient};
use crate::store;
use crate::time::parse_ms;
use crate::zoom::signature::PAST_WINDOW_S;
use serde_json::Value;

/// Forgets what Zoom has ended. Whatever does not concern this app and this account changes nothing, and a report that comes twice
/// changes nothing the second time: its user may have connected again. Where events are signed, it is known by its signature.
///
/// # Errors
/// The store's.
pub async fn deauthorize(
    io: &Io,
    settings: &Settings,
    payload: &Value,
    signature: Option<&str>,
) -> Result<(), Error> {
    if let Some(signature) = signature
        && store::was_handled(io, signature).await?
    {
        return Ok(());
    }
    forget_ended(io, settings, payload).await?;
    if let Some(signature) = signature {
        store::remember_handled(io, signature, u32::try_from(PAST_WINDOW_S).unwrap_or(u32::MAX)).await?;
    }
    Ok(())
}

async fn forget_ended(io: &Io, settings: &Settings, payload: &Value) -> Result<(), Error> {
    let is_ours = |client: &OAuthClient| payload["client_id"].as_str() == Some(&client.id);
    let report = Report {
        account_id: payload["account_id"].as_str().unwrap_or_default(),
        at_ms: payload["deauthorization_time"].as_str().and_then(parse_ms),
    };
    if let Credentials::ServerToServer { account_id, client } = &settings.credentials {
        if is_ours(client) && report.account_id == account_id {
            io.kv_delete(grants::server_key(client, account_id), Condition::Always).await?;
        }
        return Ok(());
    }
    let Some((client, whose)) = settings.credentials.connectable() else { return Ok(()) };
    if !is_ours(client) {
        io.log(Level::Warn, "Zoom reports that another app was removed: nothing was changed", &[]).await;
        return Ok(());
    }
    match whose {
        MustConnect::Account => {
            if forget(io, settings, &grants::account_key(client), &report).await?.is_some() {
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
            let users = forget(io, settings, &grants::user_key(client, zoom_user_id), &report).await?;
            for user_id in users.unwrap_or_default() {
                grants::forget_connection(io, &user_id, zoom_user_id).await?;
                tell(io, &user_id).await;
            }
        }
    }
    Ok(())
}

/// Which account Zoom reports about, and when its access ended, in milliseconds since the Unix epoch.
struct Report<'a> {
    account_id: &'a str,
    at_ms: Option<u64>,
}

/// Deletes a grant, unless it is another account's or younger than what Zoom reports. Answers whose it was.
async fn forget(
    io: &Io,
    settings: &Settings,
    key: &str,
    report: &Report<'_>,
) -> Result<Option<Vec<String>>, Error> {
    let (bytes, stored) = grants::load(io, settings, key).await?;
    let account_id = stored.as_ref().and_then(|stored| stored.account_id.as_deref());
    if account_id.is_some_and(|account_id| account_id != report.account_id) {
        let what = "Zoom reports that the app was removed from another account: nothing was changed";
        io.log(Level::Warn, what, &[]).await;
        return Ok(None);
    }
    let connected_ms = stored.as_ref().map_or(0, |stored| stored.connected_ms);
    if report.at_ms.is_some_and(|at_ms| at_ms < connected_ms) {
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
