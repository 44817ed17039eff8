//! Which addresses are Zoom's: one rule for links that people follow, for downloads, for what people share, and for the origins in
//! `plugin.json`, which a host lets the plugin reach.

use crate::settings::Settings;
use url::Url;

/// Zoom's own clouds: the world's, the government's, China's. Companies and regions have hosts below them.
pub const CLOUDS: [&str; 3] = ["zoom.us", "zoomgov.com", "zoom.com.cn"];

/// Whether this is one of Zoom's own clouds, not a Zoom that somebody runs.
pub fn is_cloud(url: &Url) -> bool {
    url.host_str().is_some_and(|host| CLOUDS.iter().any(|cloud| is_below(host, cloud)))
}

/// The URL, if it leads to Zoom.
pub fn link(settings: &Settings, text: &str) -> Option<Url> {
    // `url` is built without the tables for international host names, and no host of Zoom's has other letters.
    let url = Url::parse(text).ok().filter(|_| text.is_ascii())?;
    is_zooms(settings, &url).then_some(url)
}

/// Whether a URL leads to Zoom: to a host at or below one of Zoom's clouds over https; or to one at or below that of `ZoomURL` or
/// `ZoomAPIURL`, over https or by the setting's own scheme and port.
pub fn is_zooms(settings: &Settings, url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let anonymous = url.username().is_empty() && url.password().is_none();
    let by_https = url.scheme() == "https" && url.port().is_none();
    let in_cloud = by_https && CLOUDS.iter().any(|cloud| is_below(host, cloud));
    let is_named = |base: &Url| {
        let same_way = url.scheme() == base.scheme() && url.port() == base.port();
        (by_https || same_way) && is_at_or_below(url, base)
    };
    anonymous && (in_cloud || [&settings.zoom_url, &settings.api_url].into_iter().any(is_named))
}

/// Whether a link lets people in without asking for the passcode.
pub(crate) fn carries_passcode(link: &Url) -> bool {
    link.query_pairs().any(|(name, value)| name == "pwd" && !value.is_empty())
}

/// Whether a URL's host is that of the base or one below it.
pub(super) fn is_at_or_below(url: &Url, base: &Url) -> bool {
    let (Some(host), Some(base)) = (url.host_str(), base.host_str()) else { return false };
    is_below(host, base)
}

fn is_below(host: &str, base: &str) -> bool {
    !base.is_empty() && host.strip_suffix(base).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}
