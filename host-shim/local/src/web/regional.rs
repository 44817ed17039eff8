//! Which language and time zone a user's browser has: the plugin answers in them.

use super::error::ApiError;
use super::session::Me;
use crate::{app::App, model::Regional};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use serde::Deserialize;
use std::sync::Arc;

/// Longest name of a language or time zone that is kept, in bytes. The longest that people use have half of it.
const NAME_BYTES_MAX: usize = 64;

#[derive(Deserialize)]
pub(super) struct Browser {
    /// Name in the IANA time zone database.
    timezone: String,
}

/// Notes what the browser that the user has open now is set to.
pub(super) async fn note(
    State(app): State<Arc<App>>,
    Me(me): Me,
    headers: HeaderMap,
    Json(Browser { timezone }): Json<Browser>,
) -> Result<StatusCode, ApiError> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let standard = Regional::default();
    let regional = Regional {
        locale: accepted.and_then(preferred).unwrap_or(standard.locale),
        timezone: Some(timezone).filter(|name| is_name(name, "/_+-")).unwrap_or(standard.timezone),
    };
    app.server().stored(move |store| store.set_regional(&me.id, &regional)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The language that an `Accept-Language` header likes best; the first of several that it likes alike.
fn preferred(accepted: &str) -> Option<String> {
    let mut best: Option<(&str, f32)> = None;
    for wish in accepted.split(',') {
        let (language, parameters) = wish.split_once(';').unwrap_or((wish, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        let language = language.trim();
        if is_name(language, "-") && weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language.to_owned())
}

fn is_name(text: &str, besides: &str) -> bool {
    !text.is_empty()
        && text.len() <= NAME_BYTES_MAX
        && text.chars().all(|c| c.is_ascii_alphanumeric() || besides.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_with_the_greatest_weight_is_preferred() {
        for (accepted, expected) in [
            ("de", Some("de")),
            ("pt-BR,pt;q=0.9,en;q=0.8", Some("pt-BR")),
            ("en;q=0.5, ar , de", Some("ar")),
            ("*,fr;q=0.1", Some("fr")),
            ("en;q=0", None),
            ("en;q=x", None),
            ("<b>", None),
            ("", None),
        ] {
            assert_eq!(preferred(accepted).as_deref(), expected, "{accepted}");
        }
    }
}
