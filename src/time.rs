//! Times as Zoom writes them, and as digits.

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, Time};

/// Reads `2026-01-05T09:30:12Z`, with an offset or fractions too. Milliseconds since the Unix epoch; `None` for anything else.
pub fn parse_ms(text: &str) -> Option<u64> {
    let time = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
    u64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

/// Reads an HTTP date, `Mon, 05 Jan 2026 09:30:12 GMT`. Milliseconds since the Unix epoch; `None` for the older forms.
pub fn parse_http_ms(text: &str) -> Option<u64> {
    let (_, text) = text.split_once(", ")?;
    let mut words = text.split(' ');
    let day = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = 1 + MONTHS.iter().position(|month| *month == name)?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(words.next()?.parse().ok()?, month, day).ok()?;
    let mut clock = words.next()?.splitn(3, ':').map(|part| part.parse::<u8>().ok());
    let time = Time::from_hms(clock.next()??, clock.next()??, clock.next()??).ok()?;
    (words.next() == Some("GMT")).then_some(())?;
    u64::try_from(OffsetDateTime::new_utc(date, time).unix_timestamp()).ok()?.checked_mul(1000)
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `2026-01-05 09:30 UTC`. `None` beyond the calendar.
pub fn utc(ms: u64) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(i64::try_from(ms / 1000).ok()?).ok()?;
    let (month, day) = (u8::from(time.month()), time.day());
    Some(format!("{:04}-{month:02}-{day:02} {:02}:{:02} UTC", time.year(), time.hour(), time.minute()))
}
