//! Meeting numbers in Zoom's JSON: a number in some events, a string in others.

use super::MeetingNumber;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

/// Reads a whole number above zero, written as a number or as a string of digits.
///
/// # Errors
/// For anything else.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MeetingNumber, D::Error> {
    let value = Value::deserialize(deserializer)?;
    read(&value).ok_or_else(|| D::Error::custom("no meeting number"))
}

/// A whole number above zero, written as a number or as a string of digits.
pub(crate) fn read(value: &Value) -> Option<MeetingNumber> {
    let number = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| *number > 0)
}
