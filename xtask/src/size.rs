//! The size of the component by crate: the table of docs/size.md.

use crate::component;
use crate::run::Outcome;
use crate::wasm::Module;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

/// Bytes. Smaller crates share a row.
const ROW_MIN: usize = 2_000;
const OTHERS: &str = "other crates";
const NO_CRATE: &str = "C library and glue";
const STD: [&str; 10] = [
    "core",
    "alloc",
    "std",
    "hashbrown",
    "compiler_builtins",
    "panic_unwind",
    "panic_abort",
    "rustc_demangle",
    "dlmalloc",
    "unwind",
];

/// Prints the table. `--functions N` lists the N largest functions too.
///
/// A function belongs to the crate that its symbol names first: what a crate instantiates of another's generics counts for the one
/// that wrote them. Data cannot be tied to a crate and has a row of its own.
pub(crate) fn main(options: &[&str]) -> Outcome {
    let largest = match options {
        [] => 0,
        ["--functions", number] => {
            number.parse().map_err(|_| format!("{number} is no number of functions"))?
        }
        _ => return Err("usage: cargo xtask size [--functions N]".into()),
    };
    let (table, module) = measure()?;
    print!("{table}");
    let mut functions: Vec<_> = module.functions.iter().collect();
    functions.sort_by_key(|(_, size)| Reverse(**size));
    for (index, size) in functions.into_iter().take(largest) {
        println!("{:>8}  {}", grouped(*size), module.names.get(index).map_or("(no name)", String::as_str));
    }
    Ok(())
}

/// Builds the component as it is shipped, and once more with its names kept; the table, and what it was made from.
pub(crate) fn measure() -> Outcome<(String, Module)> {
    let shipped = usize::try_from(component::build()?.metadata()?.len())?;
    let named = fs::read(component::build_with_names()?)?;
    let module = Module::largest_of(&named).ok_or("there is no core module in the component")?;
    Ok((table(&module, shipped), module))
}

fn table(module: &Module, shipped: usize) -> String {
    let mut crates: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, size) in &module.functions {
        let symbol = module.names.get(index).map_or("", String::as_str);
        *crates.entry(crate_of(symbol)).or_default() += size;
    }
    let small: usize = crates.values().filter(|size| **size < ROW_MIN).sum();
    crates.retain(|_, size| *size >= ROW_MIN);
    let mut rows: Vec<_> = crates.into_iter().collect();
    rows.sort_by_key(|(_, size)| Reverse(*size));
    if small > 0 {
        rows.push((OTHERS, small));
    }
    rows.push(("data (texts, tables)", module.data));
    let counted: usize = rows.iter().map(|(_, size)| size).sum();
    rows.push(("types, imports, adapters", shipped.saturating_sub(counted)));
    let mut table = "| crate | bytes | share |\n|---|---:|---:|\n".to_owned();
    for (what, size) in rows {
        let per_mille = (size * 2000 + shipped) / (2 * shipped.max(1));
        let _ = writeln!(table, "| {what} | {} | {}.{}% |", grouped(size), per_mille / 10, per_mille % 10);
    }
    let limit = usize::try_from(component::SIZE_MAX).unwrap_or(usize::MAX);
    let _ = writeln!(table, "| **zoom.wasm** (at most {}) | **{}** | |", grouped(limit), grouped(shipped));
    table
}

/// The first crate that a symbol names, std's only if there is no other: `drop::<Card>` is Card's crate's.
///
/// In Rust's `v0` mangling a crate is `C`, an optional disambiguator `s…_`, and its name behind the name's length.
fn crate_of(symbol: &str) -> &str {
    if !symbol.starts_with("_R") {
        return NO_CRATE;
    }
    let mut crates = symbol.match_indices('C').filter_map(|(at, _)| crate_name(&symbol[at + 1..]));
    let Some(first) = crates.next() else { return NO_CRATE };
    std::iter::once(first).chain(crates).find(|name| !STD.contains(name)).unwrap_or("std")
}

fn crate_name(text: &str) -> Option<&str> {
    let disambiguated = text.strip_prefix('s').and_then(|rest| {
        let (number, rest) = rest.split_once('_')?;
        number.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(rest)
    });
    let text = disambiguated.unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let length: usize = text[..digits].parse().ok()?;
    let rest = &text[digits..];
    // A name that begins with a digit or `_` has one more `_` before it.
    let name = rest.strip_prefix('_').unwrap_or(rest).get(..length)?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    (is_name && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')).then_some(name)
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Module, crate_of, grouped, table};

    #[test]
    fn a_function_is_of_the_first_crate_that_is_not_std() {
        for (symbol, name) in [
            ("_RNvCs1a2B_9zoom_chat4main", "zoom_chat"),
            ("_RINvNtCs1_4core3ptr13drop_in_placeNtNtCs2_9zoom_chat4card4CardEB4_", "zoom_chat"),
            ("_RNvNtCs1_4core3fmt5write", "std"),
            ("_RNvC3url5parse", "url"),
            ("memcpy", "C library and glue"),
            ("", "C library and glue"),
        ] {
            assert_eq!(crate_of(symbol), name, "{symbol}");
        }
    }

    #[test]
    fn small_crates_share_a_row_and_all_bytes_are_counted() {
        let names = ["_RNvCs1_9zoom_chat1a", "_RNvCs1_3url1b", "_RNvCs1_4time1c", "memcpy"];
        let module = Module {
            functions: [(0, 60_000), (1, 1_500), (2, 400), (3, 2_000)].into(),
            names: (0..).zip(names.map(str::to_owned)).collect(),
            data: 30_000,
        };
        let expected = "\
| crate | bytes | share |
|---|---:|---:|
| zoom_chat | 60,000 | 60.0% |
| C library and glue | 2,000 | 2.0% |
| other crates | 1,900 | 1.9% |
| data (texts, tables) | 30,000 | 30.0% |
| types, imports, adapters | 6,100 | 6.1% |
| **zoom.wasm** (at most 1,300,000) | **100,000** | |
";
        assert_eq!(table(&module, 100_000), expected);
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
