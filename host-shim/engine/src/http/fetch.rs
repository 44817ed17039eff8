//! Fetching with redirects, for files.

use crate::api::http_client::{Error, Method, Request, Response};
use crate::http::HttpClient;
use crate::http::url_text::{join_url, parse_url};

/// How often an answer may point elsewhere: as many as browsers and curl take for granted, far fewer than a loop makes.
const MAX_REDIRECTS: usize = 5;

/// Headers that prove who asks. They stay with the origin that they were meant for.
const CREDENTIALS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// Sends the request and follows redirects. Each address is checked by the client like any other request's.
pub(crate) async fn follow<H: HttpClient>(
    http: &H,
    mut request: Request,
    max_body_bytes: u64,
) -> Result<Response, Error> {
    for _ in 0..=MAX_REDIRECTS {
        let response = http.send(request.clone(), max_body_bytes).await?;
        let Some(location) = location(&response) else {
            return Ok(response);
        };
        request = redirected(request, response.status, location)?;
    }
    Err(Error::Other(format!("the other server redirected more than {MAX_REDIRECTS} times")))
}

fn location(response: &Response) -> Option<&str> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let header = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"));
    header.map(|(_, value)| value.as_str())
}

/// The request that a redirect asks for.
fn redirected(mut request: Request, status: u16, location: &str) -> Result<Request, Error> {
    let bad = || Error::Other("the other server redirected to something that is no URL".to_owned());
    let from = parse_url(&request.url).ok_or_else(bad)?;
    let to = join_url(&from, location).ok_or_else(bad)?;
    if from.origin() != to.origin() {
        request.headers.retain(|(name, _)| !CREDENTIALS.iter().any(|other| name.eq_ignore_ascii_case(other)));
    }
    // As browsers do: what was posted is not posted to another place unless the status says so.
    let reposts = matches!(status, 307 | 308);
    if !reposts && !matches!(request.method, Method::Get | Method::Head) {
        request.method = Method::Get;
        request.body.clear();
        request.headers.retain(|(name, _)| !name.to_ascii_lowercase().starts_with("content-"));
    }
    request.url = to.into();
    Ok(request)
}
