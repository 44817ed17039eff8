//! `/zoom subscription`: lets a channel follow a meeting, whose every occurrence is posted then.

pub mod follow;
pub mod text;

use crate::account::api::Api;
use crate::account::meetings::{self, PERSONAL};
use crate::account::users;
use crate::error::{Error, UserError};
use crate::flow::{InChannel, Io};
use crate::meeting::follow::Wanted;
use crate::meeting::record::Subscription;
use crate::meeting::records;
use crate::meeting::venue::{self, Wish};
use crate::model::{Author, Draft, HostError, Permission, User};
use crate::say::i18n::Localizer;
use crate::say::text::spaced;
use crate::settings::Settings;
use crate::store;
use crate::zoom::error::ZoomError;
use crate::zoom::{MeetingNumber, join_link};
use std::collections::BTreeSet;

/// Lets a channel follow a meeting of the user's own; an administrator may let it follow any. Answers what to say.
///
/// # Errors
/// What forbids it; Zoom's; the host's.
pub async fn add(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user_id: &str,
    wanted: Wanted,
) -> Result<String, Error> {
    let Wanted { channel_id, number } = wanted;
    let wish = Wish { user_id: user_id.to_owned(), channel_id: channel_id.clone(), root_id: None };
    let venue = venue::check(io, settings, wish, l10n.reader.as_deref()).await?;
    let zoom = Api::sign_in(io, settings, &venue.user).await?;
    let meeting = meetings::find(&zoom, number).await?;
    let own = match users::own(&zoom).await {
        Ok(own) => Some(own),
        // An administrator need not have an account there.
        Err(Error::Zoom(ZoomError::UserUnknown)) if venue.user.is_admin => None,
        Err(error) => return Err(error),
    };
    let is_own = own.as_ref().is_some_and(|own| !own.id.is_empty() && own.id == meeting.host_id);
    if !is_own && !venue.user.is_admin {
        return Err(UserError::NotTheHost.into());
    }
    let own_room = own.and_then(|own| own.personal_meeting()).is_some_and(|(pmi, _)| pmi == number);
    if meeting.kind == PERSONAL || own_room {
        return Err(UserError::PersonalMeeting.into());
    }
    if meeting.uses_personal {
        return Err(UserError::InPersonalMeeting.into());
    }
    let created_by = user_id.to_owned();
    let subscription = Subscription { channel_id, created_by, topic: meeting.topic, since_ms: io.now_ms() };
    if records::add_subscription(io, number, &subscription).await?
        || take_over(io, settings, number, &subscription).await?
    {
        return Ok(text::added(number, &subscription.topic, l10n));
    }
    Ok(l10n.subscription_followed_already(&spaced(number)))
}

/// Puts a subscription in the place of one whose author may not post in the channel any more. `false`: the author may.
async fn take_over(
    io: &Io,
    settings: &Settings,
    number: MeetingNumber,
    subscription: &Subscription,
) -> Result<bool, Error> {
    let known = records::subscriptions(io, number).await?;
    let Some(known) = known.iter().find(|known| known.channel_id == subscription.channel_id) else {
        return records::add_subscription(io, number, subscription).await;
    };
    if known.created_by == subscription.created_by || !is_stopped(io, settings, known).await? {
        return Ok(false);
    }
    records::remove_subscription(io, number, known).await?;
    records::add_subscription(io, number, subscription).await
}

/// Whether a subscription brings no cards, because whoever added it may not post in the channel any more.
async fn is_stopped(io: &Io, settings: &Settings, subscription: &Subscription) -> Result<bool, Error> {
    let (user_id, channel_id) = (subscription.created_by.clone(), subscription.channel_id.clone());
    match venue::check(io, settings, Wish { user_id, channel_id, root_id: None }, None).await {
        Ok(_) => Ok(false),
        Err(error) if is_the_authors(&error) => Ok(true),
        Err(Error::User(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether somebody may not post somewhere for a reason of their own. What holds for all of the channel is no such reason.
pub(crate) fn is_the_authors(error: &Error) -> bool {
    matches!(
        error,
        Error::User(UserError::NotAMember | UserError::NotAPerson | UserError::MayNotPost)
            | Error::Host(HostError::NotFound)
    )
}

/// Tells a channel that it gets no cards of a meeting any more, and what can be done. Once, however often the meeting starts.
///
/// # Errors
/// The store's; that of the post, where trying again helps.
pub(crate) async fn tell_stopped(
    io: &Io,
    number: MeetingNumber,
    channel_id: &str,
    author: &str,
    topic: &str,
) -> Result<(), Error> {
    let follow = format!("{number}/{channel_id}/{author}");
    if !store::claim_stopped(io, &follow).await? {
        return Ok(());
    }
    let l10n = Localizer::of_server(io).await;
    let message = text::stopped(number, topic, author, &l10n);
    let draft = Draft { channel_id: channel_id.to_owned(), author: Author::Bot, message, ..Draft::default() };
    match io.create_post(draft).await {
        Err(error @ (HostError::Unavailable(_) | HostError::Other(_))) => {
            store::release_stopped(io, &follow).await?;
            Err(error.into())
        }
        // The channel is closed or gone: nobody is left to be told.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Reads which meeting is meant.
///
/// # Errors
/// What is wrong with it.
pub fn wanted(settings: &Settings, channel_id: &str, typed: &str) -> Result<Wanted, Error> {
    let (link, _) = join_link::parse(typed, settings).map_err(UserError::NoMeetingNamed)?;
    let number = link.number.ok_or(UserError::PersonalMeeting)?;
    Ok(Wanted { channel_id: channel_id.to_owned(), number })
}

/// Lets the channel follow a meeting no more. Whoever added it, whoever manages the channel, and administrators may.
///
/// # Errors
/// What forbids it; the host's.
pub async fn remove(io: &Io, l10n: &Localizer, user: &User, wanted: &Wanted) -> Result<String, Error> {
    let Wanted { channel_id, number } = wanted;
    let who = InChannel { user_id: user.id.clone(), channel_id: channel_id.clone() };
    require_membership(io, &who).await?;
    let subscriptions = records::subscriptions(io, *number).await?;
    let Some(found) = subscriptions.iter().find(|found| found.channel_id == *channel_id) else {
        return Ok(l10n.subscription_not_followed(&spaced(*number)));
    };
    let may = found.created_by == user.id || user.is_admin || io.may(who, Permission::ManageChannel).await?;
    if !may {
        return Err(UserError::NotYourSubscription.into());
    }
    records::remove_subscription(io, *number, found).await?;
    Ok(l10n.subscription_removed(&spaced(*number)))
}

/// What the channel follows, and what the user has added elsewhere.
///
/// # Errors
/// What forbids it; the host's.
pub async fn list(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user: &User,
    channel_id: &str,
) -> Result<String, Error> {
    let who = InChannel { user_id: user.id.clone(), channel_id: channel_id.to_owned() };
    require_membership(io, &who).await?;
    let here = records::followed_in_channel(io, channel_id).await?;
    let own = records::followed_by_user(io, &user.id).await?;
    let numbers: BTreeSet<MeetingNumber> = here.into_iter().chain(own).collect();
    let mut lines = Vec::new();
    for number in numbers {
        for subscription in records::subscriptions(io, number).await? {
            if subscription.channel_id == channel_id || subscription.created_by == user.id {
                let stopped = is_stopped(io, settings, &subscription).await?;
                lines.push(text::line(number, &subscription, stopped, l10n));
            }
        }
    }
    Ok(text::list(&lines, l10n))
}

/// A stranger learns nothing about the channel.
async fn require_membership(io: &Io, who: &InChannel) -> Result<(), Error> {
    if io.is_member(who.clone()).await? { Ok(()) } else { Err(UserError::NotAMember.into()) }
}

/// What was typed behind `subscription`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `add`
    Add,
    /// `remove`
    Remove,
    /// `list`
    List,
}

/// Reads what was typed behind `subscription`. `None`: no such thing.
pub fn verb(word: &str) -> Option<Verb> {
    match word.to_lowercase().as_str() {
        "add" => Some(Verb::Add),
        "remove" => Some(Verb::Remove),
        "list" => Some(Verb::List),
        _ => None,
    }
}

/// Removes or lists, which needs nothing from Zoom.
///
/// # Errors
/// Those of [`remove`] and [`list`].
pub async fn without_zoom(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user: &User,
    channel_id: &str,
    verb: Verb,
    typed: &str,
) -> Result<String, Error> {
    match verb {
        Verb::List => list(io, settings, l10n, user, channel_id).await,
        Verb::Add | Verb::Remove => remove(io, l10n, user, &wanted(settings, channel_id, typed)?).await,
    }
}
