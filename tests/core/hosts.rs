//! Which addresses are Zoom's: the rule by its table, and that the manifest lets a host reach what the rule calls Zoom's.
//! `tests/component` holds the host to the same table.
#![expect(clippy::disallowed_methods, reason = "the table and the manifest are files")]

use serde_json::{Value, json};
use zoom_chat::settings::Settings;
use zoom_chat::zoom::hosts::{self, CLOUDS};

fn file(path: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

#[test]
fn f30_one_rule_says_which_addresses_are_zooms() {
    for case in file("tests/data/zoom_hosts.json").as_array().unwrap() {
        let mut settings = case["settings"].clone();
        settings["WebhookSecret"] = json!("s");
        settings["APIKey"] = json!("k");
        settings["APISecret"] = json!("an-api-secret-of-more-than-32-bytes");
        let settings = Settings::parse(&settings.to_string()).unwrap();
        for (list, expected) in [("zooms", true), ("others", false)] {
            for url in case[list].as_array().unwrap() {
                let url = url.as_str().unwrap();
                assert_eq!(
                    hosts::link(&settings, url).is_some(),
                    expected,
                    "{url} under {}",
                    case["settings"]
                );
            }
        }
    }
}

#[test]
fn f30_the_manifest_lets_the_plugin_reach_what_the_rule_calls_zooms() {
    let clouds = CLOUDS.iter().flat_map(|cloud| [format!("https://{cloud}"), format!("https://*.{cloud}")]);
    let settings = ["ZoomURL", "ZoomAPIURL"].map(|setting| format!("*.{setting}"));
    let expected: Vec<String> = clouds.chain(settings).collect();
    assert_eq!(file("plugin.json")["props"]["http_origins"], json!(expected));
}
