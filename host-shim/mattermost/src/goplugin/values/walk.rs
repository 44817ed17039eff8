//! The way through one value.

use std::sync::Arc;

use gobwire::{Decoder, Progress, WireType, ids};

use super::cursor::{Cursor, to_int};
use super::{StreamError, ValueError};

/// What is kept of one value, in bytes. The largest real answer is a page of posts.
pub(super) const MAX_VALUE: usize = 4 << 20;
/// What is kept of one value of any type, such as all props of one post, in bytes, parts and levels. Decoded, a part takes a
/// hundred times the bytes that it may have on the wire. Cards have a few hundred parts; what has more is left out as a whole.
const MAX_ANY: usize = 128 << 10;
const MAX_ANY_PARTS: u32 = 4096;
const MAX_ANY_LEVELS: usize = 64;
/// Levels of nesting that are walked, whether they are kept or not. The server reads no JSON that is nested deeper.
const MAX_LEVELS: usize = 1 << 18;
/// The name of a registered type, in bytes: Go's own limit.
const MAX_NAME: u64 = 1024;

/// What comes next. Steps wait on a stack, so that a value's nesting takes no stack of the thread.
enum Step {
    /// A value of this type.
    Value(i64),
    /// A value behind the zero that precedes what is no struct.
    Framed(i64),
    /// The number of a slice's, an array's or a map's elements.
    Count(Arc<WireType>),
    /// Elements of one type.
    Elements { element: i64, left: u64 },
    /// Pairs of a map.
    Pairs { key: i64, element: i64, left: u64, at_key: bool },
    /// The next field of a struct, behind the one of this number, from 1.
    Field { of: Arc<WireType>, last: u64 },
    /// The length of bytes or of a text.
    Length { text: bool },
    /// Bytes, of which so many are to come; for a text with its beginning in what is kept.
    Bytes { left: u64, text: Option<Vec<u8>> },
    /// The name of the type of a value of any type.
    Name,
    /// The type itself, before which types may be defined.
    Type,
    /// The number behind a definition that says how much of the message is to come.
    Rest,
    /// The number of bytes of a value of any type.
    Size(i64),
}

/// A value of any type that is being walked, or one that nobody needs.
struct Loose {
    /// Where it begins in what is kept.
    start: usize,
    /// How many steps wait for its end.
    floor: usize,
    parts: u32,
    left_out: bool,
}

impl Loose {
    fn new(start: usize, floor: usize) -> Self {
        Self { start, floor, parts: 0, left_out: false }
    }

    fn unneeded(start: usize, floor: usize) -> Self {
        Self { left_out: true, ..Self::new(start, floor) }
    }
}

/// The walk through one value, and what is kept of it: the same value as one message without definitions of types.
#[derive(Default)]
pub(super) struct Walk {
    /// Names of fields, at any depth of structs, whose values nobody needs.
    leave_out: &'static [&'static str],
    steps: Vec<Step>,
    begun: bool,
    kept: Vec<u8>,
    loose: Option<Loose>,
    too_large: bool,
}

impl Walk {
    /// Begins with another value. What was kept of the last one goes, and of the buffer what is larger than so many bytes.
    pub(super) fn restart(&mut self, leave_out: &'static [&'static str], keep_bytes: usize) {
        self.leave_out = leave_out;
        self.steps.clear();
        self.steps.shrink_to(64);
        self.kept.clear();
        self.kept.shrink_to(keep_bytes);
        (self.begun, self.loose, self.too_large) = (false, None, false);
    }

    /// What the decoder is to read.
    pub(super) fn value(&self) -> Result<&[u8], ValueError> {
        if self.too_large { Err(ValueError::TooLarge) } else { Ok(&self.kept) }
    }

    /// Whether the value may go on in another message: only where a type was just defined.
    pub(super) fn may_cross_messages(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Type))
    }

    /// Walks on as far as the bytes reach. True at the value's end.
    pub(super) fn run(
        &mut self,
        cursor: &mut Cursor<'_>,
        decoder: &mut Decoder,
    ) -> Result<bool, StreamError> {
        if !self.begun {
            let Some(id) = self.number(cursor)? else { return Ok(false) };
            self.begun = true;
            self.push_framed(to_int(id), decoder);
        }
        loop {
            self.end_loose();
            let Some(step) = self.steps.pop() else { return Ok(true) };
            let before = cursor.taken();
            if let Some(step) = self.take(step, cursor, decoder)? {
                self.steps.push(step);
                if cursor.taken() == before {
                    return Ok(false);
                }
            }
            if self.steps.len() > MAX_LEVELS {
                return Err(StreamError::Broken("a value is nested deeper than any real one"));
            }
        }
    }

    /// Takes a step. What it gives back is taken again: at once if bytes were used up, else when more have come.
    fn take(
        &mut self,
        step: Step,
        cursor: &mut Cursor<'_>,
        decoder: &mut Decoder,
    ) -> Result<Option<Step>, StreamError> {
        match step {
            Step::Value(id) => return self.begin(id, cursor, decoder),
            Step::Framed(id) => match self.number(cursor)? {
                Some(0) => self.steps.push(Step::Value(id)),
                Some(_) => return Err(StreamError::Broken("a value has a wrong beginning")),
                None => return Ok(Some(step)),
            },
            Step::Count(of) => {
                let Some(left) = self.number(cursor)? else { return Ok(Some(Step::Count(of))) };
                match *of {
                    WireType::Map { key, elem, .. } => {
                        self.steps.push(Step::Pairs { key, element: elem, left, at_key: true });
                    }
                    WireType::Slice { elem, .. } | WireType::Array { elem, .. } => {
                        self.steps.push(Step::Elements { element: elem, left });
                    }
                    WireType::Struct { .. } | WireType::Marshaler { .. } => {}
                }
            }
            Step::Elements { element, left } => {
                if let Some(left) = left.checked_sub(1) {
                    self.steps.extend([Step::Elements { element, left }, Step::Value(element)]);
                }
            }
            Step::Pairs { key, element, left, at_key: true } => {
                if let Some(left) = left.checked_sub(1) {
                    let rest = Step::Pairs { key, element, left, at_key: false };
                    self.steps.extend([rest, Step::Value(key)]);
                }
            }
            Step::Pairs { key, element, left, at_key: false } => {
                let rest = Step::Pairs { key, element, left, at_key: true };
                self.steps.extend([rest, Step::Value(element)]);
            }
            Step::Field { of, last } => return self.field(of, last, cursor),
            Step::Length { text } => {
                let Some((length, _)) = cursor.number()? else { return Ok(Some(step)) };
                self.steps.push(Step::Bytes { left: length, text: text.then(Vec::new) });
                if !text {
                    self.keep_number(length);
                }
            }
            Step::Bytes { left, text } => return Ok(self.bytes(left, text, cursor)),
            Step::Name => return self.name(cursor),
            Step::Type => return self.dynamic_type(cursor, decoder),
            Step::Rest => match cursor.number()? {
                Some(_) => self.steps.push(Step::Type),
                None => return Ok(Some(step)),
            },
            Step::Size(id) => {
                if cursor.number()?.is_none() {
                    return Ok(Some(step));
                }
                // Go and the library read this number and go by the type: what is left out need not be counted.
                self.keep(&[0]);
                self.push_framed(id, decoder);
            }
        }
        Ok(None)
    }

    /// Begins a value of this type.
    fn begin(
        &mut self,
        id: i64,
        cursor: &mut Cursor<'_>,
        decoder: &Decoder,
    ) -> Result<Option<Step>, StreamError> {
        self.enter_loose(id, decoder);
        match id {
            ids::BOOL | ids::INT | ids::UINT | ids::FLOAT => {
                if self.number(cursor)?.is_none() {
                    return Ok(Some(Step::Value(id)));
                }
            }
            ids::COMPLEX => self.steps.extend([Step::Value(ids::FLOAT), Step::Value(ids::FLOAT)]),
            ids::BYTES => self.steps.push(Step::Length { text: false }),
            ids::STRING => self.steps.push(Step::Length { text: true }),
            ids::INTERFACE => self.steps.push(Step::Name),
            _ => {
                let of = decoder.types().get(id).ok_or(gobwire::Error::UndefinedType(id))?;
                self.steps.push(match **of {
                    WireType::Struct { .. } => Step::Field { of: Arc::clone(of), last: 0 },
                    WireType::Marshaler { .. } => Step::Length { text: false },
                    WireType::Array { .. } | WireType::Slice { .. } | WireType::Map { .. } => {
                        Step::Count(Arc::clone(of))
                    }
                });
            }
        }
        Ok(None)
    }

    fn field(
        &mut self,
        of: Arc<WireType>,
        last: u64,
        cursor: &mut Cursor<'_>,
    ) -> Result<Option<Step>, StreamError> {
        let WireType::Struct { fields, .. } = &*of else { return Ok(None) };
        let Some(delta) = self.number(cursor)? else { return Ok(Some(Step::Field { of, last })) };
        if delta == 0 {
            return Ok(None);
        }
        let number = last.saturating_add(delta);
        let field = usize::try_from(number - 1).ok().and_then(|index| fields.get(index));
        let field = field.ok_or(StreamError::Broken("a struct has a field that it does not have"))?;
        let (id, unneeded) = (field.id, self.leave_out.contains(&field.name.as_str()));
        self.steps.push(Step::Field { of, last: number });
        if unneeded && self.loose.is_none() {
            self.loose = Some(Loose::unneeded(self.kept.len(), self.steps.len()));
        }
        self.steps.push(Step::Value(id));
        Ok(None)
    }

    fn bytes(&mut self, left: u64, text: Option<Vec<u8>>, cursor: &mut Cursor<'_>) -> Option<Step> {
        let (bytes, left) = cursor.bytes(left);
        let Some(mut text) = text else {
            self.keep(bytes);
            return (left > 0).then_some(Step::Bytes { left, text: None });
        };
        if left == 0 && text.is_empty() {
            self.keep_text(bytes);
            return None;
        }
        if self.keeps(text.len() + bytes.len()) {
            text.extend_from_slice(bytes);
        }
        if left > 0 {
            return Some(Step::Bytes { left, text: Some(text) });
        }
        self.keep_text(&text);
        None
    }

    /// Text that is not UTF-8 gets replacement characters, as a reader in Go would show it.
    fn keep_text(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        self.keep_number(text.len() as u64);
        self.keep(text.as_bytes());
    }

    fn name(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<Step>, StreamError> {
        let Some(name) = cursor.text(MAX_NAME)? else { return Ok(Some(Step::Name)) };
        self.keep_number(name.len() as u64);
        self.keep(name);
        if !name.is_empty() {
            self.steps.push(Step::Type);
        }
        Ok(None)
    }

    fn dynamic_type(
        &mut self,
        cursor: &mut Cursor<'_>,
        decoder: &mut Decoder,
    ) -> Result<Option<Step>, StreamError> {
        let Some((id, raw)) = cursor.peek_number()? else { return Ok(Some(Step::Type)) };
        if to_int(id) >= 0 {
            self.keep(raw);
            cursor.number()?;
            self.steps.push(Step::Size(to_int(id)));
            return Ok(None);
        }
        let Some(definition) = cursor.definition()? else { return Ok(Some(Step::Type)) };
        if !matches!(decoder.push_message(definition)?, Progress::TypeDefinition(_)) {
            return Err(StreamError::Broken("a definition defines nothing"));
        }
        // The rest of the value comes with its length: that of a new message, or a number in this one.
        self.steps.push(if cursor.ends_message() { Step::Type } else { Step::Rest });
        Ok(None)
    }

    /// What is no struct is preceded by a zero.
    fn push_framed(&mut self, id: i64, decoder: &Decoder) {
        self.steps.push(if decoder.types().is_struct(id) { Step::Value(id) } else { Step::Framed(id) });
    }

    /// Reads a number and keeps it.
    fn number(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<u64>, StreamError> {
        let Some((number, raw)) = cursor.number()? else { return Ok(None) };
        self.keep(raw);
        Ok(Some(number))
    }

    fn keep_number(&mut self, number: u64) {
        if number < 0x80 {
            self.keep(&[number as u8]);
            return;
        }
        let bytes = number.to_be_bytes();
        let zeros = (number.leading_zeros() / 8) as usize;
        self.keep(&[((bytes.len() - zeros) as u8).wrapping_neg()]);
        self.keep(&bytes[zeros..]);
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.keeps(bytes.len()) {
            self.kept.extend_from_slice(bytes);
        }
    }

    /// Whether so many more bytes are kept. Else what they belong to is left out.
    fn keeps(&mut self, more: usize) -> bool {
        if self.too_large {
            return false;
        }
        let length = self.kept.len() + more;
        if let Some(loose) = &mut self.loose {
            if loose.left_out {
                return false;
            }
            if length - loose.start > MAX_ANY {
                loose.left_out = true;
                self.kept.truncate(loose.start);
                return false;
            }
        }
        if length > MAX_VALUE {
            self.too_large = true;
            self.kept = Vec::new();
            return false;
        }
        true
    }

    /// Notes where a value of any type begins, and counts its parts and levels.
    fn enter_loose(&mut self, id: i64, decoder: &Decoder) {
        let floor = self.steps.len();
        let Some(loose) = &mut self.loose else {
            if is_loose(id, decoder) {
                self.loose = Some(Loose::new(self.kept.len(), floor));
            }
            return;
        };
        loose.parts += 1;
        if !loose.left_out && (loose.parts > MAX_ANY_PARTS || floor - loose.floor > MAX_ANY_LEVELS) {
            loose.left_out = true;
            self.kept.truncate(loose.start);
        }
    }

    /// Ends the value of any type when none of its steps is left.
    fn end_loose(&mut self) {
        let Some(loose) = &self.loose else { return };
        if self.steps.len() > loose.floor {
            return;
        }
        let left_out = loose.left_out;
        self.loose = None;
        if left_out {
            // No elements, no bytes, no fields, or no value.
            self.keep(&[0]);
        }
    }
}

/// Whether values of this type are what somebody chose: values of any type, and lists and maps of them.
fn is_loose(id: i64, decoder: &Decoder) -> bool {
    id == ids::INTERFACE
        || decoder.types().get(id).is_some_and(|of| match **of {
            WireType::Map { elem, .. } | WireType::Slice { elem, .. } => elem == ids::INTERFACE,
            // The number of an array's elements is part of its type.
            WireType::Array { .. } | WireType::Struct { .. } | WireType::Marshaler { .. } => false,
        })
}
