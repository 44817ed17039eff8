//! Zoom's JSON, read leniently in one place: answers of its API, of its token endpoint, and events.
//!
//! A member that Zoom calls optional may be absent, null or empty, and any member may be of a kindred type: ids and numbers come as
//! numbers and as texts.

use super::{MeetingNumber, number};
use crate::json::{Shape, read_shape};
use crate::time::parse_ms;
use serde_json::Value;

/// An object of Zoom's, as far as it is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members<'a>(&'a Value);

/// Reads what is wanted of a document of Zoom's.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn document(bytes: &[u8], wanted: Shape) -> Result<Value, serde_json::Error> {
    read_shape(bytes, wanted)
}

impl<'a> Members<'a> {
    /// Of an object; anything else has none.
    pub(crate) fn of(value: &'a Value) -> Self {
        Self(value)
    }

    /// A member that is an object; without it, one without members.
    pub(crate) fn object(self, name: &str) -> Self {
        Self(&self.0[name])
    }

    /// The items of a member that is a list.
    pub(crate) fn items(self, name: &str) -> impl Iterator<Item = Self> {
        self.0[name].as_array().into_iter().flatten().map(Self)
    }

    /// A text with something in it. A number is the text of its digits.
    pub(crate) fn text(self, name: &str) -> Option<String> {
        match &self.0[name] {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A whole number, or a text of its digits.
    pub(crate) fn whole(self, name: &str) -> Option<u64> {
        number::whole(&self.0[name])
    }

    /// Whether a member is true, or the text of it.
    pub(crate) fn truth(self, name: &str) -> bool {
        self.0[name] == true || self.0[name] == "true"
    }

    /// A meeting's number: above zero.
    pub(crate) fn number(self, name: &str) -> Option<MeetingNumber> {
        number::read(&self.0[name])
    }

    /// A time, in milliseconds since the Unix epoch.
    pub(crate) fn time_ms(self, name: &str) -> Option<u64> {
        self.0[name].as_str().and_then(parse_ms)
    }
}
