//! Custom statuses.

use std::time::{SystemTime, UNIX_EPOCH};

use chat_plugin_engine::api::presence::{CustomStatus, Error};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Mattermost;
use crate::model::{self, Time, time_from_ms};

/// The server keeps a status among the user's props, as JSON.
const PROP: &str = "customStatus";

#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    emoji: String,
    #[serde(default)]
    text: String,
    /// RFC 3339; year 1 for never.
    #[serde(default)]
    expires_at: String,
}

pub(super) async fn get(server: &Mattermost, user_id: String) -> Result<Option<CustomStatus>, Error> {
    let user = server.api()?.user(user_id).await?;
    let Some(stored) = user.props.get(PROP).and_then(|json| serde_json::from_str::<Stored>(json).ok()) else {
        return Ok(None);
    };
    if stored.emoji.is_empty() && stored.text.is_empty() {
        return Ok(None);
    }
    let expires_ms = unix_ms(&stored.expires_at);
    let over = expires_ms.is_some_and(|at| at <= now_ms());
    Ok((!over).then_some(CustomStatus { emoji: stored.emoji, text: stored.text, expires_ms }))
}

pub(super) async fn set(
    server: &Mattermost,
    user_id: String,
    status: Option<CustomStatus>,
) -> Result<(), Error> {
    let api = server.api()?;
    let Some(status) = status.filter(|status| !status.emoji.is_empty() || !status.text.is_empty()) else {
        return Ok(api.remove_custom_status(user_id).await?);
    };
    let expires = status.expires_ms.and_then(|at| i64::try_from(at).ok());
    let status = model::CustomStatus {
        emoji: status.emoji,
        text: status.text,
        duration: if expires.is_some() { "date_and_time".into() } else { String::new() },
        expires_at: expires.map_or_else(Time::default, time_from_ms),
    };
    Ok(api.set_custom_status(user_id, status).await?)
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

/// `None` for a time before 1970, which stands for never, and for what is no time.
fn unix_ms(text: &str) -> Option<u64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    u64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::unix_ms;

    #[test]
    fn times_are_read_as_go_writes_them() {
        let cases = [
            ("2026-11-25T04:27:18Z", Some(1_795_580_838_000)),
            ("2026-11-25T06:27:18.25+02:00", Some(1_795_580_838_250)),
            ("0001-01-01T00:00:00Z", None),
            ("", None),
            ("soon", None),
        ];
        for (text, expected) in cases {
            assert_eq!(unix_ms(text), expected, "{text}");
        }
    }
}
