//! The client that sends a plugin's requests for real.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::api::http_client::{Error, Method, Request, Response};
use crate::http::{HttpClient, Origins};
use crate::limits::{CONNECT, HTTP_HEADER_BYTES};

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

/// Sends requests to the allowed origins and no others, by the system's proxies and root certificates.
#[derive(Debug)]
pub struct AllowListClient {
    origins: Arc<RwLock<Arc<Origins>>>,
    /// Made with the first request: reading the system's root certificates takes time and memory that a start need not spend.
    client: OnceLock<Result<reqwest::Client, String>>,
}

impl AllowListClient {
    /// A client that reaches `origins`.
    pub fn new(origins: Origins) -> Self {
        Self { origins: Arc::new(RwLock::new(Arc::new(origins))), client: OnceLock::new() }
    }

    /// Replaces the allowed origins, when the settings have changed. Requests under way go on.
    pub fn set_origins(&self, origins: Origins) {
        *self.origins.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(origins);
    }

    fn client(&self) -> Result<&reqwest::Client, Error> {
        let client = self.client.get_or_init(|| {
            build(Resolver { origins: Arc::clone(&self.origins) })
                .map_err(|error| format!("the HTTP client could not be set up: {error}"))
        });
        client.as_ref().map_err(|text| Error::Unreachable(text.clone()))
    }
}

impl HttpClient for AllowListClient {
    async fn send(&self, request: Request, max_body_bytes: u64) -> Result<Response, Error> {
        let url = current(&self.origins).allowed(&request.url).ok_or(Error::Denied)?;
        let response = self
            .client()?
            .request(method(request.method), url)
            .headers(headers(request.headers)?)
            .body(request.body)
            .timeout(Duration::from_millis(request.timeout_ms.into()))
            .send()
            .await
            .map_err(failure)?;
        read(response, max_body_bytes).await
    }
}

fn current(origins: &RwLock<Arc<Origins>>) -> Arc<Origins> {
    Arc::clone(&origins.read().unwrap_or_else(PoisonError::into_inner))
}

fn build(resolver: Resolver) -> Result<reqwest::Client, Box<dyn std::error::Error>> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(resolver))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .build()?;
    Ok(client)
}

/// The system's resolver, without the private addresses of names that have to be public.
#[derive(Debug)]
struct Resolver {
    origins: Arc<RwLock<Arc<Origins>>>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let origins = current(&self.origins);
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            let allowed: Vec<SocketAddr> =
                found.iter().copied().filter(|address| origins.may_resolve_to(host, address.ip())).collect();
            if allowed.is_empty() && !found.is_empty() {
                return Err(PrivateAddress.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the name has private addresses only")]
struct PrivateAddress;

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Head => reqwest::Method::HEAD,
        Method::Options => reqwest::Method::OPTIONS,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
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

async fn read(mut response: reqwest::Response, max_body_bytes: u64) -> Result<Response, Error> {
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers =
        response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    if let Some(announced) = response.content_length().filter(|length| *length > max_body_bytes) {
        return Err(Error::TooLarge(announced));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        let length = body.len() as u64 + chunk.len() as u64;
        if length > max_body_bytes {
            return Err(Error::TooLarge(length));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response { status, headers, body })
}

fn failure(error: reqwest::Error) -> Error {
    // The URL's query may hold a secret.
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<PrivateAddress>() {
            return Error::Denied;
        }
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    if error.is_connect() {
        Error::Unreachable(text)
    } else if error.is_timeout() {
        Error::TimedOut
    } else {
        Error::Other(text)
    }
}
