use std::time::Duration;

use crate::api::http_client::{Error, Host, Request, Response};
use crate::call::Call;
use crate::http::HttpClient;
use crate::limits::{HTTP_REQUEST_BODY, HTTP_RESPONSE_BODY};

impl<S: Send + Sync + 'static, H: HttpClient> Host for Call<S, H> {
    async fn send(&mut self, mut request: Request) -> wasmtime::Result<Result<Response, Error>> {
        if request.body.len() > HTTP_REQUEST_BODY {
            let length = request.body.len();
            let text = format!("a body of {length} bytes is not sent: at most {HTTP_REQUEST_BODY}");
            return Ok(Err(Error::Other(text)));
        }
        self.park()?;
        let limit = self.limits.http.min(Duration::from_millis(request.timeout_ms.into()));
        request.timeout_ms = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX);
        let answer = tokio::time::timeout(limit, self.http.send(request, HTTP_RESPONSE_BODY)).await;
        Ok(match answer {
            // To the plugin only the limit means something.
            Ok(Err(Error::TooLarge(_))) => Err(Error::TooLarge(HTTP_RESPONSE_BODY)),
            Ok(answer) => answer,
            Err(_) => Err(Error::TimedOut),
        })
    }
}
