//! OAuth: allowing apps, tokens, scopes, and their ends.

mod access;
mod authorize;
mod control;
mod deauthorize;
mod refresh;
mod token;

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use url::{Url, form_urlencoded};
use zoom_sim::{App, AppKind};

use crate::support::{ALICE, Answer, World};

pub(crate) const REDIRECT_URI: &str = "https://chat.example.com/oauth/complete?server=1";
/// The account's id in the default configuration.
const ACCOUNT_ID: &str = "SimAccount000000000000";

/// A simulation with an app of each kind: `user-app`, `account-app`, `server-app`.
async fn world() -> Result<World> {
    let world = World::new().await?;
    world.sim.put_app(App::new(AppKind::User, "user-app", "user-secret").returning_to(REDIRECT_URI))?;
    world
        .sim
        .put_app(App::new(AppKind::Account, "account-app", "account-secret").returning_to(REDIRECT_URI))?;
    world.sim.put_app(App::new(AppKind::ServerToServer, "server-app", "server-secret"))?;
    Ok(world)
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// The secret of an app of [`world`].
fn secret(client_id: &str) -> String {
    client_id.replace("-app", "-secret")
}

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A form to an endpoint of OAuth, with Basic credentials.
async fn post(world: &World, client_id: &str, endpoint: &str, pairs: &[(&str, &str)]) -> Result<Answer> {
    let authorization = basic(client_id, &secret(client_id));
    world.form(Some(&authorization), &format!("/oauth/{endpoint}"), Some(&form(pairs))).await
}

/// The query of a good request for a code.
fn asking(client_id: &str, more: &[(&str, &str)]) -> String {
    let good = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", REDIRECT_URI),
        ("state", "a b/c"),
    ];
    format!("/oauth/authorize?{}", form(&[&good, more].concat()))
}

/// The parameters with which a browser is sent back.
fn sent_back(answer: &Answer) -> Result<Vec<(String, String)>> {
    assert_eq!(answer.status, 302, "{}", answer.body);
    let url = Url::parse(answer.header("location").context("a 302 says where to")?)?;
    assert!(url.as_str().starts_with(REDIRECT_URI), "{url}");
    Ok(url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect())
}

async fn code(world: &World, client_id: &str, user: &str, more: &[(&str, &str)]) -> Result<String> {
    let query = asking(client_id, &[more, &[("as", user)]].concat());
    let back = sent_back(&world.call_as(None, "GET", &query, None).await?)?;
    let code = back.into_iter().find(|(key, _)| key == "code").context("a code")?;
    Ok(code.1)
}

async fn exchange(world: &World, client_id: &str, code: &str) -> Result<Answer> {
    let pairs = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
    post(world, client_id, "token", &pairs).await
}

async fn refresh(world: &World, client_id: &str, token: &str) -> Result<Answer> {
    post(world, client_id, "token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

/// What Alice's consent to this app gives: access and refresh token.
async fn tokens(world: &World, client_id: &str) -> Result<(String, String)> {
    tokens_of(world, client_id, ALICE).await
}

async fn tokens_of(world: &World, client_id: &str, user: &str) -> Result<(String, String)> {
    let answer = exchange(world, client_id, &code(world, client_id, user, &[]).await?).await?;
    pair(&answer)
}

async fn account_token(world: &World) -> Result<String> {
    let pairs = [("grant_type", "account_credentials"), ("account_id", ACCOUNT_ID)];
    text(&post(world, "server-app", "token", &pairs).await?, "access_token")
}

/// Access and refresh token of a good answer.
fn pair(answer: &Answer) -> Result<(String, String)> {
    Ok((text(answer, "access_token")?, text(answer, "refresh_token")?))
}

fn text(answer: &Answer, member: &str) -> Result<String> {
    let json = answer.json()?;
    Ok(json[member].as_str().with_context(|| format!("{member} in {json}"))?.to_owned())
}

/// A call of the API with an access token.
async fn api(world: &World, token: &str, method: &str, path: &str, body: Option<&str>) -> Result<Answer> {
    world.call_as(Some(&format!("Bearer {token}")), method, &format!("/v2{path}"), body).await
}

/// Status, `reason` and `error` of a refusal.
fn refused(answer: &Answer) -> Result<(u16, Value, Value)> {
    let json = answer.json()?;
    Ok((answer.status, json["reason"].clone(), json["error"].clone()))
}
