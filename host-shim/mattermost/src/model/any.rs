//! Go values of any type, such as a post's props, and JSON.
//!
//! Go decodes such a value only under a name that it has registered; the names here are those that Mattermost registers.

use std::collections::BTreeMap;

use gobwire::{Interface, Type, Value, names};
use serde_json::{Map, Number};

use super::{AutocompleteTextArg, ErrorString, MessageAttachment};

/// Go's `any`. `None` is nil.
pub(crate) type Any = Option<Interface>;
/// A post's props: Go's `map[string]any`.
pub(crate) type Props = BTreeMap<String, Any>;

/// The prop under which clients look for attachments.
pub(crate) const ATTACHMENTS: &str = "attachments";

/// Nesting that a value may have; what lies deeper is left out. The server refuses far less.
const MAX_DEPTH: usize = 64;

/// A string.
#[expect(clippy::unnecessary_wraps, reason = "Any is what props hold")]
pub(crate) fn text(text: &str) -> Any {
    Some(Interface::string(text))
}

/// The string that a value is; `None` for any other.
pub(crate) fn read_text(value: &Any) -> Option<&str> {
    text_of(&value.as_ref()?.value)
}

fn text_of(value: &Value) -> Option<&str> {
    let Value::String(text) = value else { return None };
    Some(text)
}

/// Attachments, as the value of [`ATTACHMENTS`].
pub(crate) fn attachments(list: Vec<MessageAttachment>) -> Any {
    let list: Vec<_> = list.into_iter().map(Some).collect();
    held("[]*model.SlackAttachment", &list)
}

/// What to type for a command's argument.
pub(crate) fn text_argument(hint: &str) -> Any {
    held("*model.AutocompleteTextArg", &AutocompleteTextArg { hint: hint.into(), pattern: String::new() })
}

/// Go's `error` with this text.
pub(crate) fn error(text: String) -> Any {
    held("*plugin.ErrorString", &ErrorString { code: 0, err: text })
}

/// The text of Go's `error`; `None` for nil.
pub(crate) fn error_text(error: &Any) -> Option<String> {
    let error = error.as_ref()?;
    let text = match error.name.as_str() {
        "*plugin.ErrorString" => error.downcast::<ErrorString>().ok().map(|error| error.err),
        "*model.AppError" => error.downcast::<super::AppError>().ok().map(|error| error.message),
        _ => None,
    };
    Some(text.unwrap_or_else(|| format!("an error of the kind {}", error.name)))
}

fn held<T: gobwire::Encode>(name: &str, value: &T) -> Any {
    // Fails only for values that gob cannot write, which these are not.
    Interface::new(name, value).ok()
}

/// Props with the members of a JSON object. Integers stay exact.
pub(crate) fn props_from_json(object: &Map<String, serde_json::Value>) -> Props {
    object.iter().map(|(key, value)| (key.clone(), from_json(value))).collect()
}

fn from_json(value: &serde_json::Value) -> Any {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::Bool(flag) => Some(Interface::bool(*flag)),
        serde_json::Value::Number(number) => Some(from_number(number)),
        serde_json::Value::String(string) => text(string),
        serde_json::Value::Array(list) => {
            let list: Vec<Any> = list.iter().map(from_json).collect();
            held(names::ANY_SLICE, &list)
        }
        serde_json::Value::Object(object) => held(names::STRING_ANY_MAP, &props_from_json(object)),
    }
}

fn from_number(number: &Number) -> Interface {
    match number.as_i64() {
        Some(whole) => Interface { name: names::INT64.into(), ty: Type::Int, value: Value::Int(whole) },
        None => Interface::float64(number.as_f64().unwrap_or_default()),
    }
}

/// Props as a JSON object. The server holds every number of a stored post as a float; whole ones become integers again.
pub(crate) fn json_from_props(props: &Props) -> Map<String, serde_json::Value> {
    props.iter().map(|(key, value)| (key.clone(), to_json(value.as_ref(), MAX_DEPTH))).collect()
}

fn to_json(value: Option<&Interface>, depth: usize) -> serde_json::Value {
    value.map_or(serde_json::Value::Null, |value| value_to_json(&value.value, depth))
}

fn value_to_json(value: &Value, depth: usize) -> serde_json::Value {
    let Some(depth) = depth.checked_sub(1) else { return serde_json::Value::Null };
    match value {
        Value::Bool(flag) => (*flag).into(),
        Value::Int(whole) => (*whole).into(),
        Value::Uint(whole) => (*whole).into(),
        Value::Float(float) => float_to_json(*float),
        Value::String(string) => string.as_str().into(),
        Value::Interface(value) => to_json(value.as_deref(), depth),
        Value::Slice(list) | Value::Array(list) => {
            list.iter().map(|value| value_to_json(value, depth)).collect()
        }
        Value::Map(entries) => {
            let named = entries
                .iter()
                .filter_map(|(key, value)| Some((text_of(key)?.to_owned(), value_to_json(value, depth))));
            serde_json::Value::Object(named.collect())
        }
        // Nothing that comes from JSON.
        Value::Complex(..) | Value::Bytes(_) | Value::Struct(_) | Value::Marshaled(_) => {
            serde_json::Value::Null
        }
    }
}

fn float_to_json(float: f64) -> serde_json::Value {
    // Up to 2^53 a float holds every whole number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if float.fract() == 0.0 && float.abs() <= EXACT { (float as i64).into() } else { float.into() }
}

/// Whether this string stands anywhere within the value.
pub(crate) fn holds_text(value: &Any, wanted: &str) -> bool {
    value.as_ref().is_some_and(|value| value_holds(&value.value, wanted, MAX_DEPTH))
}

fn value_holds(value: &Value, wanted: &str, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let holds = |value: &Value| value_holds(value, wanted, depth);
    match value {
        Value::Interface(value) => value.as_ref().is_some_and(|value| holds(&value.value)),
        Value::Slice(list) | Value::Array(list) => list.iter().any(holds),
        Value::Map(entries) => entries.iter().any(|(_, value)| holds(value)),
        Value::Struct(fields) => fields.iter().flatten().any(holds),
        Value::String(_)
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Uint(_)
        | Value::Float(_)
        | Value::Complex(..)
        | Value::Bytes(_)
        | Value::Marshaled(_) => text_of(value) == Some(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn props(value: serde_json::Value) -> Props {
        let serde_json::Value::Object(object) = value else { panic!("{value} is no object") };
        props_from_json(&object)
    }

    #[test]
    fn json_goes_through_props_unchanged() {
        let object = json!({
            "meeting_id": 98_765_432_109_i64, "largest": i64::MAX, "negative": -7, "half": 2.5, "topic": "é 😀", "personal": false,
            "nothing": null, "list": ["a", 1, ["inner"], null], "map": {"k": [{"z": true}], "empty": {}},
        });
        assert_eq!(serde_json::Value::Object(json_from_props(&props(object.clone()))), object);
    }

    #[test]
    fn whole_floats_come_back_as_integers() {
        let props = Props::from([
            ("id".into(), Some(Interface::float64(98_765_432_109.0))),
            ("half".into(), Some(Interface::float64(0.5))),
            ("huge".into(), Some(Interface::float64(1e300))),
        ]);
        let expected = json!({"id": 98_765_432_109_i64, "half": 0.5, "huge": 1e300});
        assert_eq!(serde_json::Value::Object(json_from_props(&props)), expected);
    }

    #[test]
    fn a_text_is_found_in_typed_attachments_and_in_stored_ones() {
        let context = Props::from([("sealed".into(), text("abc"))]);
        let integration = super::super::PostActionIntegration { url: "/plugins/zoom/action".into(), context };
        let action = super::super::PostAction { integration: Some(integration), ..Default::default() };
        let typed =
            attachments(vec![MessageAttachment { actions: vec![Some(action)], ..Default::default() }]);
        let stored = from_json(&json!([{"actions": [{"integration": {"context": {"sealed": "abc"}}}]}]));
        for value in [typed, stored] {
            assert!(holds_text(&value, "abc"));
            assert!(!holds_text(&value, "ab"));
        }
        assert!(!holds_text(&None, "abc"));
    }

    #[test]
    fn errors_keep_their_text() {
        assert_eq!(error_text(&error("no".into())).as_deref(), Some("no"));
        assert_eq!(error_text(&None), None);
        assert_eq!(error_text(&text("x")).as_deref(), Some("an error of the kind string"));
    }
}
