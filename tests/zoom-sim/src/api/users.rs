//! `/users`

use axum::{
    Json,
    extract::{Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiError, UserKey};
use crate::{User, UserStatus, ZoomSim};

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    status: Option<String>,
}

/// `GET /users`: the active ones, or those of another `status`, on one page.
pub(crate) async fn list(
    State(sim): State<ZoomSim>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, ApiError> {
    let status = match query.status.as_deref() {
        None | Some("active") => UserStatus::Active,
        Some("inactive") => UserStatus::Inactive,
        Some("pending") => UserStatus::Pending,
        Some(_) => return Err(ApiError::fields(vec!["status".into()])),
    };
    let users = sim.users();
    let wanted = users.iter().filter(|user| user.status == status);
    let users: Vec<Value> = wanted.map(User::document).collect();
    Ok(Json(json!({
        "page_count": 1,
        "page_number": 1,
        "page_size": 300,
        "total_records": users.len(),
        "next_page_token": "",
        "users": users,
    })))
}

/// `GET /users/{me|id|email}`
pub(crate) async fn show(State(sim): State<ZoomSim>, UserKey(key): UserKey) -> Result<Json<Value>, ApiError> {
    find(&sim, &key).map(|user| Json(user.document()))
}

/// `me` is the account's owner for a token of the account.
pub(crate) fn find(sim: &ZoomSim, key: &str) -> Result<User, ApiError> {
    let state = sim.state();
    let user = if key == "me" { state.users.owner() } else { state.users.find(key) };
    user.cloned().ok_or_else(|| ApiError::no_user(key))
}
