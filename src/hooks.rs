//! What the host calls: one file a hook.

pub mod action;
mod admin_api;
mod alias;
mod answers_api;
mod cards_api;
mod channel_settings;
pub mod command;
mod detour;
pub mod dialog;
pub mod due;
pub mod help;
pub mod http;
mod join;
mod meetings_api;
mod old_doors;
mod preference;
mod webhook;

use crate::error::Error;
use crate::features::official_import;
use crate::flow::Io;
use crate::model::{Level, SettingProblem};
use crate::say::i18n::Localizer;
use crate::say::text;
use crate::settings::{Problem, Settings};
use crate::store::{self, Work};
use crate::zoom::error::ZoomError;

/// How long the host waits for what the official plugin has left to be taken over.
const IMPORT_MS: u64 = 15_000;

/// `hooks.configure`
///
/// # Errors
/// Every problem of the settings.
pub async fn configure(io: Io) -> Result<(), Vec<SettingProblem>> {
    // Where that cannot be noted now it is noted the next time: only cards of the official plugin wait for it.
    let _ = store::note_here(&io).await;
    // What comes of it goes into logs.
    let l10n = Localizer::default();
    let message = |found: &Problem| text::settings::problem(found, &l10n);
    let settings = Settings::parse(&io.settings().await).map_err(|problems| {
        problems
            .iter()
            .map(|found| SettingProblem { key: found.key, message: message(found) })
            .collect::<Vec<_>>()
    })?;
    if settings.uses_jwt_in_zooms_cloud() {
        io.log(Level::Warn, text::JWT_HAS_ENDED, &[]).await;
    }
    import(&io, &settings).await;
    Ok(())
}

/// Takes over what the official plugin has left, before the first event comes in. What that takes too long for, and what fails, is left to
/// a due job.
async fn import(io: &Io, settings: &Settings) {
    let all = official_import::run(io, settings, IMPORT_MS, true).await;
    if let Err(error) = &all {
        log(io, error).await;
    }
    if !all.is_ok_and(|all| all)
        && let Err(error) = store::add_jobs(io, &[Work::Import]).await
    {
        log(io, &error).await;
    }
}

async fn settings(io: &Io) -> Result<Settings, Error> {
    Settings::parse(&io.settings().await).map_err(Error::Settings)
}

pub(crate) async fn log(io: &Io, error: &Error) {
    if let Some((level, message)) = error.log() {
        // Nothing changes until the administrator changes the app: once a day is enough.
        let repeated = matches!(error, Error::Zoom(ZoomError::ScopesMissing(_)))
            && !store::claim_notice(io, &message).await.unwrap_or(true);
        if !repeated {
            io.log(level, &message, &[]).await;
        }
    }
}
