//! Users, channels and permissions.

use chat_plugin_engine::api::directory::{Channel, ChannelKind, Error, Permission, User};

use super::{Facts, Mattermost};
use crate::manifest::MANIFEST;
use crate::model;

/// What tells a channel's administrators, and those above them, from its members: these may by default change its name and header.
const MANAGE_CHANNEL: &str = "manage_channel_roles";

pub(super) async fn user(server: &Mattermost, id: String) -> Result<User, Error> {
    if id.is_empty() {
        return Err(Error::NotFound);
    }
    let user = server.api()?.user(id).await?;
    server.people().met(&user);
    Ok(person(&server.facts(), user))
}

pub(super) async fn user_by_email(server: &Mattermost, email: String) -> Result<User, Error> {
    // The server keeps addresses in lower case.
    let email = email.trim().to_lowercase();
    if email.is_empty() {
        return Err(Error::NotFound);
    }
    let user = server.api()?.user_by_email(email.clone()).await?;
    let user = person(&server.facts(), user);
    let known = user.email.as_ref().is_some_and(|known| known.to_lowercase() == email);
    if known { Ok(user) } else { Err(Error::NotFound) }
}

pub(super) async fn channel(server: &Mattermost, id: String) -> Result<Channel, Error> {
    if id.is_empty() {
        return Err(Error::NotFound);
    }
    let channel = server.api()?.channel(id).await?;
    let kind = channel_kind(&channel)?;
    if kind == ChannelKind::Public {
        server.people().saw_public(&channel.id);
    }
    let named = matches!(kind, ChannelKind::Public | ChannelKind::Private);
    Ok(Channel {
        id: channel.id,
        team_id: Some(channel.team_id).filter(|id| !id.is_empty()),
        // Between users the name is made of their ids.
        name: if named { channel.name } else { String::new() },
        display_name: channel.display_name,
        kind,
        archived: channel.delete_at > 0,
    })
}

pub(super) async fn member_count(server: &Mattermost, channel_id: String) -> Result<u32, Error> {
    let count = server.api()?.member_count(channel_id).await?;
    Ok(u32::try_from(count).unwrap_or_default())
}

pub(super) async fn may(
    server: &Mattermost,
    user_id: String,
    permission: Permission,
    channel_id: Option<String>,
) -> Result<bool, Error> {
    let api = server.api()?;
    let answer = match (permission, channel_id) {
        (Permission::Administer, _) => api.has_permission(user_id, "manage_system").await,
        (Permission::CreatePost, None) => api.has_permission(user_id, "create_post").await,
        (Permission::ManageChannel, None) => api.has_permission(user_id, MANAGE_CHANNEL).await,
        (Permission::CreatePost, Some(channel_id)) => {
            return may_post(server, user_id, channel_id).await;
        }
        (Permission::ManageChannel, Some(channel_id)) => {
            return may_manage(server, user_id, channel_id).await;
        }
    };
    Ok(answer?)
}

pub(super) async fn direct_channel(server: &Mattermost, user_id: String) -> Result<String, Error> {
    Ok(server.api()?.direct_channel(user_id, server.facts().bot_id.clone()).await?.id)
}

pub(super) async fn preference(
    server: &Mattermost,
    user_id: &str,
    name: &str,
) -> Result<Option<String>, Error> {
    if user_id.is_empty() {
        return Err(Error::NotFound);
    }
    // Where nothing is set the list is empty: a refusal, whatever its status, says that the server could not look.
    let all = server.api()?.preferences(user_id.into()).await.map_err(|error| match error.status() {
        Some(_) => Error::Unavailable(error.to_string()),
        None => error.into(),
    })?;
    // The category that earlier versions of this plugin kept their preferences in.
    let category = format!("plugin:{}", MANIFEST.id);
    let found = all.into_iter().find(|preference| preference.category == category && preference.name == name);
    Ok(found.map(|preference| preference.value))
}

/// The server lets its administrators, and those of a team, post in channels that they are no members of. The role of the latter stands in
/// the team and not with the user: only in public channels, which they may join at any time, it is not looked for.
async fn may_post(server: &Mattermost, user_id: String, channel_id: String) -> Result<bool, Error> {
    let api = server.api()?;
    if !api.has_channel_permission(user_id.clone(), channel_id.clone(), "create_post").await? {
        return Ok(false);
    }
    let is_ordinary = server.people().find(&user_id).is_some_and(|person| person.is_ordinary);
    if is_ordinary && server.people().is_public(&channel_id) {
        return Ok(true);
    }
    Ok(api.member(channel_id, user_id).await?.is_some())
}

async fn may_manage(server: &Mattermost, user_id: String, channel_id: String) -> Result<bool, Error> {
    let api = server.api()?;
    if api.has_channel_permission(user_id.clone(), channel_id.clone(), MANAGE_CHANNEL).await? {
        return Ok(true);
    }
    // A permission scheme may take it from the role of the channel's administrators, who are its administrators all the same.
    Ok(api.member(channel_id, user_id).await?.is_some_and(|member| member.scheme_admin))
}

fn channel_kind(channel: &model::Channel) -> Result<ChannelKind, Error> {
    match channel.r#type.as_str() {
        "O" => Ok(ChannelKind::Public),
        "P" => Ok(ChannelKind::Private),
        "D" => Ok(ChannelKind::Direct),
        "G" => Ok(ChannelKind::Group),
        other => Err(Error::Other(format!("the server has a channel of the unknown type {other:?}"))),
    }
}

fn person(facts: &Facts, user: model::User) -> User {
    let has_role = |role: &str| user.roles.split_whitespace().any(|given| given == role);
    let is_deactivated = user.delete_at > 0;
    User {
        display_name: facts.display_name(&user),
        email: facts.email(&user),
        timezone: timezone(&user),
        is_admin: has_role("system_admin"),
        is_guest: has_role("system_guest"),
        is_bot: user.is_bot,
        is_remote: is_deactivated || !user.remote_id.unwrap_or_default().is_empty(),
        is_deactivated,
        id: user.id,
        username: user.username,
        locale: user.locale,
    }
}

fn timezone(user: &model::User) -> String {
    let get = |key: &str| user.timezone.get(key).cloned().unwrap_or_default();
    if get("useAutomaticTimezone") == "false" { get("manualTimezone") } else { get("automaticTimezone") }
}
