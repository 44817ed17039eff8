//! `hooks.handle-action`: a button that a user pressed.

use super::detour::{self, Way};
use super::preference::{Choice, choose};
use super::{log, settings};
use crate::error::{Error, UserError};
use crate::features::start::Started;
use crate::features::start::press::Press;
use crate::features::start::question;
use crate::flow::Io;
use crate::meeting::wanted::Wanted;
use crate::model::{Action, CommandResponse};
use crate::say::i18n::Localizer;
use crate::settings::Settings;
use crate::store;

/// Does what the button says. Every error ends in a reply.
pub async fn handle(io: Io, action: Action) -> CommandResponse {
    let l10n = Localizer::of_user(&io, &action.user_id).await;
    let Ok(press) = crate::json::read::<Press>(action.context.as_bytes()) else {
        // Of another version.
        return CommandResponse::message(l10n.general_unknown_button());
    };
    match run(&io, &l10n, &action, press).await {
        Ok(response) => response,
        Err(error) => {
            log(&io, &error).await;
            CommandResponse::message(error.reply(&l10n, io.now_ms()))
        }
    }
}

async fn run(io: &Io, l10n: &Localizer, action: &Action, press: Press) -> Result<CommandResponse, Error> {
    match press {
        Press::Start { question, wanted } => {
            let settings = settings(io).await?;
            let (user_id, post_id, button_id) = (&action.user_id, &action.post_id, &action.button_id);
            let press = Answer { user_id, post_id, button_id, question: &question };
            Ok(answer(io, &settings, l10n, press, wanted).await?.into())
        }
        Press::Preference { preference, root_id } => {
            let (user_id, channel_id, post_id) = (&action.user_id, &action.channel_id, &action.post_id);
            let choice = Choice { user_id, channel_id, root_id, post_id };
            let message = choose(io, l10n, choice, preference).await?;
            Ok(CommandResponse { message, open_url: None })
        }
    }
}

/// An answer to a question before a start.
pub(super) struct Answer<'a> {
    /// Who answers.
    pub(super) user_id: &'a str,
    /// The post that asks.
    pub(super) post_id: &'a str,
    /// The button that was pressed.
    pub(super) button_id: &'a str,
    /// Names the question.
    pub(super) question: &'a str,
}

/// Starts what was chosen, once, and puts the choice in the place of the question. Where nothing came of it the question stays.
///
/// # Errors
/// [`UserError::AnsweredAlready`]; those of a start.
pub(super) async fn answer(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    answer: Answer<'_>,
    wanted: Wanted,
) -> Result<Way<Started>, Error> {
    if !store::claim_command(io, answer.question).await? {
        return Err(UserError::AnsweredAlready.into());
    }
    let answered = question::answered(&wanted, answer.button_id, l10n);
    match detour::start_or_invite(io, settings, l10n, answer.user_id, wanted).await {
        Ok(way) => {
            // The question counts once, whether or not its buttons are gone.
            let _ = io.update_private(answer.user_id.to_owned(), answer.post_id.to_owned(), answered).await;
            Ok(way)
        }
        // There is a meeting: not a second one.
        Err(error @ Error::NotPosted(_)) => Err(error),
        Err(error) => {
            store::release_command(io, answer.question).await?;
            Err(error)
        }
    }
}
