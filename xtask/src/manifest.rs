//! The bundle's plugin.json, made of the one in the sources.

use crate::run::{Outcome, root};
use serde_core::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// The setting that only the web client's part can draw.
const DRAWN_BY_THE_WEB_CLIENT: &str = "Setup";
/// The sentence of the footer that speaks of it begins so.
const HINT: &str = " Under **Connect Zoom to this server**";
/// Added to the product's first number. Mattermost ships a plugin of the same id, and at its start puts that one in the place of an
/// installed plugin whose version is lower.
const ABOVE_THE_OFFICIAL_PLUGIN: u64 = 100;

/// `manifest VERSION [--no-webapp]` prints it, for a version of the product.
pub(crate) fn main(options: &[&str]) -> Outcome {
    let (product, with_webapp) = match options {
        [product] => (product, true),
        [product, "--no-webapp"] => (product, false),
        [_, option, ..] => return Err(format!("no option {option}").into()),
        [] => return Err("usage: cargo xtask manifest VERSION [--no-webapp]".into()),
    };
    println!("{}", manifest(product, with_webapp)?);
    Ok(())
}

/// The text of the manifest. Without the web client's part it promises none: the server does not start a plugin whose manifest
/// names a file that is not there, and shows a custom setting that no web client draws as one of a plugin that is not enabled.
pub(crate) fn manifest(product: &str, with_webapp: bool) -> Outcome<String> {
    of(&std::fs::read_to_string(root().join("plugin.json"))?, product, with_webapp)
}

/// The manifest's version for one of the product.
pub(crate) fn version(product: &str) -> Outcome<String> {
    let bad = || format!("{product} is no version: MAJOR.MINOR.PATCH is needed");
    let end = product.find(['-', '+']).unwrap_or(product.len());
    let (numbers, rest) = product.split_at(end);
    let is_number = |text: &&str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (*text == "0" || !text.starts_with('0'))
    };
    let parts: Vec<&str> = numbers.split('.').filter(is_number).collect();
    let rest_is_good = rest.is_empty()
        || rest.len() > 1
            && rest[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(&byte));
    if parts.len() != 3 || numbers.split('.').count() != 3 || !rest_is_good {
        return Err(bad().into());
    }
    let major = parts[0].parse::<u64>().ok().and_then(|major| major.checked_add(ABOVE_THE_OFFICIAL_PLUGIN));
    Ok(format!("{}.{}.{}{rest}", major.ok_or_else(bad)?, parts[1], parts[2]))
}

fn of(source: &str, product: &str, with_webapp: bool) -> Outcome<String> {
    let mut manifest: Members<'_> = serde_json::from_str(source)?;
    let version = serde_json::value::to_raw_value(&version(product)?)?;
    let name = manifest.position("name")?;
    manifest.0.insert(name, ("version".to_owned(), &version));
    let schema;
    if !with_webapp {
        let webapp = manifest.position("webapp")?;
        manifest.0.remove(webapp);
        let at = manifest.position("settings_schema")?;
        schema = RawValue::from_string(schema_without_setup(manifest.0[at].1)?)?;
        manifest.0[at].1 = &schema;
        return manifest.text(0);
    }
    manifest.text(0)
}

/// The settings without the one that the web client's part draws, and without the hint at it.
fn schema_without_setup(schema: &RawValue) -> Outcome<String> {
    let mut schema: Members<'_> = serde_json::from_str(schema.get())?;
    let at = schema.position("footer")?;
    let footer: String = serde_json::from_str(schema.0[at].1.get())?;
    let (before, hint) = footer
        .split_once(HINT)
        .ok_or_else(|| no(&format!("hint at the setting {DRAWN_BY_THE_WEB_CLIENT}")))?;
    let (_, after) = hint.split_once('.').ok_or_else(|| no("end of the hint"))?;
    let footer = serde_json::value::to_raw_value(&format!("{before}{after}"))?;
    schema.0[at].1 = &footer;
    let at = schema.position("settings")?;
    let mut settings: Vec<&RawValue> = serde_json::from_str(schema.0[at].1.get())?;
    let before = settings.len();
    settings.retain(|setting| key(setting).as_deref() != Some(DRAWN_BY_THE_WEB_CLIENT));
    if settings.len() + 1 != before {
        return Err(no(&format!("setting {DRAWN_BY_THE_WEB_CLIENT}")).into());
    }
    let lines: Vec<String> = settings.iter().map(|setting| format!("      {}", setting.get())).collect();
    let list = RawValue::from_string(format!("[\n{}\n    ]", lines.join(",\n")))?;
    schema.0[at].1 = &list;
    schema.text(1)
}

fn key(setting: &RawValue) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(setting.get()).ok()?;
    Some(value.get("key")?.as_str()?.to_owned())
}

fn no(what: &str) -> String {
    format!("plugin.json has no {what}")
}

/// The members of an object in their order, each value with the text that it has in the file.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl Members<'_> {
    fn position(&self, name: &str) -> Result<usize, String> {
        self.0.iter().position(|(member, _)| member == name).ok_or_else(|| no(&format!("member \"{name}\"")))
    }

    /// As the sources are formatted, two blanks a level.
    fn text(&self, level: usize) -> Outcome<String> {
        let blanks = "  ".repeat(level);
        let mut lines = Vec::new();
        for (name, value) in &self.0 {
            lines.push(format!("{blanks}  {}: {}", serde_json::to_string(name)?, value.get()));
        }
        Ok(format!("{{\n{}\n{blanks}}}", lines.join(",\n")))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ordered;
        impl<'de> Visitor<'de> for Ordered {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
                text.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Ordered).map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::{manifest, of, version};
    use serde_json::Value;

    #[test]
    fn f48_the_version_is_the_products_with_100_added() {
        for (product, manifests) in [
            ("0.1.0", "100.1.0"),
            ("1.0.0-rc.1", "101.0.0-rc.1"),
            ("1.0.0+build-7", "101.0.0+build-7"),
            ("12.34.56", "112.34.56"),
        ] {
            assert_eq!(version(product).unwrap(), manifests);
        }
        for bad in [
            "",
            "v1.2.3",
            "1.2",
            "01.2.3",
            "1.02.3",
            "1.2.3.4",
            "1..3",
            "x",
            "1.2.3-",
            "1.2.3 4",
            "1.2.3-ä",
            "99999999999999999999.0.0",
        ] {
            assert!(version(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_version_is_added() {
        let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../plugin.json")).unwrap();
        let made = manifest("1.2.3", true).unwrap();
        assert_eq!(made.replace("  \"version\": \"101.2.3\",\n", "") + "\n", source);
    }

    #[test]
    fn without_the_web_client_its_part_its_setting_and_the_hint_are_gone() {
        let full: Value = serde_json::from_str(&manifest("1.2.3", true).unwrap()).unwrap();
        let bare = manifest("1.2.3", false).unwrap();
        assert!(!bare.contains("Connect Zoom to this server"), "{bare}");
        let mut bare: Value = serde_json::from_str(&bare).unwrap();
        // Put back, it is the full one again.
        bare["webapp"] = full["webapp"].clone();
        bare["settings_schema"]["footer"] = full["settings_schema"]["footer"].clone();
        let settings = bare["settings_schema"]["settings"].as_array_mut().unwrap();
        let setup = full["settings_schema"]["settings"]
            .as_array()
            .unwrap()
            .iter()
            .position(|setting| setting["key"] == "Setup");
        settings.insert(setup.unwrap(), full["settings_schema"]["settings"][setup.unwrap()].clone());
        assert_eq!(bare, full);
    }

    #[test]
    fn what_is_looked_for_and_not_there_is_said() {
        let said = |source: &str, with_webapp| of(source, "1.2.3", with_webapp).unwrap_err().to_string();
        let settings =
            |inner: &str| format!(r#"{{"name": "x", "webapp": {{}}, "settings_schema": {inner}}}"#);
        assert_eq!(said("{}", true), "plugin.json has no member \"name\"");
        assert_eq!(said(r#"{"name": "x"}"#, false), "plugin.json has no member \"webapp\"");
        let footer = r#"{"footer": "nothing", "settings": []}"#;
        assert_eq!(said(&settings(footer), false), "plugin.json has no hint at the setting Setup");
        let footer = r#"{"footer": "a. Under **Connect Zoom to this server** b. c", "settings": []}"#;
        assert_eq!(said(&settings(footer), false), "plugin.json has no setting Setup");
    }
}
