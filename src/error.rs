//! Errors by whose fault they are, and the one place that turns them into a reply, an HTTP status and a log line.

use crate::meeting::Meeting;
use crate::model::{HostError, Level};
use crate::say::i18n::Localizer;
use crate::say::text;
use crate::settings::Problem;
use crate::settings::credentials::MustConnect;
use crate::zoom::error::ZoomError;
use crate::zoom::join_link::NotJoinable;

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
    /// The meeting that people can join.
    pub meeting: Meeting,
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
    /// What the user reads: what happened, and what to do. `now_ms` is for waiting times.
    pub fn reply(&self, l10n: &Localizer, now_ms: u64) -> String {
        match self {
            Self::Settings(problems) => text::not_configured(problems, l10n),
            Self::User(error) => text::user_error(error, l10n),
            Self::Zoom(error) => text::zoom_error(error, l10n, now_ms),
            Self::Host(error) => text::host_error(error, l10n),
            Self::NotPosted(lost) => text::not_posted(lost, l10n),
            Self::Bug(_) => l10n.general_bug(),
        }
    }

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

    /// What the administrator reads in the log: no personal data, no secrets. `None` for what is in order.
    pub fn log(&self) -> Option<(Level, String)> {
        match self {
            Self::Settings(_) | Self::User(_) | Self::Zoom(ZoomError::UserUnknown) => None,
            Self::Zoom(error) => Some((level(error), text::zoom_log(error))),
            Self::Host(error) => {
                Some((Level::Error, format!("the chat server failed: {}", text::host_log(error))))
            }
            Self::NotPosted(lost) => Some((
                Level::Error,
                format!("a meeting was made but its card could not be posted: {}", text::host_log(&lost.why)),
            )),
            Self::Bug(what) => Some((Level::Error, format!("a fault in the plugin: {what}"))),
        }
    }
}

/// Only what the administrator has to mend is an error.
fn level(error: &ZoomError) -> Level {
    match error {
        ZoomError::CredentialsRefused
        | ZoomError::ClientRefused
        | ZoomError::ScopesMissing(_)
        | ZoomError::OriginDenied => Level::Error,
        ZoomError::UserUnknown
        | ZoomError::GrantDead
        | ZoomError::Renewing
        | ZoomError::MeetingUnknown
        | ZoomError::RateLimited(_)
        | ZoomError::Unavailable(_)
        | ZoomError::Refused(_)
        | ZoomError::Unintelligible(_)
        | ZoomError::Unreachable
        | ZoomError::Lost => Level::Warn,
    }
}
