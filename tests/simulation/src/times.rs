//! Zoom's way to write times.

use time::OffsetDateTime;

/// When every run begins: 2026-01-05T09:30:00Z.
pub(crate) const BEGINNING_MS: u64 = 1_767_605_400_000;

/// `2026-01-05T09:30:12Z`
pub(crate) fn iso(ms: u64) -> String {
    let s = i64::try_from(ms / 1000).unwrap_or_default();
    let time = OffsetDateTime::from_unix_timestamp(s).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = time.to_hms();
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `1:02:03.456` since the beginning, for people.
pub(crate) fn clock(ms: u64) -> String {
    let s = ms / 1000;
    format!("{:>3}:{:02}:{:02}.{:03}", s / 3600, s / 60 % 60, s % 60, ms % 1000)
}
