//! The control of apps and OAuth.

use crate::{App, Change, Grant, OAuthOptions, SimError, TokenRequests, ZoomSim};

/// Apps, and what was handed out to them.
impl ZoomSim {
    /// Adds an app, or puts it in the place of the one with its client id, whose grants stay as they are:
    /// new scopes need a new token.
    pub fn put_app(&self, app: App) -> Result<(), SimError> {
        self.state().apps.put(app)?;
        self.changed(Change::Grants);
        Ok(())
    }

    /// The apps in the order they were added; the first one is the JWT app of the configuration.
    pub fn apps(&self) -> Vec<App> {
        self.state().apps.all().to_vec()
    }

    /// Removes an app with all its grants. Nobody is told.
    pub fn remove_app(&self, client_id: &str) -> Result<App, SimError> {
        let app = {
            let mut state = self.state();
            let app = state.apps.remove(client_id).ok_or_else(|| SimError::NoSuchApp(client_id.into()))?;
            state.oauth.grants.end(|of, _| of == client_id);
            app
        };
        self.changed(Change::Grants);
        Ok(app)
    }

    /// The switches of OAuth.
    pub fn oauth_options(&self) -> OAuthOptions {
        self.state().oauth.options.clone()
    }

    /// Changes the switches of OAuth.
    pub fn set_oauth_options(&self, options: OAuthOptions) {
        self.state().oauth.options = options;
        self.changed(Change::Grants);
    }

    /// How many token requests there were so far.
    pub fn token_requests(&self) -> TokenRequests {
        self.state().oauth.requests
    }

    /// Every grant that has a token, oldest first.
    pub fn grants(&self) -> Vec<Grant> {
        self.state().oauth.grants.all().to_vec()
    }

    /// Ends a grant and its tokens. Nobody is told.
    pub fn end_grant(&self, id: u64) -> Result<Grant, SimError> {
        let ended = self.state().oauth.grants.end_one(id).ok_or(SimError::NoSuchGrant(id))?;
        self.changed(Change::Grants);
        Ok(ended)
    }

    /// Every access token runs out now; refresh tokens stay good. Gives how many were still good.
    pub fn expire_access_tokens(&self) -> usize {
        let now_ms = self.now_ms();
        let expired = self.state().oauth.grants.expire_access_tokens(now_ms);
        self.changed(Change::Grants);
        expired
    }
}
