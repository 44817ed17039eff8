//! JSON, read in one way everywhere: each type that is parsed straight from the text would bring a parser of its own into the
//! component (27 KB in all).
//!
//! What others wrote may be a megabyte of empty lists. So a reader says which members it wants, and the rest is passed over without
//! being built, however deep it is nested; where everything is wanted there is an end to how much.

use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;

/// What of a document is read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// All of it.
    Whole,
    /// A text, number, truth value or null. A list or an object in its place reads as null.
    Plain,
    /// An object's members with these names. Anything else in its place reads as null.
    Members(&'static [(&'static str, Self)]),
    /// The first so many items of a list. Anything else in its place reads as null.
    Items(usize, &'static Self),
}

/// What a document may become in memory, by what [`Reader::cost`] counts: a quarter of what a host gives the component.
const MAX_BYTES: usize = 8 << 20;
/// A value in a list, with what the list keeps free.
const VALUE_BYTES: usize = 48;
/// The smallest object: it has room for eleven members.
const OBJECT_BYTES: usize = 512;

/// Reads a value.
///
/// # Errors
/// What is wrong with the text; that it would become too large.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    T::deserialize(read_shape(bytes, Shape::Whole)?)
}

/// Reads what is wanted of a document. A byte order mark before it is none of its bytes.
///
/// # Errors
/// What is wrong with the text; that what is wanted would become too large.
pub(crate) fn read_shape(bytes: &[u8], wanted: Shape) -> Result<Value, serde_json::Error> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let left = Cell::new(MAX_BYTES);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Reader { wanted, left: &left }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Reads one value.
#[derive(Clone, Copy)]
struct Reader<'a> {
    wanted: Shape,
    /// Bytes that may still be built.
    left: &'a Cell<usize>,
}

impl Reader<'_> {
    fn cost<E: serde::de::Error>(self, bytes: usize) -> Result<(), E> {
        let left = self.left.get().checked_sub(bytes + VALUE_BYTES);
        self.left.set(left.ok_or_else(|| E::custom("the document is too large"))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        self.cost(0).map(|()| Value::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        self.cost(0).map(|()| Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.cost(0).map(|()| value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.cost(0).map(|()| value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.cost(0).map(|()| value.into())
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.cost(value.len()).map(|()| value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        self.cost(0)?;
        let (most, wanted) = match self.wanted {
            Shape::Whole => (usize::MAX, Shape::Whole),
            Shape::Items(most, wanted) => (most, *wanted),
            Shape::Plain | Shape::Members(_) => (0, Shape::Plain),
        };
        let mut items = Vec::new();
        while items.len() < most {
            match list.next_element_seed(Reader { wanted, ..self })? {
                Some(item) => items.push(item),
                None => return Ok(items.into()),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(if most == 0 { Value::Null } else { items.into() })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        self.cost(OBJECT_BYTES)?;
        let names = match self.wanted {
            Shape::Whole => None,
            Shape::Members(names) => Some(names),
            Shape::Plain | Shape::Items(..) => Some(&[][..]),
        };
        let mut members = Map::new();
        while let Some(name) = object.next_key_seed(Name(names))? {
            match name {
                Some((name, wanted)) => {
                    self.cost(name.len())?;
                    let value = object.next_value_seed(Reader { wanted, ..self })?;
                    members.insert(name, value);
                }
                None => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        let is_object = matches!(self.wanted, Shape::Whole | Shape::Members(_));
        Ok(if is_object { members.into() } else { Value::Null })
    }
}

/// Reads a member's name, and what is wanted of the member. `None`: nothing.
#[derive(Clone, Copy)]
struct Name(Option<&'static [(&'static str, Shape)]>);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<(String, Shape)>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<(String, Shape)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        let Some(names) = self.0 else { return Ok(Some((name.to_owned(), Shape::Whole))) };
        let wanted = names.iter().find(|(wanted, _)| *wanted == name);
        Ok(wanted.map(|(name, shape)| ((*name).to_owned(), *shape)))
    }
}
