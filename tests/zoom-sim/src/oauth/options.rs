//! How the simulated Zoom's OAuth behaves where reports differ, and who sits in front of it.

use serde::{Deserialize, Serialize};

/// Switches of OAuth. A change holds from the next request on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OAuthOptions {
    /// Who is signed in at Zoom in every browser, by id or address. If absent the page lets one choose.
    pub signed_in: Option<String>,
    /// What that person does when an app asks to be allowed.
    pub consent: Consent,
    /// How a refresh token of no use is refused.
    pub dead_refresh_token: DeadRefreshToken,
    /// What `me` is for a token of Server-to-Server OAuth, for which Zoom says not to use it.
    pub account_me: AccountMe,
    /// How a token of one user is refused at another's.
    pub others: Others,
    /// Whether access tokens outlive the grant when the same person allows the same app anew. The refresh
    /// token never does.
    pub replaced_tokens_live: bool,
    /// Whether a new token of Server-to-Server OAuth kills the app's others. Zoom's pages say that several
    /// live side by side; until 2023 at least one did kill the others (PSZoom #75, mod_zoom #473).
    pub one_account_token: bool,
    /// Whether `app_deauthorized` has its `event_ts` beside `event`, as Zoom's pages print it by now, or
    /// inside `payload`, as its types have it.
    pub deauthorized_ts_beside: bool,
    /// How long an access token lives, in seconds.
    pub access_token_life_s: u32,
    /// `api_url` of token answers; where join links point if absent.
    pub api_url: Option<String>,
}

impl Default for OAuthOptions {
    fn default() -> Self {
        Self {
            signed_in: None,
            consent: Consent::Ask,
            dead_refresh_token: DeadRefreshToken::InvalidGrant,
            account_me: AccountMe::Refused,
            others: Others::Scopes,
            replaced_tokens_live: true,
            one_account_token: false,
            deauthorized_ts_beside: false,
            access_token_life_s: 3600,
            api_url: None,
        }
    }
}

/// What the person in front of the browser does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Looks at the page and presses a button.
    Ask,
    /// Allows at once; needs someone who is signed in.
    Allow,
    /// Refuses at once.
    Refuse,
}

/// How a refresh token of no use is refused. Both were seen, with the reason `Invalid Token!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadRefreshToken {
    /// 400 `invalid_grant`, the newer one.
    InvalidGrant,
    /// 401 `invalid_request`, the older one.
    InvalidRequest,
}

/// What `me` is for a token of Server-to-Server OAuth. Reports differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountMe {
    /// The account's owner.
    Owner,
    /// 401/124. The harder case.
    Refused,
}

/// How a token of one user is refused at another's users, meetings and recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Others {
    /// 400/4711, with the scopes of an administrator as the missing ones.
    Scopes,
    /// 403, as where the other has not shared access.
    Forbidden,
    /// 404/1001 for users and 404/3001 for meetings, as if they did not exist.
    NotFound,
}
