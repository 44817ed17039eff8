//! `/zoom doctor`: looks at all that has to work, live and in order, and says for each what it found and what to do.
//!
//! Works although the settings are broken. Changes nothing at Zoom, sends a handful of requests, and shows no secret.

mod server;
mod sign_in;
mod zoom;

use crate::flow::Io;
use crate::model::{Server, User};
use crate::settings::Settings;
use crate::text::doctor as text;
use serde::Serialize;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In order.
    Good,
    /// Works, or works in part; or could not be checked.
    Warning,
    /// Something cannot work.
    Bad,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked, in a word or two.
    pub check: &'static str,
    /// How it ended.
    pub state: State,
    /// What was found: a sentence.
    pub found: String,
    /// What to do: sentences. Empty where there is nothing to do.
    pub remedy: String,
}

impl Finding {
    fn good(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Good, found: found.into(), remedy: String::new() }
    }

    fn warning(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, state: State::Warning, found: found.into(), remedy: remedy.into() }
    }

    fn bad(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, state: State::Bad, found: found.into(), remedy: remedy.into() }
    }
}

/// Examines the plugin for an administrator.
pub async fn examine(io: &Io, server: &Server, user: &User) -> Vec<Finding> {
    let mut findings = Vec::new();
    let settings = match Settings::parse(&io.settings().await) {
        Ok(settings) => {
            findings.push(Finding::good(text::SETTINGS, text::SETTINGS_FOUND));
            settings
        }
        Err(problems) => {
            let bad = |message| Finding::bad(text::SETTINGS, message, text::SETTINGS_REMEDY);
            findings.extend(problems.into_iter().map(|problem| bad(problem.message)));
            findings.push(server::site_url(server, None));
            findings.push(Finding::warning(text::API, text::NOT_CHECKED, text::SETTINGS_FIRST));
            return findings;
        }
    };
    findings.push(server::site_url(server, Some(&settings)));
    findings.extend(sign_in::chosen(&settings));
    let called = zoom::call(io, &settings).await;
    findings.push(called.finding);
    sign_in::examine(io, &settings, server, user, called.reached, &mut findings).await;
    findings.push(server::webhook(io, server).await);
    findings.push(server::signature(&settings));
    if let Some(zoom_ms) = called.zoom_ms {
        findings.push(server::clock(io.time().await, zoom_ms));
    }
    findings
}
