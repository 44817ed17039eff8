//! The one place that turns an error into a reply and a log line.

use super::i18n::Localizer;
use super::text;
use crate::error::Error;
use crate::model::Level;
use crate::zoom::error::ZoomError;

impl Error {
    /// What the user reads: what happened, and what to do. `now_ms` is for waiting times.
    pub fn reply(&self, l10n: &Localizer, now_ms: u64) -> String {
        match self {
            Self::Settings(problems) => text::not_configured(problems, l10n),
            Self::User(error) => text::user_error(error, l10n),
            Self::Zoom(error) => text::zoom_error(error, l10n, now_ms),
            Self::Host(error) => text::host_error(error, l10n),
            Self::NotPosted(lost) => text::not_posted(lost, l10n),
            Self::Bug(_) => l10n.general_bug(),
        }
    }

    /// What the administrator reads in the log: no personal data, no secrets. `None` for what is in order.
    pub fn log(&self) -> Option<(Level, String)> {
        match self {
            Self::Settings(_) | Self::User(_) | Self::Zoom(ZoomError::UserUnknown) => None,
            Self::Zoom(error) => Some((level(error), text::zoom_log(error))),
            Self::Host(error) => {
                Some((Level::Error, format!("the chat server failed: {}", text::host_log(error))))
            }
            Self::NotPosted(lost) => Some((
                Level::Error,
                format!("a meeting was made but its card could not be posted: {}", text::host_log(&lost.why)),
            )),
            Self::Bug(what) => Some((Level::Error, format!("a fault in the plugin: {what}"))),
        }
    }
}

/// Only what the administrator has to mend is an error.
fn level(error: &ZoomError) -> Level {
    match error {
        ZoomError::CredentialsRefused
        | ZoomError::ClientRefused
        | ZoomError::ScopesMissing(_)
        | ZoomError::OriginDenied => Level::Error,
        ZoomError::UserUnknown
        | ZoomError::GrantDead
        | ZoomError::Renewing
        | ZoomError::MeetingUnknown
        | ZoomError::RateLimited(_)
        | ZoomError::Unavailable(_)
        | ZoomError::Refused(_)
        | ZoomError::Unintelligible(_)
        | ZoomError::Unreachable
        | ZoomError::Lost => Level::Warn,
    }
}
