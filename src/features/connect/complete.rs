//! `/oauth2/complete`: Zoom sends the browser back.

use super::browser::Browser;
use super::disconnect::leave;
use super::pending::{self, Pending, PendingKind};
use super::{elsewhere, nothing, parameter, redirect_uri, require_right, stale};
use crate::account::grants::{self, StoredGrant};
use crate::account::official;
use crate::account::token::{self, TokenGrant, Tokens};
use crate::account::users::{self, ZoomUser};
use crate::error::Error;
use crate::flow::Io;
use crate::model::{HttpResponse, Request, User};
use crate::say::i18n::Localizer;
use crate::say::page::page;
use crate::settings::Settings;
use crate::settings::credentials::{MustConnect, OAuthClient};
use crate::zoom::error::ZoomError;

/// Takes what Zoom hands out, and stores it. What the user had wanted is still to be done.
///
/// # Errors
/// Zoom's; the store's; the host's.
pub async fn complete(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    request: &Request,
) -> Result<Completed, Error> {
    let Some((client, whose)) = settings.credentials.connectable() else {
        return Ok(nothing(l10n).into());
    };
    let pending = match parameter(&request.query, "state") {
        Some(state) => pending::take_pending(io, settings, PendingKind::State, &state).await?,
        None => None,
    };
    let Some(pending) = pending else { return Ok(stale(l10n).into()) };
    if request.user_id.as_ref().is_some_and(|user_id| *user_id != pending.user_id) {
        return Ok(page(403, &l10n.connect_title_foreign(), &[l10n.connect_foreign()], l10n.locale).into());
    }
    // The state is gone by now: nobody can spend the code of an address that was left open in the wrong browser.
    if !Browser::of(&l10n.server, request).is_some_and(|browser| browser.has_mark(&pending.browser)) {
        return Ok(elsewhere(l10n).into());
    }
    let Some(code) = parameter(&request.query, "code") else {
        return Ok(page(200, &l10n.connect_title_refused(), &[l10n.connect_refused()], l10n.locale).into());
    };
    let user = io.find_user(pending.user_id.clone()).await?;
    // Known by the link, with a session or without.
    let l10n = &Localizer::new(l10n.server.clone(), &user.locale);
    if require_right(&user, whose).is_err() {
        return Ok(
            page(403, &l10n.connect_title_not_allowed(), &[l10n.connect_only_admins()], l10n.locale).into()
        );
    }
    let grant = TokenGrant::AuthorizationCode {
        code: &code,
        redirect_uri: &redirect_uri(l10n),
        code_verifier: &pending.code_verifier,
    };
    let received = match token::ask(io, settings, client, grant).await {
        Err(Error::Zoom(ZoomError::GrantDead)) => return Ok(stale(l10n).into()),
        other => Received { tokens: other?, at_ms: io.time() },
    };
    let connected = match whose {
        MustConnect::Account => keep_account(io, settings, client, received).await?,
        MustConnect::User => keep_user(io, settings, client, &user, received).await?,
    };
    Ok(Completed::Connected(Box::new(Back { user, l10n: l10n.clone(), pending, connected })))
}

/// What became of a visit to Zoom.
#[derive(Debug)]
pub enum Completed {
    /// Nothing was connected: a page says why.
    Not(HttpResponse),
    /// An account is connected.
    Connected(Box<Back>),
}

impl From<HttpResponse> for Completed {
    fn from(page: HttpResponse) -> Self {
        Self::Not(page)
    }
}

/// A user who is back from Zoom with an account.
#[derive(Debug)]
pub struct Back {
    /// The user, who is known by the link, with a session or without.
    pub user: User,
    /// For that user.
    pub l10n: Localizer,
    /// Where the link was asked for, and what was wanted then.
    pub pending: Pending,
    /// Which account it is.
    pub connected: Connected,
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
