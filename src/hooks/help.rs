//! What may be typed: the help for one user in one channel, and the completion for everybody.

use crate::flow::{InChannel, Io};
use crate::model::{Argument, ChannelKind, Command, Permission, Registration, Subcommand, User};
use crate::say::i18n::Localizer;
use crate::say::text::{self, subcommands};
use crate::settings::Settings;
use crate::settings::credentials::MustConnect;

/// `hooks.describe`. Follows the settings: what nobody here can connect is not offered.
pub async fn describe(io: Io) -> Registration {
    let l10n = Localizer::of_server(&io).await;
    let connectable = Connectable::of(&io).await;
    let all =
        subcommands(&l10n).into_iter().flat_map(|entry| group(entry.path, &l10n).into_iter().chain([entry]));
    let offered = all.filter_map(|entry| {
        let admin_only = match audience(entry.path) {
            Audience::Everybody | Audience::ChannelManagers => false,
            Audience::Admins => true,
            Audience::Connecting => match connectable {
                Connectable::Nothing => return None,
                Connectable::ByAdmins => true,
                Connectable::ByEverybody => false,
            },
        };
        Some(subcommand(entry, admin_only, &l10n))
    });
    Registration {
        trigger: "zoom",
        description: l10n.command_description(),
        hint: l10n.command_hint(),
        subcommands: offered.collect(),
        bot_username: "zoom",
        bot_display_name: "Zoom",
        bot_description: l10n.bot_description(),
    }
}

/// `/zoom help`: what this user can do in this channel. Always answers: who cannot be found is taken for an ordinary user.
pub(super) async fn help(io: &Io, l10n: &Localizer, user: Option<&User>, command: &Command) -> String {
    let channel = io.find_channel(command.channel_id.clone());
    let who = InChannel { user_id: command.user_id.clone(), channel_id: command.channel_id.clone() };
    let manages = io.may(who, Permission::ManageChannel);

    let is_admin = user.is_some_and(|user| user.is_admin);
    // Meetings are always allowed in direct messages.
    let has_settings =
        channel.await.is_ok_and(|channel| !matches!(channel.kind, ChannelKind::Direct | ChannelKind::Group));
    let manages = manages.await.unwrap_or(false) || is_admin;
    let connectable = Connectable::of(io).await;
    let can = |path: &str| match audience(path) {
        Audience::Everybody => true,
        Audience::ChannelManagers => manages && has_settings,
        Audience::Admins => is_admin,
        Audience::Connecting => match connectable {
            Connectable::Nothing => false,
            Connectable::ByAdmins => is_admin,
            Connectable::ByEverybody => true,
        },
    };
    text::help(l10n, &can)
}

/// The word that a group of subcommands begins with, which completion shows first.
fn group(path: &str, l10n: &Localizer) -> Option<text::Subcommand> {
    (path == "subscription add").then(|| text::Subcommand {
        path: "subscription",
        hint: String::new(),
        help: l10n.command_subscription_help(),
    })
}

/// Whom a subcommand is for.
enum Audience {
    Everybody,
    /// Whoever can connect a Zoom account.
    Connecting,
    /// Whoever may change the channel.
    ChannelManagers,
    /// Administrators of the server.
    Admins,
}

fn audience(path: &str) -> Audience {
    match path {
        "connect" | "disconnect" => Audience::Connecting,
        "channel-settings" => Audience::ChannelManagers,
        "channel-settings list" | "doctor" => Audience::Admins,
        _ => Audience::Everybody,
    }
}

/// Who can connect a Zoom account.
#[derive(Clone, Copy)]
enum Connectable {
    Nothing,
    ByAdmins,
    ByEverybody,
}

impl Connectable {
    /// While the settings have problems the commands are offered to everybody, and say what the problems are.
    async fn of(io: &Io) -> Self {
        let Ok(settings) = Settings::parse(&io.settings().await) else { return Self::ByEverybody };
        match settings.credentials.connectable() {
            None => Self::Nothing,
            Some((_, MustConnect::Account)) => Self::ByAdmins,
            Some((_, MustConnect::User)) => Self::ByEverybody,
        }
    }
}

/// Hints such as `<a> [b]` stand for one argument each; what stands in `<>` is required.
fn subcommand(entry: text::Subcommand, admin_only: bool, l10n: &Localizer) -> Subcommand {
    let text::Subcommand { path, hint, help } = entry;
    let topic = || ("topic", l10n.command_argument_topic());
    let named = match path {
        "start" => vec![topic()],
        "share" => vec![("meeting", l10n.command_argument_personal()), topic()],
        "settings" => vec![("choice", l10n.command_argument_choice())],
        "channel-settings" => vec![("rule", l10n.command_argument_rule())],
        _ => vec![("meeting", l10n.command_argument_meeting())],
    };
    let hints =
        hint.split_inclusive([']', '>']).map(|hint| hint.trim().to_owned()).filter(|hint| !hint.is_empty());
    let arguments = hints
        .zip(named)
        .map(|(hint, (name, help))| Argument { required: hint.starts_with('<'), name, hint, help })
        .collect();
    Subcommand { path, help, arguments, admin_only }
}
