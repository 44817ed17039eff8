//! How the plugin signs in to Zoom's API, one variant for each way, chosen by which settings are filled; and what it asks then. Source:
//! Zoom's API reference, Users and Meetings.

pub mod api;
pub mod grant;
pub mod grants;
pub mod jwt;
pub mod meetings;
pub mod official;
pub mod past;
pub mod recordings;
pub mod token;
pub mod users;

use crate::error::{Error, UserError};
use crate::flow::Io;
use crate::model::User;
use crate::settings::credentials::{Credentials, MustConnect};
use crate::settings::{Secret, Settings};
use grant::Grant;

/// What a hook's calls to Zoom carry.
pub struct Access<'a> {
    /// What stands behind `Bearer`.
    pub token: Secret,
    /// How paths name the user's own Zoom account: `me`, or the e-mail address.
    pub who: String,
    /// Where the token comes from. `None` under JWT, which makes its own.
    pub grant: Option<Grant<'a>>,
}

/// Signs in for a user.
///
/// # Errors
/// [`UserError::NoEmail`] where the user is found by e-mail and has none; those of [`grant`](fn@grant) and of
/// [`Grant::access_token`].
pub async fn access<'a>(io: &Io, settings: &'a Settings, user: &User) -> Result<Access<'a>, Error> {
    let grant = grant(io, settings, &user.id).await?;
    let who = match settings.credentials {
        Credentials::User(_) => users::ME.to_owned(),
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } | Credentials::Account(_) => email(user)?,
    };
    let token = match (&grant, &settings.credentials) {
        (Some(grant), _) => grant.access_token(io, settings, None).await?,
        (None, Credentials::Jwt(api_key)) => Secret::new(api_key.token(io.now_ms())?),
        (None, _) => return Err(Error::Bug("a way to sign in gives no token")),
    };
    Ok(Access { token, who, grant })
}

/// The grant that a user's calls to Zoom go by. `None` under JWT, which needs none.
///
/// # Errors
/// [`UserError::NotConnected`] where each user connects their own account and this one has not; the store's.
pub async fn grant<'a>(io: &Io, settings: &'a Settings, user_id: &str) -> Result<Option<Grant<'a>>, Error> {
    Ok(Some(match &settings.credentials {
        Credentials::Jwt(_) => return Ok(None),
        Credentials::ServerToServer { account_id, client } => {
            let key = grants::server_key(client, account_id);
            Grant { key, client, account_id: Some(account_id), for_whom: MustConnect::Account }
        }
        Credentials::Account(client) => {
            official::import_account(io, settings, client).await?;
            let key = grants::account_key(client);
            Grant { key, client, account_id: None, for_whom: MustConnect::Account }
        }
        Credentials::User(client) => {
            let zoom_user_id = official::zoom_user(io, settings, client, user_id).await?;
            let zoom_user_id = zoom_user_id.ok_or(UserError::NotConnected(MustConnect::User))?;
            let key = grants::user_key(client, &zoom_user_id);
            Grant { key, client, account_id: None, for_whom: MustConnect::User }
        }
    }))
}

fn email(user: &User) -> Result<String, Error> {
    Ok(user.email.clone().ok_or(UserError::NoEmail)?)
}
