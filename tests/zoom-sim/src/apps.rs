//! The apps that the simulated Zoom knows.

use serde::{Deserialize, Serialize};

use crate::{SimError, scopes};

/// An app of the Marketplace: who may ask for tokens, and what these are good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct App {
    /// How it signs in.
    pub kind: AppKind,
    /// Client ID; the API Key of a JWT app. One app has it.
    pub client_id: String,
    /// Client Secret; the API Secret of a JWT app.
    pub client_secret: String,
    /// What people see when they are asked to allow it.
    pub name: String,
    /// Where a browser may be sent back to. They are compared letter by letter.
    pub redirect_uris: Vec<String>,
    /// Granular or classic scopes. If absent, all that the simulation asks for, as its kind may have them:
    /// those that end in `:admin` for apps of the account, the others for apps of a user.
    pub scopes: Option<Vec<String>>,
    /// Secret Token that signs what goes to `deauthorization_url`.
    pub secret_token: Option<String>,
    /// Where `app_deauthorized` goes: not where other events go. Plain http only.
    pub deauthorization_url: Option<String>,
    /// A deactivated app gets no token, and the ones it has are refused.
    pub active: bool,
}

/// How an app signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppKind {
    /// Signs its own tokens, as was possible until 2023.
    Jwt,
    /// Server-to-Server OAuth: asks for tokens of the account with its id.
    ServerToServer,
    /// Each user allows it, and its tokens reach that user alone.
    User,
    /// An administrator allows it once, and its tokens reach every user of the account.
    Account,
}

impl Default for App {
    fn default() -> Self {
        Self {
            kind: AppKind::User,
            client_id: String::new(),
            client_secret: String::new(),
            name: "Chat plugin".into(),
            redirect_uris: Vec::new(),
            scopes: None,
            secret_token: None,
            deauthorization_url: None,
            active: true,
        }
    }
}

impl App {
    /// An active app of this kind with every scope that it may have.
    pub fn new(kind: AppKind, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self { kind, client_id: client_id.into(), client_secret: client_secret.into(), ..Self::default() }
    }

    /// The same, with an address where browsers may be sent back to.
    #[must_use]
    pub fn returning_to(mut self, redirect_uri: impl Into<String>) -> Self {
        self.redirect_uris.push(redirect_uri.into());
        self
    }

    /// What a token that is handed out now is good for.
    pub(crate) fn granted_scopes(&self) -> Vec<String> {
        self.scopes.clone().unwrap_or_else(|| scopes::all(self.kind != AppKind::User))
    }

    fn check(&self) -> Result<(), SimError> {
        let refuse = |why: &str| Err(SimError::App(why.to_owned()));
        if self.client_id.is_empty() || self.client_secret.is_empty() {
            return refuse("it needs a client_id and a client_secret");
        }
        let mut scopes = self.scopes.iter().flatten();
        if self.kind == AppKind::User && scopes.any(|scope| scope.ends_with(":admin")) {
            return refuse("scopes that end in :admin are for apps of the account: make its kind `account`");
        }
        match &self.deauthorization_url {
            Some(url) if !crate::webhook::can_be_reached(url) => Err(SimError::WebhookUrl(url.clone())),
            _ => Ok(()),
        }
    }
}

/// The apps in the order they were added.
#[derive(Debug, Default)]
pub(crate) struct Apps(Vec<App>);

impl Apps {
    /// The apps of an account that has this one.
    pub(crate) fn with(app: App) -> Self {
        Self(vec![app])
    }

    /// Adds an app, or puts it in the place of the one with its client id.
    pub(crate) fn put(&mut self, app: App) -> Result<(), SimError> {
        app.check()?;
        match self.0.iter_mut().find(|known| known.client_id == app.client_id) {
            Some(known) => *known = app,
            None => self.0.push(app),
        }
        Ok(())
    }

    pub(crate) fn all(&self) -> &[App] {
        &self.0
    }

    pub(crate) fn find(&self, client_id: &str) -> Option<&App> {
        self.0.iter().find(|app| app.client_id == client_id)
    }

    pub(crate) fn remove(&mut self, client_id: &str) -> Option<App> {
        let index = self.0.iter().position(|app| app.client_id == client_id)?;
        Some(self.0.remove(index))
    }

    /// The JWT app with this API Key, or else the first one, whose refusal then says what is wrong.
    pub(crate) fn jwt(&self, api_key: Option<&str>) -> Option<&App> {
        let jwt = || self.0.iter().filter(|app| app.kind == AppKind::Jwt);
        jwt().find(|app| api_key == Some(app.client_id.as_str())).or_else(|| jwt().next())
    }

    pub(crate) fn set_jwt_active(&mut self, active: bool) {
        self.0.iter_mut().filter(|app| app.kind == AppKind::Jwt).for_each(|app| app.active = active);
    }
}
