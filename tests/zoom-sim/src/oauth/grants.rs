//! What was handed out: codes, access tokens, refresh tokens. No sockets here; every change is one call
//! under the simulation's lock, so of two who spend one code or one refresh token one wins.

use serde::Serialize;

use super::{challenge::Challenge, error::TokenError, options::OAuthOptions};
use crate::{App, AppKind, clock::UnixMs, ids::Ids, meetings::DAY_MS, users::Users};

/// A code is good for so long.
const CODE_LIFE_MS: i64 = 5 * 60 * 1000;
/// A refresh token that nobody uses is good for so long.
const REFRESH_LIFE_MS: i64 = 90 * DAY_MS;
/// A token that has run out is remembered so long, to say of it that it has.
const MEMORY_MS: i64 = DAY_MS;
/// Zoom's tokens are long: whoever stores or sends them must have room.
const TOKEN_LETTERS: [usize; 3] = [36, 560, 86];

/// Why a person's code or token is of no use.
const GONE: &str = "the user who allowed the app is gone, or switched off";

/// What a user, or an account, has allowed an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// Number of the grant, counted from 1.
    pub id: u64,
    /// The app.
    pub client_id: String,
    /// Who has allowed it; absent for Server-to-Server OAuth.
    pub user_id: Option<String>,
    /// What its tokens are good for.
    pub scopes: Vec<String>,
    /// The one refresh token that is good now. Absent for Server-to-Server OAuth, and when the same user
    /// has allowed the app anew.
    pub refresh_token: Option<String>,
    /// When the refresh token runs out.
    pub refresh_until_ms: UnixMs,
    /// Oldest first; those that have run out stay for a day.
    pub access_tokens: Vec<AccessToken>,
}

/// An access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessToken {
    /// What stands behind `Bearer`.
    pub token: String,
    /// From then on it is refused.
    pub until_ms: UnixMs,
}

/// The answer to a good token request.
#[derive(Debug, Serialize)]
pub(crate) struct Issued {
    access_token: String,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    expires_in: u32,
    scope: String,
    api_url: String,
}

/// What a browser carries back to the app.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) client_id: String,
    pub(crate) user_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) scopes: Vec<String>,
}

/// What a code is exchanged with.
pub(crate) struct Exchange<'a> {
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: Option<&'a str>,
}

/// What handing out needs to know.
pub(crate) struct Issuer<'a> {
    pub(crate) ids: &'a mut Ids,
    pub(crate) users: &'a Users,
    pub(crate) options: &'a OAuthOptions,
    pub(crate) web_url: &'a str,
    pub(crate) now_ms: UnixMs,
}

#[derive(Debug, Default)]
pub(crate) struct Grants {
    grants: Vec<Grant>,
    codes: Vec<(String, UnixMs, Code)>,
    last_id: u64,
}

impl Grants {
    /// Makes a code, good for five minutes and one use.
    pub(crate) fn issue_code(&mut self, issuer: &mut Issuer<'_>, code: Code) -> String {
        self.codes.retain(|(_, until_ms, _)| *until_ms > issuer.now_ms);
        let letters = issuer.ids.token(44);
        self.codes.push((letters.clone(), issuer.now_ms.saturating_add(CODE_LIFE_MS), code));
        letters
    }

    /// A token for the account.
    pub(crate) fn account_credentials(&mut self, issuer: &mut Issuer<'_>, app: &App) -> Issued {
        self.forget(issuer.now_ms);
        if issuer.options.one_account_token {
            self.grants.retain(|grant| grant.client_id != app.client_id);
        }
        let scopes = app.granted_scopes();
        // New scopes need a new token: each token keeps those of its time.
        let of_app = |grant: &Grant| grant.client_id == app.client_id && grant.scopes == scopes;
        let index = match self.grants.iter().position(of_app) {
            Some(index) => index,
            None => self.add(app, None, scopes),
        };
        self.issue(issuer, index)
    }

    /// Spends a code. Whatever is wrong with the request, the code is spent; but it has to be this app's.
    pub(crate) fn exchange(
        &mut self,
        issuer: &mut Issuer<'_>,
        app: &App,
        asked: &Exchange<'_>,
    ) -> Result<Issued, TokenError> {
        self.forget(issuer.now_ms);
        let own =
            |(code, _, of): &(String, UnixMs, Code)| *code == asked.code && of.client_id == app.client_id;
        let Some(index) = self.codes.iter().position(own) else {
            return Err(TokenError::code(asked.code, "it was never given to this app, or it is spent"));
        };
        let (letters, until_ms, code) = self.codes.remove(index);
        if until_ms <= issuer.now_ms {
            return Err(TokenError::code(&letters, "it is older than five minutes"));
        }
        if code.redirect_uri != asked.redirect_uri {
            return Err(TokenError::redirect(&code.redirect_uri));
        }
        if let Some(challenge) = &code.challenge {
            challenge.check(asked.verifier)?;
        }
        if !issuer.users.is_active(&code.user_id) {
            return Err(TokenError::code(&letters, GONE));
        }
        self.replace(&code, issuer.options.replaced_tokens_live);
        let index = self.add(app, Some(code.user_id), code.scopes);
        self.renew(issuer, index);
        Ok(self.issue(issuer, index))
    }

    /// Spends a refresh token for an access token and the next refresh token.
    pub(crate) fn refresh(
        &mut self,
        issuer: &mut Issuer<'_>,
        app: &App,
        token: &str,
    ) -> Result<Issued, TokenError> {
        self.forget(issuer.now_ms);
        let own =
            |grant: &Grant| grant.refresh_token.as_deref() == Some(token) && grant.client_id == app.client_id;
        let shape = issuer.options.dead_refresh_token;
        let Some(index) = self.grants.iter().position(own) else {
            let hint = "it is spent, its grant has ended, or it was never given to this app";
            return Err(TokenError::dead(shape, hint));
        };
        if self.grants[index].user_id.as_ref().is_some_and(|id| !issuer.users.is_active(id)) {
            return Err(TokenError::dead(shape, GONE));
        }
        if self.grants[index].refresh_until_ms <= issuer.now_ms {
            return Err(TokenError::dead(shape, "it is older than 90 days"));
        }
        self.renew(issuer, index);
        Ok(self.issue(issuer, index))
    }

    /// Ends what a token belongs to: the grant, or the token alone for Server-to-Server OAuth.
    pub(crate) fn revoke(&mut self, app: &App, token: &str) -> bool {
        let holds = |grant: &Grant| {
            grant.refresh_token.as_deref() == Some(token)
                || grant.access_tokens.iter().any(|access| access.token == token)
        };
        let own = |grant: &Grant| grant.client_id == app.client_id && holds(grant);
        let Some(index) = self.grants.iter().position(own) else { return false };
        if app.kind == AppKind::ServerToServer {
            self.grants[index].access_tokens.retain(|access| access.token != token);
        } else {
            self.grants.remove(index);
        }
        true
    }

    /// The grant of an access token, and when the token runs out.
    pub(crate) fn by_access_token(&self, token: &str) -> Option<(&Grant, UnixMs)> {
        self.grants.iter().find_map(|grant| {
            let access = grant.access_tokens.iter().find(|access| access.token == token)?;
            Some((grant, access.until_ms))
        })
    }

    pub(crate) fn all(&self) -> &[Grant] {
        &self.grants
    }

    /// Ends the grants that are meant, with all their tokens and the codes that would become one.
    pub(crate) fn end(&mut self, meant: impl Fn(&str, Option<&str>) -> bool) -> Vec<Grant> {
        self.codes.retain(|(_, _, code)| !meant(&code.client_id, Some(&code.user_id)));
        let ended = |grant: &mut Grant| meant(&grant.client_id, grant.user_id.as_deref());
        self.grants.extract_if(.., ended).collect()
    }

    pub(crate) fn end_one(&mut self, id: u64) -> Option<Grant> {
        let index = self.grants.iter().position(|grant| grant.id == id)?;
        Some(self.grants.remove(index))
    }

    /// Every access token has run out; gives how many had not.
    pub(crate) fn expire_access_tokens(&mut self, now_ms: UnixMs) -> usize {
        let tokens = self.grants.iter_mut().flat_map(|grant| &mut grant.access_tokens);
        let live = tokens.filter(|access| access.until_ms > now_ms);
        live.map(|access| access.until_ms = now_ms).count()
    }

    /// One live grant for each user and app: the one before loses its refresh token.
    fn replace(&mut self, code: &Code, tokens_live: bool) {
        let same = |grant: &Grant| {
            grant.client_id == code.client_id && grant.user_id.as_ref() == Some(&code.user_id)
        };
        if !tokens_live {
            self.grants.retain(|grant| !same(grant));
        }
        self.grants.iter_mut().filter(|grant| same(grant)).for_each(|grant| grant.refresh_token = None);
    }

    fn add(&mut self, app: &App, user_id: Option<String>, scopes: Vec<String>) -> usize {
        self.last_id += 1;
        self.grants.push(Grant {
            id: self.last_id,
            client_id: app.client_id.clone(),
            user_id,
            scopes,
            refresh_token: None,
            refresh_until_ms: 0,
            access_tokens: Vec::new(),
        });
        self.grants.len() - 1
    }

    fn renew(&mut self, issuer: &mut Issuer<'_>, index: usize) {
        let grant = &mut self.grants[index];
        grant.refresh_token = Some(token(issuer.ids));
        grant.refresh_until_ms = issuer.now_ms.saturating_add(REFRESH_LIFE_MS);
    }

    fn issue(&mut self, issuer: &mut Issuer<'_>, index: usize) -> Issued {
        let grant = &mut self.grants[index];
        let access_token = token(issuer.ids);
        let life_s = issuer.options.access_token_life_s;
        let until_ms = issuer.now_ms.saturating_add(i64::from(life_s) * 1000);
        grant.access_tokens.push(AccessToken { token: access_token.clone(), until_ms });
        Issued {
            access_token,
            token_type: "bearer",
            refresh_token: grant.refresh_token.clone(),
            expires_in: life_s,
            scope: grant.scopes.join(" "),
            api_url: issuer.options.api_url.clone().unwrap_or_else(|| issuer.web_url.to_owned()),
        }
    }

    fn forget(&mut self, now_ms: UnixMs) {
        for grant in &mut self.grants {
            grant.access_tokens.retain(|access| access.until_ms.saturating_add(MEMORY_MS) > now_ms);
        }
        self.grants.retain(|grant| grant.refresh_token.is_some() || !grant.access_tokens.is_empty());
    }
}

fn token(ids: &mut Ids) -> String {
    TOKEN_LETTERS.map(|letters| ids.token(letters)).join(".")
}
