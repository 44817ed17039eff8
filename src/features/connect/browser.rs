//! The browser that is on its way to Zoom, known by a cookie: nobody else's can take a step in its place.
//!
//! A `state` alone does not say that. Whoever asked for it can send Zoom's page to somebody else, who would then connect an own
//! Zoom account to a chat account that is not theirs.

use super::{LINK_LIFE_S, random_text};
use crate::error::Error;
use crate::flow::Io;
use crate::model::{HttpResponse, Method, Request, Server};
use crate::settings::Secret;
use ct_codecs::{Base64UrlSafeNoPadding, Encoder as _};
use hmac_sha256::{HMAC, Hash};
use url::form_urlencoded;

/// Browsers take a cookie of this name from the host itself alone, never from a neighbour below the same domain or from a page
/// without encryption.
const COOKIE: &str = "__Host-plugin-zoom-browser";
/// Where the chat server is reached without encryption, browsers refuse the name above.
const PLAIN_COOKIE: &str = "plugin-zoom-browser";
/// The field of a page's form that shows that the page was seen in this browser.
pub(super) const PROOF: &str = "proof";
/// What an id looks like: 32 bytes as base64url.
const ID_LETTERS: usize = 43;

/// A browser that keeps cookies, or is about to.
pub(super) struct Browser(Secret);

impl Browser {
    /// The browser that sent the request. `None`: it has no cookie of ours, or more than one.
    pub(super) fn of(server: &Server, request: &Request) -> Option<Self> {
        let name = cookie_name(server);
        let mut ids = request
            .headers
            .iter()
            .filter(|(header, _)| header.eq_ignore_ascii_case("cookie"))
            .flat_map(|(_, pairs)| pairs.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(given, _)| *given == name)
            .map(|(_, id)| id);
        let (id, other) = (ids.next()?, ids.next());
        let is_ours =
            id.len() == ID_LETTERS && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        (is_ours && other.is_none()).then(|| Self(Secret::new(id)))
    }

    /// The browser that sent the request, or a new one. The same for all its tabs.
    pub(super) fn of_or_new(io: &Io, server: &Server, request: &Request) -> Result<Self, Error> {
        match Self::of(server, request) {
            Some(browser) => Ok(browser),
            None => Ok(Self(Secret::new(random_text(io)?))),
        }
    }

    /// What is stored of it: enough to know it again, not enough to be it.
    pub(super) fn mark(&self) -> Result<String, Error> {
        text(Hash::hash(self.0.expose().as_bytes()))
    }

    /// Whether this is the browser of a [`mark`](Self::mark).
    pub(super) fn has_mark(&self, mark: &str) -> bool {
        self.mark().is_ok_and(|own| Secret::new(own).matches(mark))
    }

    /// What the form of a link's page holds: only a page that this browser was shown can have it.
    pub(super) fn proof(&self, link: &str) -> Result<String, Error> {
        text(HMAC::mac(link, self.0.expose()))
    }

    /// Whether a button was pressed on the page of this link in this browser.
    pub(super) fn pressed(&self, request: &Request, link: &str) -> bool {
        let given = form_urlencoded::parse(&request.body).find(|(name, _)| name == PROOF);
        request.method == Method::Post
            && given
                .is_some_and(|(_, given)| self.proof(link).is_ok_and(|own| Secret::new(own).matches(&given)))
    }

    /// Has the browser keep the cookie for as long as the next step may take.
    ///
    /// `Lax`, not `Strict`: Zoom's page sends people back here.
    pub(super) fn keep(&self, server: &Server, mut response: HttpResponse) -> HttpResponse {
        let (name, id) = (cookie_name(server), self.0.expose());
        let secure = if is_encrypted(server) { "; Secure" } else { "" };
        let cookie = format!("{name}={id}; Path=/; Max-Age={LINK_LIFE_S}; HttpOnly; SameSite=Lax{secure}");
        response.headers.push(("set-cookie".to_owned(), cookie));
        response
    }
}

fn cookie_name(server: &Server) -> &'static str {
    if is_encrypted(server) { COOKIE } else { PLAIN_COOKIE }
}

/// As browsers see it: by the address that people use, not by the way from a proxy to the chat server.
fn is_encrypted(server: &Server) -> bool {
    server.site_url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

fn text(bytes: [u8; 32]) -> Result<String, Error> {
    Base64UrlSafeNoPadding::encode_to_string(bytes).map_err(|_| Error::Bug("a digest could not be written"))
}
