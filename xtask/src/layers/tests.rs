use super::{House, Table, read_known};

const TABLE: &str = "
# from the top down
hooks     hooks
features  features/*
shared    card store store/seal   # seal has a place of its own
base      hex
";

/// Files that break nothing.
const FINE: &[(&str, &str)] = &[
    ("src/lib.rs", "pub mod hooks;\npub use hooks::Hook;"),
    ("src/hooks.rs", "use crate::features::start;\nuse crate::store;"),
    ("src/features/start.rs", "use crate::card::Card;\nmod turn;"),
    ("src/features/start/turn.rs", "use super::Start;\nuse crate::hex;"),
    ("src/features/follow.rs", "fn f() { crate::store::get() }"),
    ("src/card.rs", "use std::fmt;"),
    ("src/store.rs", "use crate::hex::hex;"),
    ("src/store/seal.rs", ""),
    ("src/hex.rs", ""),
];

/// The faults when these files take the place of fine ones, or come to them.
fn faults_with(files: &[(&str, &str)], known: &str) -> Vec<String> {
    house(files, TABLE).faults(&read_known(known))
}

fn house(files: &[(&str, &str)], table: &str) -> House {
    let fine = FINE.iter().filter(|(file, _)| files.iter().all(|(other, _)| other != file));
    let files: Vec<(String, String)> =
        fine.chain(files).map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    House::build(&files, Table::read(table).unwrap())
}

#[test]
fn arrows_that_go_down_are_fine() {
    assert_eq!(faults_with(&[], ""), [""; 0]);
}

#[test]
fn an_arrow_up_is_named_with_file_and_line_and_the_circle_it_closes() {
    let planted = [("src/hex.rs", "//! Digits.\n\nuse crate::store;\n")];
    assert_eq!(
        faults_with(&planted, ""),
        [
            "src/hex.rs:3: hex (floor base) imports store (floor shared): arrows go down",
            "    a circle: hex -> store -> hex (src/store.rs:1)",
        ]
    );
    let planted = [("src/card.rs", "fn f() {\n    let x = crate::hooks::answer();\n}")];
    assert_eq!(
        faults_with(&planted, ""),
        [
            "src/card.rs:2: card (floor shared) imports hooks (floor hooks): arrows go down",
            "    a circle: card -> hooks -> features/start (src/hooks.rs:1) -> card (src/features/start.rs:1)",
        ]
    );
}

#[test]
fn modules_of_one_floor_do_not_know_each_other() {
    let planted = [("src/features/follow.rs", "use super::start::Start;")];
    assert_eq!(
        faults_with(&planted, ""),
        [
            "src/features/follow.rs:1: features/follow (floor features) imports features/start (floor features): both stand side by side",
        ]
    );
    let planted = [("src/features/start/turn.rs", "\nuse super::super::follow;")];
    assert_eq!(
        faults_with(&planted, ""),
        [
            "src/features/start/turn.rs:2: features/start (floor features) imports features/follow (floor features): both stand side by side",
        ]
    );
    let planted = [("src/store.rs", "mod seal;\nuse seal::Sealed;")];
    assert_eq!(
        faults_with(&planted, ""),
        ["src/store.rs:2: store (floor shared) imports store/seal (floor shared): both stand side by side",]
    );
}

#[test]
fn nobody_imports_from_the_root() {
    let planted = [("src/hex.rs", "use crate::Helper;")];
    assert_eq!(faults_with(&planted, ""), ["src/hex.rs:1: hex (floor base) imports lib: arrows go down"]);
    let planted = [("src/hex.rs", "use crate::*;")];
    assert_eq!(faults_with(&planted, ""), ["src/hex.rs:1: hex (floor base) imports lib: arrows go down"]);
}

#[test]
fn each_file_has_a_floor_and_each_entry_a_module() {
    let planted = [("src/new.rs", "use crate::hooks;"), ("src/features.rs", "pub mod start;")];
    assert_eq!(
        faults_with(&planted, ""),
        [
            "src/new.rs: is on no floor of xtask/layers.txt",
            "src/features.rs: is on no floor of xtask/layers.txt",
        ]
    );
    let faults = house(&[], &format!("{TABLE}cellar old older/*\nattic\n")).faults(&read_known(""));
    assert_eq!(
        faults,
        ["xtask/layers.txt: old is no module of src/", "xtask/layers.txt: older/* is no module of src/",]
    );
    assert_eq!(Table::read("a x\nb x").unwrap_err(), "x stands on two floors");
}

#[test]
fn what_is_known_is_no_fault_until_it_is_gone() {
    let planted = [("src/hex.rs", "use crate::store;\nuse crate::store::key;\nuse crate::card;")];
    let known = "# comment\nsrc/hex.rs -> store\nsrc/hex.rs -> card\n";
    assert_eq!(faults_with(&planted, known), [""; 0]);
    let faults = faults_with(&[("src/hex.rs", "use crate::store;")], known);
    assert_eq!(
        faults,
        [
            "xtask/layers-known.txt: `src/hex.rs -> card` is gone: take the line out (`./just forbid --layers --write-known`)",
        ]
    );
}

#[test]
fn the_floors_are_printed_with_what_each_module_imports() {
    let planted = [("src/hex.rs", "use crate::store;"), ("src/features/follow.rs", "use super::start;")];
    let expected = "\
Floors from the top down. A module imports from floors below: ^ goes up, = stays on the floor.

hooks
  hooks                    features/start store

features
  features/follow          =features/start
  features/start           card hex

shared
  card
  store                    hex
  store/seal

base
  hex                      ^store

7 modules, 7 arrows: 1 go up, 1 stay on their floor; 1 pairs import each other.
A circle of 2: hex store
";
    assert_eq!(house(&planted, TABLE).floors(), expected);
}
