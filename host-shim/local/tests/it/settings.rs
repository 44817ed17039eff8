//! A settings file: what the plugin gets, who is in the chat, and sentences for what is wrong.

use local_host::settings::{SettingsFile, SettingsFileError};
use serde_json::json;
use std::path::PathBuf;
use tempfile::TempDir;

fn read(text: &str) -> Result<SettingsFile, SettingsFileError> {
    let (_folder, path) = file(text);
    SettingsFile::read(&path)
}

/// A file with this text, and the folder that it lives in.
fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("zoom.json");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn settings_reach_the_plugin_and_users_the_chat() {
    let written = json!({
        "APIKey": "key",
        "AccountLevelApp": false,
        "users": [
            { "username": "ada", "name": "Ada Lovelace", "email": "ada@example.com", "admin": true },
            { "username": "guest.1", "guest": true },
        ],
    });
    let file = read(&written.to_string()).unwrap();
    assert_eq!(json!(file.settings), json!({ "APIKey": "key", "AccountLevelApp": false }));
    let users: Vec<_> = file
        .users
        .iter()
        .map(|user| {
            (
                user.id.as_str(),
                user.display_name.as_str(),
                user.email.as_deref(),
                user.is_admin,
                user.is_guest,
            )
        })
        .collect();
    assert_eq!(
        users,
        [
            ("ada", "Ada Lovelace", Some("ada@example.com"), true, false),
            ("guest.1", "guest.1", None, false, true),
        ]
    );
}

#[test]
fn what_is_wrong_is_said_without_the_secrets() {
    for (text, expected) in [
        ("", "is no JSON object"),
        (r#"["APISecret"]"#, "is no JSON object"),
        (r#"{"APISecret": "hush-hush", }"#, "is no JSON object"),
        (r#"{"APISecret": "hush-hush"}"#, "there are none"),
        (r#"{"APISecret": "hush-hush", "users": []}"#, "the list is empty"),
        (r#"{"APISecret": "hush-hush", "users": {}}"#, "expected a sequence"),
        (r#"{"APISecret": "hush-hush", "users": [{"name": "Ada"}]}"#, "missing field `username`"),
        (r#"{"APISecret": "hush-hush", "users": [{"username": "ada", "mail": ""}]}"#, "unknown field `mail`"),
        (r#"{"APISecret": "hush-hush", "users": [{"username": "Ada L"}]}"#, "may only have a-z"),
        (
            r#"{"APISecret": "hush-hush", "users": [{"username": "ada"}, {"username": "ada"}]}"#,
            "is there twice",
        ),
    ] {
        let sentence = read(text).unwrap_err().to_string();
        assert!(sentence.contains(expected), "{text}: {sentence}");
        assert!(sentence.contains("zoom.json"), "{sentence}");
        assert!(!sentence.contains("hush-hush"), "{sentence}");
    }
}

#[test]
fn what_is_no_json_is_said_once() {
    let error = read(r#"{"APISecret": "hush-hush", }"#).unwrap_err();
    // As the program prints it, with what lies below.
    let sentence = format!("{:#}", anyhow::Error::from(error));
    assert!(
        sentence.ends_with("zoom.json is no JSON object: trailing comma at line 1 column 28"),
        "{sentence}"
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = TempDir::new().unwrap();
    let sentence = SettingsFile::read(&folder.path().join("zoom.json")).unwrap_err().to_string();
    assert!(
        sentence.contains("cannot read the settings file") && sentence.contains("zoom.json"),
        "{sentence}"
    );
}
