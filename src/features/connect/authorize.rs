//! `/oauth2/connect`: from the link to Zoom's own page.

use super::browser::{Browser, PROOF};
use super::pending::{self, Pending, PendingKind};
use super::text;
use super::{
    LINK_LIFE_S, Place, elsewhere, new_link, nothing, random_text, redirect_uri, require_right, stale,
};
use crate::account::token;
use crate::error::Error;
use crate::flow::Io;
use crate::model::{HttpResponse, Method, Request, User};
use crate::say::i18n::Localizer;
use crate::say::page::{Form, page, question, redirect};
use crate::settings::Settings;
use crate::settings::credentials::OAuthClient;
use ct_codecs::{Base64UrlSafeNoPadding, Encoder as _};
use url::form_urlencoded;

/// Sends the browser to Zoom, in the name of the user who asked for the link.
///
/// Without a session the page first says whose chat account it is about: a link that somebody else sent must not connect one's
/// Zoom to their account unseen. Looking at the page uses nothing up, so that previews of links do no harm.
///
/// # Errors
/// The store's; the host's.
pub async fn authorize(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    request: &Request,
) -> Result<HttpResponse, Error> {
    let Some((client, whose)) = settings.credentials.connectable() else {
        return Ok(nothing(l10n));
    };
    let link = parameter(&request.query, "link");
    let pending = match (&link, &request.user_id) {
        (Some(link), _) => pending::load_pending(io, settings, PendingKind::Link, link).await?,
        // An old link, opened where the user is signed in: the session says who it is.
        (None, Some(user_id)) => Some(fresh(user_id)),
        (None, None) => None,
    };
    let Some(pending) = pending else { return Ok(stale(l10n)) };
    if request.user_id.as_ref().is_some_and(|user_id| *user_id != pending.user_id) {
        return Ok(page(403, &l10n.connect_title_foreign(), &[l10n.connect_foreign()], l10n.locale));
    }
    let user = io.find_user(pending.user_id.clone()).await?;
    // Known by the link, with a session or without.
    let l10n = &Localizer::new(l10n.server.clone(), &user.locale);
    if require_right(&user, whose).is_err() {
        return Ok(page(403, &l10n.connect_title_not_allowed(), &[l10n.connect_only_admins()], l10n.locale));
    }
    let browser = Browser::of_or_new(io, &l10n.server, request)?;
    let response = match &link {
        // Whoever leads a browser here knows no link of its user: that takes a press.
        None => {
            let link = new_link(io, settings, &pending).await?;
            ask(l10n, &user, &link, &browser)?
        }
        Some(link) if request.method == Method::Post && !browser.pressed(request, link) => {
            return Ok(elsewhere(l10n));
        }
        Some(link) if request.method != Method::Post && request.user_id.is_none() => {
            ask(l10n, &user, link, &browser)?
        }
        Some(link) => {
            let Some(pending) = pending::take_pending(io, settings, PendingKind::Link, link).await? else {
                return Ok(stale(l10n));
            };
            go(io, settings, l10n, client, pending, &browser).await?
        }
    };
    Ok(browser.keep(&l10n.server, response))
}

/// Whose chat account it is about.
fn ask(l10n: &Localizer, user: &User, link: &str, browser: &Browser) -> Result<HttpResponse, Error> {
    let form = Form {
        action: &format!("?link={link}"),
        hidden: (PROOF, &browser.proof(link)?),
        button: &l10n.connect_continue(),
    };
    Ok(question(&l10n.connect_title_connect(), &text::question(user, l10n), &form, l10n.locale))
}

async fn go(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    client: &OAuthClient,
    pending: Pending,
    browser: &Browser,
) -> Result<HttpResponse, Error> {
    let (state, code_verifier) = (random_text(io)?, random_text(io)?);
    let challenge =
        Base64UrlSafeNoPadding::encode_to_string(hmac_sha256::Hash::hash(code_verifier.as_bytes()))
            .map_err(|_| Error::Bug("a challenge could not be written"))?;
    let url = token::authorize_url(settings, client, &redirect_uri(l10n), &state, &challenge)?;
    let pending = Pending { code_verifier, browser: browser.mark()?, ..pending };
    pending::save_pending(io, settings, PendingKind::State, &state, &pending, LINK_LIFE_S).await?;
    Ok(redirect(url.as_str()))
}

fn fresh(user_id: &str) -> Pending {
    Pending {
        user_id: user_id.to_owned(),
        place: Place { channel_id: String::new(), root_id: None },
        detour: None,
        code_verifier: String::new(),
        browser: String::new(),
    }
}

/// A parameter of a query.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.into_owned())
        .filter(|value| !value.is_empty())
}
