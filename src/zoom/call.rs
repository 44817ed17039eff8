//! One call to Zoom's API: the token, the URL, the limits, the error.

use super::error::ZoomError;
use crate::error::Error;
use crate::flow::Io;
use crate::model::{HttpRequest, HttpResponse, Method};
use crate::settings::Settings;
use serde::de::DeserializeOwned;

/// Zoom answers within a second; ten leave a person waiting no longer than they would watch.
const TIMEOUT_MS: u32 = 10_000;

/// Calls `method path` with an optional JSON body, and reads the answer of the status that a success has.
///
/// Path segments are percent-encoded here.
pub(super) async fn call<T: DeserializeOwned>(
    io: &Io,
    settings: &Settings,
    method: Method,
    path: &[&str],
    body: Option<Vec<u8>>,
    success: u16,
) -> Result<T, Error> {
    let token = settings.credentials.access_token(io).await?;
    let mut url = settings.api_url.clone();
    url.path_segments_mut()
        .map_err(|()| Error::Bug("the API's base URL takes no path"))?
        .pop_if_empty()
        .extend(path);

    let mut headers = vec![
        ("authorization".to_owned(), format!("Bearer {token}")),
        ("accept".to_owned(), "application/json".to_owned()),
    ];
    if body.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    let request = HttpRequest {
        method,
        url: url.into(),
        headers,
        body: body.unwrap_or_default(),
        timeout_ms: TIMEOUT_MS,
    };
    let response = io.http(request).await.map_err(ZoomError::from)?;
    Ok(read(&response, success)?)
}

/// A success is the documented status with the documented body; an error body under a success's status is an error.
fn read<T: DeserializeOwned>(response: &HttpResponse, success: u16) -> Result<T, ZoomError> {
    if response.status != success {
        return Err(ZoomError::of(response));
    }
    serde_json::from_slice(&response.body).map_err(|_| ZoomError::of(response))
}
