use std::time::Duration;

use crate::api::files::{Error, Host};
use crate::api::http_client::{Error as HttpError, Request, Response};
use crate::call::Call;
use crate::http::{HttpClient, fetch};
use crate::limits::{FILE_BYTES, HTTP_REQUEST_BODY};
use crate::server::ChatServer;

impl<S: ChatServer, H: HttpClient> Host for Call<S, H> {
    async fn store_response(
        &mut self,
        mut request: Request,
        channel_id: String,
        name: String,
        max_bytes: u64,
    ) -> wasmtime::Result<Result<String, Error>> {
        if request.body.len() > HTTP_REQUEST_BODY {
            return Ok(Err(Error::Other("the request's body is too large to be sent".to_owned())));
        }
        self.park()?;
        let limit = self.limits.file.min(Duration::from_millis(request.timeout_ms.into()));
        request.timeout_ms = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX);
        let max_bytes = max_bytes.min(FILE_BYTES);
        let fetch = fetch::follow(&*self.http, request, max_bytes);
        let Ok(fetched) = tokio::time::timeout(limit, fetch).await else {
            return Ok(Err(not_fetched(HttpError::TimedOut)));
        };
        let body = match fetched {
            Ok(response) if response.status == 200 && is_page(&response) => {
                let what = "the other server answered with a page in place of the file";
                return Ok(Err(Error::Unavailable(what.to_owned())));
            }
            Ok(response) if response.status == 200 => response.body,
            Ok(response) => return Ok(Err(Error::Status(response.status))),
            Err(error) => return Ok(Err(not_fetched(error))),
        };
        let answer = self.server.store_file(channel_id, name, body);
        Self::within(self.limits.import, "files.store-response", |text| Err(Error::Other(text)), answer).await
    }
}

/// By what the answer says of itself.
fn is_page(response: &Response) -> bool {
    let mut headers = response.headers.iter();
    let content_type = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let essence = content_type.and_then(|(_, value)| value.split(';').next()).unwrap_or_default().trim();
    ["text/html", "application/xhtml+xml"].iter().any(|page| essence.eq_ignore_ascii_case(page))
}

fn not_fetched(error: HttpError) -> Error {
    match error {
        HttpError::Denied => Error::Denied,
        HttpError::TimedOut => Error::Unavailable("the other server did not answer in time".to_owned()),
        HttpError::Unreachable(text) => Error::Unavailable(text),
        HttpError::TooLarge(bytes) => Error::TooLarge(bytes),
        HttpError::Other(text) => Error::Other(text),
    }
}
