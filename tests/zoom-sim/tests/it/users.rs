//! `/users`

use anyhow::Result;
use serde_json::{Value, json};
use zoom_sim::{NewUser, SimError, UserStatus};

use crate::support::{ALICE, BOB, World};

#[tokio::test]
async fn a_user_is_found_by_me_id_and_address() -> Result<()> {
    let world = World::new().await?;
    let alice = world.sim.user(ALICE).unwrap();
    let by_email = world.get(&format!("/v2/users/{ALICE}")).await?;
    assert_eq!(by_email.status, 200);
    assert_eq!(by_email.header("content-type"), Some("application/json;charset=UTF-8"));
    let tracking_id = by_email.header("x-zm-trackingid").unwrap_or_default();
    assert!(tracking_id.starts_with("v=2.0;clid=us06;rid=WEB_"), "{tracking_id}");
    let user = by_email.json()?;
    assert_eq!(user["email"], ALICE);
    assert_eq!(user["display_name"], "Alice Example");
    assert_eq!(user["pmi"], json!(alice.pmi), "a number here");
    let url = user["personal_meeting_url"].as_str().unwrap_or_default();
    assert!(url.contains(&format!("/j/{}?pwd=", alice.pmi)), "{url}");

    for path in
        ["/v2/users/me", "/v2/users/ALICE.example@EXAMPLE.com", "/v2/users/alice.example%40example.com"]
    {
        assert_eq!(world.get(path).await?.json()?, user, "{path}");
    }
    assert_eq!(world.get(&format!("/v2/users/{}", alice.id)).await?.json()?, user);
    Ok(())
}

#[tokio::test]
async fn an_unknown_user_is_404_1001() -> Result<()> {
    let world = World::new().await?;
    let answer = world.get("/v2/users/carol@example.com").await?;
    assert_eq!(answer.refusal()?, (404, 1001));
    assert_eq!(answer.json()?["message"], "User does not exist: carol@example.com.");
    let answer = world.post("/v2/users/carol@example.com/meetings", &json!({})).await?;
    assert_eq!(answer.refusal()?, (404, 1001));
    Ok(())
}

#[tokio::test]
async fn the_list_holds_who_is_active() -> Result<()> {
    let world = World::new().await?;
    world.sim.set_user_status(BOB, UserStatus::Pending)?;
    let list = world.get("/v2/users").await?.json()?;
    let emails: Vec<&Value> = list["users"].as_array().unwrap().iter().map(|user| &user["email"]).collect();
    assert_eq!(emails, [ALICE]);
    let pending = world.get("/v2/users?status=pending").await?.json()?;
    assert_eq!(world.get("/v2/users?status=gone").await?.refusal()?, (400, 300));
    assert_eq!((&pending["total_records"], &pending["users"][0]["email"]), (&json!(1), &json!(BOB)));
    assert_eq!(world.get(&format!("/v2/users/{BOB}")).await?.json()?["status"], "pending");

    let answer = world.post(&format!("/v2/users/{BOB}/meetings"), &json!({ "type": 1 })).await?;
    assert_eq!(answer.refusal()?, (400, 3161));
    Ok(())
}

#[tokio::test]
async fn addresses_and_personal_numbers_belong_to_one_user() -> Result<()> {
    let world = World::new().await?;
    let alice = world.sim.user(ALICE).unwrap();
    assert_eq!(
        world.sim.add_user(NewUser::new("Alice.Example@example.com")),
        Err(SimError::UserExists("Alice.Example@example.com".into()))
    );
    assert_eq!(world.sim.add_user(NewUser::new("carol")), Err(SimError::NotAnAddress("carol".into())));
    let taken = NewUser { pmi: Some(alice.pmi), ..NewUser::new("carol@example.com") };
    assert_eq!(world.sim.add_user(taken), Err(SimError::NumberTaken(alice.pmi)));
    Ok(())
}

#[tokio::test]
async fn an_unknown_path_or_method_is_2300() -> Result<()> {
    let world = World::new().await?;
    for (method, path) in [("GET", "/v2/nothing/here"), ("POST", "/v2/users/me"), ("PUT", "/v2/users")] {
        let answer = world.call(method, path, None).await?;
        assert_eq!(answer.refusal()?, (400, 2300), "{method} {path}");
    }
    Ok(())
}
