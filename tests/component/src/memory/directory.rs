use std::collections::{BTreeMap, BTreeSet};

use chat_plugin_engine::api::directory::{Channel, ChannelKind, Permission, User};

/// The plugin's own account.
pub(super) const BOT: &str = "u-bot";

/// Who is where.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) users: BTreeMap<String, User>,
    pub(super) channels: BTreeMap<String, Channel>,
    members: BTreeMap<String, BTreeSet<String>>,
    /// By user and name.
    pub(super) preferences: BTreeMap<(String, String), String>,
}

impl Directory {
    pub(super) fn add_channel(&mut self, channel: Channel, members: &[&str]) {
        self.members.insert(channel.id.clone(), members.iter().map(|&id| id.to_owned()).collect());
        self.channels.insert(channel.id.clone(), channel);
    }

    pub(super) fn user_by_email(&self, email: &str) -> Option<&User> {
        let is = |user: &&User| user.email.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(email));
        self.users.values().find(is)
    }

    pub(super) fn is_member(&self, channel_id: &str, user_id: &str) -> bool {
        self.members.get(channel_id).is_some_and(|members| members.contains(user_id))
    }

    pub(super) fn member_count(&self, channel_id: &str) -> Option<usize> {
        self.members.get(channel_id).map(BTreeSet::len)
    }

    /// Members may post; administrators may do everything.
    pub(super) fn may(&self, user_id: &str, permission: Permission, channel_id: Option<&str>) -> bool {
        let Some(user) = self.users.get(user_id).filter(|user| !user.is_deactivated) else {
            return false;
        };
        match (permission, channel_id) {
            (Permission::CreatePost, Some(channel_id)) => self.is_member(channel_id, user_id),
            (Permission::CreatePost | Permission::ManageChannel | Permission::Administer, _) => user.is_admin,
        }
    }

    /// The channel between the bot and the user, made when missing.
    pub(super) fn direct_channel(&mut self, user_id: &str) -> Option<String> {
        if !self.users.contains_key(user_id) {
            return None;
        }
        let id = format!("d-{user_id}");
        if !self.channels.contains_key(&id) {
            self.add_channel(Channel { kind: ChannelKind::Direct, ..channel(&id) }, &[BOT, user_id]);
        }
        Some(id)
    }
}

/// An ordinary user with a verified address at `example.com`.
pub(super) fn user(name: &str) -> User {
    User {
        id: format!("u-{name}"),
        username: name.to_owned(),
        display_name: name.to_owned(),
        email: Some(format!("{name}@example.com")),
        locale: "en".to_owned(),
        timezone: "Europe/Paris".to_owned(),
        is_admin: false,
        is_guest: false,
        is_bot: false,
        is_remote: false,
        is_deactivated: false,
    }
}

pub(super) fn bot() -> User {
    User { id: BOT.to_owned(), email: None, is_bot: true, ..user("bot") }
}

/// A public channel.
pub(super) fn channel(id: &str) -> Channel {
    Channel {
        id: id.to_owned(),
        team_id: Some("t-team".to_owned()),
        name: id.to_owned(),
        display_name: id.to_owned(),
        kind: ChannelKind::Public,
        archived: false,
    }
}
