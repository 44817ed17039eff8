//! Sentences of `/zoom doctor`.

use crate::features::doctor::{Check, Finding};
use crate::model::State;
use crate::say::i18n::Localizer;
use crate::say::text::time::length;
use crate::say::text::{escape_markdown, scopes};
use crate::settings::Settings;
use crate::settings::credentials::Credentials;
use crate::zoom::error::ZoomError;
use crate::zoom::refused::Why;
use url::Url;

/// What was checked, in a word or two.
pub fn check(check: &Check, l10n: &Localizer) -> String {
    match check {
        Check::Host(name) => name.clone(),
        Check::Settings => l10n.doctor_check_settings(),
        Check::SiteUrl => l10n.doctor_check_site_url(),
        Check::EncryptionKey => l10n.doctor_check_encryption_key(),
        Check::SignIn => l10n.doctor_check_sign_in(),
        Check::Api => l10n.doctor_check_api(),
        Check::OAuth => l10n.doctor_check_oauth(),
        Check::Connection => l10n.doctor_check_connection(),
        Check::Token => l10n.doctor_check_token(),
        Check::Scopes => l10n.doctor_check_scopes(),
        Check::You => l10n.doctor_check_you(),
        Check::Webhook => l10n.doctor_check_webhook(),
        Check::Signature => l10n.doctor_check_signature(),
        Check::Clock => l10n.doctor_check_clock(),
    }
}

/// What the command answers.
pub fn report(findings: &[Finding], l10n: &Localizer) -> String {
    let mut report = format!("{}\n", l10n.doctor_title());
    for finding in findings {
        let sign = match finding.state {
            State::Good => '✓',
            State::Warning => '⚠',
            State::Bad => '✗',
        };
        let name = check(&finding.check, l10n);
        let line = format!("- {sign} **{name}**: {} {}", finding.found, finding.remedy);
        report.push_str(line.trim_end());
        report.push('\n');
    }
    let number = |state| findings.iter().fold(0, |sum, finding| sum + u64::from(finding.state == state));
    let (faults, warnings) = (number(State::Bad), number(State::Warning));
    report.push('\n');
    report.push_str(&match (faults, warnings) {
        (0, 0) => l10n.doctor_all_well(),
        (0, _) => l10n.doctor_only_warnings(warnings),
        (_, 0) => l10n.doctor_only_faults(faults),
        _ => l10n.doctor_faults_and_warnings(faults, warnings),
    });
    report
}

/// Where Zoom is to send its events.
pub fn webhook_remedy(l10n: &Localizer) -> String {
    // Without a Site URL there is no address to show.
    let plugin_url = l10n.server.plugin_url.as_str();
    l10n.doctor_webhook_remedy(if plugin_url.is_empty() { "…" } else { plugin_url })
}

/// Why a delivery was refused.
pub fn refused(why: Why, l10n: &Localizer) -> String {
    match why {
        Why::NoSecret => l10n.doctor_refused_no_secret(),
        Why::WrongSecret => l10n.doctor_refused_wrong_secret(),
        Why::Unsigned => l10n.doctor_refused_unsigned(),
        Why::WrongSignature => l10n.doctor_refused_wrong_signature(),
        Why::Late => l10n.doctor_refused_late(),
        Why::Early => l10n.doctor_refused_early(),
        Why::Unreadable => l10n.doctor_refused_unreadable(),
        Why::NoSigningSecret => l10n.doctor_refused_no_signing_secret(),
    }
}

/// What to do about it.
pub fn refused_remedy(why: Why, l10n: &Localizer) -> String {
    match why {
        Why::NoSecret | Why::WrongSecret => webhook_remedy(l10n),
        Why::WrongSignature | Why::NoSigningSecret => l10n.doctor_signature_remedy(),
        Why::Late | Why::Early => l10n.doctor_clock_remedy(),
        Why::Unsigned => l10n.doctor_refused_proxy_remedy(),
        Why::Unreadable => l10n.doctor_log_remedy(),
    }
}

/// The clocks differ.
pub fn clock_off(difference_ms: u64, ahead: bool, l10n: &Localizer) -> String {
    let difference = match difference_ms / 1000 {
        seconds if seconds < 120 => l10n.doctor_clock_seconds(seconds),
        _ => length(difference_ms, l10n),
    };
    if ahead { l10n.doctor_clock_ahead(&difference) } else { l10n.doctor_clock_behind(&difference) }
}

/// Zoom answered as it should.
pub fn reached(url: &Url, l10n: &Localizer) -> String {
    l10n.doctor_reached(&host(url))
}

/// Something answers, but not the API.
pub fn wrong_path(url: &Url, l10n: &Localizer) -> String {
    l10n.doctor_wrong_path(&host(url), url.path())
}

/// Who has connected.
pub fn connected(settings: &Settings, l10n: &Localizer) -> String {
    match settings.credentials {
        Credentials::User(_) => l10n.doctor_connected_own(),
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } | Credentials::Account(_) => {
            l10n.doctor_connected_account()
        }
    }
}

/// The administrator is known to Zoom.
pub fn found_user(settings: &Settings, l10n: &Localizer) -> String {
    match settings.credentials {
        Credentials::User(_) => l10n.doctor_found_by_connection(),
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } | Credentials::Account(_) => {
            l10n.doctor_found_by_email()
        }
    }
}

/// A call was refused for want of scopes. Holds Zoom's sentence.
pub fn scopes_refused(message: &str, l10n: &Localizer) -> String {
    match scopes(message) {
        Some(scopes) => l10n.doctor_scopes_missing_one_of(&scopes),
        None => l10n.doctor_scopes_missing_unnamed(),
    }
}

/// How scopes are added.
pub fn scopes_remedy(settings: &Settings, l10n: &Localizer) -> String {
    match settings.credentials {
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } => l10n.doctor_scopes_remedy(),
        Credentials::Account(_) => l10n.doctor_scopes_remedy_account(),
        Credentials::User(_) => l10n.doctor_scopes_remedy_user(),
    }
}

/// What a call to Zoom ended in.
pub fn zoom_found(error: &ZoomError, url: &Url, l10n: &Localizer) -> String {
    let host = host(url);
    let not_zooms = |status: u16| l10n.doctor_not_zooms(&host, &status.to_string());
    match error {
        ZoomError::OriginDenied => l10n.doctor_origin_denied(&host),
        ZoomError::Unreachable => l10n.doctor_unreachable(&host),
        ZoomError::Lost => l10n.doctor_lost(&host),
        ZoomError::Unavailable(status) => l10n.doctor_unavailable(&host, &status.to_string()),
        ZoomError::RateLimited(_) => l10n.doctor_rate_limited(&host),
        ZoomError::Renewing => l10n.doctor_renewing(),
        ZoomError::ClientRefused => l10n.doctor_client_refused(),
        ZoomError::CredentialsRefused | ZoomError::GrantDead => l10n.doctor_sign_in_refused(),
        ZoomError::Refused(refusal) if refusal.code != 0 => {
            l10n.doctor_call_refused(&escape_markdown(&refusal.message))
        }
        ZoomError::Unintelligible(status) => not_zooms(*status),
        ZoomError::Refused(refusal) => not_zooms(refusal.status),
        ZoomError::ScopesMissing(message) => scopes_refused(message, l10n),
        ZoomError::UserUnknown | ZoomError::MeetingUnknown => l10n.doctor_not_found(),
    }
}

/// What to do about it.
pub fn zoom_remedy(error: &ZoomError, l10n: &Localizer) -> String {
    match error {
        ZoomError::OriginDenied => l10n.doctor_origin_denied_remedy(),
        ZoomError::Unreachable => l10n.doctor_unreachable_remedy(),
        ZoomError::Lost => l10n.doctor_lost_remedy(),
        ZoomError::Unavailable(_) | ZoomError::Renewing => l10n.doctor_unavailable_remedy(),
        ZoomError::RateLimited(_) => l10n.doctor_rate_limited_remedy(),
        ZoomError::ClientRefused => l10n.doctor_client_refused_remedy(),
        ZoomError::CredentialsRefused | ZoomError::GrantDead => l10n.doctor_sign_in_refused_remedy(),
        ZoomError::Unintelligible(_) => l10n.doctor_not_zooms_remedy(),
        ZoomError::Refused(refusal) if refusal.code == 0 => l10n.doctor_not_zooms_remedy(),
        ZoomError::Refused(_) | ZoomError::UserUnknown | ZoomError::MeetingUnknown => {
            l10n.doctor_log_remedy()
        }
        ZoomError::ScopesMissing(_) => l10n.doctor_scopes_remedy(),
    }
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
