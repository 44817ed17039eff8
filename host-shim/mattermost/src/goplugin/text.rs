//! Text that may not be UTF-8.

use std::collections::BTreeMap;

use gobwire::{Decode, Describer, Encode, Error, GobType, TypeTable, ValueDecoder, ValueEncoder, ids};

/// Go's `http.Header`.
pub(crate) type Header = BTreeMap<LossyString, Vec<LossyString>>;

/// A Go string whose bytes another party chose, such as a header's value. What is not UTF-8 arrives as replacement
/// characters: refusing it would fail the whole call, and let any client stop the server for ten seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LossyString(pub(crate) String);

impl GobType for LossyString {
    fn describe(d: &mut Describer<'_>) -> Result<i64, Error> {
        String::describe(d)
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        String::compatible(types, wire)
    }
}

impl Encode for LossyString {
    fn describe_value(&self, d: &mut Describer<'_>) -> Result<i64, Error> {
        self.0.describe_value(d)
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn encode(&self, e: &mut ValueEncoder<'_>) -> Result<(), Error> {
        self.0.encode(e)
    }
}

impl Decode for LossyString {
    fn decode_into(&mut self, d: &mut ValueDecoder<'_>, wire: i64) -> Result<(), Error> {
        if wire != ids::STRING {
            return Err(d.mismatch::<Self>(wire));
        }
        self.0 = String::from_utf8_lossy(d.read_bytes()?).into_owned();
        Ok(())
    }
}
