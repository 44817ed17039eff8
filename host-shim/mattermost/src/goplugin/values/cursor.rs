//! Numbers, bytes and definitions of types in a message of which only a part may have come.

use gobwire::parse_uint;

use super::StreamError;

/// The bytes of a message that have come so far.
pub(super) struct Cursor<'a> {
    pub(super) bytes: &'a [u8],
    at: usize,
    /// All bytes of the message from the first of these on.
    message: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8], message: u64) -> Self {
        Self { bytes, at: 0, message }
    }

    pub(super) fn taken(&self) -> usize {
        self.at
    }

    pub(super) fn peek_int(&self) -> Result<Option<i64>, StreamError> {
        Ok(self.peek_number()?.map(|(number, _)| to_int(number)))
    }

    pub(super) fn ends_message(&self) -> bool {
        self.at as u64 == self.message
    }

    pub(super) fn peek_number(&self) -> Result<Option<(u64, &'a [u8])>, StreamError> {
        let rest = &self.bytes[self.at..];
        Ok(parse_uint(rest)?.map(|(number, width)| (number, &rest[..width])))
    }

    pub(super) fn number(&mut self) -> Result<Option<(u64, &'a [u8])>, StreamError> {
        let number = self.peek_number()?;
        self.at += number.map_or(0, |(_, raw)| raw.len());
        Ok(number)
    }

    /// Up to so many bytes, and how many are still to come.
    pub(super) fn bytes(&mut self, wanted: u64) -> (&'a [u8], u64) {
        let rest = &self.bytes[self.at..];
        let length = usize::try_from(wanted).unwrap_or(usize::MAX).min(rest.len());
        self.at += length;
        (&rest[..length], wanted - length as u64)
    }

    /// A text of at most so many bytes, if it is there whole.
    pub(super) fn text(&mut self, limit: u64) -> Result<Option<&'a [u8]>, StreamError> {
        let start = self.at;
        if let Some((length, _)) = self.number()? {
            if length > limit {
                return Err(StreamError::Broken("the name of a type is too long"));
            }
            let (text, left) = self.bytes(length);
            if left == 0 {
                return Ok(Some(text));
            }
        }
        self.at = start;
        Ok(None)
    }

    /// A type's negated number and its definition.
    pub(super) fn definition(&mut self) -> Result<Option<&'a [u8]>, StreamError> {
        let start = self.at;
        if self.number()?.is_some() && self.pass(&Shape::DEFINITION)? {
            return Ok(Some(&self.bytes[start..self.at]));
        }
        self.at = start;
        Ok(None)
    }

    /// Passes what has this shape. False if it is not there whole.
    fn pass(&mut self, shape: &Shape) -> Result<bool, StreamError> {
        match shape {
            Shape::Number => Ok(self.number()?.is_some()),
            Shape::Text => {
                let Some((length, _)) = self.number()? else { return Ok(false) };
                Ok(self.bytes(length).1 == 0)
            }
            Shape::List(element) => {
                let Some((count, _)) = self.number()? else { return Ok(false) };
                for _ in 0..count {
                    if !self.pass(element)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Shape::Struct(fields) => {
                let mut last = 0;
                loop {
                    let Some((delta, _)) = self.number()? else { return Ok(false) };
                    if delta == 0 {
                        return Ok(true);
                    }
                    last = delta.saturating_add(last);
                    let field = usize::try_from(last - 1).ok().and_then(|index| fields.get(index));
                    let field =
                        field.ok_or(StreamError::Broken("a definition of a type has an unknown part"))?;
                    if !self.pass(field)? {
                        return Ok(false);
                    }
                }
            }
        }
    }
}

/// What a definition of a type is made of: Go's `wireType`, which is built into both sides.
enum Shape {
    Number,
    Text,
    List(&'static Self),
    Struct(&'static [Self]),
}

impl Shape {
    /// Name and number.
    const COMMON: Self = Self::Struct(&[Self::Text, Self::Number]);
    const MARSHALER: Self = Self::Struct(&[Self::COMMON]);
    /// One of: array, slice, struct, map, and three ways in which a type encodes itself.
    const DEFINITION: Self = Self::Struct(&[
        Self::Struct(&[Self::COMMON, Self::Number, Self::Number]),
        Self::Struct(&[Self::COMMON, Self::Number]),
        Self::Struct(&[Self::COMMON, Self::List(&Self::COMMON)]),
        Self::Struct(&[Self::COMMON, Self::Number, Self::Number]),
        Self::MARSHALER,
        Self::MARSHALER,
        Self::MARSHALER,
    ]);
}

/// gob's signed integer, from the unsigned one that stands for it.
pub(super) fn to_int(number: u64) -> i64 {
    let half = (number >> 1) as i64;
    if number & 1 == 1 { !half } else { half }
}
