//! Grants that the plugin holds: access tokens that end within an hour, renewed by one node at a time.
//!
//! A refresh token is good for one use, and whoever uses it twice loses the grant. So a node takes a lease on the stored
//! grant before it asks Zoom, stores what Zoom hands out before it uses it, and all others wait for that.

use super::token::{self, TokenGrant, Tokens};
use crate::account::grants::{self, Lease, StoredGrant};
use crate::error::{Error, UserError};
use crate::flow::Io;
use crate::hex::hex;
use crate::model::{Condition, HostError, Level};
use crate::settings::credentials::{MustConnect, OAuthClient};
use crate::settings::{Secret, Settings};
use crate::store::{CAS_ATTEMPTS, too_many_writers};
use crate::zoom::error::ZoomError;

/// A token that ends sooner is renewed: a hook's calls must not outlive it.
const MARGIN_MS: u64 = 60_000;
/// Longer than a request for a token and the writes around it may take: each may take ten seconds.
const LEASE_MS: u64 = 120_000;
/// What a request for a token and keeping what it brings may take, of a lease that was written slowly.
const NEEDED_MS: u64 = 60_000;
/// How often, and how long, others look whether the node that renews is done.
const PAUSE_MS: u32 = 250;
const LONGEST_WAIT_MS: u64 = 8_000;
/// A new refresh token that is not stored is lost: worth more than one try.
const STORE_ATTEMPTS: u32 = 8;

/// A grant by where it is stored, and how it is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant<'a> {
    /// Its key in the store.
    pub key: String,
    /// The app that holds it.
    pub client: &'a OAuthClient,
    /// Server-to-Server OAuth: whose account. It needs no refresh token, and can be had anew at any time.
    pub account_id: Option<&'a str>,
    /// Who has to connect when it is gone.
    pub for_whom: MustConnect,
}

impl Grant<'_> {
    /// An access token that lives long enough for a hook. `refused`: a token that Zoom did not take, and that is therefore not
    /// handed out again.
    ///
    /// # Errors
    /// [`UserError::NotConnected`] when there is no grant (any more); [`ZoomError::Renewing`] when another node takes too long;
    /// Zoom's; the store's.
    pub async fn access_token(
        &self,
        io: &Io,
        settings: &Settings,
        refused: Option<&Secret>,
    ) -> Result<Secret, Error> {
        let mut waited_ms = 0;
        loop {
            let (bytes, stored) = grants::load(io, settings, &self.key).await?;
            if stored.is_none() && self.account_id.is_none() {
                return Err(self.not_connected());
            }
            let stored = stored.unwrap_or_default();
            let now_ms = io.time();
            if stored.is_fresh(now_ms + MARGIN_MS) && refused != Some(&stored.access) {
                return Ok(stored.access);
            }
            if stored.lease.as_ref().is_some_and(|lease| lease.until_ms > now_ms) {
                if waited_ms >= LONGEST_WAIT_MS {
                    return Err(ZoomError::Renewing.into());
                }
                io.pause(PAUSE_MS).await;
                waited_ms += u64::from(PAUSE_MS);
                continue;
            }
            let until_ms = now_ms + LEASE_MS;
            let lease = Lease { holder: hex(&io.random::<16>()), until_ms };
            let leased = StoredGrant { lease: Some(lease), ..stored };
            let unchanged = bytes.map_or(Condition::Absent, Condition::Equals);
            if !grants::store(io, settings, &self.key, &leased, unchanged).await? {
                continue;
            }
            if io.time() + NEEDED_MS > until_ms {
                // The store took so long that another node might take the lease while Zoom is asked: the token would be spent twice.
                let free = StoredGrant { lease: None, ..leased.clone() };
                let _ = self.settle(io, settings, &leased, Some(&free)).await;
                return Err(ZoomError::Renewing.into());
            }
            if let Some(access) = self.renew(io, settings, leased).await? {
                return Ok(access);
            }
        }
    }

    fn not_connected(&self) -> Error {
        UserError::NotConnected(self.for_whom).into()
    }

    /// Asks Zoom, as the only one. `None`: the grant was replaced or taken away in the meantime, and has to be looked at anew.
    async fn renew(
        &self,
        io: &Io,
        settings: &Settings,
        leased: StoredGrant,
    ) -> Result<Option<Secret>, Error> {
        let asked = match (self.account_id, &leased.refresh) {
            (Some(account_id), _) => {
                token::ask(io, settings, self.client, TokenGrant::AccountCredentials { account_id }).await
            }
            (None, Some(refresh)) => {
                token::ask(io, settings, self.client, TokenGrant::RefreshToken(refresh)).await
            }
            (None, None) => Err(ZoomError::GrantDead.into()),
        };
        match asked {
            Ok(tokens) => self.keep(io, settings, &leased, tokens).await,
            Err(Error::Zoom(ZoomError::GrantDead)) if self.account_id.is_none() => {
                io.log(Level::Info, "Zoom has ended a grant: who used it has to connect again", &[]).await;
                let deleted = self.settle(io, settings, &leased, None).await?;
                if deleted { Err(self.not_connected()) } else { Ok(None) }
            }
            Err(error) => {
                // Whether or not the lease could be given back, it ends by itself.
                let free = StoredGrant { lease: None, ..leased.clone() };
                let _ = self.settle(io, settings, &leased, Some(&free)).await;
                Err(error)
            }
        }
    }

    /// Stores new tokens, and only then hands out the access token.
    async fn keep(
        &self,
        io: &Io,
        settings: &Settings,
        leased: &StoredGrant,
        tokens: Tokens,
    ) -> Result<Option<Secret>, Error> {
        let now_ms = io.time();
        let renewed = leased.clone().with(tokens, now_ms);
        let mut attempts = 0;
        loop {
            match self.settle(io, settings, leased, Some(&renewed)).await {
                Ok(true) => return Ok(Some(renewed.access)),
                Ok(false) => {
                    // Disconnected in the meantime: nobody wants what was handed out. Not so when somebody has connected anew: Zoom
                    // has one grant a user and app, and would end the new one.
                    let (_, stored) = grants::load(io, settings, &self.key).await?;
                    if stored.is_none() && self.account_id.is_none() {
                        let _ = token::revoke(io, settings, self.client, &renewed.access).await;
                    }
                    return Ok(None);
                }
                Err(error) if attempts >= STORE_ATTEMPTS => return Err(error),
                Err(Error::Host(HostError::Unavailable(_) | HostError::Other(_))) => {
                    attempts += 1;
                    io.pause(PAUSE_MS).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Ends the lease with what came of it; `None` deletes the grant. `false`: the lease is not ours any more. Users that joined
    /// or left in the meantime stay as they are.
    async fn settle(
        &self,
        io: &Io,
        settings: &Settings,
        leased: &StoredGrant,
        result: Option<&StoredGrant>,
    ) -> Result<bool, Error> {
        for _ in 0..CAS_ATTEMPTS {
            let (bytes, stored) = grants::load(io, settings, &self.key).await?;
            let (Some(bytes), Some(stored)) = (bytes, stored) else { return Ok(false) };
            let same = |lease: &Option<Lease>| lease.as_ref().map(|lease| lease.holder.clone());
            if same(&stored.lease) != same(&leased.lease) {
                // A write of ours that seemed to have failed may have happened all the same.
                return Ok(result.is_some_and(|result| stored.access == result.access));
            }
            let unchanged = Condition::Equals(bytes);
            let done = match result {
                Some(result) => {
                    let result = StoredGrant { users: stored.users, ..result.clone() };
                    grants::store(io, settings, &self.key, &result, unchanged).await?
                }
                None => grants::delete(io, &self.key, unchanged).await?,
            };
            if done {
                return Ok(true);
            }
        }
        Err(too_many_writers(&self.key))
    }
}
