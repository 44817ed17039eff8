//! What the chat server's side needs: an address, events that arrive, a clock that is right.

use super::text;
use super::{Check, Finding};
use crate::error::Error;
use crate::flow::Io;
use crate::meeting::records;
use crate::say::i18n::Localizer;
use crate::say::text::time::length;
use crate::settings::Settings;
use crate::store::{self, Refused};
use crate::zoom::hosts;
use crate::zoom::refused::Why;
use url::{Host, Url};

/// A difference between the clocks that does no harm, in milliseconds: HTTP's dates have whole seconds.
const CLOCK_SLACK_MS: u64 = 30_000;
/// From here on signed events are refused, in milliseconds. `zoom::signature` has the window.
const CLOCK_LIMIT_MS: u64 = 300_000;
/// How long no event is still no sign of trouble: Zoom validates the URL every 72 hours.
const SILENCE_MS: u64 = 72 * 3_600_000;

/// Whether Zoom, and browsers that come back from it, can find the chat server.
pub(super) fn site_url(l10n: &Localizer, settings: Option<&Settings>) -> Finding {
    let bad = |found: String| Finding::bad(Check::SiteUrl, found, l10n.doctor_site_url_remedy());
    let shown = l10n.server.site_url.as_str();
    if shown.is_empty() {
        return bad(l10n.doctor_site_url_empty());
    }
    let Ok(url) = Url::parse(shown) else {
        return bad(l10n.doctor_site_url_unreadable(&shown.replace('`', "")));
    };
    // A Zoom in the same private network reaches private addresses.
    let zoom_is_private = settings.is_some_and(|settings| is_private(settings.api_url.host()));
    if is_private(url.host()) && !zoom_is_private {
        return bad(l10n.doctor_site_url_private(shown));
    }
    if url.scheme() != "https" {
        let found = l10n.doctor_site_url_plain(shown);
        return Finding::warning(Check::SiteUrl, found, l10n.doctor_site_url_plain_remedy());
    }
    Finding::good(Check::SiteUrl, l10n.doctor_site_url_good(shown))
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

/// Whether Zoom's events arrive, and are taken.
pub(super) async fn webhook(io: &Io, l10n: &Localizer) -> Finding {
    match look_at_webhook(io, l10n).await {
        Ok(finding) => finding,
        Err(_) => Finding::warning(Check::Webhook, l10n.doctor_store_failed(), l10n.doctor_see_log()),
    }
}

async fn look_at_webhook(io: &Io, l10n: &Localizer) -> Result<Finding, Error> {
    let is_recent = |at_ms: u64| at_ms + SILENCE_MS >= io.now_ms();
    let ago = |at_ms: u64| length(io.now_ms().saturating_sub(at_ms), l10n);
    let seen_ms = records::webhook_seen(io).await?.filter(|seen_ms| is_recent(*seen_ms));
    // Zoom's, in all likelihood: they came with the secret of the URL.
    if let Some(Refused { at_ms, why }) = store::refused(io, true).await? {
        let reason = text::refused(why, l10n);
        let remedy = text::refused_remedy(why, l10n);
        // An event that nobody can read is one event. All other reasons hold for each that comes.
        let some_are_taken = why == Why::Unreadable || seen_ms.is_some_and(|seen_ms| seen_ms > at_ms);
        return Ok(if some_are_taken {
            Finding::warning(Check::Webhook, l10n.doctor_webhook_partly_refused(&ago(at_ms), &reason), remedy)
        } else {
            Finding::bad(Check::Webhook, l10n.doctor_webhook_refused(&ago(at_ms), &reason), remedy)
        });
    }
    if let Some(seen_ms) = seen_ms {
        return Ok(Finding::good(Check::Webhook, l10n.doctor_webhook_seen(&ago(seen_ms))));
    }
    // Anybody may send these: where Zoom's are taken they mean nothing.
    if let Some(Refused { at_ms, why }) = store::refused(io, false).await? {
        let found = l10n.doctor_webhook_refused(&ago(at_ms), &text::refused(why, l10n));
        return Ok(Finding::bad(Check::Webhook, found, text::refused_remedy(why, l10n)));
    }
    Ok(Finding::warning(Check::Webhook, l10n.doctor_webhook_silent(), text::webhook_remedy(l10n)))
}

/// Whether events have to be signed.
pub(super) fn signature(settings: &Settings, l10n: &Localizer) -> Finding {
    let remedy = l10n.doctor_signature_remedy();
    match settings.zoom_webhook_secret {
        Some(_) => Finding::good(Check::Signature, l10n.doctor_signature_good()),
        None if hosts::is_cloud(&settings.api_url) => {
            Finding::bad(Check::Signature, l10n.doctor_signature_needed(), remedy)
        }
        None => Finding::warning(Check::Signature, l10n.doctor_signature_off(), remedy),
    }
}

/// Whether both clocks agree.
pub(super) fn clock(now_ms: u64, zoom_ms: u64, l10n: &Localizer) -> Finding {
    let difference_ms = now_ms.abs_diff(zoom_ms);
    if difference_ms <= CLOCK_SLACK_MS {
        return Finding::good(Check::Clock, l10n.doctor_clock_good());
    }
    let found = text::clock_off(difference_ms, now_ms > zoom_ms, l10n);
    let remedy = l10n.doctor_clock_remedy();
    if difference_ms < CLOCK_LIMIT_MS {
        Finding::warning(Check::Clock, found, remedy)
    } else {
        Finding::bad(Check::Clock, found, remedy)
    }
}
