//! Answers that a host gives itself, for requests that never reach the plugin.

use crate::api::http_client::{Method, Response};
use crate::limits::MAX_BODY;

/// The contract's method of this name (`GET`, exactly as in the request), else the answer with status 405 to give.
pub fn parse_method(name: &str) -> Result<Method, Response> {
    match name {
        "GET" => Ok(Method::Get),
        "HEAD" => Ok(Method::Head),
        "OPTIONS" => Ok(Method::Options),
        "POST" => Ok(Method::Post),
        "PUT" => Ok(Method::Put),
        "PATCH" => Ok(Method::Patch),
        "DELETE" => Ok(Method::Delete),
        _ => {
            let mut response = plain(405, "This method is not supported.".to_owned());
            response
                .headers
                .push(("allow".to_owned(), "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE".to_owned()));
            Err(response)
        }
    }
}

/// For a request whose body is over [`MAX_BODY`].
pub(crate) fn body_too_large() -> Response {
    plain(413, format!("The body is over {MAX_BODY} bytes."))
}

fn plain(status: u16, text: String) -> Response {
    let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
    Response { status, headers, body: text.into_bytes() }
}
