//! Apps, grants and switches over HTTP.

use anyhow::Result;
use serde_json::{Value, json};

use super::{account_token, api, refresh, tokens, tokens_of, world};
use crate::support::{ALICE, BOB, World};

async fn control(world: &World, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Value)> {
    let body = body.map(|body| body.to_string());
    let answer = world.call_as(None, method, &format!("/sim{path}"), body.as_deref()).await?;
    Ok((answer.status, answer.json()?))
}

#[tokio::test]
async fn apps_are_added_replaced_and_removed() -> Result<()> {
    let world = World::new().await?;
    let app =
        json!({ "kind": "server_to_server", "client_id": "server-app", "client_secret": "server-secret" });
    let (status, added) = control(&world, "POST", "/apps", Some(app.clone())).await?;
    assert_eq!((status, &added["active"], &added["scopes"]), (201, &json!(true), &json!(null)));
    let (_, apps) = control(&world, "GET", "/apps", None).await?;
    let ids: Vec<_> = apps.as_array().unwrap().iter().map(|app| app["client_id"].clone()).collect();
    assert_eq!(ids, ["sim-api-key", "server-app"], "the JWT app is one of them");

    let token = account_token(&world).await?;
    let narrow = json!({ "kind": "server_to_server", "client_id": "server-app", "client_secret": "server-secret",
        "scopes": ["user:read:admin"] });
    control(&world, "POST", "/apps", Some(narrow)).await?;
    assert_eq!(
        control(&world, "GET", "/apps/server-app", None).await?.1["scopes"],
        json!(["user:read:admin"])
    );
    let create = format!("/users/{ALICE}/meetings");
    assert_eq!(api(&world, &token, "POST", &create, Some("{}")).await?.status, 201, "old tokens keep theirs");
    let token = account_token(&world).await?;
    assert_eq!(api(&world, &token, "POST", &create, Some("{}")).await?.refusal()?, (400, 4711));

    assert_eq!(control(&world, "DELETE", "/apps/server-app", None).await?.0, 200);
    assert_eq!(api(&world, &token, "GET", &format!("/users/{ALICE}"), None).await?.refusal()?, (401, 124));
    assert_eq!(control(&world, "GET", "/apps/server-app", None).await?.0, 404);
    Ok(())
}

#[tokio::test]
async fn grants_are_shown_and_ended_and_access_tokens_run_out() -> Result<()> {
    let world = world().await?;
    let (access, token) = tokens(&world, "user-app").await?;
    let (bobs, _) = tokens_of(&world, "user-app", BOB).await?;
    let (_, grants) = control(&world, "GET", "/grants", None).await?;
    let alice = world.sim.user(ALICE).unwrap().id;
    let first = &grants[0];
    assert_eq!((&first["user_id"], &first["client_id"]), (&json!(alice), &json!("user-app")));
    assert_eq!(
        (&first["refresh_token"], &first["access_tokens"][0]["token"]),
        (&json!(token), &json!(access))
    );

    let (_, expired) = control(&world, "POST", "/oauth/expire_access_tokens", None).await?;
    assert_eq!(expired, json!({ "expired": 2 }));
    for token in [&access, &bobs] {
        let answer = api(&world, token, "GET", "/users/me", None).await?;
        assert_eq!(answer.json()?["message"], "Access token is expired.");
    }
    assert_eq!(control(&world, "DELETE", &format!("/grants/{}", grants[1]["id"]), None).await?.0, 200);
    assert_eq!(refresh(&world, "user-app", &token).await?.status, 200, "refresh tokens stay good");
    let (_, grants) = control(&world, "GET", "/grants", None).await?;
    assert_eq!(grants.as_array().map(Vec::len), Some(1));
    Ok(())
}

#[tokio::test]
async fn switches_are_set_and_requests_counted() -> Result<()> {
    let world = world().await?;
    let (_, token) = tokens(&world, "user-app").await?;
    refresh(&world, "user-app", &token).await?;
    refresh(&world, "user-app", &token).await?;
    account_token(&world).await?;
    let options = json!({ "signed_in": ALICE, "consent": "allow", "access_token_life_s": 60,
        "api_url": "https://api-eu.zoom.us" });
    let (status, oauth) = control(&world, "PUT", "/oauth", Some(options)).await?;
    assert_eq!((status, &oauth["options"]["consent"]), (200, &json!("allow")));
    assert_eq!(oauth["options"]["dead_refresh_token"], "invalid_grant", "what is not said is as at first");
    let counted = json!({
        "account_credentials": { "granted": 1, "refused": 0 },
        "authorization_code": { "granted": 1, "refused": 0 },
        "refresh_token": { "granted": 1, "refused": 1 },
        "other": { "granted": 0, "refused": 0 },
    });
    assert_eq!(control(&world, "GET", "/oauth", None).await?.1["token_requests"], counted);
    let pairs = [("grant_type", "account_credentials"), ("account_id", super::ACCOUNT_ID)];
    let answer = super::post(&world, "server-app", "token", &pairs).await?.json()?;
    assert_eq!((&answer["expires_in"], &answer["api_url"]), (&json!(60), &json!("https://api-eu.zoom.us")));
    Ok(())
}

#[tokio::test]
async fn a_refusal_says_why() -> Result<()> {
    let world = world().await?;
    let app = |more: Value| {
        let mut app = json!({ "client_id": "x", "client_secret": "y" });
        app.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Some(app)
    };
    let cases = [
        ("POST", "/apps", Some(json!({ "client_id": "x" })), 400, "a client_id and a client_secret"),
        ("POST", "/apps", app(json!({ "scopes": ["user:read:admin"] })), 400, "make its kind `account`"),
        ("POST", "/apps", app(json!({ "deauthorization_url": "https://x.example" })), 400, "plain http only"),
        ("POST", "/apps", app(json!({ "kind": "oauth" })), 422, "unknown variant `oauth`"),
        ("DELETE", "/apps/nobody", None, 404, "no app with the client_id `nobody`"),
        ("DELETE", "/grants/7", None, 404, "no grant has the number 7"),
        ("POST", "/apps/nobody/deauthorize", Some(json!({})), 404, "no app with"),
        ("POST", "/apps/user-app/deauthorize", Some(json!({ "user": ALICE })), 409, "nothing to take back"),
        ("POST", "/apps/user-app/deauthorize", Some(json!({ "user": "x@y.example" })), 404, "no user"),
        ("PUT", "/oauth", Some(json!({ "consent": "maybe" })), 422, "unknown variant `maybe`"),
    ];
    for (method, path, body, status, sentence) in cases {
        let (got, answer) = control(&world, method, path, body).await?;
        let error = answer["error"].as_str().unwrap_or_default();
        assert_eq!(got, status, "{path}: {error}");
        assert!(error.contains(sentence), "{path}: {error}");
    }
    Ok(())
}
