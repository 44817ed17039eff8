//! Zoom's OAuth: codes, access tokens, and refresh tokens that are good for one use.

use crate::cast::{MARK, SignIn};
use std::collections::BTreeMap;

const TOKEN_LIFE_MS: u64 = 3_600_000;

#[derive(Debug)]
struct Token {
    /// `None`: the account's.
    user: Option<usize>,
    until_ms: u64,
    grant: usize,
}

#[derive(Debug)]
struct Grant {
    user: usize,
    refresh: String,
    alive: bool,
    /// The hook that was given the newest tokens, and whether it has stored them.
    by: u32,
    kept: bool,
    /// When the user allowed the app.
    since_ms: u64,
}

/// A refresh token after its use.
#[derive(Debug, Clone)]
pub(crate) struct Spent {
    /// The hook that used it.
    pub(crate) by: u32,
    pub(crate) at_ms: u64,
    /// Zoom's answer never reached that hook.
    pub(crate) lost: bool,
    /// That hook has stored what it got for it.
    pub(crate) stored: bool,
}

#[derive(Debug)]
pub(crate) struct SignIns {
    sign_in: SignIn,
    codes: BTreeMap<String, (usize, bool)>,
    tokens: BTreeMap<String, Token>,
    grants: Vec<Grant>,
    pub(crate) spent: BTreeMap<String, Spent>,
    next: u32,
}

/// What the token endpoint answers.
pub(crate) enum Answer {
    Tokens {
        access: String,
        refresh: Option<String>,
    },
    Invalid,
    /// A refresh token that was used before.
    Again(Spent),
}

impl SignIns {
    pub(crate) fn new(sign_in: SignIn) -> Self {
        Self {
            sign_in,
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            grants: Vec::new(),
            spent: BTreeMap::new(),
            next: 0,
        }
    }

    /// A user of Zoom has allowed the app. Answers the code for the browser.
    pub(crate) fn allow(&mut self, user: usize) -> String {
        self.next += 1;
        let code = format!("{MARK}-code-{}", self.next);
        self.codes.insert(code.clone(), (user, false));
        code
    }

    pub(crate) fn exchange(&mut self, code: &str, by: u32, now_ms: u64) -> Answer {
        let Some((user, used)) = self.codes.get_mut(code) else { return Answer::Invalid };
        if std::mem::replace(used, true) {
            return Answer::Invalid;
        }
        let user = *user;
        // One grant a user and app: what was there before ends.
        for grant in self.grants.iter_mut().filter(|grant| grant.user == user) {
            grant.alive = false;
        }
        self.next += 1;
        let (refresh, since_ms) = (String::new(), now_ms);
        self.grants.push(Grant { user, refresh, alive: true, by, kept: false, since_ms });
        self.hand_out(self.grants.len() - 1, by, now_ms)
    }

    /// Server-to-Server.
    pub(crate) fn account(&mut self, now_ms: u64) -> Answer {
        self.next += 1;
        let access = format!("{MARK}-access-{}", self.next);
        let token = Token { user: None, until_ms: now_ms + TOKEN_LIFE_MS, grant: usize::MAX };
        self.tokens.insert(access.clone(), token);
        Answer::Tokens { access, refresh: None }
    }

    pub(crate) fn refresh(&mut self, token: &str, by: u32, now_ms: u64) -> Answer {
        if let Some(spent) = self.spent.get(token).cloned() {
            // Zoom takes a second use for a theft.
            let user = self.grants.iter().find(|grant| grant.refresh == token).map(|grant| grant.user);
            for grant in self.grants.iter_mut().filter(|grant| Some(grant.user) == user) {
                grant.alive = false;
            }
            return Answer::Again(spent);
        }
        let Some(index) = self.grants.iter().position(|grant| grant.alive && grant.refresh == token) else {
            return Answer::Invalid;
        };
        let spent = Spent { by, at_ms: now_ms, lost: false, stored: false };
        self.spent.insert(token.to_owned(), spent);
        self.hand_out(index, by, now_ms)
    }

    fn hand_out(&mut self, grant: usize, by: u32, now_ms: u64) -> Answer {
        self.next += 1;
        let (access, refresh) =
            (format!("{MARK}-access-{}", self.next), format!("{MARK}-refresh-{}", self.next));
        let user = (self.sign_in == SignIn::User).then_some(self.grants[grant].user);
        self.tokens.insert(access.clone(), Token { user, until_ms: now_ms + TOKEN_LIFE_MS, grant });
        (self.grants[grant].by, self.grants[grant].kept) = (by, false);
        self.grants[grant].refresh.clone_from(&refresh);
        Answer::Tokens { access, refresh: Some(refresh) }
    }

    /// Whose token this is: `Some(None)` is the account's. `None`: it is good for nothing.
    pub(crate) fn bearer(&self, header: &str, now_ms: u64) -> Option<Option<usize>> {
        let token = header.strip_prefix("Bearer ")?;
        if self.sign_in == SignIn::Jwt {
            return token.starts_with("eyJ").then_some(None);
        }
        let known = self.tokens.get(token)?;
        let alive = self.grants.get(known.grant).is_none_or(|grant| grant.alive);
        (alive && known.until_ms > now_ms).then_some(known.user)
    }

    /// The plugin gives a token back.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        let by_access = self.tokens.get(token).map(|token| token.grant);
        let found = by_access.or_else(|| self.grants.iter().position(|grant| grant.refresh == token));
        let Some(grant) = found.and_then(|index| self.grants.get_mut(index)) else { return false };
        std::mem::replace(&mut grant.alive, false)
    }

    /// All access tokens end before their time.
    pub(crate) fn rotate(&mut self) {
        self.tokens.clear();
    }

    /// A user removes the app. Whether there was anything to remove.
    pub(crate) fn remove(&mut self, user: usize) -> bool {
        let mut any = false;
        for grant in self.grants.iter_mut().filter(|grant| grant.user == user) {
            any |= std::mem::replace(&mut grant.alive, false);
        }
        any
    }

    /// Since when a user allows the app, where the plugin has all that it needs to go on.
    pub(crate) fn in_order_since(&self, user: usize) -> Option<u64> {
        let grant = self.grants.iter().find(|grant| grant.user == user && grant.alive && grant.kept)?;
        Some(grant.since_ms)
    }

    /// What this hook was given was lost, or the hook itself.
    pub(crate) fn lost(&mut self, by: u32) {
        for grant in self.grants.iter_mut().filter(|grant| grant.by == by && !grant.kept) {
            grant.by = u32::MAX;
        }
        for spent in self.spent.values_mut().filter(|spent| spent.by == by && !spent.stored) {
            spent.lost = true;
        }
    }

    /// This hook has stored a grant.
    pub(crate) fn stored(&mut self, by: u32) {
        for spent in self.spent.values_mut().filter(|spent| spent.by == by && !spent.lost) {
            spent.stored = true;
        }
        for grant in self.grants.iter_mut().filter(|grant| grant.by == by) {
            grant.kept = true;
        }
    }
}
