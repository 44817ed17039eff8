//! Whole numbers in JSON: numbers in some events, texts of digits in others.

use super::MeetingNumber;
use serde_json::Value;

/// A meeting's number: a whole one above zero.
pub(crate) fn read(value: &Value) -> Option<MeetingNumber> {
    whole(value).filter(|number| *number > 0)
}

/// A whole number, written as a number or as a text of digits.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    match value {
        // A host whose properties hold floating-point numbers writes `82345678901.0`.
        Value::Number(number) => number.as_u64().or_else(|| without_fraction(number.as_f64()?)),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Above 2^53 a floating-point number stands for several whole ones.
fn without_fraction(number: f64) -> Option<u64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || !(0.0..LARGEST).contains(&number) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at above")]
    Some(number as u64)
}
