//! Serving the simulation.

use std::{convert::Infallible, io};

use axum::{Router, body::Body, http::Response};
use hyper::{server::conn::http1, service::Service as _};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::net::TcpListener;

use crate::{ZoomSim, api, control, page};

/// Marks an answer that is not to be sent: the connection ends instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disconnect;

#[derive(Debug, thiserror::Error)]
#[error("the simulated Zoom ended the connection, as a test asked it to")]
struct Disconnected;

impl ZoomSim {
    /// Zoom's API under `/v2` and the page behind join links under `/j`, to be served or merged into the
    /// router of a host.
    pub fn router(&self) -> Router {
        api::router(self.clone()).merge(page::router(self.clone()))
    }

    /// The control of the simulation under `/sim`.
    pub fn control_router(&self) -> Router {
        control::router(self.clone())
    }

    /// Serves the API and its control until the listener fails or the future is dropped. Unlike a server
    /// of [`router`](Self::router) alone it can end a connection without an answer.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let router = self.router().merge(self.control_router());
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
}

fn deliverable(answer: Result<Response<Body>, Infallible>) -> Result<Response<Body>, Disconnected> {
    match answer {
        Ok(response) if response.extensions().get::<Disconnect>().is_some() => Err(Disconnected),
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}
