//! The program.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

#[tokio::test]
async fn it_prints_its_address_and_serves_there() -> Result<()> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_zoom-sim"))
        .args(["--user", "alice@example.com", "--clock-at-ms", "1767605412345"])
        .args(["--webhook-url", "http://127.0.0.1:9/webhook", "--webhook-secret-token", "t"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = program.stdout.take().context("stdout is piped")?;
    let address = BufReader::new(stdout).lines().next_line().await?.context("a line")?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let get = async |path: &str| {
        let response = http.get(format!("{address}{path}")).send().await?;
        Ok::<serde_json::Value, anyhow::Error>(serde_json::from_str(&response.text().await?)?)
    };
    assert_eq!(get("/sim/clock").await?["now_ms"], 1_767_605_412_345_i64);
    let users = get("/sim/users").await?;
    let link = users[0]["personal_meeting_url"].as_str().unwrap_or_default();
    assert!(link.starts_with(&format!("{address}/j/")), "{link}");
    assert_eq!(get("/sim/webhook").await?["config"]["secret_token"], "t");
    assert_eq!(get("/v2/users/me").await?["code"], 124);
    program.kill().await?;
    Ok(())
}

#[tokio::test]
async fn it_takes_apps_as_json() -> Result<()> {
    let app = r#"{"kind":"server_to_server","client_id":"id","client_secret":"secret"}"#;
    let mut program = Command::new(env!("CARGO_BIN_EXE_zoom-sim"))
        .args(["--app", app, "--account-id", "of-its-own"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = program.stdout.take().context("stdout is piped")?;
    let address = BufReader::new(stdout).lines().next_line().await?.context("a line")?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let path =
        "oauth/token?grant_type=account_credentials&client_id=id&client_secret=secret&account_id=of-its-own";
    let answer = http.post(format!("{address}/{path}")).send().await?.text().await?;
    let answer: serde_json::Value = serde_json::from_str(&answer)?;
    assert_eq!((&answer["token_type"], &answer["api_url"]), (&"bearer".into(), &address.into()));
    program.kill().await?;

    let wrong = Command::new(env!("CARGO_BIN_EXE_zoom-sim")).args(["--app", "{\"id\":1}"]).output().await?;
    let stderr = String::from_utf8(wrong.stderr)?;
    assert!(
        !wrong.status.success() && stderr.contains("not the JSON of an app: unknown field `id`"),
        "{stderr}"
    );
    Ok(())
}

#[tokio::test]
async fn a_taken_port_is_said() -> Result<()> {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = taken.local_addr()?.to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_zoom-sim")).args(["--listen", &address]).output().await?;
    let stderr = String::from_utf8(output.stderr)?;
    assert!(!output.status.success());
    assert!(stderr.contains("cannot be listened on"), "{stderr}");
    Ok(())
}
