//! A command that a user typed.

use chat_plugin_engine::api::hooks::{Command, CommandResponse};
use chat_plugin_engine::{CallError, Party};

use super::Hooks;
use crate::command::arguments;
use crate::model::{self, CommandArgs, ExecuteCommandArgs, ExecuteCommandReturns, Post};
use crate::sentences::say_to_one;
use crate::server::plain_text;

impl Hooks {
    pub(super) async fn execute_command(
        &self,
        args: ExecuteCommandArgs,
    ) -> Result<ExecuteCommandReturns, String> {
        let typed = args.b.ok_or("the server sent no command")?;
        self.server().remember_trigger(&typed.trigger_id, &typed.user_id, &typed.channel_id);
        let command = Command {
            // The server calls once for each command and never again: there is nothing to remember.
            id: String::new(),
            user_id: typed.user_id.clone(),
            channel_id: typed.channel_id.clone(),
            team_id: Some(typed.team_id.clone()).filter(|id| !id.is_empty()),
            root_id: Some(typed.root_id.clone()).filter(|id| !id.is_empty()),
            trigger_id: typed.trigger_id.clone(),
            arguments: arguments(&typed.command).to_owned(),
        };
        let response = match self.running()?.execute_command(command).await {
            Ok(response) => response,
            Err(error) => {
                let party = Party::User(typed.user_id.clone());
                let sentence = self.failed(&party, "execute-command", &error).await;
                let message = self.say(&typed.user_id, sentence).await;
                CommandResponse { message: Some(message), open_url: None }
            }
        };
        Ok(ExecuteCommandReturns { a: Some(self.show(response, &typed).await), b: None })
    }

    /// One more command than the plugin takes at once. Nothing is asked of the server for it, so that it is in the server's language.
    pub(super) async fn refuse_command(
        &self,
        args: ExecuteCommandArgs,
    ) -> Result<ExecuteCommandReturns, String> {
        let party = Party::User(args.b.unwrap_or_default().user_id);
        let sentence = self.failed(&party, "execute-command", &CallError::Busy).await;
        let answer = model::CommandResponse {
            response_type: "ephemeral".into(),
            text: say_to_one(&self.server().facts().locale, sentence),
            skip_slack_parsing: true,
            ..model::CommandResponse::default()
        };
        Ok(ExecuteCommandReturns { a: Some(answer), b: None })
    }

    /// The server shows a command's own answer in the channel, never in a thread. So the message goes out as a post of the bot for
    /// this user alone, and the answer stays empty.
    async fn show(&self, response: CommandResponse, typed: &CommandArgs) -> model::CommandResponse {
        let mut answer = model::CommandResponse {
            goto_location: response.open_url.unwrap_or_default(),
            skip_slack_parsing: true,
            ..model::CommandResponse::default()
        };
        if let Some(message) = response.message.filter(|message| !message.is_empty())
            && let Err(unsent) =
                self.show_privately(message, &typed.user_id, &typed.channel_id, &typed.root_id).await
        {
            answer.response_type = "ephemeral".into();
            answer.text = unsent;
        }
        answer
    }

    /// Shows a message to one user, in the thread if there is one. Gives the text back when it could not be sent.
    pub(super) async fn show_privately(
        &self,
        message: String,
        user_id: &str,
        channel_id: &str,
        root_id: &str,
    ) -> Result<(), String> {
        let message = plain_text(self.server(), &message, user_id).await;
        let post = Post {
            user_id: self.server().facts().bot_id.clone(),
            channel_id: channel_id.into(),
            root_id: root_id.into(),
            message: message.clone(),
            ..Post::default()
        };
        let Ok(api) = self.api() else { return Err(message) };
        api.send_ephemeral(user_id.into(), post).await.map_err(|_| message)
    }
}
