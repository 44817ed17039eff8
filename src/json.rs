//! JSON, read in one way everywhere: each type that is parsed straight from the text would bring a parser of its own into the
//! component (27 KB in all).

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a value.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let value: Value = serde_json::from_slice(bytes)?;
    T::deserialize(value)
}
