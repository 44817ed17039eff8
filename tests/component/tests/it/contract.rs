//! The contract's files, and what the built component makes of them.

use component_tests::zoom_wasm;
use wit_parser::{Resolve, Type, TypeDefKind, TypeOwner, WorldItem};

/// Everything that the Zoom component imports. A change here changes what every host must offer.
const IMPORTS: [&str; 23] = [
    "chat-plugin:api/directory@0.1.0",
    "chat-plugin:api/files@0.1.0",
    "chat-plugin:api/frontend@0.1.0",
    "chat-plugin:api/host@0.1.0",
    "chat-plugin:api/http-client@0.1.0",
    "chat-plugin:api/key-value@0.1.0",
    "chat-plugin:api/log@0.1.0",
    "chat-plugin:api/posts@0.1.0",
    "wasi:cli/environment@0.2",
    "wasi:cli/exit@0.2",
    "wasi:cli/stderr@0.2",
    "wasi:cli/stdin@0.2",
    "wasi:cli/stdout@0.2",
    "wasi:cli/terminal-input@0.2",
    "wasi:cli/terminal-output@0.2",
    "wasi:cli/terminal-stderr@0.2",
    "wasi:cli/terminal-stdin@0.2",
    "wasi:cli/terminal-stdout@0.2",
    "wasi:clocks/wall-clock@0.2",
    "wasi:io/error@0.2",
    "wasi:io/poll@0.2",
    "wasi:io/streams@0.2",
    "wasi:random/random@0.2",
];

#[test]
fn the_built_component_imports_exactly_these() {
    let (imports, exports) = names(&zoom_wasm().unwrap());
    assert_eq!(imports, IMPORTS);
    assert_eq!(exports, ["chat-plugin:api/hooks@0.1.0"]);
}

/// Sorted names of imports and exports. Of WASI's versions only the part that says what is compatible.
fn names(component: &[u8]) -> (Vec<String>, Vec<String>) {
    let decoded = wit_component::decode(component).unwrap();
    let resolve = decoded.resolve();
    let (_, world) = resolve.worlds.iter().next().unwrap();
    let list = |items: &wit_parser::IndexMap<wit_parser::WorldKey, WorldItem>| {
        let mut names: Vec<String> =
            items.keys().map(|key| compatible(resolve.name_world_key(key))).collect();
        names.sort();
        names
    };
    (list(&world.imports), list(&world.exports))
}

fn compatible(name: String) -> String {
    match name.rsplit_once('.') {
        Some((rest, _patch)) if name.starts_with("wasi:") => rest.to_owned(),
        _ => name,
    }
}

#[test]
fn every_item_of_the_contract_is_documented() {
    let mut resolve = Resolve::default();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
    let (package, _) = resolve.push_dir(directory).unwrap();
    let mut items = Vec::new();
    for (name, &id) in &resolve.packages[package].interfaces {
        let interface = &resolve.interfaces[id];
        items.push((name.clone(), &interface.docs));
        for (function, value) in &interface.functions {
            items.push((format!("{name}.{function}"), &value.docs));
        }
        for (kind, &id) in &interface.types {
            items.extend(type_items(&resolve, &format!("{name}.{kind}"), id));
        }
    }
    for (name, &id) in &resolve.packages[package].worlds {
        let world = &resolve.worlds[id];
        items.push((name.clone(), &world.docs));
        for (key, item) in world.imports.iter().chain(&world.exports) {
            if let WorldItem::Interface { docs, .. } = item {
                items.push((format!("{name}.{}", resolve.name_world_key(key)), docs));
            }
        }
    }
    assert!(items.len() > 200, "only {} items were found", items.len());
    let bare: Vec<&String> = items
        .iter()
        .filter(|(_, docs)| docs.contents.as_deref().is_none_or(|text| text.trim().is_empty()))
        .map(|(name, _)| name)
        .collect();
    assert!(bare.is_empty(), "without a doc comment: {bare:?}");
}

/// A type and its parts, with what is said about each.
fn type_items<'a>(
    resolve: &'a Resolve,
    name: &str,
    id: wit_parser::TypeId,
) -> Vec<(String, &'a wit_parser::Docs)> {
    let kind = &resolve.types[id];
    // What `use` brings in is documented where it comes from.
    if let TypeDefKind::Type(Type::Id(origin)) = kind.kind
        && resolve.types[origin].owner != kind.owner
        && matches!(kind.owner, TypeOwner::Interface(_))
    {
        return Vec::new();
    }
    let mut items = vec![(name.to_owned(), &kind.docs)];
    let mut part = |part: &str, docs| items.push((format!("{name}.{part}"), docs));
    match &kind.kind {
        TypeDefKind::Record(record) => record.fields.iter().for_each(|field| part(&field.name, &field.docs)),
        TypeDefKind::Variant(variant) => variant.cases.iter().for_each(|case| part(&case.name, &case.docs)),
        TypeDefKind::Enum(kind) => kind.cases.iter().for_each(|case| part(&case.name, &case.docs)),
        TypeDefKind::Flags(flags) => flags.flags.iter().for_each(|flag| part(&flag.name, &flag.docs)),
        TypeDefKind::Type(_) | TypeDefKind::List(_) => {}
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Tuple(_)
        | TypeDefKind::Option(_)
        | TypeDefKind::Result(_)
        | TypeDefKind::Map(..)
        | TypeDefKind::FixedLengthList(..)
        | TypeDefKind::Future(_)
        | TypeDefKind::Stream(_)
        | TypeDefKind::Unknown => panic!("{name}: say here what of such a type is documented"),
    }
    items
}
