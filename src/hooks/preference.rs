//! `/zoom settings`: whether the user's meetings use the personal meeting.

use crate::error::Error;
use crate::features::start::question;
use crate::flow::Io;
use crate::model::{Command, CommandResponse, Privacy};
use crate::say::i18n::Localizer;
use crate::say::text;
use crate::store::{self, Preference};

/// `/zoom settings` shows what holds now, with a button for each choice; with a word behind it that becomes the choice. Needs
/// neither a connection to Zoom nor the plugin's own settings.
pub(super) async fn command(
    io: &Io,
    l10n: &Localizer,
    command: &Command,
    word: &str,
) -> Result<CommandResponse, Error> {
    let word = word.trim();
    if !word.is_empty() {
        let Ok(preference) = word.parse() else {
            return Ok(CommandResponse::message(l10n.preference_unknown()));
        };
        store::set_preference(io, &command.user_id, preference).await?;
        return Ok(CommandResponse::message(text::preference::now(Some(preference), l10n)));
    }
    let now = store::preference(io, &command.user_id).await?;
    let draft = question::preference(command.channel_id.clone(), command.root_id.clone(), now, l10n);
    io.send_private(command.user_id.clone(), draft, Privacy::Prefer).await?;
    Ok(CommandResponse::default())
}

/// Where the buttons of a choice stand.
pub(super) struct Choice<'a> {
    /// Whose choice it is.
    pub(super) user_id: &'a str,
    /// Where the card is.
    pub(super) channel_id: &'a str,
    /// In which thread.
    pub(super) root_id: Option<String>,
    /// The card.
    pub(super) post_id: &'a str,
}

/// Keeps the choice and shows it where the buttons are. Answers what is to be said where that cannot be.
pub(super) async fn choose(
    io: &Io,
    l10n: &Localizer,
    choice: Choice<'_>,
    preference: Preference,
) -> Result<Option<String>, Error> {
    store::set_preference(io, choice.user_id, preference).await?;
    let draft = question::preference(choice.channel_id.to_owned(), choice.root_id, Some(preference), l10n);
    let shown = io.update_private(choice.user_id.to_owned(), choice.post_id.to_owned(), draft).await;
    Ok(shown.err().map(|_| text::preference::now(Some(preference), l10n)))
}
