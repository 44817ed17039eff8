//! What the web client of a chat server needs besides: its files, a proxy before the chat, and the settings in force.

use crate::program::{Running, command};
use serde_json::{Value, json};
use tempfile::TempDir;

const REGIONAL: &str = "/api/regional";

#[test]
fn the_plugin_is_told_the_language_and_time_zone_of_the_browser_used_last() {
    let folder = TempDir::new().unwrap();
    let host = Running::start(&mut command(&folder));
    assert_eq!(host.get("/api/state")["regional"], json!({ "locale": "en", "timezone": "UTC" }));

    let tell = |languages: &str, timezone: &str| {
        let headers = format!("{}Accept-Language: {languages}\r\n", host.own());
        let body = json!({ "timezone": timezone }).to_string();
        assert_eq!(host.ask("POST", REGIONAL, &headers, &body).0, 204);
        host.get("/api/state")["regional"].clone()
    };
    let berlin = json!({ "locale": "de", "timezone": "Europe/Berlin" });
    assert_eq!(tell("de,en;q=0.7", "Europe/Berlin"), berlin);
    let jonas =
        host.ask("GET", "/api/state", &format!("{}Cookie: local_chat_user=jonas\r\n", host.own()), "");
    assert!(
        jonas.1.contains(r#""regional":{"locale":"en","timezone":"UTC"}"#),
        "only the one who has the browser"
    );
    host.say("/zoom help");
    let shown = host.get("/api/channels/town-square/posts");
    let helped = shown["private"][0]["message"].as_str().unwrap();
    let german: Value = serde_json::from_str(include_str!("../../../../i18n/de.json")).unwrap();
    assert!(helped.contains(german["zoom.help.title"].as_str().unwrap()), "{helped}");
    // What names nothing is not passed on.
    assert_eq!(tell("*", "<script>"), json!({ "locale": "en", "timezone": "UTC" }));

    assert_eq!(tell("de,en;q=0.7", "Europe/Berlin"), berlin);
    drop(host);
    let again = Running::start(&mut command(&folder));
    assert_eq!(again.get("/api/state")["regional"], berlin);
}

#[test]
fn the_folder_of_the_web_client_is_served_and_nothing_beside_it() {
    let folder = TempDir::new().unwrap();
    let public = folder.path().join("public");
    std::fs::create_dir_all(public.join("i18n")).unwrap();
    std::fs::write(public.join("i18n/de.json"), r#"{"a":"b"}"#).unwrap();
    std::fs::write(public.join(".hidden.json"), "{}").unwrap();
    std::fs::write(folder.path().join("beside.json"), "{}").unwrap();
    let host = Running::start(command(&folder).arg("--public").arg(&public));
    let below = |path: &str| host.ask("GET", &format!("/plugins/zoom/public/{path}"), &host.own(), "").0;
    assert_eq!(host.get("/plugins/zoom/public/i18n/de.json"), json!({ "a": "b" }));
    for path in [
        "i18n/fr.json",
        "i18n",
        "i18n/",
        ".hidden.json",
        "../beside.json",
        "%2e%2e/beside.json",
        "i18n/..%2f..%2fbeside.json",
    ] {
        assert_ne!(below(path), 200, "{path}");
    }

    drop(host);
    let without = Running::start(&mut command(&folder));
    assert_eq!(without.ask("GET", "/plugins/zoom/public/i18n/de.json", &without.own(), "").0, 404);
}

#[test]
fn behind_a_proxy_people_are_led_to_it_and_zoom_to_the_program_itself() {
    let folder = TempDir::new().unwrap();
    let proxy = "127.0.0.1:18065";
    let behind = format!("http://{proxy}/chat");
    let host = Running::start(command(&folder).args(["--sign-in", "user", "--behind", &behind]));
    assert!(host.said.contains(&format!("The chat is at http://{}\n", host.address)), "{}", host.said);
    assert!(host.said.contains(&format!("Browsers find it behind {behind}\n")), "{}", host.said);
    let through = format!("Host: {proxy}\r\nOrigin: http://{proxy}\r\n");
    let body = json!({ "message": "/zoom connect", "root_id": null, "request_id": "1" }).to_string();
    let (status, answer) = host.ask("POST", "/api/channels/town-square/posts", &through, &body);
    assert_eq!(status, 200, "{answer}");
    let shown = host.get("/api/channels/town-square/posts");
    let told = shown["private"][0]["message"].as_str().unwrap();
    assert!(told.contains(&format!("{behind}/plugins/zoom/oauth2/connect?")), "{told}");

    host.say("/zoom start");
    let zoom = host.get("/api/zoom");
    assert_eq!(zoom["signed"], true, "Zoom has validated the plugin's URL");
}

/// The cookie of a sign-in passes in both directions; the one that says who somebody is stays with the host.
#[test]
fn f03_the_browser_that_began_a_sign_in_is_known_by_its_cookie() {
    let folder = TempDir::new().unwrap();
    let host = Running::start(command(&folder).args(["--sign-in", "user"]));
    host.say("/zoom connect");
    let shown = host.get("/api/channels/town-square/posts");
    let told = shown["private"][0]["message"].as_str().unwrap();
    let (_, link) = told.split_once(&format!("http://{}", host.address)).unwrap();
    let (path, _) = link.split_once(')').unwrap();

    let (status, head, page) = host.exchange("GET", path, &host.own(), "");
    assert_eq!(status, 200, "{page}");
    let set = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let (cookie, _) = set.split_once(';').unwrap();
    assert_eq!(set, format!("{cookie}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"));
    let (_, proof) = page.split_once("name=\"proof\" value=\"").unwrap();
    let form = format!("proof={}", proof.split('"').next().unwrap());

    for (with, expected) in [
        (String::new(), 403),
        ("Cookie: local_chat_user=maya\r\n".to_owned(), 403),
        (format!("Cookie: x{cookie}\r\n"), 403),
        (format!("Cookie: local_chat_user=maya; {cookie}\r\n"), 303),
    ] {
        let (status, page) = host.ask("POST", path, &format!("{}{with}", host.own()), &form);
        assert_eq!(status, expected, "{with}: {page}");
    }
}

#[test]
fn a_proxy_is_one_of_this_machine() {
    let folder = TempDir::new().unwrap();
    for url in [
        "http://chat.example.com:8065",
        "https://127.0.0.1:8065",
        "http://127.0.0.1",
        "http://127.0.0.1:8065/?a=b",
        "8065",
    ] {
        let refused = command(&folder).args(["--behind", url]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{url}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("--behind <URL>"), "{said}");
    }
}

#[test]
fn administrators_change_the_settings_and_the_plugin_minds_them_at_once() {
    let folder = TempDir::new().unwrap();
    let host = Running::start(&mut command(&folder));
    assert_eq!(host.post("/api/settings", &json!({ "RestrictMeetingCreation": true })).0, 204);
    assert_eq!(host.get("/api/settings")["RestrictMeetingCreation"], true);
    host.say("/zoom start Sprint review");
    assert_eq!(host.last_card(), json!(null), "in public channels nobody may");

    assert_eq!(host.post("/api/settings", &json!({ "WebhookSecret": "" })).0, 204);
    assert_eq!(host.get("/api/state")["problems"][0]["key"], "WebhookSecret");

    let jonas = format!("{}Cookie: local_chat_user=jonas\r\n", host.own());
    assert_eq!(host.ask("GET", "/api/settings", &jonas, "").0, 403);
    assert_eq!(host.ask("POST", "/api/settings", &jonas, "{}").0, 403);
}

#[test]
fn a_user_may_imitate_a_card_and_it_is_not_the_plugins() {
    let folder = TempDir::new().unwrap();
    let host = Running::start(&mut command(&folder));
    let body = json!({
        "message": "Join me",
        "root_id": null,
        "request_id": "1",
        "card": { "kind": "custom_zoom", "data": { "meeting_status": "STARTED", "meeting_link": "https://evil.example/" } },
    });
    assert_eq!(host.post("/api/channels/town-square/posts", &body).0, 200);
    let post = host.last_card();
    assert_eq!(post["by_plugin"], false);
    assert_eq!(post["card"]["data"]["meeting_status"], "STARTED");
    assert_eq!((&post["card"]["links"], &post["card"]["buttons"]), (&json!([]), &json!([])));
}
