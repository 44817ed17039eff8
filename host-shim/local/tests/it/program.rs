//! The program as a person starts it.

use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
};
use tempfile::TempDir;

/// A settings file whose secrets are too short for the plugin's taste, or long enough.
fn settings_file(folder: &TempDir, api_secret: &str) -> PathBuf {
    let path = folder.path().join("account.json");
    let settings = json!({
        "APIKey": "a-key-of-an-account",
        "APISecret": api_secret,
        "WebhookSecret": "abcdefghijklmnopqrstuvwxyz012345",
        "users": [{ "username": "ada", "name": "Ada", "email": "ada@example.com" }],
    });
    std::fs::write(&path, settings.to_string()).unwrap();
    path
}

/// The component that `./just component` builds.
fn component() -> PathBuf {
    let built = match std::env::var_os("ZOOM_COMPONENT") {
        Some(wasm) => PathBuf::from(wasm).with_extension("cwasm"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/component/zoom.cwasm"),
    };
    assert!(built.is_file(), "{} is missing: build it with ./just component", built.display());
    built
}

pub(crate) fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-host"));
    command
        .args(["--port", "0", "--component"])
        .arg(component())
        .arg("--data")
        .arg(folder.path().join("data"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn refusal(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

/// The program while it runs; it ends with the value.
pub(crate) struct Running {
    child: Child,
    /// Held open: with nowhere to write to, the program ends.
    _stdout: BufReader<ChildStdout>,
    pub(crate) said: String,
    pub(crate) address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Starts it and waits until it has said all that it says at the start.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        while !said.contains("Ctrl-C ends it") && stdout.read_line(&mut said).unwrap() > 0 {}
        let address = said.split_once("http://").and_then(|(_, rest)| rest.split_whitespace().next());
        let Some(address) = address.map(str::to_owned) else {
            let mut stderr = String::new();
            child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
            panic!("it did not start: {said}{stderr}");
        };
        Self { child, _stdout: stdout, said, address }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let (status, _, body) = self.exchange(method, path, headers, body);
        (status, body)
    }

    /// Status, head and body of an answer.
    pub(crate) fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        // In one piece: a refusal comes without a look at the body, and what comes after it meets a closed connection.
        let request = format!(
            "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_owned(), body.to_owned())
    }

    pub(crate) fn own(&self) -> String {
        format!("Host: {}\r\n", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, &self.own(), "");
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, String) {
        self.ask("POST", path, &self.own(), &body.to_string())
    }

    pub(crate) fn say(&self, message: &str) {
        let body = json!({ "message": message, "root_id": null, "request_id": message });
        let (status, answer) = self.post("/api/channels/town-square/posts", &body);
        assert_eq!(status, 200, "{answer}");
    }

    pub(crate) fn last_card(&self) -> Value {
        let shown = self.get("/api/channels/town-square/posts");
        let posts = shown["posts"].as_array().unwrap();
        posts.iter().rev().find(|post| post["card"].is_object()).cloned().unwrap_or_default()
    }
}

#[test]
fn a_component_that_is_missing_is_named_with_how_to_build_it() {
    let folder = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-host"));
    let said = refusal(command.args(["--component", "nowhere.cwasm", "--data"]).arg(folder.path()));
    assert_eq!(
        said,
        "local-host: there is no component at nowhere.cwasm. Build it with `./just component`, or name the file with --component FILE.\n"
    );
}

#[test]
fn a_file_that_is_no_component_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("broken.cwasm");
    std::fs::write(&file, "no component").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-host"));
    let said =
        refusal(command.args(["--port", "0", "--component"]).arg(&file).arg("--data").arg(folder.path()));
    assert!(said.contains("broken.cwasm cannot be used"), "{said}");
}

#[test]
fn a_port_in_use_is_named_with_another_one() {
    let folder = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let said = refusal(command(&folder).args(["--port", &port.to_string()]));
    assert!(said.starts_with(&format!("local-host: port {port} is in use")), "{said}");
    assert!(said.contains("take another port: --port "), "{said}");
}

#[test]
fn a_meeting_goes_from_the_command_to_its_end_and_lasts_over_a_restart() {
    let folder = TempDir::new().unwrap();
    let host = Running::start(&mut command(&folder));
    host.say("/zoom start Sprint review");
    let card = host.last_card();
    assert_eq!(card["card"]["title"], "Sprint review");
    assert_eq!(card["card"]["data"]["meeting_status"], "STARTED");
    let meeting = format!("/api/zoom/meetings/{}", card["card"]["data"]["meeting_id"]);
    assert_eq!(host.post(&format!("{meeting}/start"), &json!({})).0, 204);
    assert_eq!(host.post(&format!("{meeting}/end"), &json!({ "minutes": 47 })).0, 204);
    let ended =
        wait_for(|| Some(host.last_card()).filter(|card| card["card"]["data"]["meeting_status"] == "ENDED"));
    let message = ended["message"].as_str().unwrap();
    assert!(message.ends_with("It lasted 47 minutes."), "{message}");

    drop(host);
    let again = Running::start(&mut command(&folder));
    assert_eq!(again.last_card(), ended);
}

#[test]
fn pages_from_elsewhere_are_refused() {
    let folder = TempDir::new().unwrap();
    let host = Running::start(&mut command(&folder));
    let said = r#"{"message":"hello","root_id":null,"request_id":"1"}"#;
    let posts = "/api/channels/town-square/posts";
    let foreign = format!("{}Origin: https://evil.example\r\n", host.own());
    assert_eq!(host.ask("POST", posts, &foreign, said).0, 403);
    assert_eq!(host.ask("GET", "/api/state", "Host: rebound.example\r\n", "").0, 421);
    assert_eq!(host.ask("POST", posts, &host.own(), said).0, 200);
    assert_eq!(host.get("/health"), json!({ "status": "ok" }));
}

#[test]
fn a_real_account_gets_the_url_for_zoom_and_no_simulation() {
    let folder = TempDir::new().unwrap();
    let settings = settings_file(&folder, "a-secret-of-36-characters-as-at-zoom");
    let mut command = command(&folder);
    let host = Running::start(
        command.arg("--settings").arg(settings).args(["--public-url", "https://chat.example.com/"]),
    );
    let url = "https://chat.example.com/plugins/zoom/webhook?secret=abcdefghijklmnopqrstuvwxyz012345\n";
    assert!(host.said.contains(url), "{}", host.said);
    for event in ["Start Meeting", "End Meeting", "All Recordings have completed"] {
        assert!(host.said.contains(&format!("\"{event}\"")), "{}", host.said);
    }
    assert!(!host.said.contains("/oauth2/complete"), "{}", host.said);
    assert!(!host.said.contains("a-secret-of-36"), "{}", host.said);
    let state = host.get("/api/state");
    assert_eq!((&state["simulated"], &state["me"]), (&json!(false), &json!("ada")));
    assert_eq!(state["problems"], json!([]));
    assert_eq!(host.ask("GET", "/api/zoom", &host.own(), "").0, 404);
    // Through the tunnel there is nothing but the plugin.
    let tunnel = "Host: chat.example.com\r\n";
    assert_eq!(host.ask("GET", "/api/state", tunnel, "").0, 403);
    assert_eq!(host.ask("POST", "/plugins/zoom/webhook?secret=wrong", tunnel, "{}").0, 401);
}

/// Zoom leads people back in whatever browser they followed the link with.
#[test]
fn pages_of_a_sign_in_are_reached_with_and_without_a_session() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("account.json");
    let settings = json!({
        "AccountLevelApp": false,
        "OAuthClientID": "client-id",
        "OAuthClientSecret": "secret-of-a-client",
        "EncryptionKey": "abcdefghijklmnopqrstuvwxyz012345",
        "S2SAccountID": "",
        "S2SClientID": "",
        "S2SClientSecret": "",
        "EnablePostingRecordingPassword": true,
        "WebhookSecret": "abcdefghijklmnopqrstuvwxyz012345",
        "users": [{ "username": "ada", "email": "ada@example.com" }],
    });
    std::fs::write(&file, settings.to_string()).unwrap();
    let mut command = command(&folder);
    let host = Running::start(
        command.arg("--settings").arg(file).args(["--public-url", "https://chat.example.com"]),
    );
    assert_eq!(host.get("/api/state")["problems"], json!([]));
    let redirect = "https://chat.example.com/plugins/zoom/oauth2/complete\n";
    assert!(host.said.contains(redirect), "{}", host.said);
    let session = format!("{}Cookie: local_chat_user=ada\r\n", host.own());
    let from_zoom = format!(
        "{session}Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
    );
    for headers in [&host.own(), &session, &from_zoom, "Host: chat.example.com\r\n"] {
        for page in ["connect?link=unknown", "complete?state=unknown&code=c"] {
            let (status, body) = host.ask("GET", &format!("/plugins/zoom/oauth2/{page}"), headers, "");
            assert_eq!(status, 410, "{page} with {headers:?}: {body}");
            assert!(body.starts_with("<!doctype html>") && body.contains("no longer works"), "{body}");
        }
    }
    host.say("/zoom connect");
    let shown = host.get("/api/channels/town-square/posts");
    let told = shown["private"][0]["message"].as_str().unwrap();
    let link = told.split_once("https://chat.example.com").and_then(|(_, rest)| rest.split_once(')'));
    let (path, _) = link.unwrap_or_else(|| panic!("no link in {told}"));
    assert_eq!(host.ask("GET", path, &host.own(), "").0, 200, "{path}");
}

/// The ways in which nobody connects anything. `tests/browser` plays the others.
#[test]
fn a_meeting_is_started_by_each_app_of_the_simulated_zoom_that_needs_nobody() {
    for (way, said) in [("jwt", "as a JWT app"), ("server-to-server", "as a Server-to-Server OAuth app")] {
        let folder = TempDir::new().unwrap();
        let host = Running::start(command(&folder).args(["--sign-in", way]));
        assert!(host.said.contains(said), "{}", host.said);
        assert_eq!(host.get("/api/state")["problems"], json!([]));
        host.say("/zoom start Sprint review");
        assert_eq!(host.last_card()["card"]["title"], "Sprint review", "{way}");
        let calls = host.get("/api/zoom")["calls"].to_string();
        assert_eq!(calls.contains("/oauth/token"), way == "server-to-server", "{calls}");
    }
}

/// A browser's visit to Zoom is no call of the plugin.
#[test]
fn what_goes_wrong_with_the_next_call_waits_for_the_api() {
    let folder = TempDir::new().unwrap();
    let host = Running::start(command(&folder).args(["--sign-in", "user"]));
    assert_eq!(host.post("/api/zoom/mishap", &json!({ "kind": "bad-gateway" })).0, 204);
    let (status, page) = host.ask("GET", "/zoom-sim/oauth/authorize?client_id=none", &host.own(), "");
    assert_eq!(status, 400);
    assert!(page.contains("Invalid client_id: none"), "{page}");
    let zoom = host.get("/api/zoom");
    assert_eq!((&zoom["mishap"], &zoom["calls"]), (&json!("bad-gateway"), &json!([])));
}

#[test]
fn a_way_to_sign_in_is_asked_for_where_zoom_is_simulated_and_nowhere_else() {
    let folder = TempDir::new().unwrap();
    let settings = settings_file(&folder, "a-secret-of-36-characters-as-at-zoom");
    let mut command = command(&folder);
    let Output { status, stderr, .. } =
        command.args(["--sign-in", "user", "--settings"]).arg(settings).output().unwrap();
    assert_eq!(status.code(), Some(2));
    let said = String::from_utf8(stderr).unwrap();
    assert!(said.contains("'--sign-in <WAY>' cannot be used with '--settings <FILE>'"), "{said}");
}

#[test]
fn problems_of_the_settings_are_said_by_the_plugin() {
    let folder = TempDir::new().unwrap();
    let settings = settings_file(&folder, "short");
    let host = Running::start(command(&folder).arg("--settings").arg(settings));
    let problems = host.get("/api/state")["problems"].clone();
    assert_eq!(problems[0]["key"], "APISecret");
    let sentence = problems[0]["message"].as_str().unwrap();
    assert!(host.said.contains(&format!("Settings: {sentence}")), "{}", host.said);
    assert!(host.said.contains("--public-url"), "{}", host.said);
}

/// Asks until there is an answer. The test's runner has the last word when there never is one.
fn wait_for<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    loop {
        if let Some(found) = ask() {
            return found;
        }
        std::thread::yield_now();
    }
}
