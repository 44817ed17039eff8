//! The people and channels that a new chat begins with.

use crate::model::{Channel, ChannelKind, NewPost, User};
use crate::store::{Store, StoreError};

/// Id of the plugin's own account.
pub const BOT_ID: &str = "plugin-bot";

/// Id of the channel that everybody sees first.
pub const FIRST_CHANNEL: &str = "town-square";

/// The name of the one who administers the simulated company's chat, and owns its account at Zoom.
pub const ADMINISTRATOR: &str = "Maya Okafor";

/// The people of the simulated company. Zoom knows all of them but one.
pub fn demo_users() -> Vec<User> {
    let user = |id: &str, name: &str, note: &str| User {
        id: id.to_owned(),
        username: id.to_owned(),
        display_name: name.to_owned(),
        email: Some(format!("{id}@example.com")),
        is_admin: false,
        is_guest: false,
        is_bot: false,
        note: note.to_owned(),
    };
    vec![
        User { is_admin: true, ..user("maya", ADMINISTRATOR, "Administrator") },
        user("jonas", "Jonas Lindqvist", "Known to Zoom"),
        user("priya", "Priya Raman", "Unknown to Zoom"),
        User { is_guest: true, ..user("tomas", "Tomás Herrera", "Guest in one channel") },
    ]
}

/// Address of the one whom Zoom does not know.
pub const UNKNOWN_TO_ZOOM: &str = "priya";

/// Fills a new chat: channels for these users, and in the demo a few words to begin with.
///
/// # Errors
/// When the storage fails.
pub fn fill(store: &Store, users: &[User], with_words: bool) -> Result<(), StoreError> {
    store.put_users(users)?;
    for channel in channels(users) {
        store.put_channel(&channel)?;
    }
    if let [first, second, ..] = users {
        store.direct_channel(&first.id, &second.id)?;
    }
    if with_words {
        say_a_few_words(store)?;
    }
    for user in users {
        for channel in store.channels()? {
            store.mark_read(&user.id, &channel.id, None)?;
        }
    }
    Ok(())
}

fn channels(users: &[User]) -> Vec<Channel> {
    let ids = |wanted: fn(&User) -> bool| {
        users.iter().filter(|user| wanted(user)).map(|user| user.id.clone()).collect()
    };
    let channel = |id: &str, name: &str, purpose: &str, kind, members| Channel {
        id: id.to_owned(),
        name: id.to_owned(),
        display_name: name.to_owned(),
        purpose: purpose.to_owned(),
        kind,
        members,
        archived: false,
    };
    let everybody: Vec<String> = ids(|user| !user.is_guest);
    let leaders: Vec<String> = everybody.iter().take(2).cloned().collect();
    let mut old = channel(
        "launch-2025",
        "Launch 2025",
        "Closed since the launch",
        ChannelKind::Public,
        everybody.clone(),
    );
    old.archived = true;
    vec![
        channel(FIRST_CHANNEL, "Town Square", "News and plans for everybody", ChannelKind::Public, everybody),
        channel(
            "design-review",
            "Design Review",
            "Drafts, with our friends from the studio",
            ChannelKind::Public,
            ids(|_| true),
        ),
        channel("budget", "Budget", "Between the two of us", ChannelKind::Private, leaders),
        old,
    ]
}

fn say_a_few_words(store: &Store) -> Result<(), StoreError> {
    let lines = [
        (
            FIRST_CHANNEL,
            "maya",
            "Good morning! The sprint ends today, so let us look at what we have together.",
        ),
        (FIRST_CHANNEL, "jonas", "I can show the new export. Shall we talk at ten?"),
        (FIRST_CHANNEL, "priya", "Works for me. Who starts the meeting?"),
        ("design-review", "tomas", "The second draft is ready: quieter colours, larger type."),
        ("budget", "maya", "Numbers for next quarter by Friday, please."),
        ("launch-2025", "maya", "Thank you all. This channel is closed now."),
    ];
    for (channel_id, user_id, text) in lines {
        let post = NewPost {
            channel_id: channel_id.to_owned(),
            root_id: None,
            user_id: user_id.to_owned(),
            message: text.to_owned(),
            card: None,
            file_ids: Vec::new(),
            by_plugin: false,
        };
        store.create_post(post, None)?;
    }
    Ok(())
}
