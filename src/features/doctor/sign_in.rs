//! Whether the plugin can sign in, for whom, and what it may do then.

use super::text;
use super::zoom::trouble;
use super::{Check, Finding};
use crate::account;
use crate::account::api::Api;
use crate::account::grant::Grant;
use crate::account::grants;
use crate::account::meetings;
use crate::account::token::{self, TokenGrant};
use crate::account::users;
use crate::error::{Error, UserError};
use crate::flow::Io;
use crate::model::User;
use crate::say::i18n::Localizer;
use crate::settings::credentials::{Credentials, MustConnect, OAuthClient};
use crate::settings::{Secret, Settings};
use crate::zoom::error::ZoomError;

/// No refresh token of Zoom's: asked with it, Zoom looks at the client alone, and no grant is touched.
const NO_TOKEN: &str = "doctor";
/// No meeting has such a number: Zoom looks for it only for an app that may read meetings.
const NO_MEETING: u64 = 99_999_999_999;
/// What an app must be allowed to, in the granular and in the classic spelling, and for what.
const SCOPES: [(&str, &str, Purpose); 6] = [
    ("user:read:user", "user:read", Purpose::Meetings),
    ("meeting:write:meeting", "meeting:write", Purpose::Meetings),
    ("meeting:read:meeting", "meeting:read", Purpose::Meetings),
    ("meeting:read:past_meeting", "meeting:read", Purpose::Ends),
    ("cloud_recording:read:recording", "recording:read", Purpose::Recordings),
    ("cloud_recording:read:list_recording_files", "recording:read", Purpose::Recordings),
];

/// What cannot be done without a scope.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Starting meetings: without it nothing works.
    Meetings,
    /// Asking when meetings were over whose end Zoom has not reported.
    Ends,
    /// Posting recordings and their files.
    Recordings,
}

/// Which way to sign in the settings choose, and why.
pub(super) fn chosen(settings: &Settings, l10n: &Localizer) -> Vec<Finding> {
    let mut findings = Vec::new();
    let found = match &settings.credentials {
        Credentials::Jwt(_) => l10n.doctor_by_jwt(),
        Credentials::ServerToServer { .. } => l10n.doctor_by_server(),
        Credentials::Account(_) => l10n.doctor_by_account(),
        Credentials::User(_) => l10n.doctor_by_user(),
    };
    if settings.credentials.connectable().is_some() {
        findings.push(Finding::good(Check::EncryptionKey, l10n.doctor_encryption_key_good()));
    }
    findings.push(match settings.uses_jwt_in_zooms_cloud() {
        true => Finding::warning(Check::SignIn, found, l10n.doctor_jwt_remedy()),
        false => Finding::good(Check::SignIn, found),
    });
    findings
}

/// Looks at Zoom's token endpoint, the connection, the scopes and the administrator's own Zoom user, as far as each is needed.
pub(super) async fn examine(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user: &User,
    api_reached: bool,
    findings: &mut Vec<Finding>,
) {
    let signed_in = match &settings.credentials {
        Credentials::Jwt(_) => true,
        Credentials::ServerToServer { .. } => match server_token(io, settings, user).await {
            Ok(()) => {
                findings.push(Finding::good(Check::OAuth, l10n.doctor_token_good()));
                true
            }
            Err(error) => {
                findings.push(of_error(Check::OAuth, settings, &error, l10n));
                false
            }
        },
        Credentials::Account(client) | Credentials::User(client) => {
            findings.push(client_accepted(io, settings, client, l10n).await);
            match connection(io, settings, user).await {
                Ok(()) => {
                    findings.push(Finding::good(Check::Connection, text::connected(settings, l10n)));
                    true
                }
                Err(Error::User(UserError::NotConnected(whose))) => {
                    findings.push(not_connected(whose, l10n));
                    false
                }
                Err(error) => {
                    findings.push(of_error(Check::Connection, settings, &error, l10n));
                    false
                }
            }
        }
    };
    if signed_in && api_reached {
        calls(io, settings, l10n, user, findings).await;
    }
}

/// A fresh token of a Server-to-Server app: one that was kept does not know scopes that were added since.
async fn server_token(io: &Io, settings: &Settings, user: &User) -> Result<(), Error> {
    let Some(grant) = account::grant(io, settings, &user.id).await? else { return Ok(()) };
    let (_, kept) = grants::load(io, settings, &grant.key).await?;
    let kept = kept.map(|kept| kept.access);
    grant.access_token(io, settings, kept.as_ref()).await.map(|_| ())
}

/// A token of the grant that somebody has given, renewed where it has to be.
async fn connection(io: &Io, settings: &Settings, user: &User) -> Result<(), Error> {
    let Some(grant) = account::grant(io, settings, &user.id).await? else { return Ok(()) };
    grant.access_token(io, settings, None).await.map(|_| ())
}

/// Whether Zoom's token endpoint answers, and accepts client ID and secret.
async fn client_accepted(io: &Io, settings: &Settings, client: &OAuthClient, l10n: &Localizer) -> Finding {
    let token = Secret::new(NO_TOKEN);
    match token::ask(io, settings, client, TokenGrant::RefreshToken(&token)).await {
        Ok(_) | Err(Error::Zoom(ZoomError::GrantDead)) => {
            Finding::good(Check::OAuth, l10n.doctor_client_good())
        }
        Err(error) => of_error(Check::OAuth, settings, &error, l10n),
    }
}

fn not_connected(whose: MustConnect, l10n: &Localizer) -> Finding {
    let remedy = l10n.doctor_connect();
    match whose {
        // Others may be connected all the same.
        MustConnect::User => Finding::warning(Check::Connection, l10n.doctor_user_not_connected(), remedy),
        MustConnect::Account => Finding::bad(Check::Connection, l10n.doctor_account_not_connected(), remedy),
    }
}

/// Calls Zoom's API in the administrator's own name.
async fn calls(io: &Io, settings: &Settings, l10n: &Localizer, user: &User, findings: &mut Vec<Finding>) {
    let api = match Api::sign_in(io, settings, user).await {
        Ok(api) => api,
        Err(Error::User(UserError::NoEmail)) => {
            findings.push(Finding::warning(
                Check::You,
                l10n.doctor_no_email(),
                l10n.doctor_no_email_remedy(),
            ));
            return;
        }
        Err(error) => {
            findings.push(of_error(Check::You, settings, &error, l10n));
            return;
        }
    };
    let own = users::own(&api).await.map(|_| ());
    findings.extend(scopes(io, settings, user, &api, &own, l10n).await);
    match own {
        Ok(()) => findings.push(Finding::good(Check::You, text::found_user(settings, l10n))),
        Err(Error::User(UserError::NotConnected(whose))) => findings.push(not_connected(whose, l10n)),
        Err(Error::Zoom(ZoomError::UserUnknown)) => {
            let found = l10n.doctor_unknown_user();
            findings.push(Finding::warning(Check::You, found, l10n.doctor_unknown_user_remedy()));
        }
        // Said with the scopes.
        Err(Error::Zoom(ZoomError::ScopesMissing(_))) => {}
        Err(error @ Error::Zoom(ZoomError::CredentialsRefused)) => {
            findings.push(of_error(Check::Token, settings, &error, l10n));
        }
        Err(error) => findings.push(of_error(Check::You, settings, &error, l10n)),
    }
}

/// What the app may do: as Zoom has said it with the token, otherwise as two calls show. A JWT app may do everything.
async fn scopes(
    io: &Io,
    settings: &Settings,
    user: &User,
    api: &Api<'_>,
    own: &Result<(), Error>,
    l10n: &Localizer,
) -> Option<Finding> {
    let grant = account::grant(io, settings, &user.id).await.ok()??;
    if let Some(scope) = granted(io, settings, &grant).await {
        return Some(compared(&scope, settings, l10n));
    }
    let shown = match own {
        Err(error) => Err(error.clone()),
        Ok(()) => meetings::find(api, NO_MEETING).await.map(|_| ()),
    };
    match shown {
        Err(Error::Zoom(ZoomError::ScopesMissing(message))) => Some(Finding::bad(
            Check::Scopes,
            text::scopes_refused(&message, l10n),
            text::scopes_remedy(settings, l10n),
        )),
        Ok(()) | Err(Error::Zoom(ZoomError::MeetingUnknown | ZoomError::Refused(_))) => {
            Some(Finding::good(Check::Scopes, l10n.doctor_scopes_shown()))
        }
        Err(_) => None,
    }
}

async fn granted(io: &Io, settings: &Settings, grant: &Grant<'_>) -> Option<String> {
    let (_, stored) = grants::load(io, settings, &grant.key).await.ok()?;
    stored?.scope
}

fn compared(scope: &str, settings: &Settings, l10n: &Localizer) -> Finding {
    let own_only = matches!(settings.credentials, Credentials::User(_));
    let has = |name: &str| {
        scope.split([' ', ',']).any(|given| match given.strip_prefix(name) {
            Some("") => own_only,
            Some(":admin" | ":master") => true,
            Some(_) | None => false,
        })
    };
    let lacks = |(granular, classic, _): &&(&str, &str, Purpose)| !has(granular) && !has(classic);
    let missing: Vec<_> = SCOPES.iter().filter(lacks).collect();
    let suffix = if own_only { "" } else { ":admin" };
    let names: Vec<String> = missing.iter().map(|(granular, ..)| format!("`{granular}{suffix}`")).collect();
    let found = l10n.doctor_scopes_missing(&names.join(", "));
    if missing.is_empty() {
        return Finding::good(Check::Scopes, l10n.doctor_scopes_good());
    }
    let lost = |wanted: Purpose| missing.iter().any(|(.., purpose)| *purpose == wanted);
    let without = match (lost(Purpose::Ends), lost(Purpose::Recordings)) {
        _ if lost(Purpose::Meetings) => {
            return Finding::bad(Check::Scopes, found, text::scopes_remedy(settings, l10n));
        }
        (true, true) => l10n.doctor_recordings_and_ends(),
        (true, false) => l10n.doctor_ends_only(),
        (false, _) => l10n.doctor_recordings_only(),
    };
    Finding::warning(Check::Scopes, found, format!("{without} {}", text::scopes_remedy(settings, l10n)))
}

/// Zoom's errors have their own sentences; what else can happen is the chat server's.
fn of_error(check: Check, settings: &Settings, error: &Error, l10n: &Localizer) -> Finding {
    let url = if check == Check::OAuth { &settings.zoom_url } else { &settings.api_url };
    match error {
        Error::Zoom(error) => trouble(check, url, error, l10n),
        Error::Settings(_) | Error::User(_) | Error::Host(_) | Error::NotPosted(_) | Error::Bug(_) => {
            Finding::warning(check, l10n.doctor_store_failed(), l10n.doctor_see_log())
        }
    }
}
