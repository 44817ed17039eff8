//! The tokens of JWT apps.
//!
//! The check is written here rather than taken from the library that the component signs with: the two
//! sides must not share a mistake. Each refusal has a hint for whoever wrote the caller; Zoom itself
//! says no more than code 124.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac_sha256::HMAC;
use serde::Deserialize;

use crate::{App, apps::Apps, clock::UnixMs};

/// `exp` this far away is milliseconds taken for seconds.
const SECONDS_MAX: f64 = 100_000_000_000.0;

/// Why a call is refused with 401/124.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Zoom's text.
    pub(crate) message: &'static str,
    /// What to do about it.
    pub(crate) hint: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
}

/// Checks a token that a JWT app has signed, and names the app.
pub(crate) fn check_jwt(apps: &Apps, token: &str, now_ms: UnixMs) -> Result<String, Refusal> {
    let claimed = token.split('.').nth(1).and_then(|claims| decode::<Claims>(claims, "claims").ok());
    let api_key = claimed.and_then(|claims| claims.iss);
    let Some(app) = apps.jwt(api_key.as_deref()) else {
        return refuse("no access token that was handed out reads so, and there is no JWT app");
    };
    let claims = verified(app, token)?;
    if claims.iss.as_deref() != Some(&app.client_id) {
        return refuse("the claim iss is not the API Key of the app");
    }
    if !app.active {
        return refuse("the app is deactivated: Zoom takes no JWT of it any more");
    }
    check_times(&claims, now_ms)?;
    Ok(app.client_id.clone())
}

/// The token behind `Bearer`.
pub(crate) fn bearer(authorization: Option<&str>) -> Result<&str, Refusal> {
    let Some(authorization) = authorization else {
        return refuse("there is no Authorization header: send `Authorization: Bearer <token>`");
    };
    match authorization.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => refuse("the Authorization header is not `Bearer <token>`"),
    }
}

fn verified(app: &App, token: &str) -> Result<Claims, Refusal> {
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return refuse("the token is not a JWT: it needs three parts with dots between");
    };
    let decoded: Header = decode(header, "header")?;
    if decoded.alg != "HS256" {
        return refuse("the token's alg is not HS256");
    }
    let signed = &token[..header.len() + 1 + claims.len()];
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
        return refuse("the token's signature is not base64url without padding");
    };
    let Ok(signature) = <[u8; 32]>::try_from(signature.as_slice()) else {
        return refuse("the token's signature is not 32 bytes long, as HS256 needs");
    };
    if !HMAC::verify(signed, &app.client_secret, &signature) {
        return refuse("the token is not signed with the API Secret of the app");
    }
    decode(claims, "claims")
}

fn check_times(claims: &Claims, now_ms: UnixMs) -> Result<(), Refusal> {
    let now_s = now_ms.div_euclid(1000) as f64;
    let Some(exp) = claims.exp else {
        return refuse("the claim exp is missing");
    };
    if exp > SECONDS_MAX {
        return refuse("the claim exp is not in seconds: it looks like milliseconds");
    }
    if exp <= now_s {
        let hint = format!("the token ran out: exp is {exp}, the simulated clock says {now_s}");
        return Err(Refusal { message: "Access token is expired.", hint });
    }
    if claims.nbf.is_some_and(|nbf| nbf > now_s) {
        return refuse("the token is not valid yet: nbf is in the future of the simulated clock");
    }
    Ok(())
}

fn decode<T: for<'de> Deserialize<'de>>(part: &str, name: &str) -> Result<T, Refusal> {
    let json = URL_SAFE_NO_PAD.decode(part).ok();
    let value = json.and_then(|json| serde_json::from_slice(&json).ok());
    value.ok_or_else(|| refusal(format!("the token's {name} are not base64url of JSON with the right types")))
}

pub(crate) fn refuse<T>(hint: &str) -> Result<T, Refusal> {
    Err(refusal(hint.to_owned()))
}

fn refusal(hint: String) -> Refusal {
    Refusal { message: "Invalid access token.", hint }
}
