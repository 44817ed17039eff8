//! What the chat server's side needs: an address, events that arrive, a clock that is right.

use super::Finding;
use crate::flow::Io;
use crate::model::Server;
use crate::settings::Settings;
use crate::store;
use crate::text::doctor as text;
use url::{Host, Url};

/// A difference between the clocks that does no harm, in milliseconds: HTTP's dates have whole seconds.
const CLOCK_SLACK_MS: u64 = 30_000;
/// From here on signed events are refused, in milliseconds. `webhook::signature` has the window.
const CLOCK_LIMIT_MS: u64 = 300_000;
/// How long no event is still no sign of trouble: Zoom validates the URL every 72 hours.
const SILENCE_MS: u64 = 72 * 3_600_000;

/// Whether Zoom, and browsers that come back from it, can find the chat server.
pub(super) fn site_url(server: &Server, settings: Option<&Settings>) -> Finding {
    let bad = |found: String| Finding::bad(text::SITE_URL, found, text::SITE_URL_REMEDY);
    if server.site_url.is_empty() {
        return bad(text::site_url_empty(server));
    }
    let Ok(url) = Url::parse(&server.site_url) else { return bad(text::site_url_unreadable(server)) };
    // A Zoom in the same private network reaches private addresses.
    let zoom_is_private = settings.is_some_and(|settings| is_private(settings.api_url.host()));
    if is_private(url.host()) && !zoom_is_private {
        return bad(text::site_url_private(server));
    }
    if url.scheme() != "https" {
        let found = text::site_url_plain(server);
        return Finding::warning(text::SITE_URL, found, text::SITE_URL_PLAIN_REMEDY);
    }
    Finding::good(text::SITE_URL, text::site_url_good(server))
}

/// Whether an address means something only on this machine or in this network.
fn is_private(host: Option<Host<&str>>) -> bool {
    match host {
        None => true,
        Some(Host::Domain(name)) => {
            let ends = ["localhost", "local", "internal", "lan", "test", "example", "invalid"];
            !name.contains('.') || ends.contains(&name.rsplit('.').next().unwrap_or_default())
        }
        Some(Host::Ipv4(ip)) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || shared
        }
        Some(Host::Ipv6(ip)) => {
            ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
    }
}

/// Whether Zoom's events arrive.
pub(super) async fn webhook(io: &Io, server: &Server) -> Finding {
    let remedy = text::webhook_remedy(server);
    match store::webhook_seen(io).await {
        Ok(Some(seen_ms)) if seen_ms + SILENCE_MS >= io.now_ms() => {
            Finding::good(text::WEBHOOK, text::webhook_seen(io.now_ms().saturating_sub(seen_ms)))
        }
        Ok(_) => Finding::warning(text::WEBHOOK, text::WEBHOOK_SILENT, remedy),
        Err(_) => Finding::warning(text::WEBHOOK, text::STORE_FAILED, text::SEE_LOG),
    }
}

/// Whether events have to be signed.
pub(super) fn signature(settings: &Settings) -> Finding {
    match settings.zoom_webhook_secret {
        Some(_) => Finding::good(text::SIGNATURE, text::SIGNATURE_GOOD),
        None => Finding::warning(text::SIGNATURE, text::SIGNATURE_OFF, text::SIGNATURE_REMEDY),
    }
}

/// Whether both clocks agree.
pub(super) fn clock(now_ms: u64, zoom_ms: u64) -> Finding {
    let difference_ms = now_ms.abs_diff(zoom_ms);
    if difference_ms <= CLOCK_SLACK_MS {
        return Finding::good(text::CLOCK, text::CLOCK_GOOD);
    }
    let found = text::clock_off(difference_ms, now_ms > zoom_ms);
    if difference_ms < CLOCK_LIMIT_MS {
        Finding::warning(text::CLOCK, found, text::CLOCK_REMEDY)
    } else {
        Finding::bad(text::CLOCK, found, text::CLOCK_REMEDY)
    }
}
