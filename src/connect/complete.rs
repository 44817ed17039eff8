//! `/oauth2/complete`: Zoom sends the browser back.

use super::browser::Browser;
use super::disconnect::leave;
use super::pending::{self, Pending, PendingKind};
use super::text;
use super::{Detour, elsewhere, nothing, parameter, redirect_uri, require_right, stale};
use crate::account::grants::{self, StoredGrant};
use crate::account::official;
use crate::account::token::{self, TokenGrant, Tokens};
use crate::account::users::{self, ZoomUser};
use crate::error::Error;
use crate::flow::Io;
use crate::model::{Author, Draft, HttpResponse, Privacy, Request, User};
use crate::say::i18n::Localizer;
use crate::say::page::{page, redirect};
use crate::settings::Settings;
use crate::settings::credentials::{MustConnect, OAuthClient};
use crate::start::{Started, start};
use crate::subscription;
use crate::zoom::error::ZoomError;

/// Takes what Zoom hands out, stores it, and does what the user had wanted.
///
/// # Errors
/// Zoom's; the store's; the host's.
pub async fn complete(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    request: &Request,
) -> Result<HttpResponse, Error> {
    let Some((client, whose)) = settings.credentials.connectable() else {
        return Ok(nothing(l10n));
    };
    let pending = match parameter(&request.query, "state") {
        Some(state) => pending::take_pending(io, settings, PendingKind::State, &state).await?,
        None => None,
    };
    let Some(pending) = pending else { return Ok(stale(l10n)) };
    if request.user_id.as_ref().is_some_and(|user_id| *user_id != pending.user_id) {
        return Ok(page(403, &l10n.connect_title_foreign(), &[l10n.connect_foreign()], l10n.locale));
    }
    // The state is gone by now: nobody can spend the code of an address that was left open in the wrong browser.
    if !Browser::of(&l10n.server, request).is_some_and(|browser| browser.has_mark(&pending.browser)) {
        return Ok(elsewhere(l10n));
    }
    let Some(code) = parameter(&request.query, "code") else {
        return Ok(page(200, &l10n.connect_title_refused(), &[l10n.connect_refused()], l10n.locale));
    };
    let user = io.find_user(pending.user_id.clone()).await?;
    // Known by the link, with a session or without.
    let l10n = &Localizer::new(l10n.server.clone(), &user.locale);
    if require_right(&user, whose).is_err() {
        return Ok(page(403, &l10n.connect_title_not_allowed(), &[l10n.connect_only_admins()], l10n.locale));
    }
    let grant = TokenGrant::AuthorizationCode {
        code: &code,
        redirect_uri: &redirect_uri(l10n),
        code_verifier: &pending.code_verifier,
    };
    let received = match token::ask(io, settings, client, grant).await {
        Err(Error::Zoom(ZoomError::GrantDead)) => return Ok(stale(l10n)),
        other => Received { tokens: other?, at_ms: io.time().await },
    };
    let connected = match whose {
        MustConnect::Account => keep_account(io, settings, client, received).await?,
        MustConnect::User => keep_user(io, settings, client, &user, received).await?,
    };
    Ok(after(io, settings, l10n, &user, pending, &connected).await)
}

/// Which Zoom account is connected now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connected {
    /// The organisation's.
    Account,
    /// A user's own.
    Own(ZoomUser),
}

/// What Zoom has handed out.
struct Received {
    tokens: Tokens,
    /// When, in milliseconds since the Unix epoch: of two sign-ins to one grant Zoom keeps the later.
    at_ms: u64,
}

impl Received {
    /// The grant with these tokens, unless it has later ones.
    fn put_into(&self, stored: StoredGrant, account_id: Option<&str>) -> StoredGrant {
        if stored.connected_ms > self.at_ms {
            return stored;
        }
        let account_id = account_id.map(str::to_owned);
        let fresh = StoredGrant { connected_ms: self.at_ms, refresh: None, account_id, ..stored };
        fresh.with(self.tokens.clone(), self.at_ms)
    }
}

async fn keep_account(
    io: &Io,
    settings: &Settings,
    client: &OAuthClient,
    received: Received,
) -> Result<Connected, Error> {
    // Tells a later report about this account from one about another that uses the app. Without the scope it remains unknown.
    let zoom_user = users::of_token(io, settings, &received.tokens.access).await.ok();
    let account_id = zoom_user.as_ref().and_then(ZoomUser::account_id);
    let key = grants::account_key(client);
    let fresh = |stored: StoredGrant| received.put_into(stored, account_id);
    grants::change(io, settings, &key, &fresh).await?;
    official::forget_account(io).await?;
    Ok(Connected::Account)
}

/// A Zoom user has one grant of the app: connecting an account that another user has connected too gives both the new one.
async fn keep_user(
    io: &Io,
    settings: &Settings,
    client: &OAuthClient,
    user: &User,
    received: Received,
) -> Result<Connected, Error> {
    let zoom_user = users::of_token(io, settings, &received.tokens.access).await?;
    let before = official::zoom_user(io, settings, client, &user.id).await?;
    let fresh = |stored: StoredGrant| received.put_into(stored, zoom_user.account_id()).with_user(&user.id);
    grants::change(io, settings, &grants::user_key(client, &zoom_user.id), &fresh).await?;
    grants::set_connection(io, &user.id, &zoom_user.id).await?;
    if let Some(before) = before.filter(|before| *before != zoom_user.id) {
        leave(io, settings, client, &user.id, &before).await?;
    }
    Ok(Connected::Own(zoom_user))
}

/// The account is connected whatever becomes of the rest.
async fn after(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    user: &User,
    pending: Pending,
    connected: &Connected,
) -> HttpResponse {
    let done = text::connected(user, connected, l10n);
    let said = match pending.detour.clone() {
        None => Ok(None),
        Some(Detour::Start(wanted)) => match start(io, settings, l10n, &user.id, wanted).await {
            // This tab was opened for the meeting.
            Ok(Started::Meeting(meeting)) => return redirect(meeting.join_url.as_str()),
            Ok(Started::Asked) => Ok(Some(l10n.connect_asked())),
            Ok(Started::Shared) => Ok(None),
            Err(error) => Err(error),
        },
        Some(Detour::Subscribe(wanted)) => {
            subscription::add(io, settings, l10n, &user.id, wanted).await.map(Some)
        }
    };
    let mut paragraphs = vec![done];
    match said {
        Ok(said) => paragraphs.extend(said),
        Err(error) => {
            crate::hooks::log(io, &error).await;
            paragraphs.push(error.reply(l10n, io.now_ms()));
        }
    }
    tell(io, user, &pending, &paragraphs.join("\n\n")).await;
    paragraphs.push(l10n.connect_close());
    page(200, &l10n.connect_title_connected(), &paragraphs, l10n.locale)
}

/// Where the user had asked for the link. The page says the same, so that a reply that fails is no loss.
async fn tell(io: &Io, user: &User, pending: &Pending, message: &str) {
    if pending.place.channel_id.is_empty() {
        return;
    }
    let draft = Draft {
        channel_id: pending.place.channel_id.clone(),
        root_id: pending.place.root_id.clone(),
        author: Author::Bot,
        message: message.to_owned(),
        ..Draft::default()
    };
    let _ = io.send_private(user.id.clone(), draft, Privacy::Prefer).await;
}
