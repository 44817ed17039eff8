//! `POST /oauth/token`: who may ask, how, and what comes back.

use anyhow::Result;
use serde_json::json;

use super::{
    ACCOUNT_ID, REDIRECT_URI, account_token, api, basic, code, exchange, form, post, refused, secret, text,
    world,
};
use crate::support::{ALICE, BOB, NOW_MS};

#[tokio::test]
async fn the_account_gets_a_token_in_each_style_of_asking() -> Result<()> {
    let world = world().await?;
    let basic = basic("server-app", "server-secret");
    let asked = form(&[("grant_type", "account_credentials"), ("account_id", ACCOUNT_ID)]);
    let in_form = world.form(Some(&basic), "/oauth/token", Some(&asked)).await?;
    let in_query = world.form(Some(&basic), &format!("/oauth/token?{asked}"), None).await?;
    let empty_json = world.call_as(Some(&basic), "POST", &format!("/oauth/token?{asked}"), Some("")).await?;
    let with_secret = form(&[
        ("grant_type", "account_credentials"),
        ("account_id", ACCOUNT_ID),
        ("client_id", "server-app"),
        ("client_secret", "server-secret"),
    ]);
    let in_body = world.form(None, "/oauth/token", Some(&with_secret)).await?;
    let mut tokens = Vec::new();
    for answer in [in_form, in_query, empty_json, in_body] {
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), Some("application/json;charset=UTF-8"));
        let json = answer.json()?;
        assert_eq!((&json["token_type"], &json["expires_in"]), (&json!("bearer"), &json!(3600)));
        assert_eq!(json["api_url"], "https://example.zoom.us");
        assert_eq!(json.get("refresh_token"), None);
        let scope = json["scope"].as_str().unwrap_or_default();
        assert!(scope.split(' ').any(|scope| scope == "meeting:write:meeting:admin"), "{scope}");
        tokens.push(text(&answer, "access_token")?);
    }
    for token in &tokens {
        assert_eq!(api(&world, token, "GET", &format!("/users/{ALICE}"), None).await?.status, 200);
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 4, "each is another token, and all are live");
    Ok(())
}

#[tokio::test]
async fn a_wrong_client_or_account_is_refused() -> Result<()> {
    let world = world().await?;
    let client = (400, json!("Invalid client_id or client_secret"), json!("invalid_client"));
    let account = (400, json!("Bad request"), json!("invalid_request"));
    let grant_type = (400, json!("unsupported grant type"), json!("unsupported_grant_type"));
    let good = form(&[("grant_type", "account_credentials"), ("account_id", ACCOUNT_ID)]);
    let other_account = form(&[("grant_type", "account_credentials"), ("account_id", "other")]);
    let server = basic("server-app", "server-secret");
    let cases = [
        (None, &good, &client, "neither a Basic header"),
        (Some("Bearer x".to_owned()), &good, &client, "not `Basic"),
        (Some("Basic %".to_owned()), &good, &client, "not `Basic"),
        (Some(basic("server-app", "wrong")), &good, &client, "client_secret is not"),
        (Some(basic("nobody", "server-secret")), &good, &client, "no OAuth app"),
        (Some(basic("sim-api-key", "sim-api-secret-of-thirty-six-letters")), &good, &client, "no OAuth app"),
        (Some(server.clone()), &other_account, &account, "account_id is not"),
        (
            Some(server.clone()),
            &form(&[("grant_type", "account_credentials")]),
            &account,
            "account_id is missing",
        ),
        (Some(server.clone()), &String::new(), &account, "grant_type is missing"),
        (Some(server.clone()), &form(&[("grant_type", "password")]), &grant_type, "no such grant_type"),
        (Some(server), &form(&[("grant_type", "refresh_token")]), &grant_type, "not for apps of this kind"),
        (Some(basic("user-app", "user-secret")), &good, &grant_type, "not for apps of this kind"),
    ];
    for (authorization, body, expected, hint) in cases {
        let answer = world.form(authorization.as_deref(), "/oauth/token", Some(body)).await?;
        assert_eq!(&refused(&answer)?, expected, "{authorization:?} {body}");
        let said = answer.header("x-zoom-sim-hint").unwrap_or_default();
        assert!(said.contains(hint), "{authorization:?} {body}: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_code_is_exchanged_once_by_its_app_within_five_minutes() -> Result<()> {
    let world = world().await?;
    let first = code(&world, "user-app", BOB, &[]).await?;
    let answer = exchange(&world, "user-app", &first).await?;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let json = answer.json()?;
    assert_eq!((&json["token_type"], &json["expires_in"]), (&json!("bearer"), &json!(3600)));
    assert!(json["refresh_token"].as_str().is_some_and(|token| token.len() > 500));
    let me = api(&world, &text(&answer, "access_token")?, "GET", "/users/me", None).await?;
    assert_eq!(me.json()?["email"], BOB);

    let bad =
        |code: &str| (400, json!(format!("Invalid authorization code {code}")), json!("invalid_request"));
    assert_eq!(refused(&exchange(&world, "user-app", &first).await?)?, bad(&first), "spent");
    assert_eq!(refused(&exchange(&world, "user-app", "made-up").await?)?, bad("made-up"));

    let other_app = code(&world, "user-app", ALICE, &[]).await?;
    assert_eq!(refused(&exchange(&world, "account-app", &other_app).await?)?, bad(&other_app));
    assert_eq!(exchange(&world, "user-app", &other_app).await?.status, 200, "that has not spent it");

    let late = code(&world, "user-app", ALICE, &[]).await?;
    world.sim.clock().set_ms(NOW_MS + 5 * 60_000 - 1);
    let last = code(&world, "user-app", ALICE, &[]).await?;
    world.sim.clock().set_ms(NOW_MS + 5 * 60_000);
    assert_eq!(refused(&exchange(&world, "user-app", &late).await?)?, bad(&late));
    assert_eq!(exchange(&world, "user-app", &last).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn the_redirect_uri_is_repeated_letter_by_letter() -> Result<()> {
    let world = world().await?;
    for wrong in [format!("{REDIRECT_URI}/"), REDIRECT_URI.to_uppercase(), "https://chat.example.com/".into()]
    {
        let code = code(&world, "user-app", ALICE, &[]).await?;
        let pairs = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &wrong)];
        let answer = post(&world, "user-app", "token", &pairs).await?;
        let reason = json!("Invalid request : Redirect URI mismatch.");
        assert_eq!(refused(&answer)?, (400, reason, json!("invalid_request")), "{wrong}");
    }
    Ok(())
}

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[tokio::test]
async fn a_code_with_a_challenge_needs_its_verifier() -> Result<()> {
    let world = world().await?;
    let s256 = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let plain = [("code_challenge", VERIFIER)];
    let (good, bad) =
        ((200, json!(null), json!(null)), (400, json!("Invalid code verifier"), json!("invalid_request")));
    let cases = [
        (s256.as_slice(), Some(VERIFIER), &good),
        (&s256, Some(CHALLENGE), &bad),
        (&s256, None, &bad),
        (&plain, Some(VERIFIER), &good),
        (&plain, Some(CHALLENGE), &bad),
        (&[], Some(VERIFIER), &good),
    ];
    for (challenge, verifier, expected) in cases {
        let code = code(&world, "user-app", ALICE, challenge).await?;
        let mut pairs =
            vec![("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", REDIRECT_URI)];
        pairs.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        let answer = post(&world, "user-app", "token", &pairs).await?;
        assert_eq!(&refused(&answer)?, expected, "{challenge:?} {verifier:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_runs_out_after_an_hour_and_dies_with_its_app() -> Result<()> {
    let world = world().await?;
    let token = account_token(&world).await?;
    let ask = async || api(&world, &token, "GET", &format!("/users/{ALICE}"), None).await;
    world.sim.clock().set_ms(NOW_MS + 3_599_999);
    assert_eq!(ask().await?.status, 200);
    world.sim.clock().set_ms(NOW_MS + 3_600_000);
    let late = ask().await?;
    assert_eq!(
        (late.refusal()?, late.json()?["message"].clone()),
        ((401, 124), json!("Access token is expired."))
    );

    world.sim.clock().set_ms(NOW_MS);
    let app = world.sim.apps().into_iter().find(|app| app.client_id == "server-app").unwrap();
    world.sim.put_app(zoom_sim::App { active: false, ..app.clone() })?;
    assert_eq!(ask().await?.refusal()?, (401, 124));
    let pairs = [("grant_type", "account_credentials"), ("account_id", ACCOUNT_ID)];
    let answer = post(&world, "server-app", "token", &pairs).await?;
    assert_eq!(refused(&answer)?.0, 400);
    assert_eq!(answer.header("x-zoom-sim-hint"), Some("the app is deactivated"));
    world.sim.put_app(app)?;
    assert_eq!(ask().await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_new_token_of_the_account_may_kill_the_others() -> Result<()> {
    let world = world().await?;
    let path = format!("/users/{ALICE}");
    let first = account_token(&world).await?;
    let options = zoom_sim::OAuthOptions { one_account_token: true, ..Default::default() };
    world.sim.set_oauth_options(options);
    let second = account_token(&world).await?;
    assert_eq!(api(&world, &first, "GET", &path, None).await?.refusal()?, (401, 124));
    assert_eq!(api(&world, &second, "GET", &path, None).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_token_in_the_query_is_refused_with_zooms_words() -> Result<()> {
    let world = world().await?;
    let token = account_token(&world).await?;
    let path = format!("/v2/users/{ALICE}?access_token={token}");
    let answer = world.call_as(None, "GET", &path, None).await?;
    assert_eq!(answer.refusal()?, (401, 124));
    let message = "Invalid access token, this access token is not supported as query parameter string.";
    assert_eq!(answer.json()?["message"], message);
    Ok(())
}

#[tokio::test]
async fn credentials_in_the_body_refresh_too() -> Result<()> {
    let world = world().await?;
    let (_, refresh_token) = super::tokens(&world, "user-app").await?;
    let secret = secret("user-app");
    let body = form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", &refresh_token),
        ("client_id", "user-app"),
        ("client_secret", &secret),
    ]);
    let answer = world.form(None, "/oauth/token", Some(&body)).await?;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_ne!(text(&answer, "refresh_token")?, refresh_token);
    Ok(())
}
