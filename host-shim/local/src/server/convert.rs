//! Between the contract's types and the chat's.

use crate::{
    model::{Button, ButtonStyle, Card, Channel, ChannelKind, Link, Post, Regional, Status, User},
    store::{Condition, Store, StoreError, Written},
};
use chat_plugin_engine::api::{directory, files, key_value, posts, presence};

pub(super) fn card(card: posts::Card) -> Result<Card, posts::Error> {
    let data: serde_json::Value = serde_json::from_str(&card.data)
        .ok()
        .filter(serde_json::Value::is_object)
        .ok_or_else(|| posts::Error::Invalid("the card's data is no JSON object".to_owned()))?;
    let style = |style| match style {
        posts::ButtonStyle::Default => ButtonStyle::Default,
        posts::ButtonStyle::Primary => ButtonStyle::Primary,
        posts::ButtonStyle::Danger => ButtonStyle::Danger,
    };
    let button = |button: posts::Button| Button {
        id: button.id,
        label: button.label,
        style: style(button.style),
        context: button.context,
    };
    Ok(Card {
        kind: card.kind,
        title: card.title,
        text: card.text,
        fallback: card.fallback,
        links: card.links.into_iter().map(|link| Link { label: link.label, url: link.url }).collect(),
        buttons: card.buttons.into_iter().map(button).collect(),
        data,
    })
}

pub(super) fn post(post: Post) -> posts::Post {
    let (kind, data) = match post.card {
        Some(card) => (card.kind, card.data.to_string()),
        None => (String::new(), "{}".to_owned()),
    };
    posts::Post {
        id: post.id,
        channel_id: post.channel_id,
        root_id: post.root_id,
        user_id: post.user_id,
        message: post.message,
        kind,
        data,
        by_plugin: post.by_plugin,
        created_ms: post.created_ms,
        deleted: false,
    }
}

/// A user, with the language and time zone that they use.
pub(super) fn user(store: &Store, user: User) -> Result<directory::User, StoreError> {
    let Regional { locale, timezone } = store.regional(&user.id)?;
    Ok(directory::User {
        id: user.id,
        username: user.username,
        display_name: user.display_name,
        email: user.email,
        locale,
        timezone,
        is_admin: user.is_admin,
        is_guest: user.is_guest,
        is_bot: user.is_bot,
        is_remote: false,
        is_deactivated: false,
    })
}

pub(super) fn channel(channel: Channel) -> directory::Channel {
    let (kind, team_id) = match channel.kind {
        ChannelKind::Public => (directory::ChannelKind::Public, Some(super::imports::TEAM_ID.to_owned())),
        ChannelKind::Private => (directory::ChannelKind::Private, Some(super::imports::TEAM_ID.to_owned())),
        ChannelKind::Direct => (directory::ChannelKind::Direct, None),
    };
    directory::Channel {
        id: channel.id,
        team_id,
        name: channel.name,
        display_name: channel.display_name,
        kind,
        archived: channel.archived,
    }
}

pub(super) fn condition(condition: key_value::Condition) -> Condition {
    match condition {
        key_value::Condition::Always => Condition::Always,
        key_value::Condition::Absent => Condition::Absent,
        key_value::Condition::Equals(bytes) => Condition::Equals(bytes),
    }
}

pub(super) fn outcome(written: Written) -> key_value::Outcome {
    match written {
        Written::Stored => key_value::Outcome::Stored,
        Written::Conflict => key_value::Outcome::Conflict,
    }
}

pub(super) fn custom_status(status: Status) -> presence::CustomStatus {
    presence::CustomStatus { emoji: status.emoji, text: status.text, expires_ms: status.expires_ms }
}

pub(super) fn status(status: presence::CustomStatus) -> Status {
    Status { emoji: status.emoji, text: status.text, expires_ms: status.expires_ms }
}

pub(super) fn key_value_error(error: StoreError) -> key_value::Error {
    if matches!(error, StoreError::InvalidKey(_)) {
        key_value::Error::InvalidKey
    } else {
        key_value::Error::Other(error.to_string())
    }
}

pub(super) fn posts_error(error: StoreError) -> posts::Error {
    if matches!(error, StoreError::NotFound(_)) {
        posts::Error::NotFound
    } else {
        posts::Error::Other(error.to_string())
    }
}

pub(super) fn directory_error(error: StoreError) -> directory::Error {
    if matches!(error, StoreError::NotFound(_)) {
        directory::Error::NotFound
    } else {
        directory::Error::Unavailable(error.to_string())
    }
}

pub(super) fn presence_error(error: StoreError) -> presence::Error {
    if matches!(error, StoreError::NotFound(_)) {
        presence::Error::NotFound
    } else {
        presence::Error::Other(error.to_string())
    }
}

pub(super) fn files_error(error: StoreError) -> files::Error {
    files::Error::Other(error.to_string())
}

/// `<@user-id>` and `<#channel-id>` as people type them: `@username` and `~name`. What names nobody stays as it is.
pub(super) fn mentions(text: &str, store: &Store) -> Result<String, StoreError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let replaced = match rest.find('>') {
            Some(end) => mention(&rest[1..end], store)?.map(|name| (name, end + 1)),
            None => None,
        };
        match replaced {
            Some((name, length)) => {
                out.push_str(&name);
                rest = &rest[length..];
            }
            None => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn mention(inner: &str, store: &Store) -> Result<Option<String>, StoreError> {
    let found = if let Some(id) = inner.strip_prefix('@') {
        store.user(id).map(|user| format!("@{}", user.username))
    } else if let Some(id) = inner.strip_prefix('#') {
        store.channel(id).map(|channel| format!("~{}", channel.id))
    } else {
        return Ok(None);
    };
    match found {
        Ok(name) => Ok(Some(name)),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
