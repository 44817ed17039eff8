//! What a call to Zoom can end in, by what can be done about it. Source: Zoom's "Errors" and "Rate limits" pages.

use super::read::{Members, document};
use crate::json::Shape;
use crate::model::{HttpError, HttpResponse, header};
use serde_json::Value;

/// A call to Zoom that did not give what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoomError {
    /// Code 1001 or 1010, whatever the status: nobody with this e-mail in the account.
    UserUnknown,
    /// Code 3001, whatever the status: no such meeting, or its time is over.
    MeetingUnknown,
    /// 401, or code 124: the credentials are not accepted.
    CredentialsRefused,
    /// The token endpoint does not accept account, client ID or client secret.
    ClientRefused,
    /// The token endpoint does not accept a code or a refresh token (any more).
    GrantDead,
    /// Another node renews the token, and takes too long.
    Renewing,
    /// Code 4711 or 4700 with a sentence about scopes: the app may not do this. Holds the sentence, which names them. Both codes stand
    /// for other things too.
    ScopesMissing(String),
    /// 429. Holds when to ask again, as Zoom said it: seconds or a date.
    RateLimited(Option<RetryAfter>),
    /// 5xx: Zoom's own fault.
    Unavailable(u16),
    /// Any other refusal: status, Zoom's code, Zoom's sentence.
    Refused(Refusal),
    /// A success whose body is not what the documentation says.
    Unintelligible(u16),
    /// Nothing was sent.
    Unreachable,
    /// No answer in time, or it broke off: Zoom may have acted.
    Lost,
    /// The host does not allow the origin.
    OriginDenied,
}

/// When Zoom wants to be asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryAfter {
    /// In this many seconds.
    Seconds(u64),
    /// At this time, in milliseconds since the Unix epoch.
    At(u64),
}

/// A refusal that has no meaning of its own to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Zoom's code, 0 where it gave none.
    pub code: u64,
    /// Zoom's sentence, cut and on one line. May be empty.
    pub message: String,
}

/// Longest sentence of Zoom's that is passed on.
const MAX_MESSAGE_CHARS: usize = 300;

const WANTED: Shape = Shape::Members(&[("code", Shape::Plain), ("message", Shape::Plain)]);

impl From<HttpError> for ZoomError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Denied => Self::OriginDenied,
            HttpError::Unreachable(_) => Self::Unreachable,
            HttpError::TooLarge(_) => Self::Unintelligible(200),
            HttpError::TimedOut | HttpError::Other(_) => Self::Lost,
        }
    }
}

impl ZoomError {
    /// Zoom's own code, which each of its refusals has.
    pub fn code_of(response: &HttpResponse) -> Option<u64> {
        code(&document(&response.body, WANTED).ok()?)
    }

    /// Reads an answer that is no success, or a success that holds an error: Zoom sends both.
    pub fn of(response: &HttpResponse) -> Self {
        let body = document(&response.body, WANTED).unwrap_or_default();
        let code = code(&body).unwrap_or_default();
        let message = one_line(&Members::of(&body).text("message").unwrap_or_default());
        match (response.status, code) {
            (_, 124) | (401, 0) => Self::CredentialsRefused,
            (_, 4711 | 4700) if message.to_lowercase().contains("scope") => Self::ScopesMissing(message),
            (_, 1001 | 1010) => Self::UserUnknown,
            (_, 3001) => Self::MeetingUnknown,
            (429, _) => Self::RateLimited(retry_after(response)),
            (500.., _) => Self::Unavailable(response.status),
            (401, _) => Self::CredentialsRefused,
            (200..300, 0) => Self::Unintelligible(response.status),
            (status, code) => Self::Refused(Refusal { status, code, message }),
        }
    }
}

fn code(body: &Value) -> Option<u64> {
    Members::of(body).whole("code")
}

/// Zoom's daily limit says a date, its other limits say seconds.
fn retry_after(response: &HttpResponse) -> Option<RetryAfter> {
    let value = header(&response.headers, "retry-after")?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(RetryAfter::Seconds(seconds));
    }
    crate::time::parse_ms(value).map(RetryAfter::At)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_MESSAGE_CHARS).collect()
}
