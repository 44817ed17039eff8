//! `/zoom channel-settings`: where meetings may be started.

use super::dialog::FieldErrors;
use super::{log, settings};
use crate::error::{Error, UserError};
use crate::features::start::question;
use crate::flow::{InChannel, Io};
use crate::model::{
    Channel, ChannelKind, Command, CommandResponse, Dialog, HostError, Permission, Privacy, Submission,
};
use crate::say::i18n::Localizer;
use crate::say::text::channel_settings as text;
use crate::settings::Settings;
use crate::store::{self, ChannelRule};

/// Names the dialog in its submission.
pub(super) const DIALOG: &str = "channel_settings";
/// Its one field; the official plugin's dialog has the same.
const FIELD: &str = "preference";

/// Without a word it opens a dialog, with a rule it sets that, with `list` it shows all.
pub(super) async fn command(
    io: &Io,
    l10n: &Localizer,
    command: &Command,
    word: &str,
) -> Result<CommandResponse, Error> {
    let settings = settings(io).await?;
    let word = word.trim();
    if word.eq_ignore_ascii_case("list") {
        return list(io, &settings, l10n, &command.user_id).await.map(CommandResponse::message);
    }
    if let Ok(rule) = word.parse() {
        set(io, &command.user_id, &command.channel_id, rule).await?;
        return Ok(CommandResponse::message(text::now(rule, l10n)));
    }
    let channel = manageable(io, &command.user_id, &command.channel_id).await?;
    let rule = store::channel_rule(io, &channel.id).await?;
    if !word.is_empty() {
        return Ok(CommandResponse::message(text::unknown(rule, l10n)));
    }
    let dialog = dialog(&settings, &channel, rule, l10n);
    match io.open_dialog(command.trigger_id.clone(), dialog).await {
        Ok(()) => Ok(CommandResponse::default()),
        Err(why) => {
            if why != HostError::Unsupported {
                log(io, &why.into()).await;
            }
            Ok(CommandResponse::message(text::no_dialog(rule, l10n)))
        }
    }
}

/// Does what the dialog says. Everything is checked again: time has passed.
pub(super) async fn submitted(io: &Io, submission: &Submission) -> Result<(), FieldErrors> {
    let l10n = Localizer::of_user(io, &submission.user_id).await;
    let wrong = |what: String| vec![(FIELD.to_owned(), what)];
    if submission.state != submission.channel_id {
        return Err(wrong(l10n.channel_other_channel()));
    }
    let value = submission.values.iter().find(|(name, _)| name == FIELD);
    let Some(rule) = value.and_then(|(_, word)| word.parse().ok()) else {
        return Err(wrong(l10n.channel_choose()));
    };
    let (user_id, channel_id) = (&submission.user_id, &submission.channel_id);
    if let Err(error) = set_and_confirm(io, &l10n, user_id, channel_id, rule).await {
        log(io, &error).await;
        return Err(wrong(error.reply(&l10n, io.now_ms())));
    }
    Ok(())
}

/// Gives a channel a rule and says so in private.
///
/// # Errors
/// The user may not, or there is nothing to set; the host's.
pub(super) async fn set_and_confirm(
    io: &Io,
    l10n: &Localizer,
    user_id: &str,
    channel_id: &str,
    rule: ChannelRule,
) -> Result<(), Error> {
    set(io, user_id, channel_id, rule).await?;
    let draft = question::private(channel_id.to_owned(), None, text::now(rule, l10n), None);
    // The rule holds, whether or not that could be said.
    let _ = io.send_private(user_id.to_owned(), draft, Privacy::Prefer).await;
    Ok(())
}

async fn set(io: &Io, user_id: &str, channel_id: &str, rule: ChannelRule) -> Result<(), Error> {
    let channel = manageable(io, user_id, channel_id).await?;
    store::set_channel_rule(io, &channel.id, rule).await
}

/// A channel whose rule the user may set: one of its own administrators, or one of the server's.
async fn manageable(io: &Io, user_id: &str, channel_id: &str) -> Result<Channel, Error> {
    let who = InChannel { user_id: user_id.to_owned(), channel_id: channel_id.to_owned() };
    let user = io.find_user(user_id.to_owned());
    let channel = io.find_channel(channel_id.to_owned());
    let manages = io.may(who, Permission::ManageChannel);
    let (user, channel, manages) = (user.await?, channel.await, manages.await?);
    // Whoever may not learns nothing about the channel, not even whether there is one.
    if !(manages || user.is_admin) || channel == Err(HostError::NotFound) {
        return Err(UserError::MayNotManage.into());
    }
    let channel = channel?;
    match channel.kind {
        ChannelKind::Public | ChannelKind::Private => Ok(channel),
        ChannelKind::Direct | ChannelKind::Group => Err(UserError::NothingToManage.into()),
    }
}

fn dialog(settings: &Settings, channel: &Channel, rule: ChannelRule, l10n: &Localizer) -> Dialog {
    let free = !(settings.restrict_meeting_creation && channel.kind == ChannelKind::Public);
    let choice = |rule: ChannelRule| (text::choice(rule, free, l10n), rule.word().to_owned());
    Dialog {
        id: DIALOG.to_owned(),
        title: l10n.channel_title(),
        intro: String::new(),
        field: FIELD.to_owned(),
        label: l10n.channel_label(),
        help: l10n.channel_explanation(),
        choices: ChannelRule::ALL.map(choice).to_vec(),
        value: rule.word().to_owned(),
        submit_label: l10n.channel_save(),
        state: channel.id.clone(),
    }
}

/// All rules, for administrators of the server.
async fn list(io: &Io, settings: &Settings, l10n: &Localizer, user_id: &str) -> Result<String, Error> {
    if !io.find_user(user_id.to_owned()).await?.is_admin {
        return Err(UserError::NotAnAdmin.into());
    }
    let rules = store::channel_rules(io).await?;
    let found: Vec<_> = rules.iter().map(|(id, _)| io.find_channel(id.clone())).collect();
    let mut entries = Vec::with_capacity(rules.len());
    for ((id, rule), channel) in rules.into_iter().zip(found) {
        entries.push(text::Entry { id, rule, channel: channel.await });
    }
    Ok(text::list(settings.restrict_meeting_creation, entries, l10n))
}
