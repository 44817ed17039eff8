//! `/users`

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{ApiError, UserKey};
use crate::{User, UserStatus, ZoomSim};

/// `GET /users`: the active ones, on one page.
pub(crate) async fn list(State(sim): State<ZoomSim>) -> Json<Value> {
    let users = sim.users();
    let active = users.iter().filter(|user| user.status == UserStatus::Active);
    let users: Vec<Value> = active.map(User::document).collect();
    Json(json!({
        "page_count": 1,
        "page_number": 1,
        "page_size": 300,
        "total_records": users.len(),
        "next_page_token": "",
        "users": users,
    }))
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
