//! Zoom's token endpoint: requests and answers. Source: Zoom's pages "OAuth" and "Server-to-Server OAuth".

use crate::error::Error;
use crate::flow::Io;
use crate::json::Shape;
use crate::model::{HttpRequest, HttpResponse, Method};
use crate::settings::credentials::OAuthClient;
use crate::settings::{Secret, Settings};
use crate::zoom::error::ZoomError;
use crate::zoom::read::{Members, document};
use ct_codecs::{Base64, Encoder as _};
use url::{Url, form_urlencoded};

/// Zoom answers within a second.
const TIMEOUT_MS: u32 = 10_000;

/// What a token is asked for with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenGrant<'a> {
    /// `account_credentials`: Server-to-Server OAuth.
    AccountCredentials {
        /// The account's id.
        account_id: &'a str,
    },
    /// `authorization_code`: somebody has just allowed the app.
    AuthorizationCode {
        /// As Zoom gave it to the browser.
        code: &'a str,
        /// The same as it was asked for with.
        redirect_uri: &'a str,
        /// What the challenge was made of.
        code_verifier: &'a str,
    },
    /// `refresh_token`: good for one use.
    RefreshToken(&'a Secret),
}

/// What Zoom hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// What stands behind `Bearer`.
    pub access: Secret,
    /// Replaces the one that was spent. `None` under Server-to-Server OAuth.
    pub refresh: Option<Secret>,
    /// How long the access token lives, in seconds.
    pub expires_in_s: u64,
    /// What the access token is good for, parted by blanks, where Zoom says it.
    pub scope: Option<String>,
}

/// What is read of an answer: tokens, or what is wrong. Zoom says that in either of two members, and not in the same one each time.
const WANTED: Shape = Shape::Members(&[
    ("access_token", Shape::Plain),
    ("refresh_token", Shape::Plain),
    ("expires_in", Shape::Plain),
    ("scope", Shape::Plain),
    ("reason", Shape::Plain),
    ("error", Shape::Plain),
]);

/// How long Zoom's access tokens live, where the answer does not say it.
const USUAL_LIFE_S: u64 = 3600;

/// `POST /oauth/token`.
///
/// # Errors
/// [`ZoomError::GrantDead`] when code or token are of no use any more; [`ZoomError::ClientRefused`]; other Zoom errors.
pub async fn ask(
    io: &Io,
    settings: &Settings,
    client: &OAuthClient,
    grant: TokenGrant<'_>,
) -> Result<Tokens, Error> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    match grant {
        TokenGrant::AccountCredentials { account_id } => {
            form.append_pair("grant_type", "account_credentials").append_pair("account_id", account_id);
        }
        TokenGrant::AuthorizationCode { code, redirect_uri, code_verifier } => {
            form.append_pair("grant_type", "authorization_code")
                .append_pair("code", code)
                .append_pair("redirect_uri", redirect_uri)
                .append_pair("code_verifier", code_verifier);
        }
        TokenGrant::RefreshToken(token) => {
            form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token.expose());
        }
    }
    let request = post(settings, client, "token", form.finish())?;
    let response = io.http(request).await.map_err(ZoomError::from)?;
    let has_grant = !matches!(grant, TokenGrant::AccountCredentials { .. });
    Ok(read(&response, has_grant)?)
}

/// `POST /oauth/revoke`: the token and its grant end.
///
/// # Errors
/// Zoom errors.
pub async fn revoke(io: &Io, settings: &Settings, client: &OAuthClient, token: &Secret) -> Result<(), Error> {
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("token", token.expose()).finish();
    let response = io.http(post(settings, client, "revoke", form)?).await.map_err(ZoomError::from)?;
    // A token that is dead already is what was wanted.
    match refusal(&response, true) {
        None | Some(ZoomError::GrantDead) => Ok(()),
        Some(error) => Err(error.into()),
    }
}

/// Where a person allows the app. Zoom takes the scopes from the app and refuses to be told.
///
/// # Errors
/// [`Error::Bug`]: the base URL was checked.
pub fn authorize_url(
    settings: &Settings,
    client: &OAuthClient,
    redirect_uri: &str,
    state: &str,
    code_challenge: &str,
) -> Result<Url, Error> {
    let mut url = endpoint(settings, "authorize")?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &client.id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("state", state)
        .append_pair("code_challenge", code_challenge)
        .append_pair("code_challenge_method", "S256");
    Ok(url)
}

fn endpoint(settings: &Settings, name: &str) -> Result<Url, Error> {
    let mut url = settings.zoom_url.clone();
    url.path_segments_mut()
        .map_err(|()| Error::Bug("Zoom's base URL takes no path"))?
        .pop_if_empty()
        .extend(["oauth", name]);
    Ok(url)
}

fn post(settings: &Settings, client: &OAuthClient, name: &str, form: String) -> Result<HttpRequest, Error> {
    let pair = format!("{}:{}", client.id, client.secret.expose());
    let basic = Base64::encode_to_string(pair).map_err(|_| Error::Bug("a header could not be written"))?;
    let headers = [
        ("authorization", format!("Basic {basic}")),
        ("accept", "application/json".to_owned()),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ];
    Ok(HttpRequest {
        method: Method::Post,
        url: endpoint(settings, name)?.into(),
        headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        body: form.into_bytes(),
        timeout_ms: TIMEOUT_MS,
    })
}

/// A regional `api_url` in the answer is not followed: the administrator says where the API is.
fn read(response: &HttpResponse, has_grant: bool) -> Result<Tokens, ZoomError> {
    if let Some(error) = refusal(response, has_grant) {
        return Err(error);
    }
    let answer = document(&response.body, WANTED).unwrap_or_default();
    let answer = Members::of(&answer);
    let access = answer.text("access_token").ok_or(ZoomError::Unintelligible(response.status))?;
    Ok(Tokens {
        access: Secret::new(access),
        refresh: answer.text("refresh_token").map(Secret::new),
        expires_in_s: answer.whole("expires_in").unwrap_or(USUAL_LIFE_S),
        scope: answer.text("scope"),
    })
}

/// `None` for a success. What Zoom says about a code or a refresh token comes in several shapes (400 `invalid_grant`, 401 and 400
/// `invalid_request` with a reason, numbers from 4733 on), so whatever is not about the app is about the grant. A body that is
/// not Zoom's, a proxy's page say, is neither: no grant ends by it.
fn refusal(response: &HttpResponse, has_grant: bool) -> Option<ZoomError> {
    if response.status == 200 {
        return None;
    }
    let said = document(&response.body, WANTED).unwrap_or_default();
    let said = |name| Members::of(&said).text(name).unwrap_or_default().to_lowercase();
    let (error, reason) = (said("error"), said("reason"));
    let speaks = !error.is_empty() || !reason.is_empty();
    let about_app = error.ends_with("_client")
        || APP_REASONS.iter().any(|known| reason.contains(known) || error.contains(known));
    Some(match response.status {
        400 | 401 if speaks && has_grant && !about_app => ZoomError::GrantDead,
        400 | 401 if speaks => ZoomError::ClientRefused,
        _ => ZoomError::of(response),
    })
}

/// Parts of Zoom's reasons that are about the app: its ID or secret, a grant it may not use, its redirect URL, its being switched off.
const APP_REASONS: [&str; 8] =
    ["client", "redirect", "unsupported_grant", "4702", "4704", "4705", "4709", "4717"];
