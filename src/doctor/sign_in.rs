//! Whether the plugin can sign in, for whom, and what it may do then.

use super::Finding;
use super::zoom::trouble;
use crate::error::{Error, UserError};
use crate::flow::Io;
use crate::model::{Server, User};
use crate::settings::{Secret, Settings};
use crate::store::grants;
use crate::text::doctor as text;
use crate::zoom::api::Api;
use crate::zoom::auth::grant::Grant;
use crate::zoom::auth::token::{self, TokenGrant};
use crate::zoom::auth::{self, Credentials, MustConnect, OAuthClient};
use crate::zoom::error::ZoomError;
use crate::zoom::meetings;
use crate::zoom::users;

/// No refresh token of Zoom's: asked with it, Zoom looks at the client alone, and no grant is touched.
const NO_TOKEN: &str = "doctor";
/// No meeting has such a number: Zoom looks for it only for an app that may read meetings.
const NO_MEETING: u64 = 99_999_999_999;
/// What an app must be allowed to, in the granular and in the classic spelling; and whether meetings can be started without it.
const SCOPES: [(&str, &str, bool); 4] = [
    ("user:read:user", "user:read", true),
    ("meeting:write:meeting", "meeting:write", true),
    ("meeting:read:meeting", "meeting:read", true),
    ("cloud_recording:read:recording", "recording:read", false),
];

/// Which way to sign in the settings choose, and why.
pub(super) fn chosen(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let found = match &settings.credentials {
        Credentials::Jwt(_) => text::BY_JWT,
        Credentials::ServerToServer { .. } => text::BY_SERVER,
        Credentials::Account(_) => text::BY_ACCOUNT,
        Credentials::User(_) => text::BY_USER,
    };
    if settings.credentials.connectable().is_some() {
        findings.push(Finding::good(text::ENCRYPTION_KEY, text::ENCRYPTION_KEY_GOOD));
    }
    findings.push(match settings.uses_jwt_in_zooms_cloud() {
        true => Finding::warning(text::SIGN_IN, found, text::JWT_REMEDY),
        false => Finding::good(text::SIGN_IN, found),
    });
    findings
}

/// Looks at Zoom's token endpoint, the connection, the scopes and the administrator's own Zoom user, as far as each is needed.
pub(super) async fn examine(
    io: &Io,
    settings: &Settings,
    server: &Server,
    user: &User,
    api_reached: bool,
    findings: &mut Vec<Finding>,
) {
    let signed_in = match &settings.credentials {
        Credentials::Jwt(_) => true,
        Credentials::ServerToServer { .. } => match server_token(io, settings, user).await {
            Ok(()) => {
                findings.push(Finding::good(text::OAUTH, text::TOKEN_GOOD));
                true
            }
            Err(error) => {
                findings.push(of_error(text::OAUTH, settings, &error));
                false
            }
        },
        Credentials::Account(client) | Credentials::User(client) => {
            findings.push(client_accepted(io, settings, client).await);
            match connection(io, settings, user).await {
                Ok(()) => {
                    findings.push(Finding::good(text::CONNECTION, text::connected(settings)));
                    true
                }
                Err(Error::User(UserError::NotConnected(whose))) => {
                    findings.push(not_connected(whose, server));
                    false
                }
                Err(error) => {
                    findings.push(of_error(text::CONNECTION, settings, &error));
                    false
                }
            }
        }
    };
    if signed_in && api_reached {
        calls(io, settings, server, user, findings).await;
    }
}

/// A fresh token of a Server-to-Server app: one that was kept does not know scopes that were added since.
async fn server_token(io: &Io, settings: &Settings, user: &User) -> Result<(), Error> {
    let Some(grant) = auth::grant(io, settings, &user.id).await? else { return Ok(()) };
    let (_, kept) = grants::load(io, settings, &grant.key).await?;
    let kept = kept.map(|kept| kept.access);
    grant.access_token(io, settings, kept.as_ref()).await.map(|_| ())
}

/// A token of the grant that somebody has given, renewed where it has to be.
async fn connection(io: &Io, settings: &Settings, user: &User) -> Result<(), Error> {
    let Some(grant) = auth::grant(io, settings, &user.id).await? else { return Ok(()) };
    grant.access_token(io, settings, None).await.map(|_| ())
}

/// Whether Zoom's token endpoint answers, and accepts client ID and secret.
async fn client_accepted(io: &Io, settings: &Settings, client: &OAuthClient) -> Finding {
    let token = Secret::new(NO_TOKEN);
    match token::ask(io, settings, client, TokenGrant::RefreshToken(&token)).await {
        Ok(_) | Err(Error::Zoom(ZoomError::GrantDead)) => Finding::good(text::OAUTH, text::CLIENT_GOOD),
        Err(error) => of_error(text::OAUTH, settings, &error),
    }
}

fn not_connected(whose: MustConnect, server: &Server) -> Finding {
    let remedy = text::connect(server);
    match whose {
        // Others may be connected all the same.
        MustConnect::User => Finding::warning(text::CONNECTION, text::USER_NOT_CONNECTED, remedy),
        MustConnect::Account => Finding::bad(text::CONNECTION, text::ACCOUNT_NOT_CONNECTED, remedy),
    }
}

/// Calls Zoom's API in the administrator's own name.
async fn calls(io: &Io, settings: &Settings, server: &Server, user: &User, findings: &mut Vec<Finding>) {
    let api = match Api::sign_in(io, settings, user).await {
        Ok(api) => api,
        Err(Error::User(UserError::NoEmail)) => {
            findings.push(Finding::warning(text::YOU, text::NO_EMAIL, text::NO_EMAIL_REMEDY));
            return;
        }
        Err(error) => {
            findings.push(of_error(text::YOU, settings, &error));
            return;
        }
    };
    let own = users::own(&api).await.map(|_| ());
    findings.extend(scopes(io, settings, user, &api, &own).await);
    match own {
        Ok(()) => findings.push(Finding::good(text::YOU, text::found_user(settings))),
        Err(Error::User(UserError::NotConnected(whose))) => findings.push(not_connected(whose, server)),
        Err(Error::Zoom(ZoomError::UserUnknown)) => {
            let found = text::unknown_user(server);
            findings.push(Finding::warning(text::YOU, found, text::UNKNOWN_USER_REMEDY));
        }
        // Said with the scopes.
        Err(Error::Zoom(ZoomError::ScopesMissing(_))) => {}
        Err(error @ Error::Zoom(ZoomError::CredentialsRefused)) => {
            findings.push(of_error(text::TOKEN, settings, &error));
        }
        Err(error) => findings.push(of_error(text::YOU, settings, &error)),
    }
}

/// What the app may do: as Zoom has said it with the token, otherwise as two calls show. A JWT app may do everything.
async fn scopes(
    io: &Io,
    settings: &Settings,
    user: &User,
    api: &Api<'_>,
    own: &Result<(), Error>,
) -> Option<Finding> {
    let grant = auth::grant(io, settings, &user.id).await.ok()??;
    if let Some(scope) = granted(io, settings, &grant).await {
        return Some(compared(&scope, settings));
    }
    let shown = match own {
        Err(error) => Err(error.clone()),
        Ok(()) => meetings::find(api, NO_MEETING).await.map(|_| ()),
    };
    match shown {
        Err(Error::Zoom(ZoomError::ScopesMissing(message))) => {
            Some(Finding::bad(text::SCOPES, text::scopes_refused(&message), text::scopes_remedy(settings)))
        }
        Ok(()) | Err(Error::Zoom(ZoomError::MeetingUnknown | ZoomError::Refused(_))) => {
            Some(Finding::good(text::SCOPES, text::SCOPES_SHOWN))
        }
        Err(_) => None,
    }
}

async fn granted(io: &Io, settings: &Settings, grant: &Grant<'_>) -> Option<String> {
    let (_, stored) = grants::load(io, settings, &grant.key).await.ok()?;
    stored?.scope
}

fn compared(scope: &str, settings: &Settings) -> Finding {
    let own_only = matches!(settings.credentials, Credentials::User(_));
    let has = |name: &str| {
        scope.split([' ', ',']).any(|given| match given.strip_prefix(name) {
            Some("") => own_only,
            Some(":admin" | ":master") => true,
            Some(_) | None => false,
        })
    };
    let lacks = |(granular, classic, _): &&(&str, &str, bool)| !has(granular) && !has(classic);
    let missing: Vec<_> = SCOPES.iter().filter(lacks).collect();
    let suffix = if own_only { "" } else { ":admin" };
    let names: Vec<String> = missing.iter().map(|(granular, ..)| format!("`{granular}{suffix}`")).collect();
    let found = text::scopes_missing(&names);
    if missing.is_empty() {
        Finding::good(text::SCOPES, text::SCOPES_GOOD)
    } else if missing.iter().any(|(.., needed)| *needed) {
        Finding::bad(text::SCOPES, found, text::scopes_remedy(settings))
    } else {
        let remedy = format!("{} {}", text::RECORDINGS_ONLY, text::scopes_remedy(settings));
        Finding::warning(text::SCOPES, found, remedy)
    }
}

/// Zoom's errors have their own sentences; what else can happen is the chat server's.
fn of_error(check: &'static str, settings: &Settings, error: &Error) -> Finding {
    let url = if check == text::OAUTH { &settings.zoom_url } else { &settings.api_url };
    match error {
        Error::Zoom(error) => trouble(check, url, error),
        Error::Settings(_) | Error::User(_) | Error::Host(_) | Error::NotPosted(_) | Error::Bug(_) => {
            Finding::warning(check, text::STORE_FAILED, text::SEE_LOG)
        }
    }
}
