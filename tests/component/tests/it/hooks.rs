//! Every hook's arguments arrive and its answer comes back.

use chat_plugin_engine::api::frontend::FieldKind;
use chat_plugin_engine::api::hooks::{Action, Event, Request, SettingProblem, Submission};
use chat_plugin_engine::api::http_client::Method;
use chat_plugin_engine::{DueLoop, Limits, parse_method};

use component_tests::Fault;

use crate::support::{probe, say};

pub(crate) fn request(body: Vec<u8>) -> Request {
    Request {
        method: Method::Put,
        path: "/a/b".to_owned(),
        query: "x=1&y".to_owned(),
        headers: vec![("X-One".to_owned(), "1".to_owned())],
        body,
        user_id: Some("u-alice".to_owned()),
    }
}

#[tokio::test]
async fn describe() {
    let registration = probe(Limits::default()).describe().await.unwrap();
    assert_eq!((registration.trigger.as_str(), registration.bot_username.as_str()), ("probe", "probe"));
    assert_eq!(registration.subcommands[0].arguments[0].hint, "[url]");
    assert_eq!(registration.events, ["post-deleted"]);
}

#[tokio::test]
async fn configure_sees_the_settings_of_the_moment() {
    let engine = probe(Limits::default());
    assert_eq!(engine.configure().await, Ok(Ok(())));
    engine.server().set_settings(r#"{"Word":"broken"}"#);
    let problem = SettingProblem { key: "Word".to_owned(), message: "Repair the word.".to_owned() };
    assert_eq!(engine.configure().await, Ok(Err(vec![problem])));
}

#[tokio::test]
async fn a_button_is_posted_once_and_gives_its_context_back() {
    let engine = probe(Limits::default());
    let first = say(&engine, "button").await.unwrap();
    assert_eq!(first, r#"Ok("post-1")"#);
    assert_eq!(say(&engine, "button").await.unwrap(), first, "the same command again");
    let posts = engine.server().posts();
    let [stored] = &posts[..] else { panic!("{posts:?}") };
    assert_eq!((stored.post.user_id.as_str(), stored.post.channel_id.as_str()), ("u-alice", "c-town"));
    let button = &stored.card.as_ref().unwrap().buttons[0];
    let action = Action {
        id: "1".to_owned(),
        user_id: "u-bob".to_owned(),
        channel_id: "c-town".to_owned(),
        post_id: stored.post.id.clone(),
        trigger_id: String::new(),
        button_id: button.id.clone(),
        context: button.context.clone(),
    };
    let response = engine.handle_action(action).await.unwrap();
    assert_eq!(response.message.as_deref(), Some("press says hello from u-alice"));
    assert_eq!(response.open_url.as_deref(), Some("https://example.com/"));
}

#[tokio::test]
async fn f10_posts_of_others_are_neither_changed_nor_deleted() {
    let engine = probe(Limits::default());
    let theirs = engine.server().say("c-town", "u-alice", "mine");
    let ours = say(&engine, "button").await.unwrap();
    let ours = ours.trim_start_matches("Ok(\"").trim_end_matches("\")");
    for word in ["update", "delete"] {
        let answer = say(&engine, &format!("{word} {theirs}")).await.unwrap();
        assert_eq!(answer, "Err(Error::Forbidden)", "{word}");
        assert_eq!(say(&engine, &format!("{word} {ours}")).await.unwrap(), "Ok(())", "{word}");
    }
    let posts = engine.server().posts();
    let [theirs, ours] = &posts[..] else { panic!("{posts:?}") };
    assert_eq!((theirs.post.message.as_str(), theirs.post.deleted), ("mine", false));
    assert_eq!((ours.post.message.as_str(), ours.post.deleted), ("It was pressed.", true));
}

#[tokio::test]
async fn a_dialog_opens_and_its_submission_is_checked() {
    let engine = probe(Limits::default());
    assert_eq!(say(&engine, "dialog").await, Ok("Ok(())".to_owned()));
    let dialogs = engine.server().dialogs();
    let [(trigger, dialog)] = &dialogs[..] else { panic!("{dialogs:?}") };
    assert_eq!(trigger, "trigger");
    assert_eq!(dialog.fields[0].kind, FieldKind::Text);
    let mut submission = Submission {
        id: "1".to_owned(),
        user_id: "u-alice".to_owned(),
        channel_id: "c-town".to_owned(),
        dialog_id: dialog.id.clone(),
        state: dialog.state.clone(),
        values: vec![(dialog.fields[0].name.clone(), String::new())],
        cancelled: false,
    };
    let errors = vec![("topic".to_owned(), "Fill this in.".to_owned())];
    assert_eq!(engine.submit_dialog(submission.clone()).await, Ok(Err(errors)));
    submission.values[0].1 = "Tea".to_owned();
    assert_eq!(engine.submit_dialog(submission).await, Ok(Ok(())));
}

#[tokio::test]
async fn a_preference_is_that_of_its_user_and_name() {
    let engine = probe(Limits::default());
    engine.server().set_preference("u-alice", "pmi", "ask");
    engine.server().set_preference("u-bob", "other", "yes");
    assert_eq!(say(&engine, "preference pmi").await.unwrap(), r#"Ok(Some("ask"))"#);
    assert_eq!(say(&engine, "preference other").await.unwrap(), "Ok(None)");
    engine.server().fail("directory.preference", 1, Fault::Unavailable);
    let failed = say(&engine, "preference pmi").await.unwrap();
    assert!(failed.starts_with("Err(Error::Unavailable("), "{failed}");
}

#[tokio::test]
async fn f48_what_the_host_found_out_reaches_the_plugin() {
    let said = say(&probe(Limits::default()), "findings de").await.unwrap();
    for part in ["Memory", "State::Warning", "says so in de.", "Use it for tests alone."] {
        assert!(said.contains(part), "{said}");
    }
}

#[tokio::test]
async fn an_http_request_arrives_whole() {
    let response = probe(Limits::default()).serve_http(request(b"12345".to_vec())).await.unwrap();
    assert_eq!((response.status, response.headers), (202, vec![("x-probe".to_owned(), "1".to_owned())]));
    assert_eq!(
        String::from_utf8(response.body).unwrap(),
        r#"Method::Put /a/b x=1&y [("X-One", "1")] Some("u-alice") 5"#
    );
}

#[test]
fn methods_that_the_contract_lacks_are_answered_with_405() {
    assert_eq!(parse_method("PATCH"), Ok(Method::Patch));
    for name in ["get", "TRACE", "CONNECT", ""] {
        let response = parse_method(name).unwrap_err();
        assert_eq!(response.status, 405, "{name}");
        assert!(response.headers.iter().any(|(header, value)| header == "allow" && value.contains("GET")));
    }
}

#[tokio::test]
async fn an_event_arrives() {
    let engine = probe(Limits::default());
    let payload = r#"{"post-id":"1"}"#.to_owned();
    let event = Event { id: "1".to_owned(), name: "post-deleted".to_owned(), at_ms: 1, payload };
    engine.handle_event(event).await.unwrap();
    assert_eq!(engine.server().value("post-deleted").as_deref(), Some(r#"{"post-id":"1"}"#));
}

#[tokio::test]
async fn due_work_runs_at_once_after_a_wake_and_as_wished() {
    let engine = probe(Limits::default());
    assert_eq!(engine.run_due().await, Ok(None));
    say(&engine, "kv set wish 7").await.unwrap();
    assert_eq!(engine.run_due().await, Ok(Some(7)));
    say(&engine, "kv delete wish").await.unwrap();

    let due = DueLoop::start(engine.clone());
    engine.server().until_value("due", "3").await;
    say(&engine, "wake").await.unwrap();
    engine.server().until_value("due", "4").await;
    due.stop().await;
    assert_eq!(engine.server().value("due").as_deref(), Some("4"));
}
