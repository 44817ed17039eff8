//! Removing an app at Zoom.

use anyhow::Result;
use serde_json::{Value, json};
use zoom_sim::{App, DeliveryState, signature};

use super::{account_token, api, form, refresh, refused, tokens, tokens_of, world};
use crate::support::{ALICE, BOB, NOW_MS, Receiver, Reply, SECRET_TOKEN, World};

/// `user-app` and `account-app` tell this receiver when they are removed.
async fn told(world: &World) -> Result<Receiver> {
    let receiver = Receiver::new().await?;
    for app in world.sim.apps() {
        let deauthorization_url = Some(receiver.url.clone());
        world.sim.put_app(App { deauthorization_url, secret_token: Some(SECRET_TOKEN.into()), ..app })?;
    }
    Ok(receiver)
}

#[tokio::test]
async fn a_user_removes_the_app() -> Result<()> {
    let world = world().await?;
    let (events, receiver) = (Receiver::new().await?, told(&world).await?);
    world.sim.save_webhook(events.config()).await?;
    let (access, token) = tokens(&world, "user-app").await?;
    let (_, bobs) = tokens_of(&world, "user-app", BOB).await?;
    let waiting = super::code(&world, "user-app", ALICE, &[]).await?;

    let deliveries = world.sim.deauthorize("user-app", ALICE)?;
    world.sim.settle().await;
    assert_eq!(api(&world, &access, "GET", "/users/me", None).await?.refusal()?, (401, 124));
    assert_eq!(refused(&refresh(&world, "user-app", &token).await?)?.1, "Invalid Token!");
    assert_eq!(super::exchange(&world, "user-app", &waiting).await?.status, 400, "nor may she come back");
    assert_eq!(refresh(&world, "user-app", &bobs).await?.status, 200, "Bob stays");

    let calls = receiver.calls();
    let [call] = calls.as_slice() else { panic!("one call: {calls:?}") };
    let timestamp = call.header("x-zm-request-timestamp");
    assert_eq!(call.header("x-zm-signature"), signature(SECRET_TOKEN, timestamp, &call.body));
    let body = call.json()?;
    let payload = &body["payload"];
    let alice = world.sim.user(ALICE).unwrap().id;
    assert_eq!((&body["event"], body.get("event_ts")), (&json!("app_deauthorized"), None));
    assert_eq!((&payload["user_id"], &payload["client_id"]), (&json!(alice), &json!("user-app")));
    assert_eq!(payload["account_id"], super::ACCOUNT_ID);
    assert_eq!(
        (&payload["deauthorization_time"], &payload["event_ts"]),
        (&json!("2026-01-05T09:30:12.345Z"), &json!(NOW_MS))
    );
    assert_eq!(payload["signature"].as_str().map(str::len), Some(64));
    assert_eq!(events.events(), ["endpoint.url_validation"], "other events go elsewhere");
    let delivery = world.sim.delivery(deliveries[0]).unwrap();
    assert_eq!((delivery.event.as_str(), delivery.state), ("app_deauthorized", DeliveryState::Delivered));
    Ok(())
}

#[tokio::test]
async fn the_time_of_the_event_may_stand_beside_it() -> Result<()> {
    let world = world().await?;
    let receiver = told(&world).await?;
    let options = zoom_sim::OAuthOptions { deauthorized_ts_beside: true, ..Default::default() };
    world.sim.set_oauth_options(options);
    tokens(&world, "user-app").await?;
    world.sim.deauthorize("user-app", ALICE)?;
    world.sim.settle().await;
    let body = receiver.calls()[0].json()?;
    assert_eq!((&body["event_ts"], body["payload"].get("event_ts")), (&json!(NOW_MS), None));
    Ok(())
}

#[tokio::test]
async fn the_account_removes_the_app_for_everybody() -> Result<()> {
    let world = world().await?;
    let receiver = told(&world).await?;
    tokens(&world, "user-app").await?;
    tokens(&world, "user-app").await?;
    tokens_of(&world, "user-app", BOB).await?;
    let (_, other_app) = tokens(&world, "account-app").await?;
    assert_eq!(world.sim.deauthorize_account("user-app")?.len(), 2);
    world.sim.settle().await;
    let bodies: Vec<Value> = receiver.calls().iter().filter_map(|call| call.json().ok()).collect();
    let mut told: Vec<_> = bodies.iter().filter_map(|body| body["payload"]["user_id"].as_str()).collect();
    told.sort_unstable();
    let mut users = [ALICE, BOB].map(|email| world.sim.user(email).unwrap().id);
    users.sort_unstable();
    assert_eq!(told, users, "each once, also who has allowed it twice");
    assert_eq!(world.sim.grants().len(), 1);
    assert_eq!(refresh(&world, "account-app", &other_app).await?.status, 200);

    let token = account_token(&world).await?;
    assert_eq!(world.sim.deauthorize_account("server-app")?, [0_u64; 0], "nobody had allowed that one");
    assert_eq!(api(&world, &token, "GET", "/users/me", None).await?.refusal()?, (401, 124));
    Ok(())
}

#[tokio::test]
async fn the_event_is_tried_again_and_can_be_repeated() -> Result<()> {
    let world = world().await?;
    let receiver = told(&world).await?;
    receiver.reply([Reply::Status(503)]);
    tokens(&world, "user-app").await?;
    let id = world.sim.deauthorize("user-app", ALICE)?[0];
    world.sim.advance(std::time::Duration::from_secs(5 * 60)).await;
    let statuses: Vec<_> =
        world.sim.delivery(id).unwrap().attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(503), Some(200)]);
    world.sim.redeliver(id, zoom_sim::Redelivery::default())?;
    world.sim.settle().await;
    let bodies: Vec<_> = receiver.calls().into_iter().map(|call| call.body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    Ok(())
}

#[tokio::test]
async fn an_app_without_a_url_is_not_told() -> Result<()> {
    let world = world().await?;
    tokens(&world, "user-app").await?;
    assert_eq!(world.sim.deauthorize("user-app", ALICE)?, [0_u64; 0]);
    assert_eq!(world.sim.grants(), []);
    Ok(())
}

#[tokio::test]
async fn that_the_data_is_gone_can_be_said() -> Result<()> {
    let world = world().await?;
    let basic = super::basic("user-app", "user-secret");
    let said = json!({ "client_id": "user-app", "user_id": "x", "compliance_completed": true }).to_string();
    let path = "/oauth/data/compliance";
    assert_eq!(world.call_as(Some(&basic), "POST", path, Some(&said)).await?.status, 200);
    assert_eq!(refused(&world.call_as(None, "POST", path, Some(&said)).await?)?.2, "invalid_client");
    let other = json!({ "client_id": "other" }).to_string();
    assert_eq!(
        refused(&world.call_as(Some(&basic), "POST", path, Some(&other)).await?)?.2,
        "invalid_request"
    );
    let form = form(&[("client_id", "user-app")]);
    assert_eq!(refused(&world.form(Some(&basic), path, Some(&form)).await?)?.2, "invalid_request");
    Ok(())
}
