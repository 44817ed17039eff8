//! The client that sends a plugin's requests for real.

use std::error::Error as _;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION};
use hyper::{Method as HttpMethod, Uri};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::CryptoProvider;

use crate::api::http_client::{Error, Method, Request, Response};
use crate::http::connect::{Connect, NotConnected};
use crate::http::{HttpClient, Origins};
use crate::limits::HTTP_HEADER_BYTES;

/// Headers that belong to the connection, not to the request: the host sets them itself.
const OWN_HEADERS: [&str; 10] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(90);

/// Sends requests to the allowed origins and no others, by the system's proxies and root certificates.
///
/// It is made of hyper and rustls without any cryptography of its own: which one is used is the host's to say, and whatever other
/// clients a host has go on to work as they did.
pub struct AllowListClient {
    origins: Arc<RwLock<Arc<Origins>>>,
    provider: Arc<CryptoProvider>,
    /// Made with the first request: reading the system's root certificates takes time and memory that a start need not spend.
    client: OnceLock<Result<Ready, String>>,
}

struct Ready {
    http: Client<Connect, Full<Bytes>>,
    connect: Connect,
}

impl std::fmt::Debug for AllowListClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AllowListClient").field("origins", &self.origins).finish_non_exhaustive()
    }
}

impl AllowListClient {
    /// A client that reaches `origins`, with this cryptography, for example `rustls::crypto::ring::default_provider()`.
    pub fn new(origins: Origins, provider: impl Into<Arc<CryptoProvider>>) -> Self {
        let origins = Arc::new(RwLock::new(Arc::new(origins)));
        Self { origins, provider: provider.into(), client: OnceLock::new() }
    }

    /// Replaces the allowed origins, when the settings have changed. Requests under way go on.
    pub fn set_origins(&self, origins: Origins) {
        *self.origins.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(origins);
    }

    fn client(&self) -> Result<&Ready, Error> {
        let client = self.client.get_or_init(|| {
            let connect = Connect::new(Arc::clone(&self.origins), Arc::clone(&self.provider))
                .map_err(|error| format!("the HTTP client could not be set up: {error}"))?;
            let http = Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .build(connect.clone());
            Ok(Ready { http, connect })
        });
        client.as_ref().map_err(|text| Error::Unreachable(text.clone()))
    }
}

impl HttpClient for AllowListClient {
    async fn send(&self, request: Request, max_body_bytes: u64) -> Result<Response, Error> {
        let url = current(&self.origins).allowed(&request.url).ok_or(Error::Denied)?;
        let limit = Duration::from_millis(request.timeout_ms.into());
        let ready = self.client()?;
        let request = built(ready, url.as_str(), request)?;
        let answer = async {
            let response = ready.http.request(request).await.map_err(|error| failure(&error))?;
            read(response, max_body_bytes).await
        };
        tokio::time::timeout(limit, answer).await.unwrap_or(Err(Error::TimedOut))
    }
}

/// The origins of now.
pub(crate) fn current(origins: &RwLock<Arc<Origins>>) -> Arc<Origins> {
    Arc::clone(&origins.read().unwrap_or_else(PoisonError::into_inner))
}

fn built(ready: &Ready, url: &str, request: Request) -> Result<hyper::Request<Full<Bytes>>, Error> {
    // The URL's query may hold a secret: it is left out of the text.
    let uri: Uri = url.parse().map_err(|_| Error::Other("the URL is not valid".to_owned()))?;
    let mut headers = headers(request.headers)?;
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    if let Some(authorization) = ready.connect.proxy_authorization(&uri) {
        headers.insert(PROXY_AUTHORIZATION, authorization);
    }
    let mut built = hyper::Request::new(Full::new(Bytes::from(request.body)));
    *built.method_mut() = method(request.method);
    *built.uri_mut() = uri;
    *built.headers_mut() = headers;
    Ok(built)
}

fn method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::GET,
        Method::Head => HttpMethod::HEAD,
        Method::Options => HttpMethod::OPTIONS,
        Method::Post => HttpMethod::POST,
        Method::Put => HttpMethod::PUT,
        Method::Patch => HttpMethod::PATCH,
        Method::Delete => HttpMethod::DELETE,
    }
}

fn headers(given: Vec<(String, String)>) -> Result<HeaderMap, Error> {
    let size: usize = given.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > HTTP_HEADER_BYTES {
        return Err(Error::Other(format!(
            "headers of {size} bytes are not sent: at most {HTTP_HEADER_BYTES}"
        )));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let name = HeaderName::try_from(name)
            .map_err(|_| Error::Other("a header's name is not valid".to_owned()))?;
        // The value may be a secret: it is left out of the text.
        let value = HeaderValue::try_from(value)
            .map_err(|_| Error::Other(format!("the value of header {name} is not valid")))?;
        if !OWN_HEADERS.contains(&name.as_str()) {
            headers.append(name, value);
        }
    }
    Ok(headers)
}

async fn read(response: hyper::Response<Incoming>, max_body_bytes: u64) -> Result<Response, Error> {
    let (head, mut incoming) = response.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    if let Some(announced) = incoming.size_hint().exact().filter(|length| *length > max_body_bytes) {
        return Err(Error::TooLarge(announced));
    }
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| Error::Other(with_causes(&error)))?;
        let Ok(piece) = frame.into_data() else { continue };
        let length = body.len() as u64 + piece.len() as u64;
        if length > max_body_bytes {
            return Err(Error::TooLarge(length));
        }
        body.extend_from_slice(&piece);
    }
    Ok(Response { status: head.status.as_u16(), headers, body })
}

fn failure(error: &legacy::Error) -> Error {
    let mut cause = error.source();
    while let Some(why) = cause {
        if matches!(why.downcast_ref(), Some(NotConnected::PrivateAddress)) {
            return Error::Denied;
        }
        cause = why.source();
    }
    let text = with_causes(error);
    if error.is_connect() { Error::Unreachable(text) } else { Error::Other(text) }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(why) = cause {
        text = format!("{text}: {why}");
        cause = why.source();
    }
    text
}
