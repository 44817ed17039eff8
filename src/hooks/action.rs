//! `hooks.handle-action`: a button that a user pressed.

use super::{log, settings};
use crate::connect;
use crate::error::Error;
use crate::flow::Io;
use crate::model::{Action, CommandResponse, Server};
use crate::start::Wanted;
use crate::{store, text};
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
}

impl Press {
    /// The button's context.
    pub fn context(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Does what the button says. Every error ends in a reply.
pub async fn handle(io: Io, action: Action) -> CommandResponse {
    let Ok(press) = serde_json::from_str::<Press>(&action.context) else {
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
        Press::Start { question, wanted } => {
            let settings = settings(io).await?;
            if !store::claim_command(io, &question).await? {
                return Ok(CommandResponse::message(text::ANSWERED_ALREADY));
            }
            Ok(connect::start_or_invite(io, &settings, server, &action.user_id, wanted).await?.into())
        }
    }
}
