//! Sentences about the Personal Meeting ID.

use crate::store::Preference;

/// What stands on the button.
pub fn label(preference: Preference) -> &'static str {
    match preference {
        Preference::Always => "Always",
        Preference::Never => "Never",
        Preference::Ask => "Ask me",
    }
}

/// What holds now.
pub fn now(preference: Option<Preference>) -> &'static str {
    match preference {
        Some(Preference::Always) => "Your meetings use your Personal Meeting ID.",
        Some(Preference::Never) => {
            "Your meetings never use your Personal Meeting ID: each has an ID of its own."
        }
        Some(Preference::Ask) => "You are asked for each meeting whether it uses your Personal Meeting ID.",
        None => {
            "You have not chosen yet whether your meetings use your Personal Meeting ID: each has an ID of its own."
        }
    }
}

/// How to change it.
pub fn how(prefix: &str) -> String {
    format!("Change it with `{prefix}zoom settings always`, `never` or `ask`.")
}

/// A word that is no choice.
pub fn unknown(prefix: &str) -> String {
    format!(
        "That is no setting, so nothing was changed. Type `{prefix}zoom settings always`, `never` or `ask`; `{prefix}zoom settings` shows what holds now."
    )
}
