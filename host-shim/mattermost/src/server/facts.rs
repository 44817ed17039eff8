//! What is known of the server, and changes with its settings only.

use chat_plugin_engine::api::host::{Features, Server};

use crate::api::{Api, ApiError};
use crate::manifest::plugin_path;
use crate::model::User;
use crate::settings;

/// A picture of the server. The server tells plugins when its settings change, so that nothing has to be asked anew at
/// every call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// The plugin's settings as a JSON object, secrets included.
    pub(crate) settings: String,
    /// Without a trailing slash. Empty when the administrator has set none.
    pub(crate) site_url: String,
    version: String,
    /// At its start the server puts plugins that it ships over installed ones of lower versions.
    pub(super) replaces_lower_versions: bool,
    /// The server's default language. Empty when the administrator has set none.
    pub(crate) locale: String,
    /// Addresses that the server has not verified count for nothing.
    requires_verified_email: bool,
    /// How clients build the name that people read.
    name_display: String,
    /// The account that the plugin posts as; empty until it is made sure of.
    pub(crate) bot_id: String,
}

impl Facts {
    /// Asks the server.
    pub(crate) async fn load(api: &Api, bot_id: String) -> Result<Self, ApiError> {
        let (settings, config, version) =
            tokio::try_join!(api.settings(), api.config(), api.server_version())?;
        let site_url = config.service_settings.site_url.unwrap_or_default();
        Ok(Self {
            settings: settings::with_manifest_keys(&settings),
            site_url: site_url.trim_end_matches('/').to_owned(),
            version,
            // The server fills in what its administrator has not set. A setting that is off is not sent at all.
            replaces_lower_versions: config.plugin_settings.automatic_prepackaged_plugins.unwrap_or_default(),
            locale: config.localization_settings.default_server_locale.unwrap_or_default(),
            requires_verified_email: config.email_settings.require_email_verification.unwrap_or_default(),
            name_display: config.team_settings.teammate_name_display.unwrap_or_default(),
            bot_id,
        })
    }

    /// Of a server that speaks this language and says no more.
    #[cfg(test)]
    pub(crate) fn in_language(locale: &str) -> Self {
        Self { locale: locale.to_owned(), ..Self::default() }
    }

    /// The same, with the bot's account made sure of.
    pub(crate) fn with_bot(&self, bot_id: String) -> Self {
        Self { bot_id, ..self.clone() }
    }

    /// What the contract asks about the server.
    pub(crate) fn about(&self) -> Server {
        let plugin_url = match self.site_url.as_str() {
            "" => String::new(),
            site_url => format!("{site_url}{}", plugin_path("")),
        };
        Server {
            name: "Mattermost".into(),
            version: self.version.clone(),
            site_url: self.site_url.clone(),
            plugin_url,
            command_prefix: "/".into(),
            locale: self.locale.clone(),
            features: Features::all(),
        }
    }

    /// The name that people read, by the server's own rule.
    pub(super) fn display_name(&self, user: &User) -> String {
        let full = [user.first_name.trim(), user.last_name.trim()].join(" ").trim().to_owned();
        let candidates = match self.name_display.as_str() {
            "nickname_full_name" => [user.nickname.trim().to_owned(), full],
            "full_name" => [full, String::new()],
            _ => [String::new(), String::new()],
        };
        candidates.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| user.username.clone())
    }

    /// The user's address, where the server stands for it: it has verified the address, or does without verification by its
    /// administrator's decision, or has it from a directory or sign-on service. A user of another server has none.
    pub(super) fn email(&self, user: &User) -> Option<String> {
        let vouched = user.email_verified || !self.requires_verified_email || !user.auth_service.is_empty();
        let local = user.remote_id.as_deref().unwrap_or_default().is_empty();
        (vouched && local && !user.email.is_empty()).then(|| user.email.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_only_where_the_server_stands_for_it() {
        // verified, demanded, service, remote, whether it counts
        let cases = [
            (true, true, "", "", true),
            (false, true, "", "", false),
            (false, false, "", "", true),
            (false, true, "ldap", "", true),
            (true, true, "", "other-server", false),
            (true, false, "saml", "other-server", false),
        ];
        for (email_verified, demanded, service, remote, counts) in cases {
            let facts = Facts { requires_verified_email: demanded, ..Facts::default() };
            let user = User {
                email: "a@example.com".into(),
                email_verified,
                auth_service: service.into(),
                remote_id: Some(remote.into()),
                ..User::default()
            };
            assert_eq!(
                facts.email(&user).is_some(),
                counts,
                "{email_verified} {demanded} {service} {remote}"
            );
        }
    }

    #[test]
    fn names_follow_the_servers_rule() {
        let user = |nickname: &str, first: &str, last: &str| User {
            username: "alice".into(),
            nickname: nickname.into(),
            first_name: first.into(),
            last_name: last.into(),
            ..User::default()
        };
        let cases = [
            ("username", user("Al", "Alice", "Doe"), "alice"),
            ("nickname_full_name", user("Al", "Alice", "Doe"), "Al"),
            ("nickname_full_name", user("", "Alice", "Doe"), "Alice Doe"),
            ("full_name", user("Al", "", "Doe"), "Doe"),
            ("full_name", user("Al", "", ""), "alice"),
            ("", user("Al", "Alice", "Doe"), "alice"),
        ];
        for (name_display, user, expected) in cases {
            let facts = Facts { name_display: name_display.into(), ..Facts::default() };
            assert_eq!(facts.display_name(&user), expected, "{name_display}");
        }
    }

    #[test]
    fn the_servers_language_is_its_administrators_word() {
        let facts = Facts { locale: "pt-BR".into(), ..Facts::default() };
        assert_eq!(facts.about().locale, "pt-BR");
    }

    #[test]
    fn urls_of_the_plugin_need_a_site_url() {
        let facts = Facts { site_url: "https://chat.example.com/sub".into(), ..Facts::default() };
        assert_eq!(facts.about().plugin_url, "https://chat.example.com/sub/plugins/zoom");
        assert_eq!(Facts::default().about().plugin_url, "");
    }
}
