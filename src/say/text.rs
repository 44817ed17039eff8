//! Which sentence says what: from errors, states and findings to messages of the catalogue.

pub mod channel_settings;
pub mod preference;
pub mod settings;
pub mod time;

use crate::error::{NotPosted, UserError};
use crate::model::HostError;
use crate::say::i18n::Localizer;
use crate::say::text::time::utc;
use crate::settings::Problem;
use crate::settings::credentials::MustConnect;
use crate::zoom::error::{RetryAfter, ZoomError};
use crate::zoom::join_link::NotJoinable;

/// What can be typed after the trigger: the help text and the completion come from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subcommand {
    /// The words.
    pub path: &'static str,
    /// What follows them, as hints: `[a] [b]`. May be empty.
    pub hint: String,
    /// What it does, without a full stop.
    pub help: String,
}

/// All subcommands, in the order of the help text.
pub fn subcommands(l10n: &Localizer) -> [Subcommand; 12] {
    let none = String::new;
    let meeting = || l10n.command_subscription_add_hint();
    [
        ("start", l10n.command_start_hint(), l10n.command_start_help()),
        ("share", l10n.command_share_hint(), l10n.command_share_help()),
        ("settings", l10n.command_settings_hint(), l10n.command_settings_help()),
        ("channel-settings", l10n.command_channel_settings_hint(), l10n.command_channel_settings_help()),
        ("channel-settings list", none(), l10n.command_channel_settings_list_help()),
        ("subscription add", meeting(), l10n.command_subscription_add_help()),
        ("subscription remove", meeting(), l10n.command_subscription_remove_help()),
        ("subscription list", none(), l10n.command_subscription_list_help()),
        ("connect", none(), l10n.command_connect_help()),
        ("disconnect", none(), l10n.command_disconnect_help()),
        ("doctor", none(), l10n.command_doctor_help()),
        ("help", none(), l10n.command_help_help()),
    ]
    .map(|(path, hint, help)| Subcommand { path, hint, help })
}

/// For the log, where administrators sign in to Zoom's own cloud by JWT.
pub const JWT_HAS_ENDED: &str = "Zoom's own cloud takes no JWT apps since September 2023: make a Server-to-Server OAuth app and fill in its Account ID, Client ID and Client Secret. A Zoom of your own may still take the JWT app";

/// `/zoom help`: the subcommands that the reader `can` use.
pub fn help(l10n: &Localizer, can: &dyn Fn(&str) -> bool) -> String {
    let mut help = l10n.help_title();
    for Subcommand { path, hint, help: what } in subcommands(l10n).iter().filter(|entry| can(entry.path)) {
        let usage = format!("{}zoom {path} {hint}", l10n.server.command_prefix);
        help.push('\n');
        help.push_str(&l10n.help_line(usage.trim_end(), what));
    }
    help
}

/// A word that is no subcommand.
pub fn unknown_command(word: &str, help: &str, l10n: &Localizer) -> String {
    let word: String = word.chars().filter(|c| *c != '`' && !c.is_control()).take(40).collect();
    format!("{}\n\n{help}", l10n.help_unknown(&word))
}

/// The settings have problems.
pub fn not_configured(problems: &[Problem], l10n: &Localizer) -> String {
    let lines = problems.iter().map(|problem| format!("\n- {}", settings::problem(problem, l10n)));
    let mut text = l10n.general_not_configured();
    text.extend(lines);
    text
}

/// What a user cannot have.
pub fn user_error(error: &UserError, l10n: &Localizer) -> String {
    match error {
        UserError::ChannelArchived => l10n.user_channel_archived(),
        UserError::NotAMember => l10n.user_not_a_member(),
        UserError::MayNotPost => l10n.user_may_not_post(),
        UserError::ChannelRestricted => l10n.user_channel_restricted(),
        UserError::MayNotManage => l10n.user_may_not_manage(),
        UserError::NothingToManage => l10n.user_nothing_to_manage(),
        UserError::UnknownThread => l10n.user_unknown_thread(),
        UserError::NoEmail => l10n.user_no_email(),
        UserError::NotAPerson => l10n.user_not_a_person(),
        UserError::NotJoinable(why) => not_joinable(*why, l10n),
        UserError::NotConnected(MustConnect::User) => l10n.user_connect_own(),
        UserError::NotConnected(MustConnect::Account) => l10n.user_connect_account(),
        UserError::NoMeetingNamed(NotJoinable::Missing) => {
            l10n.subscription_missing(&l10n.subscription_usage())
        }
        UserError::NoMeetingNamed(_) => l10n.subscription_not_recognised(&l10n.subscription_usage()),
        UserError::PersonalMeeting => l10n.user_personal_meeting(),
        UserError::InPersonalMeeting => l10n.user_in_personal_meeting(),
        UserError::NotTheHost => l10n.user_not_the_host(),
        UserError::NotYourSubscription => l10n.user_not_your_subscription(),
        UserError::NoSiteUrl => l10n.user_no_site_url(),
        UserError::AnsweredAlready => l10n.question_answered_already(),
        UserError::NotAnAdmin => l10n.user_not_an_admin(),
    }
}

fn not_joinable(why: NotJoinable, l10n: &Localizer) -> String {
    let what = match why {
        NotJoinable::Missing => l10n.share_missing(),
        NotJoinable::NotRecognised => l10n.share_not_recognised(),
        NotJoinable::OtherHost => l10n.share_other_host(),
        NotJoinable::NotAMeeting => l10n.share_not_a_meeting(),
        NotJoinable::StartLink => l10n.share_start_link(),
        NotJoinable::Registration => return l10n.share_registration(),
    };
    format!("{what} {}", l10n.share_how())
}

/// What went wrong between the plugin and Zoom, for the user.
pub fn zoom_error(error: &ZoomError, l10n: &Localizer, now_ms: u64) -> String {
    match error {
        ZoomError::UserUnknown => l10n.error_user_unknown(),
        ZoomError::MeetingUnknown => l10n.error_meeting_unknown(),
        ZoomError::CredentialsRefused => l10n.error_credentials_refused(),
        ZoomError::ClientRefused => l10n.error_client_refused(),
        ZoomError::GrantDead => l10n.error_grant_dead(),
        ZoomError::Renewing => l10n.error_renewing(),
        ZoomError::ScopesMissing(message) => match scopes(message) {
            Some(scopes) => l10n.error_scopes_missing(&scopes),
            None => l10n.error_scopes_missing_unnamed(),
        },
        ZoomError::RateLimited(after) => {
            format!("{} {}", l10n.error_rate_limited(), try_again(after.as_ref(), l10n, now_ms))
        }
        ZoomError::Unavailable(_) => l10n.error_unavailable(),
        ZoomError::Refused(refusal) if refusal.message.is_empty() => {
            l10n.error_refused_without_reason(&refusal.status.to_string())
        }
        ZoomError::Refused(refusal) => l10n.error_refused(&escape_markdown(&refusal.message)),
        ZoomError::Unintelligible(_) => l10n.error_unintelligible(),
        ZoomError::Unreachable => l10n.error_unreachable(),
        ZoomError::Lost => l10n.error_lost(),
        ZoomError::OriginDenied => l10n.error_origin_denied(),
    }
}

/// The list in "… does not contain scopes:[a, b]."
pub(crate) fn scopes(message: &str) -> Option<String> {
    let (_, list) = message.split_once('[')?;
    let (list, _) = list.split_once(']')?;
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | ',' | ' ');
    (!list.is_empty() && list.chars().all(named)).then(|| list.to_owned())
}

fn try_again(after: Option<&RetryAfter>, l10n: &Localizer, now_ms: u64) -> String {
    match after {
        Some(RetryAfter::Seconds(seconds)) if *seconds < 60 => {
            l10n.error_try_again_seconds((*seconds).max(1))
        }
        Some(RetryAfter::Seconds(seconds)) if *seconds < 3600 => {
            l10n.error_try_again_minutes(seconds.div_ceil(60))
        }
        Some(RetryAfter::Seconds(seconds)) => {
            l10n.error_try_again_after(&utc(now_ms.saturating_add(seconds.saturating_mul(1000)), l10n))
        }
        Some(RetryAfter::At(at_ms)) if *at_ms > now_ms => l10n.error_try_again_after(&utc(*at_ms, l10n)),
        Some(RetryAfter::At(_)) | None => l10n.error_try_again_soon(),
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
pub fn host_error(error: &HostError, l10n: &Localizer) -> String {
    match error {
        // Nobody knows what came of it: a server that fails has refused nothing.
        HostError::Unavailable(_) | HostError::Other(_) => l10n.error_host_unavailable(),
        HostError::NotFound | HostError::Forbidden | HostError::Invalid(_) | HostError::Unsupported => {
            l10n.error_host_refused()
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
pub fn not_posted(lost: &NotPosted, l10n: &Localizer) -> String {
    let why = match &lost.why {
        HostError::Forbidden => "forbidden",
        HostError::NotFound => "gone",
        HostError::Invalid(_) | HostError::Unsupported => "refused",
        HostError::Unavailable(_) | HostError::Other(_) => "other",
    };
    l10n.error_not_posted(lost.join_url.as_str(), why)
}

/// Keeps a text from being read as markup, a mention or a channel link. Emoji by their names stay emoji: `:white_check_mark:`.
pub fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut emoji_until = 0;
    for (at, c) in text.char_indices() {
        if at < emoji_until {
            escaped.push(c);
            continue;
        }
        emoji_until = at + emoji_name(&text[at..]);
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

/// The length of the emoji's name that a text begins with, colons and all; 0 where it begins with none.
fn emoji_name(text: &str) -> usize {
    let Some((name, _)) = text.strip_prefix(':').and_then(|rest| rest.split_once(':')) else { return 0 };
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte);
    let is_name =
        !name.is_empty() && name.bytes().all(is_part) && !name.starts_with('_') && !name.ends_with('_');
    if is_name { name.len() + 2 } else { 0 }
}

/// A URL that may stand between the parentheses of a Markdown link.
pub(crate) fn link_target(url: &str) -> String {
    url.replace('(', "%28").replace(')', "%29")
}

/// `123 4567 8901`, as Zoom writes it.
pub(crate) fn spaced(number: u64) -> String {
    let digits = number.to_string();
    let cuts: &[usize] = match digits.len() {
        9 | 10 => &[3, 6],
        11 => &[3, 7],
        _ => &[],
    };
    let mut spaced = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if cuts.contains(&at) {
            spaced.push(' ');
        }
        spaced.push(digit);
    }
    spaced
}
