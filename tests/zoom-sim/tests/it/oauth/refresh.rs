//! Refresh tokens: each is good for one use.

use anyhow::Result;
use serde_json::json;
use zoom_sim::{DeadRefreshToken, Delay, Fault, FaultAnswer, OAuthOptions, Tally, UserStatus};

use super::{api, exchange, pair, post, refresh, refused, tokens, tokens_of, world};
use crate::support::{ALICE, BOB, NOW_MS, World};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn me(world: &World, token: &str) -> Result<u16> {
    Ok(api(world, token, "GET", "/users/me", None).await?.status)
}

#[tokio::test]
async fn a_refresh_rotates_and_the_old_token_is_dead_in_both_shapes() -> Result<()> {
    let world = world().await?;
    let (access, first) = tokens(&world, "user-app").await?;
    let (renewed, second) = pair(&refresh(&world, "user-app", &first).await?)?;
    assert_ne!((&access, &first), (&renewed, &second));
    assert_eq!((me(&world, &access).await?, me(&world, &renewed).await?), (200, 200));

    let newer = (400, json!("Invalid Token!"), json!("invalid_grant"));
    let older = (401, json!("Invalid Token!"), json!("invalid_request"));
    assert_eq!(refused(&refresh(&world, "user-app", &first).await?)?, newer);
    let dead_refresh_token = DeadRefreshToken::InvalidRequest;
    world.sim.set_oauth_options(OAuthOptions { dead_refresh_token, ..OAuthOptions::default() });
    assert_eq!(refused(&refresh(&world, "user-app", &first).await?)?, older);
    assert_eq!(refused(&refresh(&world, "user-app", "made-up").await?)?, older);
    assert_eq!(refused(&refresh(&world, "account-app", &second).await?)?, older, "another app's");
    assert_eq!(refresh(&world, "user-app", &second).await?.status, 200, "none of that has spent it");
    Ok(())
}

#[tokio::test]
async fn a_refresh_token_lives_ninety_days() -> Result<()> {
    let world = world().await?;
    let (_, alice) = tokens(&world, "user-app").await?;
    let (_, bob) = tokens_of(&world, "user-app", BOB).await?;
    world.sim.clock().set_ms(NOW_MS + 90 * DAY_MS - 1);
    assert_eq!(refresh(&world, "user-app", &alice).await?.status, 200);
    world.sim.clock().set_ms(NOW_MS + 90 * DAY_MS);
    assert_eq!(refused(&refresh(&world, "user-app", &bob).await?)?.1, "Invalid Token!");
    Ok(())
}

#[tokio::test]
async fn a_new_consent_kills_the_grant_before_of_the_same_user_and_app() -> Result<()> {
    let world = world().await?;
    let (access, first) = tokens(&world, "user-app").await?;
    let (_, bob) = tokens_of(&world, "user-app", BOB).await?;
    let (_, other_app) = tokens(&world, "account-app").await?;
    let (_, second) = tokens(&world, "user-app").await?;
    assert_eq!(refused(&refresh(&world, "user-app", &first).await?)?.1, "Invalid Token!");
    assert_eq!(me(&world, &access).await?, 200, "by default the access token runs its hour");
    for (app, token) in [("user-app", bob), ("account-app", other_app), ("user-app", second)] {
        assert_eq!(refresh(&world, app, &token).await?.status, 200, "{app}");
    }
    world.sim.set_oauth_options(OAuthOptions { replaced_tokens_live: false, ..OAuthOptions::default() });
    tokens(&world, "user-app").await?;
    assert_eq!(me(&world, &access).await?, 401);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_who_refresh_at_once_one_wins() -> Result<()> {
    let world = world().await?;
    let (_, token) = tokens(&world, "user-app").await?;
    let world = std::sync::Arc::new(world);
    let start = std::sync::Arc::new(tokio::sync::Barrier::new(64));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (world, start, token) = (world.clone(), start.clone(), token.clone());
        calls.spawn(async move {
            start.wait().await;
            refresh(&world, "user-app", &token).await
        });
    }
    let answers = calls.join_all().await.into_iter().collect::<Result<Vec<_>>>()?;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 63));
    for answer in &lost {
        assert_eq!(refused(answer)?, (400, json!("Invalid Token!"), json!("invalid_grant")));
    }
    assert_eq!(refresh(&world, "user-app", &pair(&won[0])?.1).await?.status, 200, "the winner's is good");
    assert_eq!(world.sim.token_requests().refresh_token, Tally { granted: 2, refused: 63 });
    Ok(())
}

#[tokio::test]
async fn a_refresh_may_have_its_effect_without_an_answer() -> Result<()> {
    let world = world().await?;
    let (_, token) = tokens(&world, "user-app").await?;
    let fault = Fault::next(FaultAnswer::Disconnect).on("POST", "/oauth/token");
    world.sim.add_fault(fault.clone());
    assert!(refresh(&world, "user-app", &token).await.is_err());
    world.sim.add_fault(Fault { after_effect: true, ..fault });
    assert!(refresh(&world, "user-app", &token).await.is_err(), "the first one had no effect");
    assert_eq!(world.sim.token_requests().refresh_token, Tally { granted: 1, refused: 0 });
    assert_eq!(refused(&refresh(&world, "user-app", &token).await?)?.1, "Invalid Token!", "it is spent");
    let statuses: Vec<_> = world.sim.requests().iter().rev().take(3).map(|request| request.status).collect();
    assert_eq!(statuses, [Some(400), None, None]);
    Ok(())
}

#[tokio::test]
async fn a_token_answer_may_be_late() -> Result<()> {
    let world = world().await?;
    let (_, token) = tokens(&world, "user-app").await?;
    world.sim.add_fault(Fault::slow(Delay::ClockMs(5000)).on("POST", "/oauth/token"));
    let mut changes = world.sim.subscribe();
    let late = refresh(&world, "user-app", &token);
    let early = async {
        while world.sim.token_requests().refresh_token.granted == 0 {
            changes.recv().await?;
        }
        let refused = refused(&refresh(&world, "user-app", &token).await?)?;
        world.sim.clock().set_ms(NOW_MS + 5000);
        Ok::<_, anyhow::Error>(refused.1)
    };
    let (late, early) = tokio::join!(late, early);
    assert_eq!((late?.status, early?), (200, json!("Invalid Token!")), "who came first has won");
    Ok(())
}

#[tokio::test]
async fn a_revoked_token_takes_its_grant_along() -> Result<()> {
    let world = world().await?;
    let (access, token) = tokens(&world, "user-app").await?;
    let (renewed, token) = pair(&refresh(&world, "user-app", &token).await?)?;
    assert_eq!(refused(&post(&world, "account-app", "revoke", &[("token", &access)]).await?)?.0, 400);
    let answer = post(&world, "user-app", "revoke", &[("token", &access)]).await?;
    assert_eq!((answer.status, answer.json()?), (200, json!({ "status": "success" })));
    assert_eq!((me(&world, &access).await?, me(&world, &renewed).await?), (401, 401));
    assert_eq!(refused(&refresh(&world, "user-app", &token).await?)?.1, "Invalid Token!");
    let again = post(&world, "user-app", "revoke", &[("token", &access)]).await?;
    assert_eq!(refused(&again)?.1, "Invalid Token!");
    assert_eq!(refused(&post(&world, "user-app", "revoke", &[]).await?)?.1, "Bad request");

    let (_, token) = tokens(&world, "user-app").await?;
    assert_eq!(post(&world, "user-app", "revoke", &[("token", &token)]).await?.status, 200, "or by that one");
    assert_eq!(world.sim.grants().len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_revoked_token_of_the_account_goes_alone() -> Result<()> {
    let world = world().await?;
    let (one, other) = (super::account_token(&world).await?, super::account_token(&world).await?);
    assert_eq!(post(&world, "server-app", "revoke", &[("token", &one)]).await?.status, 200);
    let path = format!("/users/{ALICE}");
    assert_eq!(api(&world, &one, "GET", &path, None).await?.refusal()?, (401, 124));
    assert_eq!(api(&world, &other, "GET", &path, None).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn the_tokens_of_someone_who_is_switched_off_are_of_no_use() -> Result<()> {
    let world = world().await?;
    let (access, token) = tokens_of(&world, "user-app", BOB).await?;
    let code = super::code(&world, "user-app", BOB, &[]).await?;
    world.sim.set_user_status(BOB, UserStatus::Inactive)?;
    assert_eq!(me(&world, &access).await?, 401);
    assert_eq!(refused(&refresh(&world, "user-app", &token).await?)?.1, "Invalid Token!");
    world.sim.set_user_status(BOB, UserStatus::Active)?;
    assert_eq!(refresh(&world, "user-app", &token).await?.status, 200, "it was not spent");
    world.sim.remove_user(BOB)?;
    assert_eq!(me(&world, &access).await?, 401);
    assert_eq!(refused(&exchange(&world, "user-app", &code).await?)?.0, 400, "nor is a code");
    Ok(())
}
