//! Whether Zoom answers, and what to do about each way in which it does not.

use super::text;
use super::{Check, Finding};
use crate::flow::Io;
use crate::model::{HttpRequest, HttpResponse, Method, header};
use crate::say::i18n::Localizer;
use crate::settings::Settings;
use crate::time::parse_http_ms;
use crate::zoom::error::ZoomError;
use url::Url;

/// For a call that needs nothing looked up at Zoom.
const TIMEOUT_MS: u32 = 5_000;

/// What a call without a token showed.
pub(super) struct Called {
    pub(super) finding: Finding,
    /// Whether calls with a token are worth while.
    pub(super) reached: bool,
    /// Zoom's clock, in milliseconds since the Unix epoch.
    pub(super) zoom_ms: Option<u64>,
}

/// Calls Zoom's API without a token: it has to refuse that in its own words.
pub(super) async fn call(io: &Io, settings: &Settings, l10n: &Localizer) -> Called {
    let base = settings.api_url.as_str();
    let request = HttpRequest {
        method: Method::Get,
        url: format!("{}/users/me", base.trim_end_matches('/')),
        headers: vec![("accept".to_owned(), "application/json".to_owned())],
        body: Vec::new(),
        timeout_ms: TIMEOUT_MS,
    };
    let response = match io.http(request).await {
        Ok(response) => response,
        Err(error) => {
            let finding = trouble(Check::Api, &settings.api_url, &error.into(), l10n);
            return Called { finding, reached: false, zoom_ms: None };
        }
    };
    let trouble = |error| Called {
        finding: trouble(Check::Api, &settings.api_url, &error, l10n),
        reached: false,
        zoom_ms: None,
    };
    match (response.status, ZoomError::code_of(&response)) {
        (429 | 500.., _) => trouble(ZoomError::of(&response)),
        (status, None) => trouble(ZoomError::Unintelligible(status)),
        // The host is Zoom's, the path is not.
        (404, Some(_)) | (_, Some(2300)) => Called {
            finding: Finding::bad(
                Check::Api,
                text::wrong_path(&settings.api_url, l10n),
                l10n.doctor_wrong_path_remedy(),
            ),
            reached: false,
            zoom_ms: date(&response),
        },
        (_, Some(_)) => Called {
            finding: Finding::good(Check::Api, text::reached(&settings.api_url, l10n)),
            reached: true,
            zoom_ms: date(&response),
        },
    }
}

fn date(response: &HttpResponse) -> Option<u64> {
    header(&response.headers, "date").and_then(parse_http_ms)
}

/// What an error of Zoom's means for whoever looks after the plugin.
pub(super) fn trouble(check: Check, url: &Url, error: &ZoomError, l10n: &Localizer) -> Finding {
    let (found, remedy) = (text::zoom_found(error, url, l10n), text::zoom_remedy(error, l10n));
    match error {
        ZoomError::RateLimited(_) | ZoomError::Unavailable(_) | ZoomError::Renewing => {
            Finding::warning(check, found, remedy)
        }
        ZoomError::UserUnknown
        | ZoomError::MeetingUnknown
        | ZoomError::CredentialsRefused
        | ZoomError::ClientRefused
        | ZoomError::GrantDead
        | ZoomError::ScopesMissing(_)
        | ZoomError::Refused(_)
        | ZoomError::Unintelligible(_)
        | ZoomError::Unreachable
        | ZoomError::Lost
        | ZoomError::OriginDenied => Finding::bad(check, found, remedy),
    }
}
