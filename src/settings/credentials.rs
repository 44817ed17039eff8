//! The ways to sign in to Zoom, as the administrator has set them.

use super::Secret;

/// A shorter secret is none of Zoom's (they have 36) and too weak for HS256.
pub const MIN_SECRET_BYTES: usize = 32;

/// The credentials that the administrator has set.
#[derive(Debug, Clone, PartialEq)]
pub enum Credentials {
    /// A JWT app: API key and secret.
    Jwt(ApiKey),
    /// A Server-to-Server OAuth app of an account.
    ServerToServer {
        /// The account's id.
        account_id: String,
        /// The app.
        client: OAuthClient,
    },
    /// An OAuth app of an account: an administrator connects it for all.
    Account(OAuthClient),
    /// An OAuth app of users: each connects their own Zoom account.
    User(OAuthClient),
}

/// An OAuth app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthClient {
    /// Its client ID.
    pub id: String,
    /// Its client secret.
    pub secret: Secret,
}

/// The way to sign in that a user has to go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MustConnect {
    /// The user's own Zoom account.
    User,
    /// The organisation's, by an administrator.
    Account,
}

impl Credentials {
    /// The app that somebody can connect, and for whom. `None` where nobody has to.
    pub fn connectable(&self) -> Option<(&OAuthClient, MustConnect)> {
        match self {
            Self::User(client) => Some((client, MustConnect::User)),
            Self::Account(client) => Some((client, MustConnect::Account)),
            Self::Jwt(_) | Self::ServerToServer { .. } => None,
        }
    }
}

/// API Key and API Secret of a JWT app.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    pub(crate) key: String,
    pub(crate) secret: Secret,
}

/// The secret has fewer than [`MIN_SECRET_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the API secret is shorter than {MIN_SECRET_BYTES} bytes")]
pub struct SecretTooShort;

impl ApiKey {
    /// Takes key and secret.
    ///
    /// # Errors
    /// [`SecretTooShort`].
    pub fn new(key: String, secret: Secret) -> Result<Self, SecretTooShort> {
        if secret.expose().len() < MIN_SECRET_BYTES {
            return Err(SecretTooShort);
        }
        Ok(Self { key, secret })
    }
}
