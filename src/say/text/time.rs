//! Times and lengths in words.

use crate::say::i18n::Localizer;
use crate::time;

/// `2026-01-05 09:30 UTC`.
pub fn utc(ms: u64, l10n: &Localizer) -> String {
    time::utc(ms).unwrap_or_else(|| l10n.time_unknown())
}

/// `47 minutes`, `1 hour 5 minutes`, `less than a minute`.
pub fn length(ms: u64, l10n: &Localizer) -> String {
    let minutes = ms / 60_000;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match (hours, minutes) {
        (0, 0) => l10n.time_less_than_a_minute(),
        (0, _) => l10n.time_minutes(minutes),
        (_, 0) => l10n.time_hours(hours),
        _ => l10n.time_hours_minutes(hours, minutes),
    }
}
