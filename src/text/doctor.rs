//! Sentences of `/zoom doctor`.

use crate::doctor::{Finding, State};
use crate::model::Server;
use crate::settings::Settings;
use crate::text::escape_markdown;
use crate::time::{count, length};
use crate::zoom::auth::Credentials;
use crate::zoom::error::ZoomError;
use url::Url;

/// Check: the settings.
pub const SETTINGS: &str = "Settings";
/// Check: the server's own address.
pub const SITE_URL: &str = "Site URL";
/// Check: what seals tokens.
pub const ENCRYPTION_KEY: &str = "Encryption key";
/// Check: which way to sign in is used.
pub const SIGN_IN: &str = "Way to sign in";
/// Check: Zoom's API.
pub const API: &str = "Zoom's API";
/// Check: Zoom's token endpoint.
pub const OAUTH: &str = "Zoom's sign-in";
/// Check: the connected account.
pub const CONNECTION: &str = "Connection";
/// Check: what stands behind `Bearer`.
pub const TOKEN: &str = "Token";
/// Check: what the app may do.
pub const SCOPES: &str = "Scopes";
/// Check: the administrator's own user at Zoom.
pub const YOU: &str = "You at Zoom";
/// Check: Zoom's events.
pub const WEBHOOK: &str = "Webhook";
/// Check: their signatures.
pub const SIGNATURE: &str = "Webhook signature";
/// Check: the clocks.
pub const CLOCK: &str = "Clock";

/// No problem.
pub const SETTINGS_FOUND: &str = "All that is needed is filled in.";
/// For each problem.
pub const SETTINGS_REMEDY: &str = "Mend it under System Console > Plugins > Zoom.";
/// What needs settings.
pub const NOT_CHECKED: &str = "Zoom was not asked.";
/// Why not.
pub const SETTINGS_FIRST: &str = "Mend the settings first.";
/// For a Site URL that Zoom cannot use.
pub const SITE_URL_REMEDY: &str = "Set it under System Console > Environment > Web Server to the address by which the server is reached from the internet, with https:// in front.";
/// For plain HTTP.
pub const SITE_URL_PLAIN_REMEDY: &str =
    "Zoom's own cloud delivers events to https:// alone, and takes no other redirect URL.";
/// There is a key.
pub const ENCRYPTION_KEY_GOOD: &str = "It has a length that fits, and seals the tokens that are stored.";
/// JWT.
pub const BY_JWT: &str = "JWT, because API Key and API Secret are filled in and no OAuth app is.";
/// Server-to-Server.
pub const BY_SERVER: &str =
    "Server-to-Server OAuth, because Account ID, Client ID and Client Secret are filled in.";
/// Account level.
pub const BY_ACCOUNT: &str = "OAuth for the whole account, because Zoom OAuth Client ID and Secret are filled in and OAuth by Account Level App is on.";
/// User level.
pub const BY_USER: &str = "OAuth by each user, because Zoom OAuth Client ID and Secret are filled in and OAuth by Account Level App is off.";
/// JWT in Zoom's own cloud.
pub const JWT_REMEDY: &str = "Zoom's own cloud takes no JWT apps since 8 September 2023; a Zoom of your own still may. Make a Server-to-Server OAuth app and fill in its Account ID, Client ID and Client Secret: people and their settings stay as they are.";
/// A token was handed out.
pub const TOKEN_GOOD: &str = "Zoom has just handed out a token for the account.";
/// The client is known.
pub const CLIENT_GOOD: &str = "It answers, and accepts client ID and client secret.";
/// Nobody has connected the account.
pub const ACCOUNT_NOT_CONNECTED: &str =
    "The organisation's Zoom account is not connected, or Zoom has ended the connection.";
/// The administrator has not connected.
pub const USER_NOT_CONNECTED: &str =
    "Your own Zoom account is not connected, so nothing could be tried in your name.";
/// The chat server has no address.
pub const NO_EMAIL: &str = "The chat server has no verified e-mail address of yours, so you cannot be found.";
/// What to do then.
pub const NO_EMAIL_REMEDY: &str = "Verify your address in your profile.";
/// Nobody of that address.
pub const UNKNOWN_USER_REMEDY: &str = "That is right if you do not hold meetings. Otherwise add yourself in Zoom, or make both addresses the same. It holds for each user.";
/// The list is complete.
pub const SCOPES_GOOD: &str = "The app may do all that the plugin does.";
/// No list, but calls.
pub const SCOPES_SHOWN: &str =
    "Users and meetings can be read. Zoom has not said which other scopes the app has.";
/// Meetings work without.
pub const RECORDINGS_ONLY: &str = "Without it recordings are not posted; all else works.";
/// No event.
pub const WEBHOOK_SILENT: &str = "Zoom has reported nothing within the last 72 hours.";
/// Signed.
pub const SIGNATURE_GOOD: &str = "Only events that Zoom has signed are taken.";
/// Not signed.
pub const SIGNATURE_OFF: &str = "Events are authenticated by the secret in the webhook's URL alone: whoever learns the URL can make cards say that a meeting ended.";
/// What to do then.
pub const SIGNATURE_REMEDY: &str = "Paste the Secret Token of the Zoom app into Zoom Webhook Secret, and validate the URL at Zoom once more.";
/// Close enough.
pub const CLOCK_GOOD: &str = "It agrees with Zoom's.";
/// What to do otherwise.
pub const CLOCK_REMEDY: &str = "Let this server's clock be set by NTP: by a wrong one Zoom's events are refused as too old or too new, and Zoom refuses JWT apps.";
/// The chat server's store or directory.
pub const STORE_FAILED: &str = "It could not be checked: the chat server did not answer the plugin.";
/// Where more stands.
pub const SEE_LOG: &str = "Try again; if it stays so, see the server's log.";

/// What the command answers.
pub fn report(findings: &[Finding]) -> String {
    let mut report = "**Zoom doctor**\n".to_owned();
    for finding in findings {
        let sign = match finding.state {
            State::Good => '✓',
            State::Warning => '⚠',
            State::Bad => '✗',
        };
        let line = format!("- {sign} **{}**: {} {}", finding.check, finding.found, finding.remedy);
        report.push_str(line.trim_end());
        report.push('\n');
    }
    let number = |state| findings.iter().fold(0, |sum, finding| sum + u64::from(finding.state == state));
    let (faults, warnings) = (number(State::Bad), number(State::Warning));
    report.push_str(&match (faults, warnings) {
        (0, 0) => "\nAll is well.".to_owned(),
        (0, _) => format!("\nNothing is broken. {} to look at.", count(warnings, "point")),
        (_, 0) => format!("\n{} to mend.", count(faults, "fault")),
        _ => format!("\n{} to mend, {} to look at.", count(faults, "fault"), count(warnings, "point")),
    });
    report
}

/// There is no Site URL.
pub fn site_url_empty(server: &Server) -> String {
    format!("{} does not know its own address.", server.name)
}

/// It is no URL.
pub fn site_url_unreadable(server: &Server) -> String {
    format!("`{}` is no address.", server.site_url.replace('`', ""))
}

/// Zoom cannot get there.
pub fn site_url_private(server: &Server) -> String {
    format!("`{}` is an address that Zoom cannot reach.", server.site_url)
}

/// Not encrypted.
pub fn site_url_plain(server: &Server) -> String {
    format!("`{}` does not use https.", server.site_url)
}

/// In order.
pub fn site_url_good(server: &Server) -> String {
    format!("`{}`.", server.site_url)
}

/// Where Zoom is to send its events.
pub fn webhook_remedy(server: &Server) -> String {
    // Without a Site URL there is no address to show.
    let base = if server.plugin_url.is_empty() { "…" } else { &server.plugin_url };
    format!(
        "If there were meetings, look at the event subscription of the Zoom app: its URL has to be `{base}/webhook?secret=…`, with the Webhook Secret behind the sign, and Start Meeting and End Meeting have to be ticked."
    )
}

/// An event came.
pub fn webhook_seen(ago_ms: u64) -> String {
    format!("Events arrive: one came {} ago.", length(ago_ms))
}

/// The clocks differ.
pub fn clock_off(difference_ms: u64, ahead: bool) -> String {
    let difference = match difference_ms / 1000 {
        seconds if seconds < 120 => count(seconds, "second"),
        _ => length(difference_ms),
    };
    format!("This server's clock is {difference} {} Zoom's.", if ahead { "ahead of" } else { "behind" })
}

/// Zoom answered as it should.
pub fn reached(url: &Url) -> String {
    format!("`{}` answers.", host(url))
}

/// Something answers, but not the API.
pub fn wrong_path(url: &Url) -> String {
    format!("`{}` answers, but `{}` is not where its API lies.", host(url), url.path())
}

/// What to do then.
pub fn wrong_path_remedy() -> String {
    "Leave Zoom API URL empty for Zoom's own cloud; for a Zoom of your own it usually ends with `/v2`."
        .to_owned()
}

/// Who has connected.
pub fn connected(settings: &Settings) -> &'static str {
    match settings.credentials {
        Credentials::User(_) => "Your Zoom account is connected.",
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } | Credentials::Account(_) => {
            "The organisation's Zoom account is connected."
        }
    }
}

/// How to connect.
pub fn connect(server: &Server) -> String {
    format!("Type `{}zoom connect`.", server.command_prefix)
}

/// The administrator is known to Zoom.
pub fn found_user(settings: &Settings) -> &'static str {
    match settings.credentials {
        Credentials::User(_) => "Zoom knows you by the account that you connected.",
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } | Credentials::Account(_) => {
            "Zoom knows you by your e-mail address."
        }
    }
}

/// Zoom does not know the administrator.
pub fn unknown_user(server: &Server) -> String {
    format!("Nobody in Zoom's account has the e-mail address that {} has of you.", server.name)
}

/// The token lacks these.
pub fn scopes_missing(names: &[String]) -> String {
    format!("The app lacks {}.", names.join(", "))
}

/// A call was refused for want of scopes. Holds Zoom's sentence.
pub fn scopes_refused(message: &str) -> String {
    match super::scopes(message) {
        Some(scopes) => format!("The app lacks one of `{scopes}`."),
        None => "The app lacks scopes.".to_owned(),
    }
}

/// How scopes are added.
pub fn scopes_remedy(settings: &Settings) -> &'static str {
    match settings.credentials {
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } => {
            "Add what is missing in the Zoom App Marketplace, in the app under Scopes."
        }
        Credentials::Account(_) => {
            "Add what is missing in the Zoom App Marketplace, in the app under Scopes, and connect the account once more."
        }
        Credentials::User(_) => {
            "Add what is missing in the Zoom App Marketplace, in the app under Scopes. Who is connected then connects once more."
        }
    }
}

/// What a call to Zoom ended in.
pub fn zoom_found(error: &ZoomError, url: &Url) -> String {
    let host = host(url);
    match error {
        ZoomError::OriginDenied => format!("The plugin may not reach `{host}`."),
        ZoomError::Unreachable => format!("`{host}` cannot be reached from this server."),
        ZoomError::Lost => format!("`{host}` did not answer in time, or the answer broke off."),
        ZoomError::Unavailable(status) => {
            format!("`{host}`, or a proxy before it, has trouble of its own just now (status {status}).")
        }
        ZoomError::RateLimited(_) => format!("`{host}` allows no more calls just now."),
        ZoomError::Renewing => "The sign-in is just being renewed.".to_owned(),
        ZoomError::ClientRefused => "Zoom does not accept account ID, client ID or client secret.".to_owned(),
        ZoomError::CredentialsRefused | ZoomError::GrantDead => {
            "Zoom does not accept the plugin's sign-in.".to_owned()
        }
        ZoomError::Refused(refusal) if refusal.code != 0 => {
            format!("Zoom refused a call: {}", escape_markdown(&refusal.message))
        }
        ZoomError::Unintelligible(status) => not_zooms(&host, *status),
        ZoomError::Refused(refusal) => not_zooms(&host, refusal.status),
        ZoomError::ScopesMissing(message) => scopes_refused(message),
        ZoomError::UserUnknown | ZoomError::MeetingUnknown => {
            "Zoom did not find what it was asked for.".to_owned()
        }
    }
}

/// What to do about it.
pub fn zoom_remedy(error: &ZoomError) -> &'static str {
    match error {
        ZoomError::OriginDenied => {
            "Only Zoom's own hosts and those that Zoom URL and Zoom API URL name are allowed. Check both, and save them once more."
        }
        ZoomError::Unreachable => {
            "Check name resolution, firewall and proxy of this server; the plugin follows HTTPS_PROXY and NO_PROXY."
        }
        ZoomError::Lost => "Try again; if it stays so, a firewall may swallow the requests.",
        ZoomError::Unavailable(_) | ZoomError::Renewing => "Try again in a few minutes.",
        ZoomError::RateLimited(_) => "Try again later: Zoom limits calls by second and by day.",
        ZoomError::ClientRefused => {
            "Copy them from the app's page App Credentials once more, and see that the app is activated."
        }
        ZoomError::CredentialsRefused | ZoomError::GrantDead => {
            "Copy the credentials from the app's page App Credentials once more, see that the app is activated, and that this server's clock is right."
        }
        ZoomError::Unintelligible(_) => NOT_ZOOMS_REMEDY,
        ZoomError::Refused(refusal) if refusal.code == 0 => NOT_ZOOMS_REMEDY,
        ZoomError::Refused(_) | ZoomError::UserUnknown | ZoomError::MeetingUnknown => "See the server's log.",
        ZoomError::ScopesMissing(_) => {
            "Add what is missing in the Zoom App Marketplace, in the app under Scopes."
        }
    }
}

const NOT_ZOOMS_REMEDY: &str = "Something else answers in Zoom's place: check Zoom URL and Zoom API URL, and whether a proxy or a firewall shows a page of its own.";

fn not_zooms(host: &str, status: u16) -> String {
    format!("What `{host}` answers is not Zoom's (status {status}).")
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
