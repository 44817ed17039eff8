//! The plugin's settings: those of the simulated Zoom, or those from a file.

use crate::model::User;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// The settings as the plugin gets them, keys as in its manifest.
pub type Settings = Map<String, Value>;

/// A settings file.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingsFile {
    /// Everything but the users.
    pub settings: Settings,
    /// Who is in the chat. At least one.
    pub users: Vec<User>,
}

/// Why a settings file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFileError {
    /// It cannot be read.
    #[error("cannot read the settings file {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is no JSON object.
    #[error("the settings file {} is no JSON object", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Where it goes wrong.
        source: serde_json::Error,
    },
    /// Its `users` are missing or wrong.
    #[error(
        "the settings file {} needs `users`, so that Zoom accounts can be found by e-mail, for example \
         \"users\": [{{\"username\": \"ada\", \"email\": \"ada@example.com\", \"admin\": true}}]: {reason}", path.display()
    )]
    Users {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl SettingsFile {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, for the person who wrote it. Never its content.
    pub fn read(path: &Path) -> Result<Self, SettingsFileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SettingsFileError::Unreadable { path: path.to_owned(), source })?;
        let mut settings: Settings = serde_json::from_str(&text)
            .map_err(|source| SettingsFileError::NotJson { path: path.to_owned(), source })?;
        let users = users(settings.remove("users"))
            .map_err(|reason| SettingsFileError::Users { path: path.to_owned(), reason })?;
        Ok(Self { settings, users })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileUser {
    username: String,
    name: Option<String>,
    email: Option<String>,
    #[serde(default)]
    admin: bool,
    #[serde(default)]
    guest: bool,
}

fn users(value: Option<Value>) -> Result<Vec<User>, String> {
    let value = value.ok_or("there are none")?;
    let users: Vec<FileUser> = serde_json::from_value(value).map_err(|error| error.to_string())?;
    if users.is_empty() {
        return Err("the list is empty".to_owned());
    }
    let mut known: Vec<User> = Vec::new();
    for user in users {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        if user.username.is_empty() || !user.username.chars().all(plain) {
            return Err(format!("the username \"{}\" may only have a-z, 0-9, . and -", user.username));
        }
        if known.iter().any(|other| other.id == user.username) {
            return Err(format!("the username \"{}\" is there twice", user.username));
        }
        known.push(User {
            id: user.username.clone(),
            display_name: user.name.unwrap_or_else(|| user.username.clone()),
            username: user.username,
            email: user.email,
            is_admin: user.admin,
            is_guest: user.guest,
            is_bot: false,
            note: String::new(),
        });
    }
    Ok(known)
}
