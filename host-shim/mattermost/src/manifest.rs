//! `plugin.json`, the only manifest: what is stated there is not stated again.

use std::sync::LazyLock;

use chat_plugin_engine::ServiceRequests;
use serde::Deserialize;

/// The manifest that this executable was built with.
pub(crate) static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
    let text = include_str!("../../../plugin.json");
    serde_json::from_str(text).unwrap_or_else(|error| panic!("plugin.json is not as it should be: {error}"))
});

/// The icon that clients show beside the command.
pub(crate) const ICON_SVG: &str = include_str!("../../../assets/profile.svg");

/// The same for the bot's profile: the server takes no SVG there.
pub(crate) const ICON_PNG: &[u8] = include_bytes!("../../../assets/profile.png");

/// What the executable needs to know of the manifest.
#[derive(Debug, Deserialize)]
pub(crate) struct Manifest {
    /// Names the plugin in URLs and in the server's settings.
    pub(crate) id: String,
    /// What people read.
    pub(crate) name: String,
    pub(crate) settings_schema: SettingsSchema,
    pub(crate) props: ManifestProps,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SettingsSchema {
    pub(crate) settings: Vec<Setting>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Setting {
    /// In the spelling that the component knows.
    pub(crate) key: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ManifestProps {
    /// What the component may reach: origins, patterns, and names of settings that hold a URL, as `Origins::new` reads them.
    pub(crate) http_origins: Vec<String>,
    /// How requests of Zoom are told from those of strangers.
    pub(crate) service_requests: ServiceRequests,
}

/// The path on the server below which the plugin's URLs are, with this `path` of the plugin's own.
pub(crate) fn plugin_path(path: &str) -> String {
    format!("/plugins/{}{path}", MANIFEST.id)
}
