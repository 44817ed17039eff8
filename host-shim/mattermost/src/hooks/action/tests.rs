use super::*;
use crate::model::ExecuteCommandArgs;
use crate::sentences::say_to_one;
use crate::server::Facts;
use crate::testing::{FakeServer, connect};
use chat_plugin_engine::api::posts::{Author, Button, ButtonStyle, Card, Draft, Privacy};
use chat_plugin_engine::{CallError, ChatServer as _};

fn draft() -> Draft {
    let button = |id: &str| Button {
        id: id.into(),
        label: id.into(),
        style: ButtonStyle::Default,
        context: format!("context of {id}"),
        command: None,
    };
    let card = Card {
        kind: "custom_zoom".into(),
        title: "Topic".into(),
        text: String::new(),
        fallback: String::new(),
        links: vec![],
        buttons: vec![button("yes"), button("no")],
        data: "{}".into(),
    };
    Draft {
        channel_id: "town".into(),
        root_id: Some("root".into()),
        author: Author::User("u1".into()),
        message: "Which?".into(),
        card: Some(card),
        file_ids: vec![],
        idempotency_key: None,
    }
}

/// The press of the button `yes` by Bob, as the server sends it.
fn pressed(post: &crate::model::Post) -> Pressed {
    let list = post.props[ATTACHMENTS].as_ref().unwrap();
    let list: Vec<Option<crate::model::MessageAttachment>> = list.downcast().unwrap();
    let action = list[0].as_ref().unwrap().actions[0].clone().unwrap();
    let context = crate::model::json_from_props(&action.integration.unwrap().context);
    let request = json!({
        "user_id": "u2", "user_name": "bob", "channel_id": post.channel_id, "team_id": "t", "post_id": post.id,
        "trigger_id": "trigger", "type": "button", "data_source": "", "context": context,
    });
    serde_json::from_value(request).unwrap()
}

async fn start() -> (Hooks, FakeServer) {
    let (server, fake) = connect();
    (Hooks::of(server), fake)
}

async fn reason(hooks: &Hooks, user_id: &str, pressed: &Pressed) -> Result<(String, String), &'static str> {
    hooks.open(user_id, pressed).await.map_err(|refusal| refusal.reason)
}

const NOT_OURS: &str = "its context was not made by this plugin for this button and channel";
const NOT_CARRIED: &str = "its message does not carry the button";

#[tokio::test]
async fn a_press_gives_back_what_the_plugin_gave_to_the_button() {
    let (hooks, fake) = start().await;
    let id = hooks.server().create_post(draft()).await.unwrap();
    let post = fake.state().posts[&id].clone();
    assert_eq!(reason(&hooks, "u2", &pressed(&post)).await, Ok(("context of yes".into(), "root".into())));
}

#[tokio::test]
async fn a_press_that_was_forged_or_belongs_elsewhere_is_refused() {
    let (hooks, fake) = start().await;
    let id = hooks.server().create_post(draft()).await.unwrap();
    let other = hooks.server().create_post(Draft { channel_id: "board".into(), ..draft() }).await.unwrap();
    let twin = hooks.server().create_post(draft()).await.unwrap();
    let post = fake.state().posts[&id].clone();
    let change = |change: &dyn Fn(&mut Pressed)| {
        let mut pressed = pressed(&post);
        change(&mut pressed);
        pressed
    };
    let cases = [
        (change(&|p| p.context.button = "no".into()), NOT_OURS),
        (change(&|p| p.context.sealed = "forged".into()), NOT_OURS),
        (change(&|p| p.context.sealed.insert(30, 'A')), NOT_OURS),
        (change(&|p| p.context.private = Some("true".into())), NOT_OURS),
        (change(&|p| p.channel_id = "board".into()), NOT_OURS),
        (change(&|p| p.post_id.clone_from(&other)), NOT_CARRIED),
        (change(&|p| p.post_id.clone_from(&twin)), NOT_CARRIED),
        (change(&|p| p.post_id = "none".into()), "its message cannot be read"),
    ];
    for (pressed, expected) in cases {
        assert_eq!(reason(&hooks, "u2", &pressed).await, Err(expected));
    }
    let by_another = reason(&hooks, "u1", &pressed(&post)).await;
    assert_eq!(by_another, Err("it names another user than the one who is signed in"));
}

#[tokio::test]
async fn a_private_button_is_for_its_user_and_its_reply() {
    let (hooks, fake) = start().await;
    hooks.server().send_private("u2".into(), draft(), Privacy::Must).await.unwrap();
    let (_, post) = fake.state().ephemeral[0].clone();
    assert_eq!(reason(&hooks, "u2", &pressed(&post)).await, Ok(("context of yes".into(), "root".into())));
    let mut moved = pressed(&post);
    moved.context.root = "another".into();
    assert_eq!(reason(&hooks, "u2", &moved).await, Err(NOT_OURS));
    let by_another = Pressed { user_id: "u1".into(), ..pressed(&post) };
    assert_eq!(reason(&hooks, "u1", &by_another).await, Err(NOT_OURS));
    let elsewhere = Pressed { post_id: "another".into(), ..pressed(&post) };
    assert_eq!(reason(&hooks, "u2", &elsewhere).await, Err(NOT_OURS));
}

#[tokio::test]
async fn a_refusal_is_told_to_the_user_and_to_the_log() {
    let (hooks, fake) = start().await;
    assert_eq!(hooks.answer_action(None, "r1", b"{}").await.status, 401);
    assert_eq!(hooks.answer_action(Some("u2".into()), "r1", b"null").await.status, 400);
    let forged = json!({"user_id": "u2", "channel_id": "town", "post_id": "p", "context": {"button": "yes", "sealed": "x"}});
    let response = hooks.answer_action(Some("u2".into()), "r1", forged.to_string().as_bytes()).await;
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    let told = "This button does not belong to this message, so nothing was done.";
    assert_eq!((response.status, body["ephemeral_text"].as_str()), (200, Some(told)));
    assert_eq!(fake.state().log, ["A press of a button was refused."; 3]);
}

#[tokio::test]
async fn f40_a_refusal_is_told_in_the_users_own_language_else_in_the_servers() {
    let (hooks, fake) = start().await;
    fake.state().users.get_mut("u2").unwrap().locale = "de".into();
    let forged = |user_id: &str| json!({"user_id": user_id, "channel_id": "town", "post_id": "p", "context": {"button": "yes", "sealed": "x"}});
    let german = "Diese Schaltfläche gehört nicht zu dieser Nachricht; es wurde nichts ausgeführt.";
    let french = "Ce bouton n’appartient pas à ce message : rien n’a été fait.";
    hooks.server().set_facts(Facts::in_language("fr"));
    for (user_id, expected) in [("u2", german), ("u1", french), ("nobody", french)] {
        let body = forged(user_id).to_string();
        let response = hooks.answer_action(Some(user_id.into()), "r1", body.as_bytes()).await;
        let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body["ephemeral_text"], expected, "{user_id}");
    }
}

#[tokio::test]
async fn f40_what_fails_and_what_is_opened_is_said_in_the_users_language() {
    let (hooks, fake) = start().await;
    fake.state().users.get_mut("u2").unwrap().locale = "ja".into();
    let party = Party::User("u2".into());
    for (error, expected) in [
        (
            CallError::Busy,
            "現在、このサーバーの Zoom は大変混み合っています。しばらくしてからもう一度お試しください。",
        ),
        (
            CallError::Stopping,
            "Zoom プラグインを停止または更新しているため、何も実行されませんでした。しばらくしてからもう一度お試しください。",
        ),
    ] {
        let sentence = hooks.failed(&party, "execute-command", &error).await;
        assert_eq!(hooks.say("u2", sentence).await, expected);
    }
    assert_eq!(hooks.say("u2", Sentence::Open).await, "開く");
}

#[tokio::test]
async fn who_is_refused_reads_it_in_the_own_language_and_strangers_in_the_servers() {
    let (server, fake) = connect();
    fake.state().users.get_mut("u2").unwrap().locale = "ja".into();
    server.set_facts(Facts::in_language("de"));
    let hooks = Hooks::of(server);
    let of = |party: Party, error: CallError| {
        let hooks = &hooks;
        async move {
            let response = hooks.unanswered(&party, &error).await;
            let text = String::from_utf8(response.body).unwrap();
            (response.status, text, response.headers.iter().any(|(name, _)| name == "retry-after"))
        }
    };
    let user = Party::User("u2".into());
    let said = |locale: &str, sentence| say_to_one(locale, sentence);
    assert_eq!(
        of(user.clone(), CallError::ShareTaken(8)).await,
        (429, said("ja", Sentence::ShareTaken), true)
    );
    assert_eq!(of(user, CallError::Stopping).await, (503, said("ja", Sentence::Stopping), true));
    assert_eq!(of(Party::Service, CallError::Busy).await, (503, said("de", Sentence::Busy), true));
    assert_eq!(of(Party::Stranger, CallError::Exited).await, (500, said("de", Sentence::Failed), false));
    let refused = hooks.refuse_command(ExecuteCommandArgs::default()).await.unwrap().a.unwrap();
    assert_eq!((refused.response_type.as_str(), refused.text), ("ephemeral", said("de", Sentence::Busy)));
}
