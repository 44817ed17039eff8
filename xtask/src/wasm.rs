//! As much of WebAssembly's binary form as it takes to measure functions.

use std::collections::BTreeMap;

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;
const DATA: u8 = 11;
/// In a component: a core module.
const CORE_MODULE: u8 = 1;

/// What a core module is made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Module {
    /// Bytes of each function, with what says how long it is, by its index.
    pub(crate) functions: BTreeMap<u64, usize>,
    /// Symbols by the function's index, where names were kept.
    pub(crate) names: BTreeMap<u64, String>,
    /// Bytes of all data.
    pub(crate) data: usize,
}

impl Module {
    /// The largest core module of a component. `None` if there is none, or the bytes are no component.
    pub(crate) fn largest_of(component: &[u8]) -> Option<Self> {
        let modules = sections(component)?.into_iter().filter(|(kind, _)| *kind == CORE_MODULE);
        Self::read(modules.map(|(_, body)| body).max_by_key(|body| body.len())?)
    }

    fn read(module: &[u8]) -> Option<Self> {
        let mut read = Self::default();
        let mut imported = 0;
        for (kind, body) in sections(module)? {
            match kind {
                IMPORT => imported = imported_functions(body)?,
                CODE => read.functions = functions(body, imported)?,
                DATA => read.data += body.len(),
                CUSTOM => read.names.extend(function_names(body)?),
                _ => {}
            }
        }
        Some(read)
    }
}

/// Bytes that are read from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// Bytes behind their number.
    fn counted(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length)
    }
}

/// Kind and body of each section of a module or component.
fn sections(binary: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut reader = Reader(binary.get(8..)?);
    let mut sections = Vec::new();
    while !reader.0.is_empty() {
        sections.push((reader.byte()?, reader.counted()?));
    }
    Some(sections)
}

fn imported_functions(body: &[u8]) -> Option<u64> {
    let mut reader = Reader(body);
    let mut functions = 0;
    for _ in 0..reader.number()? {
        reader.counted()?;
        reader.counted()?;
        match reader.byte()? {
            0 => {
                functions += 1;
                reader.number()?;
            }
            kind @ (1 | 2) => {
                // Tables have a type before their limits, memories do not.
                if kind == 1 {
                    reader.byte()?;
                }
                let has_maximum = reader.number()? & 1 == 1;
                reader.number()?;
                if has_maximum {
                    reader.number()?;
                }
            }
            // Globals have a type and say whether they change.
            _ => {
                reader.take(2)?;
            }
        }
    }
    Some(functions)
}

fn functions(body: &[u8], imported: u64) -> Option<BTreeMap<u64, usize>> {
    let mut reader = Reader(body);
    let count = reader.number()?;
    let mut functions = BTreeMap::new();
    for index in imported..imported + count {
        let before = reader.0.len();
        reader.counted()?;
        functions.insert(index, before - reader.0.len());
    }
    Some(functions)
}

/// The part of the custom section `name` that names functions; nothing of other custom sections.
fn function_names(body: &[u8]) -> Option<BTreeMap<u64, String>> {
    const FUNCTIONS: u8 = 1;
    let mut names = BTreeMap::new();
    let mut reader = Reader(body);
    if reader.counted()? != b"name" {
        return Some(names);
    }
    while !reader.0.is_empty() {
        let (kind, part) = (reader.byte()?, reader.counted()?);
        let mut reader = Reader(part);
        if kind == FUNCTIONS {
            for _ in 0..reader.number()? {
                let index = reader.number()?;
                names.insert(index, String::from_utf8_lossy(reader.counted()?).into_owned());
            }
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::Module;

    fn section(kind: u8, body: &[u8]) -> Vec<u8> {
        [&[kind, u8::try_from(body.len()).unwrap()], body].concat()
    }

    #[test]
    fn measures_functions_behind_imports_of_all_kinds() {
        let imports = [
            &[4][..],
            &[1, b'm', 1, b'f', 0, 7],
            &[1, b'm', 1, b't', 1, 0x70, 1, 2, 3],
            &[1, b'm', 1, b'm', 2, 0, 1],
            &[1, b'm', 1, b'g', 3, 0x7f, 1],
        ]
        .concat();
        let names = [&[4][..], b"name", &[0, 1, b'x'], &[1, 8, 2, 0, 1, b'a', 2, 2, b'b', b'c']].concat();
        let module = [
            b"\0asm\x01\0\0\0".to_vec(),
            section(2, &imports),
            section(10, &[2, 2, 0, 0x0b, 3, 0, 1, 0x0b]),
            section(11, &[1, 2, 3, 4]),
            section(0, &names),
        ]
        .concat();
        let component = [
            b"\0asm\x0d\0\x01\0".to_vec(),
            section(1, b"\0asm\x01\0\0\0"),
            section(3, &[0]),
            section(1, &module),
        ]
        .concat();
        let read = Module::largest_of(&component).unwrap();
        assert_eq!(read.functions, [(1, 3), (2, 4)].into());
        assert_eq!(read.names, [(0, "a".to_owned()), (2, "bc".to_owned())].into());
        assert_eq!(read.data, 4);
    }

    #[test]
    fn what_is_cut_off_is_no_component() {
        let component = [b"\0asm\x0d\0\x01\0".to_vec(), section(1, b"\0asm\x01\0\0\0")].concat();
        assert!(Module::largest_of(&component).is_some());
        assert_eq!(Module::largest_of(&component[..component.len() - 1]), None);
        assert_eq!(Module::largest_of(b"\0asm\x0d\0\x01\0"), None);
        assert_eq!(Module::largest_of(b""), None);
    }
}
