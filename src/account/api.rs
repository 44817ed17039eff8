//! Zoom's API, signed in to for one hook: the token, the URL, the limits, the error.

use super::Access;
use super::users;
use crate::error::{Error, UserError};
use crate::flow::Io;
use crate::json::Shape;
use crate::model::{HttpRequest, HttpResponse, Method, User};
use crate::settings::{Secret, Settings};
use crate::zoom::error::ZoomError;
use crate::zoom::read::{Members, document};
use std::cell::RefCell;
use url::form_urlencoded;

/// Zoom answers within a second; ten leave a person waiting no longer than they would watch.
const TIMEOUT_MS: u32 = 10_000;

/// What an answer of Zoom's API is read as.
pub(super) trait Answer: Sized {
    /// The members that it is made of: whatever else an answer holds is passed over.
    const WANTED: Shape;

    /// Reads an answer. `None`: it lacks what it must have.
    fn read(answer: Members<'_>, settings: &Settings) -> Option<Self>;
}

/// Zoom's API, with one access token for all calls of a hook.
pub struct Api<'a> {
    io: &'a Io,
    settings: &'a Settings,
    access: Access<'a>,
    token: RefCell<Secret>,
}

impl<'a> Api<'a> {
    /// Signs in for this user of the chat server, as the settings say.
    ///
    /// # Errors
    /// Those of [`super::access`].
    pub async fn sign_in(io: &'a Io, settings: &'a Settings, user: &User) -> Result<Self, Error> {
        let access = super::access(io, settings, user).await?;
        Ok(Self { io, settings, token: RefCell::new(access.token.clone()), access })
    }

    /// Signs in with a token that is good for its own user alone, and cannot be renewed.
    pub(super) fn with_token(io: &'a Io, settings: &'a Settings, token: Secret) -> Self {
        let access = Access { token: token.clone(), who: users::ME.to_owned(), grant: None };
        Self { io, settings, token: RefCell::new(token), access }
    }

    /// How paths name the user's own Zoom account: `me`, or the e-mail address.
    pub(super) fn who(&self) -> &str {
        &self.access.who
    }

    /// Calls `method path` with an optional JSON body, and reads the answer of the status that a success has.
    ///
    /// Path segments are percent-encoded here.
    pub(super) async fn call<T: Answer>(
        &self,
        method: Method,
        path: &[&str],
        body: Option<Vec<u8>>,
        success: u16,
    ) -> Result<T, Error> {
        self.exchange(method, path, &[], body, success).await
    }

    /// Calls `GET path?query`.
    pub(super) async fn get<T: Answer>(&self, path: &[&str], query: &[(&str, &str)]) -> Result<T, Error> {
        self.exchange(Method::Get, path, query, None, 200).await
    }

    async fn exchange<T: Answer>(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<Vec<u8>>,
        success: u16,
    ) -> Result<T, Error> {
        let response = self.send(method, path, query, body.clone()).await?;
        let error = match read(&response, success, self.settings) {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if !self.renew_after(&error).await? {
            return Err(error.into());
        }
        let response = self.send(method, path, query, body).await?;
        read(&response, success, self.settings).map_err(|error| match (error, &self.access.grant) {
            // A token that is as new as can be: whoever allowed the app has taken that back.
            (ZoomError::CredentialsRefused, Some(grant)) if grant.account_id.is_none() => {
                UserError::NotConnected(grant.for_whom).into()
            }
            (error, _) => error.into(),
        })
    }

    async fn send(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<HttpResponse, Error> {
        let request = self.request(method, path, query, body)?;
        Ok(self.io.http(request).await.map_err(ZoomError::from)?)
    }

    /// Whether another token may help: one can be taken back before its time, and scopes that were added to an app come with the
    /// next token.
    async fn renew_after(&self, error: &ZoomError) -> Result<bool, Error> {
        let Some(grant) = &self.access.grant else { return Ok(false) };
        let helps = *error == ZoomError::CredentialsRefused
            || (matches!(error, ZoomError::ScopesMissing(_)) && grant.account_id.is_some());
        if helps {
            let refused = self.token.borrow().clone();
            let token = grant.access_token(self.io, self.settings, Some(&refused)).await?;
            self.token.replace(token);
        }
        Ok(helps)
    }

    fn request(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<HttpRequest, Error> {
        let mut url = self.settings.api_url.clone();
        url.path_segments_mut()
            .map_err(|()| Error::Bug("the API's base URL takes no path"))?
            .pop_if_empty()
            .extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut headers = vec![
            ("authorization".to_owned(), format!("Bearer {}", self.token.borrow().expose())),
            ("accept".to_owned(), "application/json".to_owned()),
        ];
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        Ok(HttpRequest {
            method,
            url: url.into(),
            headers,
            body: body.unwrap_or_default(),
            timeout_ms: TIMEOUT_MS,
        })
    }
}

/// An instance's UUID as a segment of a path. Zoom takes one that begins with a slash or holds two in a row only when it is encoded
/// twice; the segment is encoded once more with the path.
pub(super) fn uuid_segment(uuid: &str) -> String {
    match uuid.starts_with('/') || uuid.contains("//") {
        true => form_urlencoded::byte_serialize(uuid.as_bytes()).collect(),
        false => uuid.to_owned(),
    }
}

/// A success is the documented status with the documented body; an error body under a success's status is an error.
fn read<T: Answer>(response: &HttpResponse, success: u16, settings: &Settings) -> Result<T, ZoomError> {
    if response.status != success {
        return Err(ZoomError::of(response));
    }
    let answer = document(&response.body, T::WANTED).unwrap_or_default();
    T::read(Members::of(&answer), settings).ok_or_else(|| ZoomError::of(response))
}
