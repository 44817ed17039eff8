//! Who the page acts as. There are no passwords: everybody at this machine may be anyone.

use super::{error::ApiError, guard::Caller};
use crate::{app::App, model::User};
use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::sync::Arc;

const COOKIE: &str = "local_chat_user";
const COOKIE_LIFE_S: u32 = 365 * 24 * 60 * 60;

/// The user that the page acts as.
pub(super) struct Me(pub User);

impl FromRequestParts<Arc<App>> for Me {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let users = app.people().await?;
        let wanted = cookie(&parts.headers);
        let found = users.iter().find(|user| Some(user.id.as_str()) == wanted).or_else(|| users.first());
        found.cloned().map(Self).ok_or(ApiError::NotFound("user"))
    }
}

/// Whom a request to the plugin's URL comes from: nobody, unless our own page or this machine's user sent it.
pub(super) async fn signed_in(
    app: &App,
    caller: Caller,
    headers: &HeaderMap,
) -> Result<Option<String>, ApiError> {
    let Some(wanted) = cookie(headers).filter(|_| caller.is_ours) else { return Ok(None) };
    let users = app.people().await?;
    Ok(users.into_iter().find(|user| user.id == wanted).map(|user| user.id))
}

#[derive(Deserialize)]
pub(super) struct Switch {
    id: String,
}

/// Acts as somebody else from now on.
pub(super) async fn switch(
    State(app): State<Arc<App>>,
    Json(Switch { id }): Json<Switch>,
) -> Result<Response, ApiError> {
    let users = app.people().await?;
    let user = users.into_iter().find(|user| user.id == id).ok_or(ApiError::NotFound("user"))?;
    Ok((StatusCode::NO_CONTENT, [sign_in_as(&user)]).into_response())
}

/// The header by which a browser acts as this user from now on.
pub(super) fn sign_in_as(user: &User) -> (HeaderName, String) {
    // Lax, not strict: a sign-in page of Zoom's sends people back here.
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_LIFE_S}", user.id);
    (header::SET_COOKIE, cookie)
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs.flat_map(|value| value.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })
}
