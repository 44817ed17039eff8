//! What needs a Zoom account where there may be none yet: the user is invited to connect one, and what was wanted is done after that.

use super::log;
use crate::error::Error;
use crate::features::connect::pending::Pending;
use crate::features::connect::{self, Back, Detour, Invitation, Place};
use crate::features::start::{Started, start};
use crate::features::subscription;
use crate::flow::Io;
use crate::meeting::follow;
use crate::meeting::wanted::Wanted;
use crate::model::{Author, CommandResponse, Draft, HttpResponse, Privacy, User};
use crate::say::i18n::Localizer;
use crate::say::page::{page, redirect};
use crate::settings::Settings;

/// What became of something that may need a connection first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way<T> {
    /// It is done.
    Done(T),
    /// The user has to connect first: it is done after that.
    Connect(Invitation),
}

/// Starts a meeting, or invites the user to connect and starts it then.
///
/// # Errors
/// Those of [`start`](fn@start); the store's.
pub(super) async fn start_or_invite(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user_id: &str,
    wanted: Wanted,
) -> Result<Way<Started>, Error> {
    match start(io, settings, l10n, user_id, wanted.clone()).await {
        Ok(started) => Ok(Way::Done(started)),
        Err(error) => {
            let place = Place { channel_id: wanted.channel_id.clone(), root_id: wanted.root_id.clone() };
            Ok(Way::Connect(
                connect::invite(io, settings, l10n, user_id, place, Detour::Start(wanted), error).await?,
            ))
        }
    }
}

/// Lets a channel follow a meeting, or invites the user to connect and does it then. Answers what to say.
///
/// # Errors
/// Those of [`subscription::add`]; the store's.
pub(super) async fn subscribe_or_invite(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user_id: &str,
    root_id: Option<String>,
    wanted: follow::Wanted,
) -> Result<String, Error> {
    match subscription::add(io, settings, l10n, user_id, wanted.clone()).await {
        Ok(said) => Ok(said),
        Err(error) => {
            let place = Place { channel_id: wanted.channel_id.clone(), root_id };
            let detour = Detour::Subscribe(wanted);
            Ok(connect::invite(io, settings, l10n, user_id, place, detour, error).await?.message)
        }
    }
}

impl From<Way<Started>> for CommandResponse {
    fn from(way: Way<Started>) -> Self {
        match way {
            Way::Done(started) => Self { message: None, open_url: started.open_url() },
            Way::Connect(invitation) => Self::message(invitation.message),
        }
    }
}

/// The account is connected whatever becomes of the rest.
pub(super) async fn after(io: &Io, settings: &Settings, back: Back) -> HttpResponse {
    let Back { user, l10n, pending, connected } = back;
    let (user, l10n) = (&user, &l10n);
    let done = connect::text::connected(user, &connected, l10n);
    let said = match pending.detour.clone() {
        None => Ok(None),
        Some(Detour::Start(wanted)) => match start(io, settings, l10n, &user.id, wanted).await {
            // This tab was opened for the meeting.
            Ok(Started::Meeting(meeting)) => return redirect(meeting.join_url.as_str()),
            Ok(Started::Asked) => Ok(Some(l10n.connect_asked())),
            Ok(Started::Shared) => Ok(None),
            Err(error) => Err(error),
        },
        Some(Detour::Subscribe(wanted)) => {
            subscription::add(io, settings, l10n, &user.id, wanted).await.map(Some)
        }
    };
    let mut paragraphs = vec![done];
    match said {
        Ok(said) => paragraphs.extend(said),
        Err(error) => {
            log(io, &error).await;
            paragraphs.push(error.reply(l10n, io.now_ms()));
        }
    }
    tell(io, user, &pending, &paragraphs.join("\n\n")).await;
    paragraphs.push(l10n.connect_close());
    page(200, &l10n.connect_title_connected(), &paragraphs, l10n.locale)
}

/// Where the user had asked for the link. The page says the same, so that a reply that fails is no loss.
async fn tell(io: &Io, user: &User, pending: &Pending, message: &str) {
    if pending.place.channel_id.is_empty() {
        return;
    }
    let draft = Draft {
        channel_id: pending.place.channel_id.clone(),
        root_id: pending.place.root_id.clone(),
        author: Author::Bot,
        message: message.to_owned(),
        ..Draft::default()
    };
    let _ = io.send_private(user.id.clone(), draft, Privacy::Prefer).await;
}
