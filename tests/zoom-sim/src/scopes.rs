//! What a token must be allowed to do for a call.
//!
//! Each call wants one granular scope; its older, coarser form counts as well. With `:admin` behind it a
//! scope reaches every user of the account, without it only the user of the token.

/// The scopes of a call, without `:admin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Needed {
    granular: &'static str,
    classic: Option<&'static str>,
}

/// Every call that wants a scope: method, path below the API's base, scopes. In a path `*` stands for one
/// part and `**` for one or more: a uuid may hold slashes.
const CALLS: &[(&str, &str, &str, &str)] = &[
    ("GET", "users", "user:read:list_users", "user:read"),
    ("GET", "users/*", "user:read:user", "user:read"),
    ("POST", "users/*/meetings", "meeting:write:meeting", "meeting:write"),
    ("GET", "users/*/meetings", "meeting:read:list_meetings", "meeting:read"),
    ("GET", "users/*/upcoming_meetings", "meeting:read:list_upcoming_meetings", "meeting:read"),
    ("GET", "users/*/recordings", "cloud_recording:read:list_user_recordings", "recording:read"),
    ("GET", "users/*/presence_status", "user:read:presence_status", "user:read"),
    ("PUT", "users/*/presence_status", "user:update:presence_status", "user:write"),
    ("GET", "meetings/*", "meeting:read:meeting", "meeting:read"),
    ("PATCH", "meetings/*", "meeting:update:meeting", "meeting:write"),
    ("DELETE", "meetings/*", "meeting:delete:meeting", "meeting:write"),
    ("PUT", "meetings/*/status", "meeting:update:status", "meeting:write"),
    ("GET", "meetings/*/invitation", "meeting:read:invitation", "meeting:read"),
    ("GET", "meetings/**/recordings", "cloud_recording:read:list_recording_files", "recording:read"),
    ("GET", "meetings/**/transcript", "cloud_recording:read:meeting_transcript", ""),
    ("GET", "meetings/**/meeting_summary", "meeting:read:summary", "meeting_summary:read"),
    ("GET", "past_meetings/**/participants", "meeting:read:list_past_participants", "meeting:read"),
    ("GET", "past_meetings/**", "meeting:read:past_meeting", "meeting:read"),
    ("PATCH", "live_meetings/*/events", "meeting:update:in_meeting_controls", "meeting:write"),
];

/// Every granular scope that the simulation asks for, with `:admin` or without.
pub(crate) fn all(admin: bool) -> Vec<String> {
    CALLS.iter().map(|(_, _, granular, _)| written(granular, admin)).collect()
}

/// What a call wants; `path` is below the API's base. Nothing for a call that Zoom does not know.
pub(crate) fn needed(method: &str, path: &str) -> Option<Needed> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (_, _, granular, classic) = CALLS.iter().find(|(of, pattern, ..)| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        *of == method && matches(&pattern, &parts)
    })?;
    Some(Needed { granular, classic: Some(*classic).filter(|classic| !classic.is_empty()) })
}

impl Needed {
    /// Whether a token with these scopes may make the call; otherwise the scopes of which one is missing.
    /// `own`: the call is about the token's own user.
    pub(crate) fn check(self, scopes: &[String], own: bool) -> Result<(), Vec<String>> {
        let levels: &[bool] = if own { &[false, true] } else { &[true] };
        let wanted = |scope: &str| levels.iter().map(|admin| written(scope, *admin)).collect::<Vec<_>>();
        let granular = wanted(self.granular);
        let mut good = self.classic.map(wanted).unwrap_or_default();
        good.extend(granular.iter().cloned());
        if scopes.iter().any(|scope| good.contains(scope)) { Ok(()) } else { Err(granular) }
    }
}

fn written(scope: &str, admin: bool) -> String {
    if admin { format!("{scope}:admin") } else { scope.to_owned() }
}

fn matches(pattern: &[&str], parts: &[&str]) -> bool {
    match (pattern, parts) {
        ([], []) => true,
        (["*", pattern @ ..], [_, parts @ ..]) => matches(pattern, parts),
        (["**", rest @ ..], [_, parts @ ..]) => matches(rest, parts) || matches(pattern, parts),
        ([wanted, pattern @ ..], [part, parts @ ..]) => wanted == part && matches(pattern, parts),
        _ => false,
    }
}
