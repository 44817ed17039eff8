//! Times as Zoom writes them and as people read them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads `2026-01-05T09:30:12Z`, with an offset or fractions too. Milliseconds since the Unix epoch; `None` for anything else.
pub fn parse_ms(text: &str) -> Option<u64> {
    let time = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
    u64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

/// `2026-01-05 09:30 UTC`.
pub fn utc(ms: u64) -> String {
    let Some(time) = i64::try_from(ms / 1000).ok().and_then(|s| OffsetDateTime::from_unix_timestamp(s).ok())
    else {
        return "an unknown time".to_owned();
    };
    let (month, day) = (u8::from(time.month()), time.day());
    format!("{:04}-{month:02}-{day:02} {:02}:{:02} UTC", time.year(), time.hour(), time.minute())
}

/// A length in words: `47 minutes`, `1 hour 5 minutes`, `less than a minute`.
pub fn length(ms: u64) -> String {
    let minutes = ms / 60_000;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match (hours, minutes) {
        (0, 0) => "less than a minute".to_owned(),
        (0, _) => count(minutes, "minute"),
        (_, 0) => count(hours, "hour"),
        _ => format!("{} {}", count(hours, "hour"), count(minutes, "minute")),
    }
}

/// `1 minute`, `2 minutes`.
pub fn count(number: u64, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}
