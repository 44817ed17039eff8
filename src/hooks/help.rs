//! What may be typed: the help for one user in one channel, and the completion for everybody.

use crate::flow::{InChannel, Io};
use crate::model::{Argument, ChannelKind, Command, Permission, Registration, Server, Subcommand, User};
use crate::settings::Settings;
use crate::text::{self, SUBCOMMANDS};
use crate::zoom::auth::MustConnect;

/// `hooks.describe`. Follows the settings: what nobody here can connect is not offered.
pub async fn describe(io: Io) -> Registration {
    let connectable = Connectable::of(&io).await;
    let all = SUBCOMMANDS.iter().flat_map(|entry| group(entry.0).into_iter().chain([*entry]));
    let offered = all.filter_map(|(path, hint, help)| {
        let admin_only = match audience(path) {
            Audience::Everybody | Audience::ChannelManagers => false,
            Audience::Admins => true,
            Audience::Connecting => match connectable {
                Connectable::Nothing => return None,
                Connectable::ByAdmins => true,
                Connectable::ByEverybody => false,
            },
        };
        Some(subcommand(path, hint, help, admin_only))
    });
    Registration {
        trigger: "zoom",
        description: "Start and share Zoom meetings",
        hint: "[command]",
        subcommands: offered.collect(),
        bot_username: "zoom",
        bot_display_name: "Zoom",
        bot_description: "Posts Zoom meetings.",
    }
}

/// `/zoom help`: what this user can do in this channel. Always answers: who cannot be found is taken for an ordinary user.
pub(super) async fn help(io: &Io, server: &Server, command: &Command) -> String {
    let user = io.find_user(command.user_id.clone());
    let channel = io.find_channel(command.channel_id.clone());
    let who = InChannel { user_id: command.user_id.clone(), channel_id: command.channel_id.clone() };
    let manages = io.may(who, Permission::ManageChannel);

    let is_admin = user.await.is_ok_and(|user: User| user.is_admin);
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
    text::help(server, &can)
}

/// The word that a group of subcommands begins with, which completion shows first.
fn group(path: &str) -> Option<(&'static str, &'static str, &'static str)> {
    (path == "subscription add").then_some(("subscription", "", text::SUBSCRIPTION_GROUP))
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

/// Hints such as `[a] [b]` stand for one argument each.
fn subcommand(path: &'static str, hint: &'static str, help: &'static str, admin_only: bool) -> Subcommand {
    let argument = |hint: &'static str| {
        let (name, help, required) = match hint {
            "[topic]" => ("topic", "What the meeting is about", false),
            "[always, never or ask]" => ("choice", "When your Personal Meeting ID is used", false),
            "[allow, restrict or default]" => ("rule", "Whether meetings may be started here", false),
            "[meeting ID or link]" => ("meeting", "The meeting's ID or join link", true),
            _ => ("meeting", "Your personal meeting's ID or join link", true),
        };
        Argument { name, hint, help, required }
    };
    let arguments =
        hint.split_inclusive(']').map(str::trim).filter(|hint| !hint.is_empty()).map(argument).collect();
    Subcommand { path, help, arguments, admin_only }
}
