//! What a caller may say about a meeting: reading and checking the body of create and update.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{kind, recurrence::Recurrence};
use crate::clock::UnixMs;

const TOPIC_CHARS_MAX: usize = 200;
const AGENDA_CHARS_MAX: usize = 2000;
const PASSWORD_CHARS_MAX: usize = 10;
const DURATION_MIN_MAX: u64 = 24 * 60;

/// A checked body; what was not said is absent.
#[derive(Debug, Default)]
pub(crate) struct MeetingFields {
    pub(crate) topic: Option<String>,
    pub(crate) agenda: Option<String>,
    pub(crate) kind: Option<u8>,
    pub(crate) start_time_ms: Option<UnixMs>,
    pub(crate) timezone: Option<String>,
    pub(crate) duration_min: Option<u32>,
    pub(crate) password: Option<String>,
    pub(crate) default_password: bool,
    pub(crate) schedule_for: Option<String>,
    pub(crate) recurrence: Option<Recurrence>,
    pub(crate) settings: Map<String, Value>,
}

impl MeetingFields {
    /// Reads a body. The error is the list of fields that Zoom's validation would name.
    pub(crate) fn read(body: &Map<String, Value>, host_timezone: &str) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let mut reader = Reader { body, wrong: &mut wrong };
        let timezone = reader.text("timezone", |name| TimeZone::get(name).is_ok());
        let zone = timezone.as_deref().unwrap_or(host_timezone);
        let fields = Self {
            topic: reader.text("topic", |topic| topic.chars().count() <= TOPIC_CHARS_MAX),
            agenda: reader.text("agenda", |agenda| agenda.chars().count() <= AGENDA_CHARS_MAX),
            kind: reader.number("type", is_kind).and_then(|kind| u8::try_from(kind).ok()),
            start_time_ms: reader
                .text("start_time", |text| start_time(text, zone).is_some())
                .and_then(|text| start_time(&text, zone)),
            duration_min: reader
                .number("duration", |minutes| minutes <= DURATION_MIN_MAX)
                .and_then(|minutes| u32::try_from(minutes).ok()),
            password: reader.text("password", is_password),
            default_password: reader.flag("default_password"),
            schedule_for: reader.text("schedule_for", |_| true),
            recurrence: reader.recurrence(),
            settings: reader.settings(),
            timezone,
        };
        if wrong.is_empty() { Ok(fields) } else { Err(wrong) }
    }

    /// A body of create: a meeting that repeats at fixed times has to say how.
    pub(crate) fn read_new(body: &Map<String, Value>, host_timezone: &str) -> Result<Self, Vec<String>> {
        let fields = Self::read(body, host_timezone)?;
        let says_how = fields.kind != Some(kind::RECURRING_FIXED) || fields.recurrence.is_some();
        if says_how { Ok(fields) } else { Err(vec!["recurrence".into()]) }
    }
}

/// `settings` of a meeting about which nothing was said.
pub(crate) fn default_settings() -> Map<String, Value> {
    let flags = OFF.map(|name| (name, false)).into_iter().chain(ON.map(|name| (name, true)));
    let mut settings: Map<String, Value> = flags.map(|(name, on)| (name.to_owned(), on.into())).collect();
    let others = json!({
        "jbh_time": 0,
        "approval_type": 2,
        "audio": "voip",
        "auto_recording": "none",
        "enforce_login_domains": "",
        "alternative_hosts": "",
        "encryption_type": "enhanced_encryption",
        "approved_or_denied_countries_or_regions": { "enable": false },
        "breakout_room": { "enable": false },
        "continuous_meeting_chat": { "enable": false },
        "global_dial_in_countries": ["US"],
        "global_dial_in_numbers": [{
            "country": "US",
            "country_name": "US",
            "city": "New York",
            "number": "+1 2125550100",
            "type": "toll",
        }],
    });
    if let Value::Object(others) = others {
        settings.extend(others);
    }
    settings
}

/// Settings that are off if nothing is said.
const OFF: [&str; 22] = [
    "host_video",
    "participant_video",
    "cn_meeting",
    "in_meeting",
    "join_before_host",
    "mute_upon_entry",
    "watermark",
    "use_pmi",
    "enforce_login",
    "alternative_host_update_polls",
    "close_registration",
    "show_share_button",
    "allow_multiple_devices",
    "waiting_room",
    "request_permission_to_unmute_participants",
    "meeting_authentication",
    "device_testing",
    "focus_mode",
    "private_meeting",
    "host_save_video_order",
    "auto_start_meeting_summary",
    "auto_start_ai_companion_questions",
];

/// Settings that are on if nothing is said.
const ON: [&str; 3] =
    ["registrants_confirmation_email", "registrants_email_notification", "email_notification"];

struct Reader<'a> {
    body: &'a Map<String, Value>,
    wrong: &'a mut Vec<String>,
}

impl<'a> Reader<'a> {
    fn text(&mut self, field: &str, right: impl Fn(&str) -> bool) -> Option<String> {
        let value = self.said(field)?;
        match value.as_str().filter(|text| right(text)) {
            Some(text) => Some(text.to_owned()),
            None => self.refuse(field),
        }
    }

    fn number(&mut self, field: &str, right: impl Fn(u64) -> bool) -> Option<u64> {
        let value = self.said(field)?;
        // Zoom takes numbers in quotes too: clients send them.
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        match number.filter(|number| right(*number)) {
            Some(number) => Some(number),
            None => self.refuse(field),
        }
    }

    fn flag(&mut self, field: &str) -> bool {
        let Some(value) = self.said(field) else { return false };
        value.as_bool().or_else(|| self.refuse(field)).unwrap_or_default()
    }

    /// The known settings; each must have the type of its default. Unknown ones are passed over, as Zoom
    /// does.
    fn settings(&mut self) -> Map<String, Value> {
        let Some(value) = self.said("settings") else { return Map::new() };
        let Some(said) = value.as_object() else {
            return self.refuse("settings").unwrap_or_default();
        };
        let mut settings = Map::new();
        for (name, default) in default_settings() {
            let Some(value) = said.get(&name).filter(|value| !value.is_null()) else { continue };
            if same_type(value, &default) && is_setting(&name, value) {
                settings.insert(name, value.clone());
            } else {
                self.wrong.push(format!("settings.{name}"));
            }
        }
        settings
    }

    fn recurrence(&mut self) -> Option<Recurrence> {
        let value = self.said("recurrence")?;
        let Some(said) = value.as_object() else { return self.refuse("recurrence") };
        match Recurrence::read(said) {
            Ok(recurrence) => Some(recurrence),
            Err(fields) => {
                self.wrong.extend(fields);
                None
            }
        }
    }

    fn said(&self, field: &str) -> Option<&'a Value> {
        self.body.get(field).filter(|value| !value.is_null())
    }

    fn refuse<T>(&mut self, field: &str) -> Option<T> {
        self.wrong.push(field.to_owned());
        None
    }
}

fn is_kind(value: u64) -> bool {
    [kind::INSTANT, kind::SCHEDULED, kind::RECURRING, kind::RECURRING_FIXED, kind::SCREEN_SHARE]
        .iter()
        .any(|kind| u64::from(*kind) == value)
}

fn is_password(password: &str) -> bool {
    password.chars().count() <= PASSWORD_CHARS_MAX
        && password.chars().all(|letter| letter.is_ascii_alphanumeric() || "@-_*!".contains(letter))
}

fn is_setting(name: &str, value: &Value) -> bool {
    match name {
        "jbh_time" => [0, 5, 10, 15].iter().any(|minutes| value == minutes),
        "audio" => ["both", "telephony", "voip", "thirdParty"].iter().any(|audio| value == audio),
        "auto_recording" => ["local", "cloud", "none"].iter().any(|recording| value == recording),
        _ => true,
    }
}

fn same_type(left: &Value, right: &Value) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}

/// `…Z` is UTC; without it the time is local in `timezone`.
fn start_time(text: &str, timezone: &str) -> Option<UnixMs> {
    if text.ends_with('Z') {
        return Some(text.parse::<Timestamp>().ok()?.as_millisecond());
    }
    let zone = TimeZone::get(timezone).ok()?;
    let local = text.parse::<DateTime>().ok()?;
    Some(local.to_zoned(zone).ok()?.timestamp().as_millisecond())
}
