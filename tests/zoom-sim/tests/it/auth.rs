//! Tokens of the JWT app.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::{NOW_MS, World, jwt, jwt_with};

const KEY: &str = "sim-api-key";
const SECRET: &str = "sim-api-secret-of-thirty-six-letters";
const NOW_S: i64 = NOW_MS / 1000;

/// Made by PyJWT 2.15.1: HS256, `iss` as above, `exp` one minute after the clock's time.
const BY_PYJWT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
                        eyJpc3MiOiJzaW0tYXBpLWtleSIsImV4cCI6MTc2NzYwNTQ3Mn0.\
                        RZ2lo52lvRKUyeJjOvT-k8Pr9PMktuMAT5B5v4NTjf4";

#[tokio::test]
async fn a_token_of_another_library_is_taken() -> Result<()> {
    let world = World::new().await?;
    let authorization = format!("Bearer {BY_PYJWT}");
    let answer = world.call_as(Some(&authorization), "GET", "/v2/users/me", None).await?;
    assert_eq!((answer.status, answer.json()?["role_name"].clone()), (200, json!("Owner")));

    world.sim.clock().set_ms(NOW_MS + 60_000);
    let answer = world.call_as(Some(&authorization), "GET", "/v2/users/me", None).await?;
    assert_eq!(answer.refusal()?, (401, 124));
    assert_eq!(answer.json()?["message"], "Access token is expired.");
    Ok(())
}

#[tokio::test]
async fn a_wrong_token_is_refused_with_a_hint() -> Result<()> {
    let world = World::new().await?;
    let bearer = |secret: &str, claims: &Value| Some(format!("Bearer {}", jwt(secret, claims)));
    let good = json!({ "iss": KEY, "exp": NOW_S + 60 });
    let none = jwt_with(&json!({ "alg": "none" }), SECRET, &good);
    let cases = [
        (None, "no Authorization header"),
        (Some("Basic c2ltOnNpbQ==".into()), "not `Bearer"),
        (Some("Bearer".into()), "not `Bearer"),
        (Some("Bearer abc".into()), "three parts"),
        (Some("Bearer a.b.c".into()), "header are not base64url"),
        (Some(format!("Bearer {none}")), "alg is not HS256"),
        (bearer("another secret", &good), "not signed with the API Secret"),
        (bearer(SECRET, &json!({ "iss": "other", "exp": NOW_S + 60 })), "iss is not the API Key"),
        (bearer(SECRET, &json!({ "exp": NOW_S + 60 })), "iss is not the API Key"),
        (bearer(SECRET, &json!({ "iss": KEY })), "exp is missing"),
        (bearer(SECRET, &json!({ "iss": KEY, "exp": NOW_S })), "ran out"),
        (bearer(SECRET, &json!({ "iss": KEY, "exp": NOW_MS + 60_000 })), "milliseconds"),
        (bearer(SECRET, &json!({ "iss": KEY, "exp": "soon" })), "claims are not base64url of JSON"),
        (bearer(SECRET, &json!({ "iss": KEY, "exp": NOW_S + 60, "nbf": NOW_S + 5 })), "not valid yet"),
    ];
    for (authorization, hint) in cases {
        let answer = world.call_as(authorization.as_deref(), "GET", "/v2/users/me", None).await?;
        assert_eq!(answer.refusal()?, (401, 124), "{authorization:?}");
        let said = answer.header("x-zoom-sim-hint").unwrap_or_default();
        assert!(said.contains(hint), "{authorization:?}: {said}");
        let noted = world.sim.requests().pop().and_then(|request| request.hint);
        assert_eq!(noted.as_deref(), Some(said));
    }
    Ok(())
}

#[tokio::test]
async fn a_deactivated_app_is_refused_until_it_is_active_again() -> Result<()> {
    let world = World::new().await?;
    world.sim.set_app_active(false);
    let answer = world.get("/v2/users/me").await?;
    assert_eq!(answer.refusal()?, (401, 124));
    assert_eq!(answer.json()?["message"], "Invalid access token.");
    world.sim.set_app_active(true);
    assert_eq!(world.get("/v2/users/me").await?.status, 200);
    Ok(())
}
