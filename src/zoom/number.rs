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
        // A host whose properties hold floating-point numbers writes `82345678901.0`.
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| *number > 0)
}

/// Above 2^53 a floating-point number stands for several whole ones.
fn whole(number: f64) -> Option<MeetingNumber> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || !(0.0..LARGEST).contains(&number) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at above")]
    Some(number as u64)
}
