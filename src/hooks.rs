//! What the host calls: one file a hook.

pub mod action;
mod channel_settings;
pub mod command;
pub mod dialog;
pub mod due;
pub mod http;
mod meetings_api;
mod old_doors;
mod preference;

use crate::error::Error;
use crate::flow::Io;
use crate::model::{Argument, Level, Registration, SettingProblem, Subcommand};
use crate::settings::Settings;
use crate::store;
use crate::text;
use crate::zoom::error::ZoomError;

/// `hooks.describe`
pub fn describe() -> Registration {
    Registration {
        trigger: "zoom",
        description: "Start and share Zoom meetings",
        hint: "[command]",
        subcommands: text::SUBCOMMANDS
            .iter()
            .map(|(path, hint, help)| subcommand(path, hint, help))
            .collect(),
        bot_username: "zoom",
        bot_display_name: "Zoom",
        bot_description: "Posts Zoom meetings.",
    }
}

/// `hooks.configure`
///
/// # Errors
/// Every problem of the settings.
pub async fn configure(io: Io) -> Result<(), Vec<SettingProblem>> {
    let settings = Settings::parse(&io.settings().await)?;
    if settings.uses_jwt_in_zooms_cloud() {
        io.log(Level::Warn, text::JWT_HAS_ENDED, &[]).await;
    }
    Ok(())
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

/// Hints such as `[a] [b]` stand for one argument each.
fn subcommand(path: &'static str, hint: &'static str, help: &'static str) -> Subcommand {
    let argument = |hint: &'static str| {
        let (name, help, required) = match hint {
            "[topic]" => ("topic", "What the meeting is about", false),
            "[always, never or ask]" => ("choice", "When your Personal Meeting ID is used", false),
            "[allow, restrict or default]" => ("rule", "Whether meetings may be started here", false),
            _ => ("meeting", "Your personal meeting's ID or join link", true),
        };
        Argument { name, hint, help, required }
    };
    let arguments =
        hint.split_inclusive(']').map(str::trim).filter(|hint| !hint.is_empty()).map(argument).collect();
    Subcommand { path, help, arguments, admin_only: path == "channel-settings list" }
}
