//! Serving the simulation.

use std::{convert::Infallible, io};

use axum::{Router, body::Body, http::Response, middleware};
use hyper::{server::conn::http1, service::Service as _};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::net::TcpListener;

use crate::{ZoomSim, api, control, downloads, guard, oauth, page};

/// Marks an answer that is not to be sent: the connection ends instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disconnect;

#[derive(Debug, thiserror::Error)]
#[error("the simulated Zoom ended the connection, as a test asked it to")]
struct Disconnected;

impl ZoomSim {
    /// Zoom's API under `/v2`, its OAuth under `/oauth`, and what links lead to, under `/j`, `/rec` and `/cmr`, to
    /// be served or merged into the router of a host.
    pub fn router(&self) -> Router {
        api::router(self.clone()).merge(self.web_router())
    }

    /// What `web_url` leads to: OAuth under `/oauth`, the page behind join links under `/j`, recordings under
    /// `/rec` and `/cmr`. To be nested in the router of a host whose `web_url` has a path.
    pub fn web_router(&self) -> Router {
        let pages = page::router(self.clone()).merge(downloads::router(self.clone()));
        oauth::router(self.clone()).merge(pages)
    }

    /// The second origin for downloads, `http://127.0.0.1:<port>`, listened on from the first call on.
    pub fn other_origin(&self) -> io::Result<String> {
        if let Some(origin) = self.inner().other_origin.get() {
            return Ok(origin.clone());
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let origin = format!("http://{}", listener.local_addr()?);
        let listener = TcpListener::from_std(listener)?;
        // Of two first calls at one time one wins; the other listener is dropped.
        if self.inner().other_origin.set(origin.clone()).is_ok() {
            tokio::spawn(serve(downloads::router(self.clone()), listener));
        }
        Ok(self.inner().other_origin.get().cloned().unwrap_or(origin))
    }

    /// The control of the simulation under `/sim`.
    pub fn control_router(&self) -> Router {
        control::router(self.clone())
    }

    /// Serves the API and its control to this machine until the listener fails or the future is dropped. Unlike a server
    /// of [`router`](Self::router) alone it can end a connection without an answer.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        serve(self.router().merge(self.control_router()), listener).await
    }
}

async fn serve(router: Router, listener: TcpListener) -> io::Result<()> {
    let router = router.layer(middleware::from_fn(guard::check));
    loop {
        let (stream, _) = match listener.accept().await {
            // The client went away before it was served.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            accepted => accepted?,
        };
        let router = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let service = hyper::service::service_fn(|request| {
                let answer = router.call(request);
                async move { deliverable(answer.await) }
            });
            // A broken connection is the client's affair, or the fault that was asked for.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn deliverable(answer: Result<Response<Body>, Infallible>) -> Result<Response<Body>, Disconnected> {
    match answer {
        Ok(response) if response.extensions().get::<Disconnect>().is_some() => Err(Disconnected),
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}
