//! Answers for what went wrong.

use crate::{
    app::App,
    server::{LOCALE, NAME},
    store::StoreError,
};
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chat_plugin_engine::{CallError, call_failed};
use host_sentences::Sentence;
use serde_json::json;

/// Why the page did not get what it asked for.
#[derive(Debug)]
pub(super) enum ApiError {
    /// There is no such thing, or not for this user.
    NotFound(&'static str),
    /// Not allowed, for the reason given.
    Forbidden(&'static str),
    /// What was sent makes no sense, for the reason given.
    Bad(String),
    /// The storage failed.
    Store(StoreError),
    /// The plugin did not do it.
    Plugin {
        /// What to answer with.
        status: StatusCode,
        /// When to try again, in seconds.
        retry_after: Option<String>,
        /// For the one who asked.
        sentence: String,
    },
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if let StoreError::NotFound(what) = error { Self::NotFound(what) } else { Self::Store(error) }
    }
}

/// What the plugin has answered to this user, or why it has not, in the user's language.
pub(super) async fn told<T>(app: &App, user_id: &str, answer: Result<T, CallError>) -> Result<T, ApiError> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(error) => {
            tracing::error!("{error}");
            Err(ApiError::of_call(&error, &locale(app, Some(user_id)).await))
        }
    }
}

/// A sentence in the language of whoever has asked.
pub(super) async fn say(app: &App, user_id: Option<&str>, sentence: Sentence) -> String {
    sentence.say(NAME, &locale(app, user_id).await)
}

async fn locale(app: &App, user_id: Option<&str>) -> String {
    let Some(id) = user_id.map(str::to_owned) else { return LOCALE.to_owned() };
    let read = app.server().stored(move |store| store.regional(&id)).await;
    read.map_or_else(|_| LOCALE.to_owned(), |regional| regional.locale)
}

impl ApiError {
    fn of_call(error: &CallError, locale: &str) -> Self {
        let answer = call_failed(error);
        let retry_after = answer.headers.into_iter().find(|(name, _)| name == header::RETRY_AFTER.as_str());
        Self::Plugin {
            status: StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            retry_after: retry_after.map(|(_, after)| after),
            sentence: Sentence::of(error).say(NAME, locale),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound(what) => refuse(StatusCode::NOT_FOUND, &format!("There is no such {what} here.")),
            Self::Forbidden(reason) => refuse(StatusCode::FORBIDDEN, reason),
            Self::Bad(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
            Self::Store(error) => {
                tracing::error!("{error}");
                refuse(StatusCode::INTERNAL_SERVER_ERROR, &format!("Nothing was changed: {error}."))
            }
            Self::Plugin { status, retry_after, sentence } => {
                let after = retry_after.map(|after| [(header::RETRY_AFTER, after)]);
                (after, refuse(status, &sentence)).into_response()
            }
        }
    }
}

/// An answer with a sentence.
pub(super) fn refuse(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({ "error": reason }))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_refused_is_told_why_in_the_own_language_and_when_to_try_again() {
        for (error, status, tries_again, words) in [
            (CallError::Busy, 503, true, "stark ausgelastet"),
            (CallError::ShareTaken(8), 429, true, "vieles auf einmal"),
            (CallError::Stopping, 503, true, "ausgeschaltet"),
            (CallError::Exited, 500, false, "schiefgegangen"),
        ] {
            let ApiError::Plugin { status: given, retry_after, sentence } =
                ApiError::of_call(&error, "de-AT")
            else {
                panic!("{error}");
            };
            assert_eq!((given.as_u16(), retry_after.is_some()), (status, tries_again), "{error}");
            assert!(sentence.contains(words), "{sentence}");
        }
    }
}
