//! `POST /oauth/token`, `/oauth/revoke` and `/oauth/data/compliance`

use axum::{
    Json,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    error::TokenError,
    grants::{Exchange, Issued},
    parameters::{Parameters, credentials},
};
use crate::{App, AppKind, Change, ZoomSim, sim::State as World};

/// How many token requests there were, by what was asked with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TokenRequests {
    /// Server-to-Server OAuth.
    pub account_credentials: Tally,
    /// Codes.
    pub authorization_code: Tally,
    /// Refresh tokens.
    pub refresh_token: Tally,
    /// Anything else.
    pub other: Tally,
}

/// How they went. A request that a fault kept from having its effect is in neither number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Answered with tokens.
    pub granted: u32,
    /// Refused.
    pub refused: u32,
}

impl TokenRequests {
    fn of(&mut self, grant_type: &str) -> &mut Tally {
        match grant_type {
            "account_credentials" => &mut self.account_credentials,
            "authorization_code" => &mut self.authorization_code,
            "refresh_token" => &mut self.refresh_token,
            _ => &mut self.other,
        }
    }
}

/// Parameters come in the query or as a form, and the client's credentials in a Basic header or among
/// them: clients of each kind exist.
pub(crate) async fn token(
    State(sim): State<ZoomSim>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<([(header::HeaderName, &'static str); 1], Json<Issued>), TokenError> {
    let parameters = Parameters::read(query.as_deref(), &headers, &body);
    let issued = {
        let now_ms = sim.now_ms();
        let world = &mut *sim.state();
        let issued = hand_out(world, &headers, &parameters, now_ms);
        let tally = world.oauth.requests.of(parameters.get("grant_type").unwrap_or_default());
        *(if issued.is_ok() { &mut tally.granted } else { &mut tally.refused }) += 1;
        issued?
    };
    sim.changed(Change::Grants);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(issued)))
}

fn hand_out(
    world: &mut World,
    headers: &HeaderMap,
    parameters: &Parameters,
    now_ms: crate::UnixMs,
) -> Result<Issued, TokenError> {
    let app = client(world, headers, parameters)?;
    let wanted = |name: &'static str| parameters.get(name).ok_or_else(|| TokenError::missing(name));
    let grant_type = wanted("grant_type")?;
    let of_account = app.kind == AppKind::ServerToServer;
    let account_id = world.config.account_id.clone();
    let (grants, mut issuer) = world.issuer(now_ms);
    match (grant_type, of_account) {
        ("account_credentials", true) => {
            if wanted("account_id")? != account_id {
                return Err(TokenError::account("account_id is not the account's"));
            }
            Ok(grants.account_credentials(&mut issuer, &app))
        }
        ("authorization_code", false) => {
            let asked = Exchange {
                code: wanted("code")?,
                redirect_uri: wanted("redirect_uri")?,
                verifier: parameters.get("code_verifier"),
            };
            grants.exchange(&mut issuer, &app, &asked)
        }
        ("refresh_token", false) => grants.refresh(&mut issuer, &app, wanted("refresh_token")?),
        ("account_credentials" | "authorization_code" | "refresh_token", _) => {
            Err(TokenError::grant_type("it is not for apps of this kind"))
        }
        _ => Err(TokenError::grant_type("there is no such grant_type")),
    }
}

/// Ends the token and what it belongs to.
pub(crate) async fn revoke(
    State(sim): State<ZoomSim>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, TokenError> {
    let parameters = Parameters::read(query.as_deref(), &headers, &body);
    {
        let world = &mut *sim.state();
        let app = client(world, &headers, &parameters)?;
        let token = parameters.get("token").ok_or_else(|| TokenError::missing("token"))?;
        if !world.oauth.grants.revoke(&app, token) {
            let shape = world.oauth.options.dead_refresh_token;
            return Err(TokenError::dead(shape, "no token of this app reads so"));
        }
    }
    sim.changed(Change::Grants);
    Ok(Json(json!({ "status": "success" })))
}

/// "The user's data is deleted": the answer to `app_deauthorized` that Zoom once wanted.
pub(crate) async fn compliance(
    State(sim): State<ZoomSim>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, TokenError> {
    let parameters = Parameters::read(query.as_deref(), &headers, &[]);
    let app = client(&sim.state(), &headers, &parameters)?;
    let said: Value = serde_json::from_slice(&body).unwrap_or_default();
    if said["client_id"] != app.client_id.as_str() {
        return Err(TokenError::missing("client_id of the JSON body"));
    }
    Ok(StatusCode::OK)
}

/// The app whose credentials the request carries.
fn client(world: &World, headers: &HeaderMap, parameters: &Parameters) -> Result<App, TokenError> {
    let (id, secret) = credentials(headers, parameters)?;
    let app = world.apps.find(&id).filter(|app| app.kind != AppKind::Jwt);
    let app = app.ok_or_else(|| TokenError::client("no OAuth app has this client_id"))?;
    if app.client_secret != secret {
        return Err(TokenError::client("the client_secret is not the app's"));
    }
    if !app.active {
        return Err(TokenError::disabled());
    }
    Ok(app.clone())
}
