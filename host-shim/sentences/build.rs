//! Takes the hosts' own sentences out of the catalogue, so that nothing else of it is in their executables.

use serde_json::{Map, Value};
use std::path::Path;

/// What ids of the hosts' own sentences begin with.
const OWN: &str = "zoom.host.";

fn main() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../i18n");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", catalogue.display());
    let mut sentences = Map::new();
    for entry in std::fs::read_dir(&catalogue).expect("the catalogue is a folder") {
        let path = entry.expect("the catalogue can be read").path();
        let locale = path.file_stem().and_then(|stem| stem.to_str()).expect("a locale names its file");
        let text = std::fs::read_to_string(&path).expect("a catalogue can be read");
        let all: Map<String, Value> = serde_json::from_str(&text).expect("a catalogue is a JSON object");
        let own = all.into_iter().filter(|(id, _)| id.starts_with(OWN)).collect();
        sentences.insert(locale.to_owned(), Value::Object(own));
    }
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("sentences.json"), Value::Object(sentences).to_string())
        .expect("cargo's folder can be written");
}
