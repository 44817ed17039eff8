//! The plugin's settings, from the server's spelling to the component's.

use serde_json::{Map, Value};

use crate::manifest::MANIFEST;

/// The settings as a JSON object with the manifest's keys. The server hands them out in lower case; what the manifest does not
/// know is passed on as it is. Text that is no JSON object gives an empty one, and with it problems that the component
/// names to the administrator.
pub(crate) fn with_manifest_keys(settings: &[u8]) -> String {
    let object: Map<String, Value> = serde_json::from_slice(settings).unwrap_or_default();
    let mut named = Map::new();
    for (key, value) in object {
        let known =
            MANIFEST.settings_schema.settings.iter().find(|setting| setting.key.eq_ignore_ascii_case(&key));
        match known {
            // An exact spelling wins over another one of the same key.
            Some(setting) if setting.key != key => {
                named.entry(setting.key.clone()).or_insert(value);
            }
            Some(_) | None => {
                named.insert(key, value);
            }
        }
    }
    Value::Object(named).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn mapped(settings: &str) -> Value {
        serde_json::from_str(&with_manifest_keys(settings.as_bytes())).unwrap()
    }

    #[test]
    fn keys_get_the_manifests_spelling_and_values_stay_as_they_are() {
        let seen = mapped(
            r#"{"apikey":" k ","apisecret":"s","zoomapiurl":"https://api.example.com","accountlevelapp":true,"zoomwebhooksecret":null,"setup":null}"#,
        );
        assert_eq!(
            seen,
            json!({"APIKey": " k ", "APISecret": "s", "ZoomAPIURL": "https://api.example.com", "AccountLevelApp": true, "ZoomWebhookSecret": null, "Setup": null})
        );
    }

    #[test]
    fn keys_that_the_manifest_does_not_know_are_passed_on() {
        assert_eq!(
            mapped(r#"{"enableoauth":false,"enablelegacyauth":true,"Other":{"a":1}}"#),
            json!({"enableoauth": false, "enablelegacyauth": true, "Other": {"a": 1}})
        );
    }

    #[test]
    fn an_exact_spelling_wins_whatever_the_order() {
        assert_eq!(mapped(r#"{"APIKey":"exact","apikey":"lower"}"#), json!({"APIKey": "exact"}));
        assert_eq!(mapped(r#"{"apikey":"lower","APIKey":"exact"}"#), json!({"APIKey": "exact"}));
    }

    #[test]
    fn what_is_no_object_gives_no_settings() {
        for text in ["", "null", "[]", "7", "{"] {
            assert_eq!(mapped(text), json!({}), "{text}");
        }
    }
}
