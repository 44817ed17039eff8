//! Zoom's API, signed in to for one hook: the token, the URL, the limits, the error.

use super::auth::{self, Access};
use super::error::ZoomError;
use crate::error::Error;
use crate::flow::Io;
use crate::model::{HttpRequest, HttpResponse, Method, User};
use crate::settings::Settings;
use serde::de::DeserializeOwned;
use url::Url;

/// Zoom answers within a second; ten leave a person waiting no longer than they would watch.
const TIMEOUT_MS: u32 = 10_000;

/// Zoom's API, with one access token for all calls of a hook.
pub struct Api<'a> {
    io: &'a Io,
    base: &'a Url,
    access: Access,
}

impl<'a> Api<'a> {
    /// Signs in for this user of the chat server, as the settings say.
    ///
    /// # Errors
    /// Those of [`auth::access`](super::auth::access).
    pub async fn sign_in(io: &'a Io, settings: &'a Settings, user: &User) -> Result<Self, Error> {
        Ok(Self { io, base: &settings.api_url, access: auth::access(io, settings, user).await? })
    }

    /// How paths name the user's own Zoom account: `me`, or the e-mail address.
    pub(super) fn who(&self) -> &str {
        &self.access.who
    }

    /// Calls `method path` with an optional JSON body, and reads the answer of the status that a success has.
    ///
    /// Path segments are percent-encoded here.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        body: Option<Vec<u8>>,
        success: u16,
    ) -> Result<T, Error> {
        let request = self.request(method, path, body)?;
        let response = self.io.http(request).await.map_err(ZoomError::from)?;
        Ok(read(&response, success)?)
    }

    fn request(&self, method: Method, path: &[&str], body: Option<Vec<u8>>) -> Result<HttpRequest, Error> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Error::Bug("the API's base URL takes no path"))?
            .pop_if_empty()
            .extend(path);
        let mut headers = vec![
            ("authorization".to_owned(), format!("Bearer {}", self.access.token)),
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

/// A success is the documented status with the documented body; an error body under a success's status is an error.
fn read<T: DeserializeOwned>(response: &HttpResponse, success: u16) -> Result<T, ZoomError> {
    if response.status != success {
        return Err(ZoomError::of(response));
    }
    serde_json::from_slice(&response.body).map_err(|_| ZoomError::of(response))
}
