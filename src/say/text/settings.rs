//! Sentences about what is wrong with the settings, for the administrator.

use crate::say::i18n::Localizer;
use crate::settings::credentials::MIN_SECRET_BYTES;
use crate::settings::{Fault, Problem};

/// What is wrong, and what to do.
pub fn problem(problem: &Problem, l10n: &Localizer) -> String {
    let key = problem.key;
    match problem.fault {
        Fault::NoObject => l10n.settings_no_object(),
        Fault::NoSignIn => l10n.settings_no_sign_in(),
        Fault::Empty => empty(key, l10n),
        Fault::NotText => l10n.settings_not_text(key),
        Fault::NotAFlag => l10n.settings_not_a_flag(key),
        Fault::NotAUrl { example } => l10n.settings_not_a_url(example, key),
        Fault::KeyLength(bytes) => l10n.settings_encryption_key_length(bytes),
        Fault::SecretTooShort => l10n.settings_api_secret_short(&MIN_SECRET_BYTES.to_string()),
    }
}

fn empty(key: &str, l10n: &Localizer) -> String {
    match key {
        "S2SAccountID" => l10n.settings_s2s_account_id_empty(),
        "S2SClientID" => l10n.settings_s2s_client_id_empty(),
        "S2SClientSecret" => l10n.settings_s2s_client_secret_empty(),
        "OAuthClientID" => l10n.settings_oauth_client_id_empty(),
        "OAuthClientSecret" => l10n.settings_oauth_client_secret_empty(),
        "EncryptionKey" => l10n.settings_encryption_key_empty(),
        "APIKey" => l10n.settings_api_key_empty(),
        "APISecret" => l10n.settings_api_secret_empty(),
        _ => l10n.settings_webhook_secret_empty(),
    }
}
