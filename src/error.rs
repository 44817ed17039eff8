//! Errors by whose fault they are, and their HTTP status. What is said of them is made in `say::error`.

use crate::model::HostError;
use crate::settings::Problem;
use crate::settings::credentials::MustConnect;
use crate::zoom::error::ZoomError;
use crate::zoom::join_link::NotJoinable;
use url::Url;

/// Why a hook did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The administrator's: the settings.
    Settings(Vec<Problem>),
    /// The user's: what was asked for is not possible for this user, here.
    User(UserError),
    /// Zoom's.
    Zoom(ZoomError),
    /// The chat server's.
    Host(HostError),
    /// The chat server's, after Zoom had made the meeting: it must not be lost.
    NotPosted(Box<NotPosted>),
    /// Ours.
    Bug(&'static str),
}

/// A meeting without a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPosted {
    /// Where people can join it.
    pub join_url: Url,
    /// Why there is no card.
    pub why: HostError,
}

/// What a user cannot have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserError {
    /// The channel is closed.
    ChannelArchived,
    /// No such channel, or the user is not in it: a stranger learns no more.
    NotAMember,
    /// The user may not post in the channel.
    MayNotPost,
    /// No meetings may be started in the channel.
    ChannelRestricted,
    /// The user may not change the channel's settings. A stranger learns no more.
    MayNotManage,
    /// A direct message has no settings.
    NothingToManage,
    /// The thread is not in this channel.
    UnknownThread,
    /// The chat server has no verified e-mail of the user.
    NoEmail,
    /// A bot, or an account that was switched off or lives on another server.
    NotAPerson,
    /// What was given is no meeting to join.
    NotJoinable(NotJoinable),
    /// A Zoom account has to be connected first (again, when Zoom has ended the grant).
    NotConnected(MustConnect),
    /// What was given names no meeting that can be followed.
    NoMeetingNamed(NotJoinable),
    /// A personal meeting cannot be followed.
    PersonalMeeting,
    /// A meeting with a number of its own that Zoom holds in the host's personal one: its events carry that number.
    InPersonalMeeting,
    /// Somebody else's meeting.
    NotTheHost,
    /// Somebody else has let the channel follow the meeting.
    NotYourSubscription,
    /// Only an administrator may do this.
    NotAnAdmin,
    /// A question that was asked in private has had its answer.
    AnsweredAlready,
    /// The server does not know its own address, so no link leads back to it.
    NoSiteUrl,
}

impl From<HostError> for Error {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl From<ZoomError> for Error {
    fn from(error: ZoomError) -> Self {
        Self::Zoom(error)
    }
}

impl From<UserError> for Error {
    fn from(error: UserError) -> Self {
        Self::User(error)
    }
}

impl Error {
    /// Whether the same request can go well later.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Host(HostError::Unavailable(_) | HostError::Other(_)))
    }

    /// What an HTTP client gets.
    pub fn status(&self) -> u16 {
        match self {
            Self::Settings(_) => 501,
            Self::User(
                UserError::NotJoinable(_)
                | UserError::NoMeetingNamed(_)
                | UserError::UnknownThread
                | UserError::NothingToManage,
            ) => 400,
            Self::User(UserError::AnsweredAlready) => 409,
            Self::User(_) | Self::Zoom(ZoomError::UserUnknown) => 403,
            Self::Zoom(ZoomError::RateLimited(_)) => 429,
            Self::Zoom(ZoomError::Lost) => 504,
            Self::Zoom(_) => 502,
            Self::Host(_) | Self::NotPosted(_) => 503,
            Self::Bug(_) => 500,
        }
    }
}
