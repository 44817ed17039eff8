//! Every sentence that a person reads, but for the card's.

pub mod channel_settings;
pub mod connect;
pub mod doctor;
pub mod join;
pub mod preference;
pub mod question;
pub mod recording;
pub mod subscription;

use crate::error::{NotPosted, UserError};
use crate::model::{HostError, Server, SettingProblem};
use crate::time::{count, utc};
use crate::zoom::auth::MustConnect;
use crate::zoom::error::{RetryAfter, ZoomError};
use crate::zoom::join_link::NotJoinable;

/// The words after the trigger, and what each does: the help text and the completion come from here.
pub const SUBCOMMANDS: [(&str, &str, &str); 12] = [
    ("start", "[topic]", "Start a Zoom meeting and post it here"),
    (
        "share",
        "[personal meeting ID or link] [topic]",
        "Post a personal meeting here, with no Zoom account of this organisation needed",
    ),
    ("settings", "[always, never or ask]", "Choose whether your meetings use your Personal Meeting ID"),
    (
        "channel-settings",
        "[allow, restrict or default]",
        "Choose whether meetings may be started in this channel",
    ),
    ("channel-settings list", "", "Show where meetings may be started"),
    ("subscription add", "[meeting ID or link]", "Post a card here each time that meeting starts"),
    ("subscription remove", "[meeting ID or link]", "Post no more cards of that meeting here"),
    ("subscription list", "", "Show which meetings are followed here, and what you added elsewhere"),
    ("connect", "", "Connect Zoom, so that meetings can be started"),
    ("disconnect", "", "End that connection, and delete what is stored about it"),
    ("doctor", "", "Check whether everything works, and what to do where it does not"),
    ("help", "", "Show what you can do"),
];

/// The first word of the subcommands about meetings that a channel follows.
pub const SUBSCRIPTION_GROUP: &str = "Follow meetings in this channel";
/// A fault of ours, which no user can do anything about.
pub const BUG: &str = "Something went wrong inside the Zoom plugin. Please tell your administrator: the server's log says more.";
/// For administrators who sign in to Zoom's own cloud by JWT.
pub const JWT_HAS_ENDED: &str = "Zoom's own cloud takes no JWT apps since September 2023: make a Server-to-Server OAuth app and fill in its Account ID, Client ID and Client Secret. A Zoom of your own may still take the JWT app";
/// A command that was delivered before.
pub const HANDLED_ALREADY: &str =
    "This command has been handled already. If you see no meeting, type it again.";
/// A dialog of another version.
pub const UNKNOWN_DIALOG: &str = "This form no longer works, so nothing was changed. Type the command again.";
/// A button of another version.
pub const UNKNOWN_BUTTON: &str = "This button no longer works. Type the command instead.";

/// `/zoom help`: the subcommands that the reader `can` use.
pub fn help(server: &Server, can: &dyn Fn(&str) -> bool) -> String {
    let prefix = &server.command_prefix;
    let mut help = "**Zoom meetings**".to_owned();
    for (path, arguments, what) in SUBCOMMANDS.iter().filter(|(path, ..)| can(path)) {
        let usage = [*path, *arguments].join(" ");
        help.push_str(&format!("\n- `{prefix}zoom {}`: {what}.", usage.trim_end()));
    }
    help
}

/// A word that is no subcommand.
pub fn unknown_command(word: &str, help: &str, server: &Server) -> String {
    let word: String = word.chars().filter(|c| *c != '`' && !c.is_control()).take(40).collect();
    format!("There is no `{prefix}zoom {word}`.\n\n{help}", prefix = server.command_prefix)
}

/// The settings have problems.
pub fn not_configured(problems: &[SettingProblem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("- {}", problem.message)).collect();
    format!(
        "The Zoom plugin is not set up yet. An administrator has to mend this in the System Console, under Plugins > Zoom:\n{}",
        lines.join("\n")
    )
}

/// What a user cannot have.
pub fn user_error(error: &UserError, server: &Server) -> String {
    let prefix = &server.command_prefix;
    match error {
        UserError::ChannelArchived => "This channel is archived, so nothing was posted. Please choose another channel.".to_owned(),
        UserError::NotAMember => "You are not a member of this channel, so nothing was done. Join it first.".to_owned(),
        UserError::MayNotPost => "You may not post in this channel, so nothing was posted. Please choose another channel, or ask an administrator of this one.".to_owned(),
        UserError::ChannelRestricted => format!("Meetings may not be started in this channel. Please use a direct message or another channel, or ask an administrator of this one to allow them with `{prefix}zoom channel-settings`."),
        UserError::MayNotManage => "Only an administrator of this channel, or of the server, may change where meetings are started. Nothing was changed.".to_owned(),
        UserError::NothingToManage => "Direct messages have no such setting: meetings may always be started in them.".to_owned(),
        UserError::UnknownThread => "The thread to post in is not in this channel, so nothing was posted.".to_owned(),
        UserError::NoEmail => format!("{} has no verified e-mail address of yours, so it cannot find your Zoom account. Verify your address in your profile, or post your personal meeting with `{prefix}zoom share`.", server.name),
        UserError::NotAPerson => "Only people with an active account on this server can post meetings.".to_owned(),
        UserError::NotJoinable(why) => not_joinable(*why, prefix),
        UserError::NotConnected(MustConnect::User) => format!("Connect your Zoom account first: type `{prefix}zoom connect`."),
        UserError::NotConnected(MustConnect::Account) => format!("This organisation's Zoom account is not connected. Please ask an administrator to type `{prefix}zoom connect`."),
        UserError::NoMeetingNamed(NotJoinable::Missing) => format!("Which meeting? {}", subscription::usage(prefix)),
        UserError::NoMeetingNamed(_) => format!("That is neither a meeting ID of 9 to 11 digits nor the link to a meeting, so nothing was changed. {}", subscription::usage(prefix)),
        UserError::PersonalMeeting => "A personal meeting cannot be followed: its number stands for every meeting that its owner holds there. Please choose a scheduled or recurring meeting.".to_owned(),
        UserError::NotTheHost => "This is not a meeting of yours. A channel can follow meetings that you host; an administrator can let it follow others.".to_owned(),
        UserError::NotYourSubscription => "Somebody else has let this channel follow the meeting. Whoever did, whoever manages the channel, or an administrator can end that.".to_owned(),
        UserError::NoSiteUrl => format!("{} does not know its own address, so no link to Zoom and back can be made. Please ask an administrator to set the Site URL (System Console > Environment > Web Server).", server.name),
        UserError::AnsweredAlready => question::ANSWERED_ALREADY.to_owned(),
        UserError::NotAnAdmin => "Only an administrator of this server may do this.".to_owned(),
    }
}

fn not_joinable(why: NotJoinable, prefix: &str) -> String {
    let how = format!(
        "Type `{prefix}zoom share 123 456 7890`, or paste the link that Zoom shows under Personal Room."
    );
    let what = match why {
        NotJoinable::Missing => "Which meeting?",
        NotJoinable::NotRecognised => {
            "That is neither a meeting ID of 9 to 11 digits nor a Zoom link, so nothing was posted."
        }
        NotJoinable::OtherHost => {
            "That link does not lead to the Zoom of this server, so nothing was posted."
        }
        NotJoinable::NotAMeeting => "That Zoom link does not join a meeting, so nothing was posted.",
        NotJoinable::StartLink => {
            "That is a start link: whoever opened it would host the meeting as you, so nothing was posted."
        }
    };
    format!("{what} {how}")
}

/// What went wrong between the plugin and Zoom, for the user.
pub fn zoom_error(error: &ZoomError, server: &Server, now_ms: u64) -> String {
    let (name, prefix) = (&server.name, &server.command_prefix);
    match error {
        ZoomError::UserUnknown => format!(
            "We could not verify your {name} account in Zoom. Please ensure that your {name} email address matches your Zoom email address.\n\n\
             If you have no account in this organisation's Zoom, ask your administrator to add you, or post your own personal meeting with `{prefix}zoom share`."
        ),
        ZoomError::MeetingUnknown => "Zoom does not know this meeting (any more), or does not show it to you. Please check its number.".to_owned(),
        ZoomError::CredentialsRefused => format!("Zoom does not accept the plugin's credentials. Please tell your administrator: `{prefix}zoom doctor` says more."),
        ZoomError::ClientRefused => format!("Zoom does not accept the plugin's client ID and secret. Please tell your administrator: `{prefix}zoom doctor` says more."),
        ZoomError::GrantDead => format!("Zoom has ended the plugin's access. Please connect again: `{prefix}zoom connect`."),
        ZoomError::Renewing => "The sign-in to Zoom is just being renewed. Please try again in a minute.".to_owned(),
        ZoomError::ScopesMissing(message) => match scopes(message) {
            Some(scopes) => format!("The plugin's Zoom app may not do this: it lacks one of the scopes `{scopes}`. Please tell your administrator."),
            None => "The plugin's Zoom app may not do this. Please tell your administrator: the server's log says more.".to_owned(),
        },
        ZoomError::RateLimited(after) => format!("Zoom allows no more meetings just now. {}", try_again(after.as_ref(), now_ms)),
        ZoomError::Unavailable(_) => "Zoom has trouble of its own just now. Please try again in a few minutes.".to_owned(),
        ZoomError::Refused(refusal) if refusal.message.is_empty() => {
            format!("Zoom refused the meeting (status {}). Please tell your administrator.", refusal.status)
        }
        ZoomError::Refused(refusal) => format!("Zoom refused the meeting: {}", escape_markdown(&refusal.message)),
        ZoomError::Unintelligible(_) => "Zoom gave an answer that makes no sense. Please try again; if it stays so, tell your administrator.".to_owned(),
        ZoomError::Unreachable => "Zoom cannot be reached from this server. Please try again in a minute; if it stays so, tell your administrator.".to_owned(),
        ZoomError::Lost => "Zoom did not answer in time. Please try again in a minute.".to_owned(),
        ZoomError::OriginDenied => "The plugin may not reach the Zoom server that is set. Please tell your administrator.".to_owned(),
    }
}

/// The list in "… does not contain scopes:[a, b]."
fn scopes(message: &str) -> Option<String> {
    let (_, list) = message.split_once('[')?;
    let (list, _) = list.split_once(']')?;
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | ',' | ' ');
    (!list.is_empty() && list.chars().all(named)).then(|| list.to_owned())
}

fn try_again(after: Option<&RetryAfter>, now_ms: u64) -> String {
    match after {
        Some(RetryAfter::Seconds(seconds)) if *seconds < 60 => {
            format!("Please try again in {}.", count((*seconds).max(1), "second"))
        }
        Some(RetryAfter::Seconds(seconds)) if *seconds < 3600 => {
            format!("Please try again in {}.", count(seconds.div_ceil(60), "minute"))
        }
        Some(RetryAfter::Seconds(seconds)) => {
            format!("Please try again after {}.", utc(now_ms.saturating_add(seconds.saturating_mul(1000))))
        }
        Some(RetryAfter::At(at_ms)) if *at_ms > now_ms => format!("Please try again after {}.", utc(*at_ms)),
        Some(RetryAfter::At(_)) | None => "Please try again in a minute.".to_owned(),
    }
}

/// What the administrator reads in the log about Zoom.
pub fn zoom_log(error: &ZoomError) -> String {
    match error {
        ZoomError::UserUnknown => "Zoom knows no user with this e-mail address".to_owned(),
        ZoomError::MeetingUnknown => "Zoom does not know the meeting".to_owned(),
        ZoomError::CredentialsRefused => {
            "Zoom does not accept the plugin's credentials: check them in the System Console, and that the app is activated at Zoom. Zoom's own cloud takes no JWT apps since September 2023; self-hosted Zoom does".to_owned()
        }
        ZoomError::ClientRefused => "Zoom does not accept account ID, client ID or client secret: check them in the System Console, that the app is activated at Zoom and, under OAuth, that its redirect URL is SITEURL/plugins/zoom/oauth2/complete".to_owned(),
        ZoomError::GrantDead => "Zoom does not accept a code or a refresh token any more".to_owned(),
        ZoomError::Renewing => "a token is being renewed for too long".to_owned(),
        ZoomError::ScopesMissing(message) => format!("the Zoom app lacks scopes: {message}"),
        ZoomError::RateLimited(_) => "Zoom's rate limit is reached".to_owned(),
        ZoomError::Unavailable(status) => format!("Zoom answered with status {status}"),
        // Zoom's sentence may name people: it stays out.
        ZoomError::Refused(refusal) => format!("Zoom refused a call with status {} and code {}", refusal.status, refusal.code),
        ZoomError::Unintelligible(status) => format!("Zoom answered with status {status} and a body that is not what its documentation says"),
        ZoomError::Unreachable => "Zoom cannot be reached: check the server's network and proxy settings".to_owned(),
        ZoomError::Lost => "Zoom did not answer in time".to_owned(),
        ZoomError::OriginDenied => "the plugin may not reach ZoomAPIURL: only the hosts named in its manifest are allowed".to_owned(),
    }
}

/// What the chat server could not do, for the user.
pub fn host_error(error: &HostError, server: &Server) -> String {
    let name = &server.name;
    match error {
        HostError::Unavailable(_) => {
            format!("{name} did not answer the Zoom plugin. Please try again in a minute.")
        }
        HostError::NotFound
        | HostError::Forbidden
        | HostError::Invalid(_)
        | HostError::Unsupported
        | HostError::Other(_) => {
            format!(
                "{name} refused what the Zoom plugin asked for. Please tell your administrator: the server's log says more."
            )
        }
    }
}

/// What the administrator reads in the log about the chat server.
pub fn host_log(error: &HostError) -> String {
    match error {
        HostError::NotFound => "not found".to_owned(),
        HostError::Forbidden => "forbidden".to_owned(),
        HostError::Invalid(why) => format!("invalid: {why}"),
        HostError::Unsupported => "not supported by this server".to_owned(),
        HostError::Unavailable(why) => format!("unavailable: {why}"),
        HostError::Other(why) => why.clone(),
    }
}

/// The meeting exists, its card does not.
pub fn not_posted(lost: &NotPosted) -> String {
    let why = match &lost.why {
        HostError::Forbidden => "you may not post here",
        HostError::NotFound => "the channel or thread is gone",
        HostError::Invalid(_) | HostError::Unsupported => "the server refused the post",
        HostError::Unavailable(_) | HostError::Other(_) => "the server did not take the post",
    };
    format!(
        "Your Zoom meeting is ready, but it could not be posted in this channel ({why}). Join it with this link, and pass it on yourself: {}",
        lost.meeting.join_url
    )
}

/// Keeps a text from being read as markup, a mention or a channel link.
pub fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '('
                | ')'
                | '#'
                | '+'
                | '!'
                | '|'
                | '~'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
        // No escape keeps chat servers from notifying everybody for `@all`: an invisible character does.
        if c == '@' {
            escaped.push('\u{200b}');
        }
    }
    escaped
}
