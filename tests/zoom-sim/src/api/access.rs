//! Who calls the API, and whether the call is for them.

use axum::{
    extract::{FromRequestParts, Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use percent_encoding::percent_decode_str;

use super::{ApiError, past_meetings, with_headers};
use crate::{
    AccountMe, Instance, Meeting, Others, UnixMs, ZoomSim,
    auth::{self, Refusal},
    rate_limit::Weight,
    scopes,
    sim::State as World,
};

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A JWT app: everything in the account, as its owner.
    Jwt,
    /// Somebody's, or an account's, access token.
    Token { user_id: Option<String>, scopes: Vec<String> },
}

impl Caller {
    /// Whether `schedule_for` may name somebody else. At Zoom that somebody can also permit it, which is not
    /// simulated.
    pub(super) fn plans_for_others(&self) -> bool {
        match self {
            Self::Jwt => true,
            Self::Token { scopes, .. } => scopes::needed("POST", "users/any/meetings")
                .is_some_and(|needed| needed.check(scopes, false).is_ok()),
        }
    }
}

/// Whom a call is about.
enum About<'a> {
    /// All users.
    Account,
    /// This user, or a meeting of theirs.
    User(&'a str),
    /// Somebody or something that is not there.
    Nothing,
}

/// Who is `me` in this call: the account's owner, if absent.
#[derive(Clone, Debug)]
struct Me(Option<String>);

/// The user in the path: an id or an address, or `me` for the account's owner.
pub(crate) struct UserKey(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for UserKey {
    type Rejection = PathRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Path(key) = Path::<String>::from_request_parts(parts, state).await?;
        let me = parts.extensions.get::<Me>().and_then(|me| me.0.clone());
        Ok(Self(me.unwrap_or(key)))
    }
}

/// Lets a call through whose token is good for it, and counts it.
pub(super) async fn admission(State(sim): State<ZoomSim>, mut request: Request, next: Next) -> Response {
    let admitted = {
        let now_ms = sim.now_ms();
        let mut world = sim.state();
        admit(&mut world, &mut request, now_ms)
    };
    match admitted {
        Err(refusal) => refusal.into_response(),
        Ok(headers) => with_headers(next.run(request).await, headers),
    }
}

/// The headers that count the call, or the refusal.
fn admit(
    world: &mut World,
    request: &mut Request,
    now_ms: UnixMs,
) -> Result<Vec<(&'static str, String)>, ApiError> {
    let caller = world.caller(request.headers(), request.uri().query(), now_ms)?;
    let headers = world.rate.call(Weight::of(request.method().as_str(), request.uri().path()), now_ms)?;
    let path = request.uri().path();
    if path == "/v2/users/me" || path.starts_with("/v2/users/me/") {
        let me = world.me(&caller)?;
        request.extensions_mut().insert(Me(me));
    }
    world.check_scopes(request.method().as_str(), request.uri().path(), &caller)?;
    request.extensions_mut().insert(caller);
    Ok(headers)
}

impl World {
    /// Whose token the `Authorization` header carries.
    pub(crate) fn caller(
        &self,
        headers: &HeaderMap,
        query: Option<&str>,
        now_ms: UnixMs,
    ) -> Result<Caller, Refusal> {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if authorization.is_none() && query.is_some_and(|query| query.contains("access_token=")) {
            let message =
                "Invalid access token, this access token is not supported as query parameter string.";
            return Err(Refusal { message, hint: "send `Authorization: Bearer <token>`".into() });
        }
        let token = auth::bearer(authorization)?;
        match self.oauth.grants.by_access_token(token) {
            None => auth::check_jwt(&self.apps, token, now_ms).map(|_| Caller::Jwt),
            Some((grant, until_ms)) => {
                if !self.apps.find(&grant.client_id).is_some_and(|app| app.active) {
                    return auth::refuse("the app is deactivated");
                }
                if grant.user_id.as_ref().is_some_and(|id| !self.users.is_active(id)) {
                    return auth::refuse("the user who allowed the app is gone, or switched off");
                }
                if until_ms <= now_ms {
                    let hint = format!("the token ran out at {until_ms}, the simulated clock says {now_ms}");
                    return Err(Refusal { message: "Access token is expired.", hint });
                }
                let (user_id, scopes) = (grant.user_id.clone(), grant.scopes.clone());
                Ok(Caller::Token { user_id, scopes })
            }
        }
    }

    /// Whether the token may have the recordings of this user.
    pub(crate) fn check_recordings_of(
        &self,
        headers: &HeaderMap,
        host_id: &str,
        now_ms: UnixMs,
    ) -> Result<(), Refusal> {
        let Caller::Token { user_id, scopes } = self.caller(headers, None, now_ms)? else { return Ok(()) };
        let own = user_id.as_deref() == Some(host_id);
        let needed = scopes::needed("GET", "meetings/any/recordings");
        match needed.map(|needed| needed.check(&scopes, own)) {
            Some(Err(missing)) => auth::refuse(&format!("it lacks a scope of {}", missing.join(", "))),
            _ => Ok(()),
        }
    }

    /// The user that is `me`: absent is the account's owner.
    fn me(&self, caller: &Caller) -> Result<Option<String>, Refusal> {
        match (caller, self.oauth.options.account_me) {
            (Caller::Token { user_id: None, .. }, AccountMe::Refused) => auth::refuse(
                "a token of Server-to-Server OAuth has no user that could be `me`: name one by id or \
                 address (the switch account_me makes it the account's owner)",
            ),
            (Caller::Token { user_id, .. }, _) => Ok(user_id.clone()),
            (Caller::Jwt, _) => Ok(None),
        }
    }

    fn check_scopes(&self, method: &str, path: &str, caller: &Caller) -> Result<(), ApiError> {
        let Caller::Token { user_id, scopes } = caller else { return Ok(()) };
        let Some(path) = path.strip_prefix("/v2/") else { return Ok(()) };
        let Some(needed) = scopes::needed(method, path) else { return Ok(()) };
        let caller_id = user_id.as_deref().or_else(|| Some(&*self.users.owner()?.id));
        let about = self.about(path, caller_id);
        let own = match &about {
            // What is not there is nobody's secret: the call itself says that it is not.
            About::Nothing => true,
            About::Account => false,
            About::User(id) => Some(*id) == caller_id,
        };
        let Err(missing) = needed.check(scopes, own) else { return Ok(()) };
        let may_at_own = needed.check(scopes, true).is_ok();
        match (about, self.oauth.options.others) {
            (About::User(_), Others::Forbidden) if may_at_own => Err(ApiError::no_shared_access()),
            (About::User(_), Others::NotFound) if may_at_own => Err(not_found(path)),
            _ => Err(ApiError::scopes(&missing)),
        }
    }

    fn about<'a>(&'a self, path: &str, caller_id: Option<&'a str>) -> About<'a> {
        let mut parts = path.splitn(3, '/');
        let (kind, key) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let user_id = match kind {
            "users" if key.is_empty() => return About::Account,
            "users" if key == "me" => caller_id,
            "users" => self.users.find(&decoded(key)).map(|user| user.id.as_str()),
            "past_meetings" => self.past_meeting(path).map(|(meeting, _)| meeting.host_id.as_str()),
            _ => match key.parse() {
                Ok(id) => self.meetings.get(id).map(|meeting| meeting.host_id.as_str()),
                Err(_) => self.past_meeting(path).map(|(meeting, _)| meeting.host_id.as_str()),
            },
        };
        user_id.map_or(About::Nothing, About::User)
    }

    /// By the number or the uuid in the path, which may say what of the meeting is wanted.
    fn past_meeting(&self, path: &str) -> Option<(&Meeting, &Instance)> {
        let of_a_meeting = ["recordings", "transcript", "meeting_summary", "participants"];
        let path = of_a_meeting.into_iter().fold(path, path_without);
        let key = past_meetings::key(path, "meetings/", "");
        match key.parse() {
            Ok(id) => self.meetings.past_by_id(id),
            Err(_) => self.meetings.past_by_uuid(&key),
        }
    }
}

fn path_without<'a>(path: &'a str, part: &'static str) -> &'a str {
    path.strip_suffix(part).and_then(|path| path.strip_suffix('/')).unwrap_or(path)
}

fn not_found(path: &str) -> ApiError {
    let mut parts = path.split('/');
    match (parts.next(), parts.next()) {
        (Some("users"), Some(key)) => ApiError::no_user(&decoded(key)),
        (_, key) => ApiError::no_meeting(key.unwrap_or_default()),
    }
}

fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}
