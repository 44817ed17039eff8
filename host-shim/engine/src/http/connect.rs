//! How a connection is made: which addresses, by which proxy, with TLS.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, RwLock};
use std::task::{Context, Poll};

use hyper::Uri;
use hyper::header::HeaderValue;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::http::Origins;
use crate::http::client::current;
use crate::limits::CONNECT;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotConnected {
    #[error("the name has private addresses only")]
    PrivateAddress,
    #[error("no connection within {} s", CONNECT.as_secs())]
    TimedOut,
    #[error("the system names a proxy of the kind {0}, which is not supported: use one of the kind http")]
    Proxy(String),
}

/// Connects, with TLS where the URL says so.
#[derive(Clone)]
pub(crate) struct Connect {
    https: HttpsConnector<Direct>,
    proxies: Arc<Matcher>,
}

impl Connect {
    /// To these origins alone, with this cryptography, the system's root certificates and its proxies.
    pub(crate) fn new(
        origins: Arc<RwLock<Arc<Origins>>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, rustls::Error> {
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_platform_verifier()?
            .with_no_client_auth();
        let proxies = Arc::new(Matcher::from_system());
        let mut http = HttpConnector::new_with_resolver(Resolver { origins });
        http.enforce_http(false);
        http.set_nodelay(true);
        let direct = Direct { http, proxies: Arc::clone(&proxies) };
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(direct);
        Ok(Self { https, proxies })
    }

    /// What proves to a proxy who asks, where a request is sent to the proxy itself. One in clear names the other server in its
    /// first line; one with TLS goes through a tunnel, whose making proves it.
    pub(crate) fn proxy_authorization(&self, to: &Uri) -> Option<HeaderValue> {
        if is_https(to) {
            return None;
        }
        self.proxies.intercept(to)?.basic_auth().cloned()
    }
}

impl Service<Uri> for Connect {
    type Response = MaybeHttpsStream<Stream>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.https.call(to);
        Box::pin(async move {
            tokio::time::timeout(CONNECT, connecting).await.map_err(|_| NotConnected::TimedOut)?
        })
    }
}

/// Connects without TLS, to the server or to the proxy that leads there.
#[derive(Clone)]
struct Direct {
    http: HttpConnector<Resolver>,
    proxies: Arc<Matcher>,
}

impl Service<Uri> for Direct {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting<Stream>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.intercept(&to) else {
            let connecting = self.http.call(to);
            return Box::pin(async move { Ok(Stream { inner: connecting.await?, to_proxy: false }) });
        };
        let address = proxy.uri().clone();
        if address.scheme_str() != Some("http") {
            let kind = address.scheme_str().unwrap_or("unknown").to_owned();
            return Box::pin(async move { Err(NotConnected::Proxy(kind).into()) });
        }
        if is_https(&to) {
            let mut tunnel = Tunnel::new(address, self.http.clone());
            if let Some(authorization) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(authorization.clone());
            }
            return Box::pin(async move { Ok(Stream { inner: tunnel.call(to).await?, to_proxy: false }) });
        }
        let connecting = self.http.call(address);
        Box::pin(async move { Ok(Stream { inner: connecting.await?, to_proxy: true }) })
    }
}

fn is_https(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// A connection that knows whether requests on it have to name the server.
pub(crate) struct Stream {
    inner: TokioIo<TcpStream>,
    to_proxy: bool,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.inner.connected().proxy(self.to_proxy)
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// The system's resolver, without the private addresses of names that have to be public.
#[derive(Clone, Debug)]
struct Resolver {
    origins: Arc<RwLock<Arc<Origins>>>,
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let origins = current(&self.origins);
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            let allowed: Vec<SocketAddr> =
                found.iter().copied().filter(|address| origins.may_resolve_to(host, address.ip())).collect();
            if allowed.is_empty() && !found.is_empty() {
                return Err(NotConnected::PrivateAddress.into());
            }
            Ok(allowed.into_iter())
        })
    }
}
