//! `/zoom doctor`: looks at all that has to work, live and in order, and says for each what it found and what to do.
//!
//! Works although the settings are broken. Changes nothing at Zoom, sends a handful of requests, and shows no secret.

mod server;
mod sign_in;
pub mod text;
mod zoom;

use crate::flow::Io;
use crate::model::{HostFinding, State, User};
use crate::say::i18n::Localizer;
use crate::say::text::settings::problem;
use crate::settings::Settings;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// What the host looks at itself, by its own name for it.
    Host(String),
    /// The settings.
    Settings,
    /// The server's own address.
    SiteUrl,
    /// What seals tokens.
    EncryptionKey,
    /// Which way to sign in is used.
    SignIn,
    /// Zoom's API.
    Api,
    /// Zoom's token endpoint.
    OAuth,
    /// The connected account.
    Connection,
    /// What stands behind `Bearer`.
    Token,
    /// What the app may do.
    Scopes,
    /// The administrator's own user at Zoom.
    You,
    /// Zoom's events.
    Webhook,
    /// Their signatures.
    Signature,
    /// The clocks.
    Clock,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// How it ended.
    pub state: State,
    /// What was found: a sentence.
    pub found: String,
    /// What to do: sentences. Empty where there is nothing to do.
    pub remedy: String,
}

impl Finding {
    fn good(check: Check, found: String) -> Self {
        Self { check, state: State::Good, found, remedy: String::new() }
    }

    fn warning(check: Check, found: String, remedy: String) -> Self {
        Self { check, state: State::Warning, found, remedy }
    }

    fn bad(check: Check, found: String, remedy: String) -> Self {
        Self { check, state: State::Bad, found, remedy }
    }
}

/// What the host found out by itself.
async fn hosts_own(io: &Io, l10n: &Localizer) -> impl Iterator<Item = Finding> {
    let found = io.findings(l10n.locale.tag().to_owned()).await;
    found.into_iter().map(|HostFinding { check, state, found, remedy }| Finding {
        check: Check::Host(check),
        state,
        found,
        remedy,
    })
}

/// Examines the plugin for an administrator.
pub async fn examine(io: &Io, l10n: &Localizer, user: &User) -> Vec<Finding> {
    let mut findings = Vec::new();
    let settings = match Settings::parse(&io.settings().await) {
        Ok(settings) => {
            findings.push(Finding::good(Check::Settings, l10n.doctor_settings_good()));
            settings
        }
        Err(problems) => {
            let bad = |found| Finding::bad(Check::Settings, found, l10n.doctor_settings_remedy());
            findings.extend(problems.iter().map(|found| bad(problem(found, l10n))));
            findings.push(server::site_url(l10n, None));
            findings.extend(hosts_own(io, l10n).await);
            let (found, remedy) = (l10n.doctor_not_checked(), l10n.doctor_settings_first());
            findings.push(Finding::warning(Check::Api, found, remedy));
            return findings;
        }
    };
    findings.push(server::site_url(l10n, Some(&settings)));
    findings.extend(hosts_own(io, l10n).await);
    findings.extend(sign_in::chosen(&settings, l10n));
    let called = zoom::call(io, &settings, l10n).await;
    findings.push(called.finding);
    sign_in::examine(io, &settings, l10n, user, called.reached, &mut findings).await;
    findings.push(server::webhook(io, l10n).await);
    findings.push(server::signature(&settings, l10n));
    if let Some(zoom_ms) = called.zoom_ms {
        findings.push(server::clock(io.time(), zoom_ms, l10n));
    }
    findings
}
