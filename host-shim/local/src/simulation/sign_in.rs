//! The ways to sign in to the simulated Zoom: for each the app there, and the plugin's settings.

use super::Secrets;
use crate::{server::PLUGIN_PATH, settings::Settings};
use serde_json::json;
use zoom_sim::{App, AppKind};

/// How the plugin signs in to the simulated Zoom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum SignIn {
    /// A JWT app: nobody connects anything, and people are found by their e-mail address.
    #[default]
    Jwt,
    /// A Server-to-Server OAuth app: the same, by tokens of the account.
    ServerToServer,
    /// OAuth by each user: everybody connects their own Zoom account.
    User,
    /// OAuth for the whole account: the administrator connects it once for all.
    Account,
}

impl SignIn {
    /// The app at Zoom, with every scope that it may have. `local` is where people find the chat.
    pub(super) fn app(self, secrets: &Secrets, local: &str) -> App {
        let app = |kind| App::new(kind, &*secrets.client_id, &*secrets.client_secret);
        let redirect_uri = format!("{local}{PLUGIN_PATH}/oauth2/complete");
        match self {
            Self::Jwt => app(AppKind::Jwt),
            Self::ServerToServer => app(AppKind::ServerToServer),
            Self::User => app(AppKind::User).returning_to(redirect_uri),
            Self::Account => app(AppKind::Account).returning_to(redirect_uri),
        }
    }

    /// The settings that fill this way and no other.
    pub(super) fn settings(self, secrets: &Secrets, account_id: &str) -> Settings {
        let Secrets { client_id, client_secret, encryption_key, .. } = secrets;
        let settings = match self {
            Self::Jwt => json!({ "APIKey": client_id, "APISecret": client_secret }),
            Self::ServerToServer => json!({
                "S2SAccountID": account_id,
                "S2SClientID": client_id,
                "S2SClientSecret": client_secret,
            }),
            Self::User | Self::Account => json!({
                "OAuthClientID": client_id,
                "OAuthClientSecret": client_secret,
                "AccountLevelApp": self == Self::Account,
                "EncryptionKey": encryption_key,
            }),
        };
        settings.as_object().cloned().unwrap_or_default()
    }
}
