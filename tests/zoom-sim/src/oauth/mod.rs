//! OAuth: where people allow an app, and where apps get their tokens.

mod authorize;
mod challenge;
mod deauthorize;
mod error;
mod grants;
mod handle;
mod options;
mod parameters;
mod token;

use axum::{
    Router, middleware,
    routing::{get, post},
};

pub use grants::{AccessToken, Grant};
pub use options::{AccountMe, Consent, DeadRefreshToken, OAuthOptions, Others};
pub use token::{Tally, TokenRequests};

use crate::{ZoomSim, api, clock::UnixMs, sim::State};
use grants::{Grants, Issuer};

/// Tokens and how they are handed out.
#[derive(Debug, Default)]
pub(crate) struct OAuth {
    pub(crate) options: OAuthOptions,
    pub(crate) grants: Grants,
    pub(crate) requests: TokenRequests,
}

/// Requests are noted and faults come in as at the API.
pub(crate) fn router(sim: ZoomSim) -> Router {
    Router::new()
        .route("/oauth/authorize", get(authorize::page))
        .route("/oauth/token", post(token::token))
        .route("/oauth/revoke", post(token::revoke))
        .route("/oauth/data/compliance", post(token::compliance))
        .layer(middleware::from_fn_with_state(sim.clone(), api::gate))
        .with_state(sim)
}

impl State {
    /// What was handed out, and what handing out needs.
    fn issuer(&mut self, now_ms: UnixMs) -> (&mut Grants, Issuer<'_>) {
        let (ids, users, web_url) = (&mut self.ids, &self.users, &*self.config.web_url);
        let options = &self.oauth.options;
        (&mut self.oauth.grants, Issuer { ids, users, options, web_url, now_ms })
    }
}
