//! `GET /oauth/authorize`

use anyhow::Result;
use url::Url;
use zoom_sim::{App, AppKind, Consent, OAuthOptions, UserStatus};

use super::{REDIRECT_URI, asking, exchange, sent_back, text, world};
use crate::support::{ALICE, BOB, World};

async fn page(world: &World, query: &str) -> Result<(u16, String)> {
    let answer = world.call_as(None, "GET", query, None).await?;
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    Ok((answer.status, answer.body))
}

#[tokio::test]
async fn a_person_chooses_on_the_page() -> Result<()> {
    let world = world().await?;
    let (status, html) = page(&world, &asking("user-app", &[])).await?;
    assert_eq!(status, 200);
    assert!(html.contains("Chat plugin asks for access to your Zoom account"), "{html}");
    assert!(html.contains("meeting:write:meeting"), "{html}");
    let links: Vec<String> =
        html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(unescaped).collect();
    let [alice, bob, refuse] = links.as_slice() else { panic!("three links: {links:?}") };
    assert!(html.contains(&format!(">Allow as {BOB}<")), "{html}");

    let back = sent_back(&world.call_as(None, "GET", &format!("/oauth/authorize{bob}"), None).await?)?;
    let [server, code, state] = back.as_slice() else { panic!("three: {back:?}") };
    assert_eq!((server.0.as_str(), server.1.as_str()), ("server", "1"), "its own query stays");
    assert_eq!((state.0.as_str(), state.1.as_str()), ("state", "a b/c"), "state comes back as it was");
    assert_eq!(code.0, "code");
    let answer = exchange(&world, "user-app", &code.1).await?;
    let token = text(&answer, "access_token")?;
    assert_eq!(super::api(&world, &token, "GET", "/users/me", None).await?.json()?["email"], BOB);

    let back = sent_back(&world.call_as(None, "GET", &format!("/oauth/authorize{refuse}"), None).await?)?;
    let expected = [("server", "1"), ("error", "access_denied"), ("state", "a b/c")];
    assert_eq!(back, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    assert!(alice.ends_with("as=alice.example%40example.com"), "{alice}");
    Ok(())
}

#[tokio::test]
async fn the_page_works_below_the_path_of_a_host() -> Result<()> {
    let world = world().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let host = format!("http://{}/zoom", listener.local_addr()?);
    let router = axum::Router::new().nest("/zoom", world.sim.web_router());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    let page = Url::parse(&format!("{host}{}", asking("user-app", &[])))?;
    let html = http.get(page.clone()).send().await?.text().await?;
    let link = html.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).map(unescaped);
    let answer = http.get(page.join(&link.unwrap_or_default())?).send().await?;
    let back = answer.headers()["location"].to_str()?;
    assert!(answer.status() == 302 && back.starts_with(REDIRECT_URI) && back.contains("code="), "{back}");
    Ok(())
}

fn unescaped(html: &str) -> String {
    html.replace("&amp;", "&")
}

#[tokio::test]
async fn a_switch_says_who_is_signed_in_and_what_they_do() -> Result<()> {
    let world = world().await?;
    let consent = |signed_in: Option<&str>, consent| OAuthOptions {
        signed_in: signed_in.map(str::to_owned),
        consent,
        ..OAuthOptions::default()
    };
    world.sim.set_oauth_options(consent(Some(BOB), Consent::Ask));
    let (status, html) = page(&world, &asking("user-app", &[])).await?;
    assert_eq!((status, html.contains(BOB), html.contains(ALICE)), (200, true, false));

    world.sim.set_oauth_options(consent(Some(BOB), Consent::Allow));
    let answer = world.call_as(None, "GET", &asking("user-app", &[]), None).await?;
    let code = sent_back(&answer)?.into_iter().find(|(key, _)| key == "code").unwrap().1;
    let token = text(&exchange(&world, "user-app", &code).await?, "access_token")?;
    assert_eq!(super::api(&world, &token, "GET", "/users/me", None).await?.json()?["email"], BOB);

    world.sim.set_oauth_options(consent(None, Consent::Refuse));
    let answer = world.call_as(None, "GET", &asking("user-app", &[]), None).await?;
    assert!(sent_back(&answer)?.contains(&("error".into(), "access_denied".into())));
    Ok(())
}

#[tokio::test]
async fn a_wrong_request_is_answered_with_a_page_and_never_sent_back() -> Result<()> {
    let world = world().await?;
    let hostile = App::new(AppKind::User, "<b>", "s").returning_to("not a url <i>");
    world.sim.put_app(hostile)?;
    world.sim.set_user_status(BOB, UserStatus::Inactive)?;
    let good = |client_id: &str, redirect_uri: &str, response_type: &str| {
        let pairs =
            [("client_id", client_id), ("redirect_uri", redirect_uri), ("response_type", response_type)];
        format!("/oauth/authorize?{}", super::form(&pairs))
    };
    let cases = [
        (good("nobody", REDIRECT_URI, "code"), "Invalid client_id: nobody (4,702)"),
        (good("server-app", REDIRECT_URI, "code"), "Invalid client_id"),
        (good("sim-api-key", REDIRECT_URI, "code"), "Invalid client_id"),
        ("/oauth/authorize".into(), "Invalid client_id"),
        (
            good("user-app", "https://evil.example/", "code"),
            "Invalid redirect: https://evil.example/ (4,700)",
        ),
        (good("user-app", &format!("{REDIRECT_URI}&x=1"), "code"), "Invalid redirect"),
        (good("user-app", "", "code"), "Invalid redirect"),
        (good("<b>", "not a url <i>", "code"), "Invalid redirect: not a url &lt;i&gt; (4,700)"),
        (good("user-app", REDIRECT_URI, "token"), "Invalid response_type"),
        (asking("user-app", &[("code_challenge", "x"), ("code_challenge_method", "S512")]), "“S512”"),
        (asking("user-app", &[("as", "nobody@example.com")]), "“nobody@example.com” cannot sign in"),
        (asking("user-app", &[("as", BOB)]), "cannot sign in"),
    ];
    for (query, sentence) in cases {
        let (status, html) = page(&world, &query).await?;
        assert_eq!(status, 400, "{query}");
        assert!(html.contains(sentence), "{query}: {html}");
    }
    let app = world.sim.apps().into_iter().find(|app| app.client_id == "user-app").unwrap();
    world.sim.put_app(App { active: false, ..app })?;
    let (status, html) = page(&world, &asking("user-app", &[("as", ALICE)])).await?;
    assert_eq!((status, html.contains("disabled. (4,717)")), (400, true));
    Ok(())
}

#[tokio::test]
async fn an_app_of_the_account_is_for_its_administrators() -> Result<()> {
    let world = world().await?;
    let (_, html) = page(&world, &asking("account-app", &[])).await?;
    assert_eq!((html.contains(ALICE), html.contains(BOB)), (true, false), "only the owner may");
    let (status, html) = page(&world, &asking("account-app", &[("as", BOB)])).await?;
    assert!(status == 400 && html.contains("for administrators of the account"), "{html}");
    let answer = world.call_as(None, "GET", &asking("account-app", &[("as", ALICE)]), None).await?;
    assert_eq!(sent_back(&answer)?.len(), 3);
    Ok(())
}
