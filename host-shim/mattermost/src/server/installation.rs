//! Whether this plugin stays where it was installed.

use chat_plugin_engine::api::host::{Finding, State};
use serde::Deserialize;

use crate::sentences::say;

/// From this version on no version of the official plugin is above one of this: see `xtask/src/manifest.rs`.
const FIRST_MAJOR: u64 = 100;

/// The version in the manifest that the server installed, which lies above this executable.
pub(super) fn version() -> Option<String> {
    #[derive(Deserialize)]
    struct Installed {
        version: String,
    }
    let executable = std::env::current_exe().ok()?;
    let manifest = executable.ancestors().nth(3)?.join("plugin.json");
    let text = std::fs::read(manifest).ok()?;
    serde_json::from_slice(&text).ok().map(|Installed { version }| version)
}

/// What there is to say about a version. The server ships a plugin with this one's id; where it `replaces_lower_versions`, it puts
/// that one over this at its start.
pub(super) fn finding(version: Option<&str>, replaces_lower_versions: bool, locale: &str) -> Finding {
    let sentence = |name: &str| {
        say(locale, &format!("zoom.host.version.{name}"), &[("version", version.unwrap_or_default())])
    };
    let major = version.map(|version| version.split('.').next().and_then(|major| major.parse::<u64>().ok()));
    let (state, found, remedy) = match (major, replaces_lower_versions) {
        (None, _) => (State::Warning, "unreadable", true),
        (Some(Some(FIRST_MAJOR..)), true) => (State::Good, "good", false),
        (Some(Some(FIRST_MAJOR..)), false) => (State::Good, "off", false),
        (Some(_), true) => (State::Bad, "low", true),
        (Some(_), false) => (State::Warning, "low_off", true),
    };
    let remedy = if remedy { sentence("remedy") } else { String::new() };
    Finding { check: sentence("check"), state, found: sentence(found), remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f48_a_version_that_the_server_would_replace_is_a_fault() {
        let cases = [
            (Some("100.1.0"), true, State::Good, ""),
            (Some("112.34.56"), true, State::Good, ""),
            (Some("100.1.0"), false, State::Good, ""),
            (Some("0.1.0"), true, State::Bad, "100.0.0"),
            (Some("99.9.9"), true, State::Bad, "AutomaticPrepackagedPlugins"),
            (Some("x"), true, State::Bad, "100.0.0"),
            (Some("0.1.0"), false, State::Warning, "100.0.0"),
            (None, true, State::Warning, "100.0.0"),
        ];
        for (version, replaces, state, remedy) in cases {
            let finding = finding(version, replaces, "en");
            assert_eq!(finding.state, state, "{version:?} {replaces}: {finding:?}");
            assert_eq!(finding.remedy.is_empty(), remedy.is_empty(), "{finding:?}");
            assert!(finding.remedy.contains(remedy), "{finding:?}");
            assert!(finding.found.contains(version.unwrap_or("plugin.json")), "{finding:?}");
        }
    }
}
