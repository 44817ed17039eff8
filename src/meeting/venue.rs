//! Who may post a meeting where: one check for every way to start, before the first call to Zoom.

use crate::error::{Error, UserError};
use crate::flow::{InChannel, Io};
use crate::model::{Channel, ChannelKind, HostError, Permission, User};
use crate::settings::Settings;
use crate::store::{self, ChannelRule};

/// Where a meeting is wanted, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who asks, as the host knows it.
    pub user_id: String,
    /// Where the card shall stand.
    pub channel_id: String,
    /// The thread it shall stand in.
    pub root_id: Option<String>,
}

/// A wish that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venue {
    /// Who posts.
    pub user: User,
    /// Where.
    pub channel_id: String,
    /// In which thread.
    pub root_id: Option<String>,
}

/// Checks a wish. `known_user`: whoever was looked up in this hook already.
///
/// # Errors
/// What forbids it; the host's.
pub async fn check(
    io: &Io,
    settings: &Settings,
    wish: Wish,
    known_user: Option<&User>,
) -> Result<Venue, Error> {
    let who = InChannel { user_id: wish.user_id.clone(), channel_id: wish.channel_id.clone() };
    // Asked for side by side: a host may answer them at once.
    let known_user = known_user.filter(|user| user.id == wish.user_id).cloned();
    let asked = known_user.is_none().then(|| io.find_user(wish.user_id.clone()));
    let channel = io.find_channel(wish.channel_id.clone());
    let may_post = io.may(who.clone(), Permission::CreatePost);

    let user = match (known_user, asked) {
        (Some(user), _) => user,
        (None, Some(asked)) => asked.await?,
        (None, None) => return Err(Error::Bug("nobody was asked for")),
    };
    let channel = known(channel.await)?;
    let may_post = may_post.await?;
    // Whoever may post is a member. Membership first: a stranger learns nothing about the channel.
    if !may_post && !io.is_member(who).await? {
        return Err(UserError::NotAMember.into());
    }
    if user.is_bot || user.is_remote || user.is_deactivated {
        return Err(UserError::NotAPerson.into());
    }
    if channel.archived {
        return Err(UserError::ChannelArchived.into());
    }
    if is_restricted(io, settings, &channel).await? {
        return Err(UserError::ChannelRestricted.into());
    }
    if !may_post {
        return Err(UserError::MayNotPost.into());
    }
    let root_id = match wish.root_id {
        Some(root_id) => Some(thread(io, &wish.channel_id, root_id).await?),
        None => None,
    };
    Ok(Venue { user, channel_id: wish.channel_id, root_id })
}

/// Whether no meetings may be started in a channel, whoever asks: by the channel's own rule, else by `RestrictMeetingCreation`,
/// which is about public channels alone. Direct messages are always free.
///
/// # Errors
/// The host's.
pub async fn is_restricted(io: &Io, settings: &Settings, channel: &Channel) -> Result<bool, Error> {
    if matches!(channel.kind, ChannelKind::Direct | ChannelKind::Group) {
        return Ok(false);
    }
    Ok(match store::channel_rule(io, &channel.id).await? {
        ChannelRule::Allow => false,
        ChannelRule::Restrict => true,
        ChannelRule::Default => settings.restrict_meeting_creation && channel.kind == ChannelKind::Public,
    })
}

fn known(channel: Result<Channel, HostError>) -> Result<Channel, Error> {
    channel.map_err(|error| match error {
        HostError::NotFound => UserError::NotAMember.into(),
        HostError::Forbidden
        | HostError::Invalid(_)
        | HostError::Unsupported
        | HostError::Unavailable(_)
        | HostError::Other(_) => Error::Host(error),
    })
}

/// The thread's first post, also where one of its replies was named.
async fn thread(io: &Io, channel_id: &str, root_id: String) -> Result<String, Error> {
    match io.get_post(root_id).await {
        Ok(post) if post.channel_id == channel_id && !post.deleted => Ok(post.root_id.unwrap_or(post.id)),
        Ok(_) | Err(HostError::NotFound) => Err(UserError::UnknownThread.into()),
        Err(error) => Err(error.into()),
    }
}
