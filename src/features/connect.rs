//! Connects people's Zoom accounts, or the organisation's, to the chat server: OAuth's way through the browser.
//!
//! The link needs no session of the chat server in the browser: apps on desktops and phones open another browser. It holds a
//! random text that only its reader knows, is good for one use within [`LINK_LIFE_S`], and stands for the user who asked. From its
//! page on the way is bound to one browser.

mod authorize;
mod browser;
mod complete;
mod deauthorize;
mod disconnect;
pub mod pending;
pub mod text;

pub use authorize::authorize;
pub(crate) use authorize::parameter;
pub use complete::{Back, Completed, Connected, complete};
pub use deauthorize::deauthorize;
pub use disconnect::disconnect;

use crate::error::{Error, UserError};
use crate::flow::Io;
use crate::meeting::follow;
use crate::meeting::wanted::Wanted;
use crate::model::{HttpResponse, User};
use crate::say::i18n::Localizer;
use crate::say::page;
use crate::settings::Settings;
use crate::settings::credentials::MustConnect;
use ct_codecs::{Base64UrlSafeNoPadding, Encoder as _};
use pending::Pending;
use serde::{Deserialize, Serialize};

/// How long a link, and the visit to Zoom after it, may take, in seconds.
pub const LINK_LIFE_S: u32 = 600;

/// What a user wanted when the account was not connected yet. It is done afterwards, and nothing else is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detour {
    /// A meeting.
    Start(Wanted),
    /// To follow a meeting.
    Subscribe(follow::Wanted),
}

/// Where the user was when the link was asked for: what comes of it is said there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The channel.
    pub channel_id: String,
    /// The thread.
    pub root_id: Option<String>,
}

/// Nobody has to connect anything here.
fn nothing(l10n: &Localizer) -> HttpResponse {
    page::page(404, &l10n.connect_title_nothing(), &[l10n.connect_nothing()], l10n.locale)
}

/// The link was used, is too old, or was never handed out.
fn stale(l10n: &Localizer) -> HttpResponse {
    page::page(410, &l10n.connect_title_stale(), &[l10n.connect_stale()], l10n.locale)
}

/// A step that another browser has to take.
fn elsewhere(l10n: &Localizer) -> HttpResponse {
    page::page(403, &l10n.connect_title_elsewhere(), &[l10n.connect_elsewhere()], l10n.locale)
}

/// A page that says what went wrong.
pub fn failed(status: u16, reply: &str, l10n: &Localizer) -> HttpResponse {
    page::page(status, &l10n.connect_title_failed(), &[reply.to_owned()], l10n.locale)
}

/// `/zoom connect`. Connecting again replaces what was there.
///
/// # Errors
/// The settings offer nothing to connect; an administrator's matter; the store's.
pub async fn connect(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user: &User,
    place: Place,
) -> Result<String, Error> {
    let Some((_, whose)) = settings.credentials.connectable() else {
        return Ok(l10n.connect_nothing());
    };
    require_right(user, whose)?;
    let url = link(io, settings, l10n, user, place, None).await?;
    Ok(text::invitation(&url, whose, false, l10n))
}

/// A link, and the message that holds it. For one pair of eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The link.
    pub url: String,
    /// Markdown with the link in it.
    pub message: String,
}

/// Turns the error that something needs a connection into the invitation to make it. Other errors pass.
pub(crate) async fn invite(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user_id: &str,
    place: Place,
    detour: Detour,
    error: Error,
) -> Result<Invitation, Error> {
    let Error::User(UserError::NotConnected(whose)) = error else { return Err(error) };
    let user = l10n.user(io, user_id).await?;
    // Who may not connect is told who can.
    if require_right(&user, whose).is_err() {
        return Err(error);
    }
    let url = link(io, settings, l10n, &user, place, Some(detour)).await?;
    let message = text::invitation(&url, whose, true, l10n);
    Ok(Invitation { url, message })
}

/// Connecting the organisation's account is for administrators.
fn require_right(user: &User, whose: MustConnect) -> Result<(), UserError> {
    match whose {
        MustConnect::Account if !user.is_admin => Err(UserError::NotAnAdmin),
        MustConnect::Account | MustConnect::User => Ok(()),
    }
}

/// A link for this user's eyes alone.
async fn link(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user: &User,
    place: Place,
    detour: Option<Detour>,
) -> Result<String, Error> {
    if l10n.server.site_url.is_empty() {
        return Err(UserError::NoSiteUrl.into());
    }
    let pending = Pending {
        user_id: user.id.clone(),
        place,
        detour,
        code_verifier: String::new(),
        browser: String::new(),
    };
    let nonce = new_link(io, settings, &pending).await?;
    Ok(format!("{}/oauth2/connect?link={nonce}", l10n.server.plugin_url))
}

/// The random text of a new link.
async fn new_link(io: &Io, settings: &Settings, pending: &Pending) -> Result<String, Error> {
    let nonce = random_text(io)?;
    pending::save_pending(io, settings, pending::PendingKind::Link, &nonce, pending, LINK_LIFE_S).await?;
    Ok(nonce)
}

/// 256 bits that nobody can guess, as base64url.
fn random_text(io: &Io) -> Result<String, Error> {
    Base64UrlSafeNoPadding::encode_to_string(io.random::<32>())
        .map_err(|_| Error::Bug("a random text could not be written"))
}

/// Where Zoom sends the browser back to: it must be the same to the letter each time, and stand in the Zoom app.
fn redirect_uri(l10n: &Localizer) -> String {
    format!("{}/oauth2/complete", l10n.server.plugin_url)
}
