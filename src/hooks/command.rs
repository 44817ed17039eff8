//! `hooks.execute-command`: the slash command.

use super::alias::in_our_words;
use super::{channel_settings, detour, help, log, preference, settings};
use crate::error::{Error, UserError};
use crate::features::connect::{self, Place};
use crate::features::doctor;
use crate::features::subscription::{self, Verb};
use crate::flow::Io;
use crate::meeting::wanted::{MeetingId, Wanted};
use crate::model::{Command, CommandResponse, HostError, User};
use crate::say::i18n::Localizer;
use crate::say::text;
use crate::store;

/// Does what was typed. Every error ends in a reply.
pub async fn execute(io: Io, command: Command) -> CommandResponse {
    let (l10n, user) = Localizer::with_user(&io, &command.user_id).await;
    match run(&io, &l10n, user, command).await {
        Ok(response) => response,
        Err(error) => {
            log(&io, &error).await;
            CommandResponse::message(error.reply(&l10n, io.now_ms()))
        }
    }
}

async fn run(
    io: &Io,
    l10n: &Localizer,
    user: Result<User, HostError>,
    command: Command,
) -> Result<CommandResponse, Error> {
    let typed = in_our_words(command.arguments.trim());
    let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((&typed, ""));
    match word.to_lowercase().as_str() {
        "channel-settings" => channel_settings::command(io, l10n, &command, rest).await,
        "settings" => preference::command(io, l10n, &command, rest).await,
        "" | "help" => Ok(CommandResponse::message(help::help(io, l10n, user.ok().as_ref(), &command).await)),
        word @ ("start" | "share") => {
            let settings = settings(io).await?;
            if !store::claim_command(io, &command.id).await? {
                return Ok(CommandResponse::message(l10n.general_handled_already()));
            }
            let wanted = wanted(&command, word, rest);
            Ok(detour::start_or_invite(io, &settings, l10n, &command.user_id, wanted).await?.into())
        }
        word @ ("connect" | "disconnect") => {
            let settings = settings(io).await?;
            let user = user?;
            let said = if word == "connect" {
                let place = Place { channel_id: command.channel_id, root_id: command.root_id };
                connect::connect(io, &settings, l10n, &user, place).await?
            } else {
                connect::disconnect(io, &settings, l10n, &user).await?
            };
            Ok(CommandResponse::message(said))
        }
        "subscription" => subscription(io, l10n, user, &command, rest).await.map(CommandResponse::message),
        "doctor" => {
            let user = user?;
            if !user.is_admin {
                return Err(UserError::NotAnAdmin.into());
            }
            let findings = doctor::examine(io, l10n, &user).await;
            Ok(CommandResponse::message(doctor::text::report(&findings, l10n)))
        }
        _ => {
            let help = help::help(io, l10n, user.ok().as_ref(), &command).await;
            Ok(CommandResponse::message(text::unknown_command(word, &help, l10n)))
        }
    }
}

async fn subscription(
    io: &Io,
    l10n: &Localizer,
    user: Result<User, HostError>,
    command: &Command,
    typed: &str,
) -> Result<String, Error> {
    let typed = typed.trim();
    let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let Some(verb) = subscription::verb(word) else { return Ok(l10n.subscription_usage()) };
    let settings = settings(io).await?;
    if verb != Verb::Add {
        return subscription::without_zoom(io, &settings, l10n, &user?, &command.channel_id, verb, rest)
            .await;
    }
    let wanted = subscription::wanted(&settings, &command.channel_id, rest)?;
    let root_id = command.root_id.clone();
    detour::subscribe_or_invite(io, &settings, l10n, &command.user_id, root_id, wanted).await
}

fn wanted(command: &Command, word: &str, typed: &str) -> Wanted {
    let options = Options::read(typed);
    let rest = options.rest.to_owned();
    let (id, topic) =
        if word == "share" { (Some(MeetingId::Given(rest)), String::new()) } else { (options.id, rest) };
    let (channel_id, root_id) = (command.channel_id.clone(), command.root_id.clone());
    Wanted { channel_id, root_id, topic, id, force: options.force }
}

/// Options in front of what is typed: the answers of the questions, for servers without buttons.
struct Options<'a> {
    force: bool,
    id: Option<MeetingId>,
    rest: &'a str,
}

impl<'a> Options<'a> {
    fn read(typed: &'a str) -> Self {
        let mut options = Self { force: false, id: None, rest: typed.trim() };
        loop {
            let (word, rest) = options.rest.split_once(char::is_whitespace).unwrap_or((options.rest, ""));
            // Some keyboards make one long dash of two short ones.
            match word.trim_start_matches("--").trim_start_matches('—') {
                name if name == word => return options,
                "new" => options.force = true,
                "personal" => options.id = Some(MeetingId::Personal),
                "unique" => options.id = Some(MeetingId::Unique),
                _ => return options,
            }
            options.rest = rest.trim_start();
        }
    }
}
