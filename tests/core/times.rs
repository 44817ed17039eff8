//! Times and lengths as people read them.

use zoom_chat::say::i18n::{Locale, Localizer};
use zoom_chat::say::text::time::{length, utc};
use zoom_chat::time::{parse_http_ms, parse_ms};

#[test]
fn lengths_are_words() {
    let minute = 60_000;
    let table = [
        (0, "less than a minute"),
        (minute - 1, "less than a minute"),
        (minute, "1 minute"),
        (2 * minute - 1, "1 minute"),
        (47 * minute, "47 minutes"),
        (60 * minute, "1 hour"),
        (61 * minute, "1 hour 1 minute"),
        (65 * minute, "1 hour 5 minutes"),
        (120 * minute, "2 hours"),
        (25 * 60 * minute + minute, "25 hours 1 minute"),
    ];
    let english = Localizer::of_locale(Locale::En);
    for (ms, words) in table {
        assert_eq!(length(ms, &english), words);
    }
    assert!(length(u64::MAX, &english).ends_with("minutes"));
}

#[test]
fn zoom_s_times_are_read() {
    let table = [
        ("2026-01-05T09:30:12Z", Some(1_767_605_412_000)),
        (" 2026-01-05T09:30:12Z ", Some(1_767_605_412_000)),
        ("2026-01-05T10:30:12+01:00", Some(1_767_605_412_000)),
        ("2026-01-05T09:30:12.345Z", Some(1_767_605_412_345)),
        ("1970-01-01T00:00:00Z", Some(0)),
        ("1969-12-31T23:59:59Z", None),
        ("2026-01-05", None),
        ("2026-02-30T09:30:12Z", None),
        ("", None),
        ("soon", None),
    ];
    for (text, ms) in table {
        assert_eq!(parse_ms(text), ms, "{text}");
    }
}

#[test]
fn times_are_shown_in_utc() {
    let english = Localizer::of_locale(Locale::En);
    assert_eq!(utc(1_767_605_412_999, &english), "2026-01-05 09:30 UTC");
    assert_eq!(utc(0, &english), "1970-01-01 00:00 UTC");
    assert_eq!(utc(u64::MAX, &english), "an unknown time");
}

#[test]
fn the_dates_of_http_are_read() {
    let table = [
        ("Mon, 05 Jan 2026 09:30:12 GMT", Some(1_767_605_412_000)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
        ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199_000)),
        ("Wed, 31 Dec 1969 23:59:59 GMT", None),
        ("Mon, 30 Feb 2026 09:30:12 GMT", None),
        ("Mon, 05 Jan 2026 24:00:00 GMT", None),
        ("Mon, 05 Jan 2026 09:30:12 CET", None),
        ("Mon, 05 Jan 2026 09:30 GMT", None),
        ("Mon, 05 Jän 2026 09:30:12 GMT", None),
        ("Monday, 05-Jan-26 09:30:12 GMT", None),
        ("Mon Jan  5 09:30:12 2026", None),
        ("", None),
    ];
    for (text, ms) in table {
        assert_eq!(parse_http_ms(text), ms, "{text}");
    }
}
