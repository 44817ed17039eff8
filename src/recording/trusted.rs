//! Which URLs of an event are Zoom's: people are led to no other, and no other gets the download token.

use crate::settings::Settings;
use url::Url;

/// Zoom's own clouds. Companies have hosts of their own below them.
const CLOUDS: [&str; 2] = ["zoom.us", "zoomgov.com"];

/// The URL, if it leads to Zoom: over https, to the host of `ZoomURL` or `ZoomAPIURL` or one below it, and in Zoom's cloud to any host of
/// that cloud. Plain http only where `ZoomURL` itself has it.
pub fn trusted(settings: &Settings, url: &str) -> Option<Url> {
    // `url` is built without the tables for international host names, and no host of Zoom's has other letters.
    let url = Url::parse(url).ok().filter(|_| url.is_ascii())?;
    let host = url.host_str()?;
    let plain = url.username().is_empty() && url.password().is_none();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && settings.zoom_url.scheme() == "http");
    let is_zooms = [&settings.zoom_url, &settings.api_url].iter().any(|base| {
        let base = base.host_str().unwrap_or_default();
        let cloud = CLOUDS.iter().find(|cloud| is_at_or_below(base, cloud));
        is_at_or_below(host, cloud.unwrap_or(&base))
    });
    (plain && safe && is_zooms).then_some(url)
}

fn is_at_or_below(host: &str, base: &str) -> bool {
    !base.is_empty() && host.strip_suffix(base).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}
