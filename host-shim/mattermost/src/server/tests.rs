//! What components ask of the server, against a server of our own behind the real wire.

use chat_plugin_engine::ChatServer as _;
use chat_plugin_engine::api::directory;
use chat_plugin_engine::api::frontend::{self, Audience, Dialog};
use chat_plugin_engine::api::key_value::{Condition, Error as KeyError, Outcome};
use chat_plugin_engine::api::posts::{Author, Card, Draft, Error, Patch, Privacy};
use serde_json::{Value, json};

use crate::model::{ATTACHMENTS, Post, Preference, Props, json_from_props, text};
use crate::testing::{BOT, State, connect};

fn card(data: Value) -> Card {
    Card {
        kind: "custom_zoom".into(),
        title: "Topic".into(),
        text: String::new(),
        fallback: String::new(),
        links: vec![],
        buttons: vec![],
        data: data.to_string(),
    }
}

fn draft(message: &str) -> Draft {
    Draft {
        channel_id: "town".into(),
        root_id: Some("root".into()),
        author: Author::User("u1".into()),
        message: message.into(),
        card: Some(card(json!({"meeting_id": 1, "meeting_status": "STARTED"}))),
        file_ids: vec!["f1".into()],
        idempotency_key: None,
    }
}

fn facts(props: &Props) -> Value {
    let mut facts = json_from_props(props);
    facts.remove(ATTACHMENTS);
    facts.remove("plugin_stamp");
    Value::Object(facts)
}

#[tokio::test]
async fn a_draft_becomes_a_post_of_its_author_in_its_thread() {
    let (server, fake) = connect();
    let id = server.create_post(draft("<@u2>, come to <#board>, @all")).await.unwrap();
    let post = fake.state().posts[&id].clone();
    assert_eq!(
        (post.user_id.as_str(), post.root_id.as_str(), post.channel_id.as_str()),
        ("u1", "root", "town")
    );
    assert_eq!(post.message, "@bob, come to ~board-square, @\u{200b}all");
    assert_eq!((post.r#type.as_str(), post.file_ids), ("custom_zoom", vec!["f1".to_owned()]));
    let facts = facts(&post.props);
    assert_eq!(facts, json!({"meeting_id": 1, "meeting_status": "STARTED", "from_plugin": "true"}));
    let by_bot = server.create_post(Draft { author: Author::Bot, ..draft("hello") }).await.unwrap();
    assert_eq!(fake.state().posts[&by_bot].user_id, BOT);
}

#[tokio::test]
async fn only_what_the_plugin_made_is_by_the_plugin() {
    let (server, fake) = connect();
    let ours = server.create_post(draft("ours")).await.unwrap();
    let bots =
        server.create_post(Draft { author: Author::Bot, card: None, ..draft("ours too") }).await.unwrap();
    // The time is the one thing that its author cannot choose.
    let mut forged = Post { id: "forged".into(), ..fake.state().posts[&ours].clone() };
    forged.create_at += 1;
    fake.state().posts.insert("forged".into(), forged);
    for (id, by_plugin) in [(&ours, true), (&bots, true), (&"forged".to_owned(), false)] {
        assert_eq!(server.get_post(id.clone()).await.unwrap().by_plugin, by_plugin, "{id}");
    }
    assert_eq!(server.get_post("none".into()).await, Err(Error::NotFound));
}

#[tokio::test]
async fn the_same_key_makes_one_post_however_often_it_comes() {
    let (server, fake) = connect();
    let keyed = |key: &str| Draft { idempotency_key: Some(key.into()), ..draft("once") };
    let first = server.create_post(keyed("k1")).await.unwrap();
    assert_eq!(server.create_post(keyed("k1")).await.unwrap(), first);
    let (a, b) = tokio::join!(server.create_post(keyed("k2")), server.create_post(keyed("k2")));
    let made: std::collections::BTreeSet<_> = [&a, &b].into_iter().flatten().collect();
    assert_eq!(made.len(), 1, "{a:?} {b:?}");
    assert_eq!(fake.state().created, 2);
}

/// The post stands, and nothing else of what its maker would have noted.
#[tokio::test]
async fn f13_a_post_whose_maker_died_is_found_again() {
    let (server, fake) = connect();
    let keyed = |user: &str| Draft {
        idempotency_key: Some("k1".into()),
        author: Author::User(user.into()),
        ..draft("once")
    };
    let first = server.create_post(keyed("u1")).await.unwrap();
    let claim = claim(&fake.state());
    fake.state().kv.retain(|key, _| !key.starts_with("mm_host_post_"));
    // Somebody copies all that the post says, in another place and at the same time, which only administrators can choose.
    for (id, user, at) in [("copy1", "u1", 1), ("copy2", "u2", 0), ("other", "u1", 0)] {
        let mut copy = fake.state().posts[&first].clone();
        (copy.id, copy.user_id, copy.create_at) = (id.into(), user.into(), copy.create_at + at);
        if id == "other" {
            copy.props.clear();
        }
        fake.state().posts.insert(id.into(), copy);
    }
    assert_eq!(server.create_post(keyed("u1")).await.unwrap(), first);
    assert!(fake.state().kv.contains_key(&format!("mm_host_post_{first}")), "it is noted now");
    assert_eq!(fake.state().created, 1);

    // Without the post a young claim keeps others away, and an old one does not.
    fake.state().posts.clear();
    let unavailable = server.create_post(keyed("u1")).await;
    assert!(matches!(unavailable, Err(Error::Unavailable(_))), "{unavailable:?}");
    let old = claim.1 - 60_001;
    fake.state().kv.insert(claim.0.clone(), old.to_string().into_bytes());
    let second = server.create_post(keyed("u1")).await.unwrap();
    assert_eq!(server.create_post(keyed("u1")).await.unwrap(), second);
    assert_eq!(fake.state().created, 2);
    assert_eq!(fake.state().expiry[&claim.0], 24 * 3600);
}

/// The key of the one claim, and when it was made.
fn claim(state: &State) -> (String, u64) {
    let mut claims = state.kv.iter().filter(|(key, _)| key.starts_with("mm_host_once_"));
    let (key, value) = claims.next().unwrap();
    (key.clone(), std::str::from_utf8(value).unwrap().parse().unwrap())
}

#[tokio::test]
async fn a_refused_post_can_be_tried_again_under_its_key() {
    let (server, fake) = connect();
    let cases = [
        (400, Error::Invalid("Server: app.refused (status 400)".into())),
        (403, Error::Forbidden),
        (404, Error::NotFound),
    ];
    for (status, error) in cases {
        let keyed = Draft { idempotency_key: Some(format!("k{status}")), ..draft("again") };
        fake.state().refuse_next_post = Some(status);
        assert_eq!(server.create_post(keyed.clone()).await, Err(error));
        server.create_post(keyed).await.unwrap();
    }
}

#[tokio::test]
async fn f41_what_users_typed_stands_in_no_error() {
    let (server, fake) = connect();
    for status in [400, 401, 409, 413, 429, 500, 501, 503] {
        fake.state().refuse_next_post = Some(status);
        let error = server.create_post(draft("x")).await.unwrap_err();
        let (text, shown) = (error.to_string(), format!("{error:?}"));
        assert!(!text.contains("alice") && !shown.contains("alice"), "{status}: {shown}");
        fake.state().refuse_next_preferences = Some(status);
        let error = server.preference("u1".into(), "call".into()).await.unwrap_err();
        assert!(!format!("{error:?}").contains("alice"), "{status}: {error:?}");
    }
}

#[tokio::test]
async fn an_update_replaces_what_is_ours_and_keeps_the_rest() {
    let (server, fake) = connect();
    let id = server.create_post(draft("started")).await.unwrap();
    let foreign = [("others_prop".to_owned(), text("kept"))];
    fake.state().posts.get_mut(&id).unwrap().props.extend(foreign);
    let ended = card(json!({"meeting_status": "ENDED", "meeting_end_time": 5}));
    let patch = Patch { message: "ended".into(), card: Some(ended) };
    server.update_post(id.clone(), patch).await.unwrap();
    let post = fake.state().posts[&id].clone();
    assert_eq!((post.message.as_str(), post.file_ids.len()), ("ended", 1));
    let expected = json!({"meeting_status": "ENDED", "meeting_end_time": 5, "from_plugin": "true", "others_prop": "kept"});
    assert_eq!(facts(&post.props), expected);
    server.update_post(id.clone(), Patch { message: "plain".into(), card: None }).await.unwrap();
    let post = fake.state().posts[&id].clone();
    assert_eq!(facts(&post.props), json!({"from_plugin": "true", "others_prop": "kept"}));
    assert!(server.get_post(id.clone()).await.unwrap().by_plugin);

    fake.state().posts.get_mut(&id).unwrap().delete_at = 7;
    let late = Patch { message: "late".into(), card: None };
    assert_eq!(server.update_post(id, late).await, Err(Error::NotFound));
}

#[tokio::test]
async fn recent_posts_are_those_made_since_newest_first() {
    let (server, fake) = connect();
    for n in 1..=3 {
        let id = server.create_post(draft(&format!("post {n}"))).await.unwrap();
        // The stamp says another time now: the host's own record of the post decides.
        let made_at = 1000 * i64::from(n);
        fake.state().posts.entry(id).and_modify(|post| (post.create_at, post.update_at) = (made_at, made_at));
    }
    // Touched just now, and made long ago.
    fake.state().posts.get_mut("post1").unwrap().update_at = 9000;
    let recent = server.recent_posts("town".into(), 2000).await.unwrap();
    let seen: Vec<_> =
        recent.iter().map(|post| (post.id.as_str(), post.created_ms, post.by_plugin)).collect();
    assert_eq!(seen, [("post3", 3000, true), ("post2", 2000, true)]);
    assert_eq!(recent[0].kind, "custom_zoom");
    assert_eq!(server.recent_posts("board".into(), 0).await.unwrap(), []);
}

#[tokio::test]
async fn private_replies_go_where_the_user_can_see_them() {
    let (server, fake) = connect();
    let private = || Draft { card: None, ..draft("for you") };
    let id = server.send_private("u2".into(), private(), Privacy::Must).await.unwrap();
    let (user, post) = fake.state().ephemeral[0].clone();
    assert_eq!(
        (user.as_str(), &post.id, post.user_id.as_str(), post.root_id.as_str()),
        ("u2", &id, BOT, "root")
    );
    assert!(
        id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
        "{id}"
    );
    server
        .update_private("u2".into(), id.clone(), Draft { message: "changed".into(), ..private() })
        .await
        .unwrap();
    let (_, post) = fake.state().ephemeral[1].clone();
    assert_eq!((post.id, post.message.as_str()), (id, "changed"));

    let elsewhere = Draft { channel_id: "board".into(), ..private() };
    let id = server.send_private("u2".into(), elsewhere.clone(), Privacy::Must).await.unwrap();
    let post = fake.state().posts[&id].clone();
    assert_eq!(
        (post.channel_id.as_str(), post.user_id.as_str(), post.root_id.as_str()),
        ("u2__bot", BOT, "")
    );
    server
        .update_private("u2".into(), id.clone(), Draft { message: "changed".into(), ..elsewhere })
        .await
        .unwrap();
    assert_eq!(fake.state().posts[&id].message, "changed");
    assert_eq!(fake.state().ephemeral.len(), 2);
}

/// The server gives what one user alone sees a type of its own; clients then go by the prop.
#[tokio::test]
async fn a_private_card_says_its_kind_in_a_prop_and_a_posted_one_in_its_type_alone() {
    let (server, fake) = connect();
    let asked = |channel: &str| Draft {
        channel_id: channel.into(),
        card: Some(card(json!({"question": "q1", "type": "custom_other"}))),
        ..draft("for you")
    };
    let id = server.send_private("u2".into(), asked("town"), Privacy::Must).await.unwrap();
    server.update_private("u2".into(), id, asked("town")).await.unwrap();
    server.update_private("u2".into(), "answered".into(), Draft { card: None, ..draft("x") }).await.unwrap();
    let shown: Vec<_> = fake.state().ephemeral.iter().map(|(_, post)| facts(&post.props)).collect();
    let expected = json!({"question": "q1", "type": "custom_zoom"});
    assert_eq!(shown, [expected.clone(), expected, json!({})]);

    let id = server.send_private("u2".into(), asked("board"), Privacy::Must).await.unwrap();
    server.update_private("u2".into(), id.clone(), asked("board")).await.unwrap();
    let post = fake.state().posts[&id].clone();
    assert_eq!(post.r#type, "custom_zoom");
    assert_eq!(facts(&post.props), json!({"question": "q1", "from_plugin": "true"}));
}

#[tokio::test]
async fn a_message_of_somebodys_is_no_private_reply() {
    let (server, fake) = connect();
    let message =
        Post { id: "post7".into(), user_id: "u1".into(), message: "mine".into(), ..Post::default() };
    fake.state().posts.insert("post7".into(), message);
    let draft = Draft { card: None, ..draft("yours") };
    assert_eq!(server.update_private("u2".into(), "post7".into(), draft).await, Err(Error::Forbidden));
    assert_eq!(server.delete_private("u2".into(), "post7".into()).await, Err(Error::Forbidden));
    let post = fake.state().posts["post7"].clone();
    assert_eq!((post.message.as_str(), post.delete_at), ("mine", 0));
}

#[tokio::test]
async fn keys_follow_the_contract() {
    let (server, fake) = connect();
    let set =
        |key: &str, value: &[u8], condition| server.kv_set(key.into(), value.to_vec(), Some(60), condition);
    let equals = |value: &[u8]| Condition::Equals(value.to_vec());
    assert_eq!(server.kv_get("k".into()).await, Ok(None));
    assert_eq!(set("k", b"1", Condition::Absent).await, Ok(Outcome::Stored));
    assert_eq!(set("k", b"2", Condition::Absent).await, Ok(Outcome::Conflict));
    assert_eq!(set("k", b"2", equals(b"0")).await, Ok(Outcome::Conflict));
    assert_eq!(set("k", b"2", equals(b"")).await, Ok(Outcome::Conflict));
    assert_eq!(set("k", b"2", equals(b"1")).await, Ok(Outcome::Stored));
    assert_eq!(server.kv_get("k".into()).await, Ok(Some(b"2".to_vec())));
    assert_eq!(fake.state().expiry["k"], 60);
    assert_eq!(server.kv_delete("k".into(), equals(b"1")).await, Ok(Outcome::Conflict));
    assert_eq!(server.kv_delete("k".into(), Condition::Absent).await, Ok(Outcome::Conflict));
    assert_eq!(server.kv_delete("k".into(), equals(b"2")).await, Ok(Outcome::Stored));
    assert_eq!(server.kv_delete("k".into(), Condition::Absent).await, Ok(Outcome::Stored));
    assert_eq!(server.kv_delete("k".into(), Condition::Always).await, Ok(Outcome::Stored));
    server.kv_set("at-once".into(), b"1".to_vec(), Some(0), Condition::Always).await.unwrap();
    assert_eq!(fake.state().expiry["at-once"], 1, "0 would mean never");
    server.kv_set("for-ever".into(), b"1".to_vec(), None, Condition::Always).await.unwrap();
    assert_eq!(fake.state().expiry["for-ever"], 0);
    assert!(matches!(set("k", b"", Condition::Always).await, Err(KeyError::Other(_))));
    for key in ["", &"k".repeat(151), "mm_host_seal_key", "mmi_botid"] {
        assert_eq!(set(key, b"1", Condition::Always).await, Err(KeyError::InvalidKey), "{key}");
        assert_eq!(server.kv_get(key.into()).await, Err(KeyError::InvalidKey), "{key}");
        assert_eq!(server.kv_delete(key.into(), Condition::Always).await, Err(KeyError::InvalidKey), "{key}");
    }
}

#[tokio::test]
async fn keys_are_listed_in_order_whatever_the_servers_order_is() {
    let (server, fake) = connect();
    for n in 0..2_500 {
        fake.state().kv.insert(format!("watch_{n:05}"), b"1".to_vec());
    }
    for key in ["mm_host_post_1", "mmi_botid", "number_1"] {
        fake.state().kv.insert(key.into(), b"1".to_vec());
    }
    let mut listed = Vec::new();
    loop {
        let after = listed.last().cloned();
        let page = server.kv_list("watch_".into(), after, 1_000).await.unwrap();
        let is_last = page.len() < 1_000;
        listed.extend(page);
        if is_last {
            break;
        }
    }
    assert_eq!(listed, (0..2_500).map(|n| format!("watch_{n:05}")).collect::<Vec<_>>());
    // Each time all of the server's pages.
    assert_eq!(fake.state().listed, 9);
    assert_eq!(server.kv_list("number".into(), None, 10).await, Ok(vec!["number_1".into()]));
    assert_eq!(server.kv_list("mm".into(), None, 10).await, Ok(vec![]), "the host's own");
    assert_eq!(server.kv_list("watch_".into(), None, 0).await, Ok(vec![]));
    assert_eq!(server.kv_list("watch_".into(), Some("watch_02499".into()), 10).await, Ok(vec![]));
}

#[tokio::test]
async fn members_alone_may_post() {
    let (server, fake) = connect();
    fake.state().users.get_mut("u2").unwrap().roles = "system_user system_admin".into();
    let may = |user: &str, channel: &str| {
        server.may(user.into(), directory::Permission::CreatePost, Some(channel.into()))
    };
    assert_eq!(may("u1", "board").await, Ok(true));
    assert_eq!(may("u2", "board").await, Ok(false), "no member, though the server would take the post");
    assert_eq!(may("u2", "town").await, Ok(true));
    server.find_user("u2".into()).await.unwrap();
    assert_eq!(may("u2", "board").await, Ok(false), "what an administrator may is no sign");
    // The role of a team's administrator stands in the team, not with the user.
    fake.state().users.get_mut("u2").unwrap().roles = "system_user".into();
    fake.state().team_admins.insert("u2".into());
    server.find_user("u2".into()).await.unwrap();
    server.find_channel("board".into()).await.unwrap();
    assert_eq!(may("u2", "board").await, Ok(false));
    // Whoever was looked up a moment ago is not looked up again, nor whether they are members of a public channel.
    server.find_user("u1".into()).await.unwrap();
    server.find_channel("town".into()).await.unwrap();
    fake.state().looked_up = 0;
    assert_eq!(may("u1", "town").await, Ok(true));
    server.create_post(draft("<@u1>")).await.unwrap();
    assert_eq!(fake.state().looked_up, 0);
}

#[tokio::test]
async fn the_host_keeps_a_record_of_posts_that_users_can_change() {
    let (server, fake) = connect();
    let records = || fake.state().kv.keys().filter(|key| key.starts_with("mm_host_post_")).count();
    server.create_post(Draft { author: Author::Bot, ..draft("by the bot") }).await.unwrap();
    assert_eq!(records(), 0);
    server.create_post(draft("by Alice")).await.unwrap();
    assert_eq!(records(), 1);
}

#[tokio::test]
async fn cards_are_found_behind_many_other_posts() {
    let (server, fake) = connect();
    let id = server.create_post(draft("the card")).await.unwrap();
    for n in 0..100 {
        let talk = Post {
            id: format!("talk{n}"),
            channel_id: "town".into(),
            create_at: i64::MAX - 100 + n,
            update_at: i64::MAX - 100 + n,
            ..Post::default()
        };
        fake.state().posts.insert(talk.id.clone(), talk);
    }
    let recent = server.recent_posts("town".into(), 0).await.unwrap();
    assert_eq!((recent.len(), recent[0].id.as_str()), (61, "talk99"));
    assert_eq!(recent[60].id, id);
}

#[tokio::test]
async fn people_are_found_by_an_address_that_counts() {
    let (server, fake) = connect();
    let found = server.find_user_by_email(" Alice@Example.com ".into()).await.unwrap();
    assert_eq!((found.id.as_str(), found.email.as_deref()), ("u1", Some("alice@example.com")));
    fake.state().users.get_mut("u1").unwrap().remote_id = Some("elsewhere".into());
    let gone = server.find_user_by_email("alice@example.com".into()).await;
    assert_eq!(gone, Err(directory::Error::NotFound));
    assert!(server.find_user("u1".into()).await.unwrap().is_remote);
    for unknown in ["", "nobody"] {
        assert_eq!(server.find_user(unknown.into()).await, Err(directory::Error::NotFound));
    }
    assert_eq!(server.is_member("board".into(), "u2".into()).await, Ok(false));
    assert_eq!(server.is_member("board".into(), "u1".into()).await, Ok(true));
}

#[tokio::test]
async fn a_preference_is_this_plugins_own() {
    let (server, fake) = connect();
    let preference = |category: &str, name: &str, value: &str| Preference {
        category: category.into(),
        name: name.into(),
        value: value.into(),
    };
    fake.state().preferences = vec![
        preference("plugin:zoo", "call", "another plugin's"),
        preference("plugin:zoom", "other", "another name's"),
        preference("plugin:zoom", "call", "ours"),
    ];
    let ask = |name: &str| server.preference("u1".into(), name.into());
    assert_eq!(ask("call").await, Ok(Some("ours".into())));
    assert_eq!(ask("Call").await, Ok(None));
    // The server answers so when its database is away.
    fake.state().refuse_next_preferences = Some(400);
    assert!(matches!(ask("call").await, Err(directory::Error::Unavailable(_))));
    assert_eq!(server.preference(String::new(), "call".into()).await, Err(directory::Error::NotFound));
}

#[tokio::test]
async fn events_reach_only_those_that_every_part_of_the_audience_names() {
    let (server, fake) = connect();
    let audience = |user: Option<&str>, channel: Option<&str>| Audience {
        user_id: user.map(Into::into),
        channel_id: channel.map(Into::into),
        connection_id: None,
    };
    let cases = [
        (audience(None, None), 0),
        (audience(Some("u2"), Some("board")), 0),
        (audience(Some("u1"), Some("board")), 1),
        (audience(Some("u2"), None), 2),
        (audience(None, Some("town")), 3),
    ];
    for (to, sent) in cases {
        server.publish("meeting_started".into(), "{}".into(), to.clone()).await.unwrap();
        assert_eq!(fake.state().events.len(), sent, "{to:?}");
    }
    let to = audience(Some("u1"), None);
    assert!(matches!(server.publish("e".into(), "[]".into(), to).await, Err(frontend::Error::Other(_))));
}

#[tokio::test]
async fn a_dialog_opens_only_for_a_trigger_that_was_seen() {
    let (server, fake) = connect();
    let dialog = Dialog {
        id: "prefs".into(),
        title: "Preferences".into(),
        intro: String::new(),
        fields: vec![],
        submit_label: "Save".into(),
        state: "the state".into(),
    };
    assert!(server.open_dialog("t1".into(), dialog.clone()).await.is_err());
    server.remember_trigger("t1", "u1", "town");
    server.open_dialog("t1".into(), dialog).await.unwrap();
    let request = fake.state().dialogs[0].clone();
    assert_eq!(
        (request.url.as_str(), request.dialog.callback_id.as_str()),
        ("/plugins/zoom/dialog", "prefs")
    );
    assert!(!request.dialog.state.contains("state"));
    let bound = super::DialogState { dialog_id: "prefs", user_id: "u1", channel_id: "town" };
    assert_eq!(
        server.sealer().await.unwrap().open(&bound.bound(), &request.dialog.state).as_deref(),
        Some("the state")
    );
}

#[tokio::test]
async fn all_nodes_seal_under_one_key() {
    let (server, fake) = connect();
    let sealed = server.sealer().await.unwrap().seal(&["b"], "text");
    let (other, other_fake) = connect();
    other_fake.state().kv = fake.state().kv.clone();
    assert_eq!(other.sealer().await.unwrap().open(&["b"], &sealed).as_deref(), Some("text"));
}
