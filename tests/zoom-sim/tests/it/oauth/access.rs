//! What a token reaches: its own user or the account, and what its scopes allow.

use anyhow::Result;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use url::Url;
use zoom_sim::{AccountMe, App, AppKind, Downloads, NewRecording, OAuthOptions, Others, Refusal};

use super::{REDIRECT_URI, account_token, api, tokens, tokens_of, world};
use crate::support::{ALICE, BOB, World};

#[tokio::test]
async fn a_users_token_reaches_that_user_alone() -> Result<()> {
    let world = world().await?;
    let (token, _) = tokens_of(&world, "user-app", BOB).await?;
    let bob = world.sim.user(BOB).unwrap();
    for key in ["me", BOB, &bob.id, "bob%40example.com"] {
        let answer = api(&world, &token, "GET", &format!("/users/{key}"), None).await?;
        assert_eq!((answer.status, answer.json()?["id"].clone()), (200, json!(bob.id)), "{key}");
    }
    let own = api(&world, &token, "POST", "/users/me/meetings?x=1", Some("{}")).await?.json()?;
    assert_eq!(own["host_id"], json!(bob.id));
    assert_eq!(api(&world, &token, "GET", &format!("/meetings/{}", own["id"]), None).await?.status, 200);

    let alices = world.sim.create_meeting(ALICE, &json!({}))?.id;
    let (user, meeting) = (format!("/users/{ALICE}"), format!("/meetings/{alices}"));
    let cases = [
        ("GET", user.clone(), "user:read:user:admin", 1001),
        ("POST", format!("{user}/meetings"), "meeting:write:meeting:admin", 1001),
        ("GET", meeting.clone(), "meeting:read:meeting:admin", 3001),
        ("DELETE", meeting, "meeting:delete:meeting:admin", 3001),
    ];
    for (method, path, scope, not_found) in &cases {
        let refusal = async |others| -> Result<_> {
            world.sim.set_oauth_options(OAuthOptions { others, ..OAuthOptions::default() });
            let answer = api(&world, &token, method, path, Some("{}")).await?;
            Ok((answer.refusal()?, answer.json()?["message"].clone()))
        };
        let missing = format!("Invalid access token, does not contain scopes:[{scope}].");
        assert_eq!(refusal(Others::Scopes).await?, ((400, 4711), json!(missing)), "{path}");
        let shared = "The authenticated user has not permitted access to the targeted resource.";
        assert_eq!(refusal(Others::Forbidden).await?, ((403, 403), json!(shared)), "{path}");
        assert_eq!(refusal(Others::NotFound).await?.0, (404, *not_found), "{path}");
    }
    assert_eq!(api(&world, &token, "GET", "/users", None).await?.refusal()?, (400, 4711), "nor the list");
    let unknown = api(&world, &token, "GET", "/users/nobody@example.com", None).await?;
    assert_eq!(unknown.refusal()?, (404, 1001));
    assert_eq!(api(&world, &token, "GET", "/meetings/85555555555", None).await?.refusal()?, (404, 3001));
    assert!(world.sim.meeting(alices).is_some_and(|view| view.status.as_str() == "waiting"));
    Ok(())
}

#[tokio::test]
async fn planning_for_another_is_for_tokens_of_the_account() -> Result<()> {
    let world = world().await?;
    let (alice, _) = tokens(&world, "user-app").await?;
    let plan = |user: &str| Some(json!({ "schedule_for": user }).to_string());
    let path = format!("/users/{ALICE}/meetings");
    let answer = api(&world, &alice, "POST", &path, plan(BOB).as_deref()).await?;
    assert_eq!(answer.refusal()?, (400, 3000));
    assert_eq!(answer.json()?["message"], format!("You cannot schedule a meeting for {BOB}."));
    assert_eq!(api(&world, &alice, "POST", &path, plan(ALICE).as_deref()).await?.status, 201);
    let account = account_token(&world).await?;
    let answer = api(&world, &account, "POST", &path, plan(BOB).as_deref()).await?;
    assert_eq!((answer.status, answer.json()?["host_email"].clone()), (201, json!(BOB)));
    Ok(())
}

#[tokio::test]
async fn past_meetings_of_others_are_refused_by_number_and_by_uuid() -> Result<()> {
    let world = world().await?;
    let (bob, _) = tokens_of(&world, "user-app", BOB).await?;
    let (alice, _) = tokens(&world, "user-app").await?;
    for _ in 0..3 {
        let id = world.sim.create_meeting(ALICE, &json!({}))?.id;
        let uuid = world.sim.start_meeting(id)?.uuid;
        world.sim.end_meeting(id)?;
        world.sim.record_meeting(id, &NewRecording::default())?;
        let once = utf8_percent_encode(&uuid, NON_ALPHANUMERIC).to_string();
        let twice = utf8_percent_encode(&once, NON_ALPHANUMERIC).to_string();
        for path in [
            format!("/past_meetings/{id}"),
            format!("/past_meetings/{twice}"),
            format!("/past_meetings/{twice}/participants"),
            format!("/meetings/{id}/recordings"),
            format!("/meetings/{twice}/recordings"),
        ] {
            assert_eq!(api(&world, &alice, "GET", &path, None).await?.status, 200, "{path}");
            assert_eq!(api(&world, &bob, "GET", &path, None).await?.refusal()?, (400, 4711), "{path}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn files_are_for_who_may_read_the_recording() -> Result<()> {
    let world = world().await?;
    let id = world.sim.create_meeting(ALICE, &json!({}))?.id;
    world.sim.start_meeting(id)?;
    world.sim.end_meeting(id)?;
    world.sim.record_meeting(id, &NewRecording::default())?;
    world.sim.set_downloads(Downloads { refusal: Refusal::Status, ..Downloads::default() });
    let (alice, _) = tokens(&world, "user-app").await?;
    let listed = api(&world, &alice, "GET", &format!("/meetings/{id}/recordings"), None).await?.json()?;
    let link = Url::parse(listed["recording_files"][0]["download_url"].as_str().unwrap())?;
    let download = async |token: &str| -> Result<u16> {
        Ok(world.call_as(Some(&format!("Bearer {token}")), "GET", link.path(), None).await?.status)
    };
    let (bob, _) = tokens_of(&world, "user-app", BOB).await?;
    let account = account_token(&world).await?;
    let narrow = with_scopes(&world, AppKind::User, &["meeting:read"]).await?;
    for (token, status) in [(&alice, 302), (&account, 302), (&bob, 401), (&narrow, 401)] {
        assert_eq!(download(token).await?, status);
    }
    world.sim.expire_access_tokens();
    assert_eq!(download(&alice).await?, 401);
    Ok(())
}

#[tokio::test]
async fn tokens_of_the_account_reach_everybody() -> Result<()> {
    let world = world().await?;
    let (consent, _) = tokens(&world, "account-app").await?;
    for token in [consent.clone(), account_token(&world).await?] {
        for user in [ALICE, BOB] {
            assert_eq!(api(&world, &token, "GET", &format!("/users/{user}"), None).await?.status, 200);
            let path = format!("/users/{user}/meetings");
            assert_eq!(api(&world, &token, "POST", &path, Some("{}")).await?.status, 201);
        }
        assert_eq!(api(&world, &token, "GET", "/users", None).await?.json()?["total_records"], 2);
        let unknown = api(&world, &token, "GET", "/users/nobody@example.com", None).await?;
        assert_eq!(unknown.refusal()?, (404, 1001));
    }
    let me = api(&world, &consent, "GET", "/users/me", None).await?;
    assert_eq!(me.json()?["email"], ALICE, "the administrator who allowed it");
    Ok(())
}

#[tokio::test]
async fn me_is_nobody_or_the_owner_for_server_to_server() -> Result<()> {
    let world = world().await?;
    let token = account_token(&world).await?;
    let create = ("POST", "/users/me/meetings", Some("{}"));
    for (method, path, body) in [("GET", "/users/me", None), create] {
        assert_eq!(api(&world, &token, method, path, body).await?.refusal()?, (401, 124), "{path}");
    }
    world.sim.set_oauth_options(OAuthOptions { account_me: AccountMe::Owner, ..OAuthOptions::default() });
    assert_eq!(api(&world, &token, "GET", "/users/me", None).await?.json()?["email"], ALICE);
    assert_eq!(api(&world, &token, create.0, create.1, create.2).await?.status, 201);
    Ok(())
}

/// A token of Alice under an app with these scopes.
async fn with_scopes(world: &World, kind: AppKind, scopes: &[&str]) -> Result<String> {
    let client_id = if kind == AppKind::User { "user-app" } else { "account-app" };
    let scopes = Some(scopes.iter().map(|scope| (*scope).to_owned()).collect());
    let app =
        App { scopes, ..App::new(kind, client_id, super::secret(client_id)).returning_to(REDIRECT_URI) };
    world.sim.put_app(app)?;
    Ok(tokens(world, client_id).await?.0)
}

/// A meeting of Alice's that runs, and ran before and was recorded.
fn running(world: &World) -> Result<u64> {
    let id = world.sim.create_meeting(ALICE, &json!({ "type": 3 }))?.id;
    world.sim.start_meeting(id)?;
    world.sim.end_meeting(id)?;
    world.sim.record_meeting(id, &NewRecording::default())?;
    world.sim.start_meeting(id)?;
    Ok(id)
}

/// Method, path, body, status if all is well, granular and classic scope.
const CALLS: [(&str, &str, &str, u16, &str, &str); 11] = [
    ("GET", "/users/me", "", 200, "user:read:user", "user:read"),
    ("POST", "/users/me/meetings", "{}", 201, "meeting:write:meeting", "meeting:write"),
    ("GET", "/meetings/{id}", "", 200, "meeting:read:meeting", "meeting:read"),
    ("PATCH", "/meetings/{id}", "{}", 204, "meeting:update:meeting", "meeting:write"),
    ("PUT", "/meetings/{id}/status", r#"{"action":"end"}"#, 204, "meeting:update:status", "meeting:write"),
    ("GET", "/past_meetings/{id}", "", 200, "meeting:read:past_meeting", "meeting:read"),
    ("GET", "/users/me/meetings", "", 200, "meeting:read:list_meetings", "meeting:read"),
    ("GET", "/users/me/upcoming_meetings", "", 200, "meeting:read:list_upcoming_meetings", "meeting:read"),
    ("GET", "/meetings/{id}/invitation", "", 200, "meeting:read:invitation", "meeting:read"),
    (
        "GET",
        "/meetings/{id}/recordings",
        "",
        200,
        "cloud_recording:read:list_recording_files",
        "recording:read",
    ),
    (
        "GET",
        "/past_meetings/{id}/participants",
        "",
        200,
        "meeting:read:list_past_participants",
        "meeting:read",
    ),
];

#[tokio::test]
async fn each_call_wants_its_scope_granular_or_classic() -> Result<()> {
    let world = world().await?;
    let call = async |token: &str, (method, path, body): (&str, &str, &str)| {
        let path = path.replace("{id}", &running(&world)?.to_string());
        api(&world, token, method, &path, Some(body)).await
    };
    for (method, path, body, good, granular, classic) in CALLS {
        let others: Vec<&str> = CALLS.map(|call| call.4).into_iter().filter(|of| *of != granular).collect();
        let token = with_scopes(&world, AppKind::User, &others).await?;
        let answer = call(&token, (method, path, body)).await?;
        assert_eq!(answer.refusal()?, (400, 4711), "{method} {path}");
        let missing =
            format!("Invalid access token, does not contain scopes:[{granular}, {granular}:admin].");
        assert_eq!(answer.json()?["message"], missing);

        let admin = (format!("{granular}:admin"), format!("{classic}:admin"));
        let allowed = [
            (AppKind::User, granular),
            (AppKind::User, classic),
            (AppKind::Account, &admin.0),
            (AppKind::Account, &admin.1),
        ];
        for (kind, scope) in allowed {
            let token = with_scopes(&world, kind, &[scope]).await?;
            let answer = call(&token, (method, path, body)).await?;
            assert_eq!(answer.status, good, "{method} {path} {scope}: {}", answer.body);
        }
    }
    Ok(())
}

#[tokio::test]
async fn deleting_wants_its_scope() -> Result<()> {
    let world = world().await?;
    let id = world.sim.create_meeting(ALICE, &json!({}))?.id;
    let path = format!("/meetings/{id}");
    let token = with_scopes(&world, AppKind::User, &["meeting:read", "meeting:update:meeting"]).await?;
    assert_eq!(api(&world, &token, "DELETE", &path, None).await?.refusal()?, (400, 4711));
    let token = with_scopes(&world, AppKind::User, &["meeting:delete:meeting"]).await?;
    assert_eq!(api(&world, &token, "DELETE", &path, None).await?.status, 204);
    Ok(())
}

#[tokio::test]
async fn an_unknown_endpoint_wants_no_scope() -> Result<()> {
    let world = world().await?;
    let token = with_scopes(&world, AppKind::User, &["user:read:user"]).await?;
    assert_eq!(api(&world, &token, "GET", "/nothing/here", None).await?.refusal()?, (400, 2300));
    Ok(())
}
