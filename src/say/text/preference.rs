//! Sentences about the Personal Meeting ID.

use crate::say::i18n::Localizer;
use crate::store::Preference;

/// What stands on the button.
pub fn label(preference: Preference, l10n: &Localizer) -> String {
    match preference {
        Preference::Always => l10n.preference_always(),
        Preference::Never => l10n.preference_never(),
        Preference::Ask => l10n.preference_ask(),
    }
}

/// What holds now.
pub fn now(preference: Option<Preference>, l10n: &Localizer) -> String {
    match preference {
        Some(Preference::Always) => l10n.preference_now_always(),
        Some(Preference::Never) => l10n.preference_now_never(),
        Some(Preference::Ask) => l10n.preference_now_ask(),
        None => l10n.preference_now_unset(),
    }
}
