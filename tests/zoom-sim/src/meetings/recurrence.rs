//! Meetings that repeat: Zoom's `recurrence` and the occurrences that follow from it.

use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime, Weekday},
    tz::TimeZone,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::clock::{UnixMs, iso, timestamp};

/// Zoom plans no more occurrences of one meeting than this.
const OCCURRENCES_MAX: u32 = 60;
/// No rule that Zoom takes leaves so many periods in a row without an occurrence.
const PERIODS_MAX: u32 = 4000;
const DAILY: u8 = 1;
const WEEKLY: u8 = 2;
const MONTHLY: u8 = 3;

/// How a meeting repeats, with Zoom's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recurrence {
    /// 1 daily, 2 weekly, 3 monthly.
    #[serde(rename = "type")]
    pub kind: u8,
    /// Every so many days, weeks or months.
    pub repeat_interval: u32,
    /// Days of the week, 1 is Sunday, with commas between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly_days: Option<String>,
    /// Day of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_day: Option<u8>,
    /// Week of the month, -1 is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_week: Option<i8>,
    /// Day of that week, 1 is Sunday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_week_day: Option<u8>,
    /// So many times; once if neither this nor a last day is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_times: Option<u32>,
    /// Not after this time, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_time: Option<String>,
}

/// One planned time of a meeting that repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Occurrence {
    /// The planned start in milliseconds, as a string.
    pub occurrence_id: String,
    /// The planned start.
    pub start_time: String,
    /// Planned length in minutes.
    pub duration: u32,
    /// `available` or `deleted`.
    pub status: &'static str,
}

impl Recurrence {
    /// Reads Zoom's object. The error is the list of wrong fields.
    pub(crate) fn read(said: &Map<String, Value>) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let mut number = |name: &str, from: i64, to: i64| {
            let value = said.get(name).filter(|value| !value.is_null())?;
            let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
            let number = number.filter(|number| (from..=to).contains(number));
            if number.is_none() {
                wrong.push(format!("recurrence.{name}"));
            }
            number
        };
        let kind = number("type", i64::from(DAILY), i64::from(MONTHLY));
        let interval_max = match kind {
            Some(1) => 99,
            Some(2) => 50,
            _ => 10,
        };
        let recurrence = Self {
            kind: kind.and_then(|kind| u8::try_from(kind).ok()).unwrap_or_default(),
            repeat_interval: number("repeat_interval", 1, interval_max).map_or(1, as_count),
            weekly_days: text(said, "weekly_days"),
            monthly_day: number("monthly_day", 1, 31).and_then(|day| u8::try_from(day).ok()),
            monthly_week: number("monthly_week", -1, 4).and_then(|week| i8::try_from(week).ok()),
            monthly_week_day: number("monthly_week_day", 1, 7).and_then(|day| u8::try_from(day).ok()),
            end_times: number("end_times", 1, i64::from(OCCURRENCES_MAX)).map(as_count),
            end_date_time: text(said, "end_date_time"),
        };
        if kind.is_none() && !said.contains_key("type") {
            wrong.push("recurrence.type".into());
        }
        if recurrence.weekly_days.as_deref().is_some_and(|days| week_days(days).is_none()) {
            wrong.push("recurrence.weekly_days".into());
        }
        if recurrence.end_date_time.as_deref().is_some_and(|end| end.parse::<Timestamp>().is_err()) {
            wrong.push("recurrence.end_date_time".into());
        }
        if wrong.is_empty() { Ok(recurrence) } else { Err(wrong) }
    }

    /// The occurrences from the first start on, each at the same time of day where the meeting is planned.
    pub(crate) fn occurrences(&self, start_ms: UnixMs, timezone: &str, duration: u32) -> Vec<Occurrence> {
        let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
        let start = timestamp(start_ms).to_zoned(zone.clone()).datetime();
        let end: Option<Timestamp> = self.end_date_time.as_deref().and_then(|end| end.parse().ok());
        let limit = match (self.end_times, end) {
            (Some(times), _) => times,
            (None, Some(_)) => OCCURRENCES_MAX,
            (None, None) => 1,
        };
        (0..PERIODS_MAX)
            .flat_map(|period| self.days(start, period))
            .filter(|date| *date >= start.date())
            .filter_map(|date| Some(date.to_datetime(start.time()).to_zoned(zone.clone()).ok()?.timestamp()))
            .take_while(|at| end.is_none_or(|end| *at <= end))
            .take(usize::try_from(limit).unwrap_or_default())
            .map(|at| Occurrence::new(at.as_millisecond(), duration))
            .collect()
    }

    /// The days of one period, in their order.
    fn days(&self, start: DateTime, period: u32) -> Vec<Date> {
        let step = i64::from(period) * i64::from(self.repeat_interval);
        let first = start.date();
        let day = match self.kind {
            DAILY => first.checked_add(Span::new().days(step)).ok(),
            WEEKLY => return self.days_of_week(first, step),
            _ => first
                .first_of_month()
                .checked_add(Span::new().months(step))
                .ok()
                .and_then(|month| self.day_of_month(month, first)),
        };
        day.into_iter().collect()
    }

    fn days_of_week(&self, first: Date, step: i64) -> Vec<Date> {
        let own = first.weekday().to_sunday_one_offset();
        let days = self.weekly_days.as_deref().and_then(week_days).unwrap_or_else(|| vec![own]);
        let sunday = Span::new().days(i64::from(1 - own) + step * 7);
        let Ok(sunday) = first.checked_add(sunday) else { return Vec::new() };
        let on = |day: &i8| sunday.checked_add(Span::new().days(i64::from(*day) - 1)).ok();
        days.iter().filter_map(on).collect()
    }

    fn day_of_month(&self, month: Date, first: Date) -> Option<Date> {
        match (self.monthly_week, self.monthly_week_day) {
            (Some(week), Some(day)) if week != 0 => {
                let weekday = Weekday::from_sunday_one_offset(i8::try_from(day).ok()?).ok()?;
                month.nth_weekday_of_month(week, weekday).ok()
            }
            _ => {
                let day =
                    self.monthly_day.and_then(|day| i8::try_from(day).ok()).unwrap_or_else(|| first.day());
                Date::new(month.year(), month.month(), day).ok()
            }
        }
    }
}

impl Occurrence {
    fn new(start_ms: UnixMs, duration: u32) -> Self {
        Self { occurrence_id: start_ms.to_string(), start_time: iso(start_ms), duration, status: "available" }
    }

    /// The planned start.
    pub(crate) fn start_ms(&self) -> UnixMs {
        self.occurrence_id.parse().unwrap_or_default()
    }

    pub(crate) fn is_available(&self) -> bool {
        self.status == "available"
    }
}

/// `1,3,5`, sorted; nothing if it is not days of a week.
fn week_days(text: &str) -> Option<Vec<i8>> {
    let parse = |day: &str| day.trim().parse::<i8>().ok().filter(|day| (1..=7).contains(day));
    let mut days: Vec<i8> = text.split(',').map(parse).collect::<Option<_>>()?;
    days.sort_unstable();
    days.dedup();
    Some(days)
}

fn text(said: &Map<String, Value>, name: &str) -> Option<String> {
    let value = said.get(name).filter(|value| !value.is_null())?;
    Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn as_count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
