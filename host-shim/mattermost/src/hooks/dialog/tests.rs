use super::*;
use crate::sentences::say_to_one;
use crate::testing::connect;

/// What the form says to its user; `None` if nothing is wrong.
async fn error(hooks: &Hooks, user_id: &str, body: &Value) -> Option<String> {
    let response = hooks.answer_dialog(Some(user_id.into()), "r1", body.to_string().as_bytes()).await;
    let answer: Value = serde_json::from_slice(&response.body).unwrap();
    answer["error"].as_str().map(Into::into)
}

#[tokio::test]
async fn a_form_is_taken_only_from_its_user_in_its_channel() {
    let (server, fake) = connect();
    let bound = DialogState { dialog_id: "prefs", user_id: "u1", channel_id: "town" };
    let state = server.sealer().await.unwrap().seal(&bound.bound(), "the state");
    let hooks = Hooks::of(server);
    let form = |user: &str, channel: &str, id: &str, state: &str| json!({"user_id": user, "channel_id": channel, "callback_id": id, "state": state, "submission": {"a": "b"}});
    // Past the check it fails for want of a component, which is not loaded here.
    let taken = error(&hooks, "u1", &form("u1", "town", "prefs", &state)).await;
    assert_eq!(taken, Some(say_to_one("en", Sentence::Failed)));
    let forged = [
        ("u2", form("u2", "town", "prefs", &state)),
        ("u2", form("u1", "town", "prefs", &state)),
        ("u1", form("u1", "board", "prefs", &state)),
        ("u1", form("u1", "town", "other", &state)),
        ("u1", form("u1", "town", "prefs", "the state")),
    ];
    for (user_id, body) in &forged {
        assert_eq!(
            error(&hooks, user_id, body).await,
            Some(say_to_one("en", Sentence::ForeignForm)),
            "{user_id} {body}"
        );
    }
    assert_eq!(fake.state().log.len(), forged.len());
    assert_eq!(hooks.answer_dialog(None, "r1", b"{}").await.status, 401);
    assert_eq!(hooks.answer_dialog(Some("u1".into()), "r1", b"[]").await.status, 400);
}

#[test]
fn fields_are_handed_on_as_text() {
    let cases = [(json!("a"), "a"), (json!(true), "true"), (json!(4), "4"), (Value::Null, "")];
    for (value, expected) in cases {
        assert_eq!(plain(value), expected);
    }
}
