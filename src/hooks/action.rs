//! `hooks.handle-action`: a button that a user pressed.

use super::preference::{Choice, choose};
use super::{log, settings};
use crate::card::question;
use crate::connect;
use crate::error::Error;
use crate::flow::Io;
use crate::model::{Action, CommandResponse, Server};
use crate::start::Wanted;
use crate::store::{self, Preference};
use crate::text;
use serde::{Deserialize, Serialize};

/// What a button does, as it stands in its context. The host hands back only what this plugin gave to the button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Press {
    /// Starts a meeting, once.
    Start {
        /// Names the question that the button answers: only one answer counts.
        question: String,
        /// The answer.
        wanted: Wanted,
    },
    /// Chooses whether the personal meeting is used.
    Preference {
        /// The choice.
        preference: Preference,
        /// The thread that the buttons are in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        root_id: Option<String>,
    },
}

impl Press {
    /// The button's context.
    pub fn context(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Does what the button says. Every error ends in a reply.
pub async fn handle(io: Io, action: Action) -> CommandResponse {
    let Ok(press) = crate::json::read::<Press>(action.context.as_bytes()) else {
        // Of another version.
        return CommandResponse::message(text::UNKNOWN_BUTTON);
    };
    let server = io.about().await;
    match run(&io, &server, &action, press).await {
        Ok(response) => response,
        Err(error) => {
            log(&io, &error).await;
            CommandResponse::message(error.reply(&server, io.now_ms()))
        }
    }
}

async fn run(io: &Io, server: &Server, action: &Action, press: Press) -> Result<CommandResponse, Error> {
    match press {
        Press::Start { question, wanted } => answer(io, server, action, &question, wanted).await,
        Press::Preference { preference, root_id } => {
            let (user_id, channel_id, post_id) = (&action.user_id, &action.channel_id, &action.post_id);
            let choice = Choice { user_id, channel_id, root_id, post_id };
            let message = choose(io, server, choice, preference).await?;
            Ok(CommandResponse { message, open_url: None })
        }
    }
}

/// Starts what was chosen, once, and puts the choice in the place of the question. Where nothing came of it the question stays.
async fn answer(
    io: &Io,
    server: &Server,
    action: &Action,
    question: &str,
    wanted: Wanted,
) -> Result<CommandResponse, Error> {
    let settings = settings(io).await?;
    if !store::claim_command(io, question).await? {
        return Ok(CommandResponse::message(text::question::ANSWERED_ALREADY));
    }
    let answered = question::answered(&wanted, &action.button_id);
    match connect::start_or_invite(io, &settings, server, &action.user_id, wanted).await {
        Ok(way) => {
            // The question counts once, whether or not its buttons are gone.
            let _ = io.update_private(action.user_id.clone(), action.post_id.clone(), answered).await;
            Ok(way.into())
        }
        // There is a meeting: not a second one.
        Err(error @ Error::NotPosted(_)) => Err(error),
        Err(error) => {
            store::release_command(io, question).await?;
            Err(error)
        }
    }
}
