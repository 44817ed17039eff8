//! Who holds up whom, and the end.

use std::time::Duration;

use chat_plugin_engine::api::hooks;
use chat_plugin_engine::api::log::Level;
use chat_plugin_engine::limits::ROOMS;
use chat_plugin_engine::{CallError, Limits, Line, Party};
use component_tests::Fault;

use crate::support::{places, probe, say, say_as};

#[tokio::test]
async fn f05_a_user_who_has_the_own_share_is_told_so_and_nobody_else() {
    let engine = probe(places(9, 9, 1));
    engine.server().fail("posts.get", 1, Fault::Hang);
    let other = engine.clone();
    let hanging = tokio::spawn(async move { say_as(&other, "u-ann", "sleep-import").await });
    engine.server().hung().await;
    assert_eq!(say_as(&engine, "u-ann", "ok").await, Err(CallError::ShareTaken(1)));
    assert_eq!(say_as(&engine, "u-bob", "ok").await, Ok("ok".to_owned()));
    hanging.abort();
}

#[tokio::test(start_paused = true)]
async fn f05_calls_that_pause_leave_their_places_and_too_many_of_them_end() {
    let engine = probe(places(1, 2, 9));
    let pausing: Vec<_> = (0..3)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { say(&engine, "pause 3000").await })
        })
        .collect();
    // The runtime has one thread: each call that pauses begins here.
    tokio::task::yield_now().await;
    assert_eq!(say(&engine, "ok").await, Ok("ok".to_owned()));
    let mut ends = Vec::new();
    for call in pausing {
        ends.push(call.await.unwrap());
    }
    let paused = Ok("paused".to_owned());
    assert_eq!(ends, [paused.clone(), paused, Err(CallError::Busy)]);
}

#[tokio::test]
async fn f05_what_users_hold_is_no_place_of_others() {
    let engine = probe(Limits::default());
    engine.server().fail("posts.get", u32::MAX, Fault::Hang);
    let mut hanging = Vec::new();
    for user in 0..ROOMS.users.active {
        let other = engine.clone();
        let user_id = format!("u-{user}");
        hanging.push(tokio::spawn(async move { say_as(&other, &user_id, "sleep-import").await }));
        engine.server().hung().await;
    }
    let request = |user_id: Option<&str>| hooks::Request {
        user_id: user_id.map(str::to_owned),
        ..crate::hooks::request(Vec::new())
    };
    for party in [Party::Service, Party::Stranger] {
        assert_eq!(engine.serve_http_for(&party, "", request(None)).await.unwrap().status, 202, "{party:?}");
    }
    assert!(engine.describe().await.is_ok());
    hanging.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn f42_calls_under_way_come_to_their_end_and_new_ones_are_refused() {
    let engine = probe(Limits::default());
    let call = |arguments: &'static str| {
        let engine = engine.clone();
        tokio::spawn(async move { say(&engine, arguments).await })
    };
    let (quick, slow) = (call("pause 1000"), call("pause 5000"));
    tokio::task::yield_now().await;
    let other = engine.clone();
    let drained = tokio::spawn(async move { other.drain(Duration::from_secs(2)).await });
    tokio::task::yield_now().await;
    assert_eq!(say(&engine, "ok").await, Err(CallError::Stopping));
    assert_eq!(engine.run_due().await, Err(CallError::Stopping));
    assert_eq!(quick.await.unwrap(), Ok("paused".to_owned()));
    assert_eq!(slow.await.unwrap(), Err(CallError::Stopped));
    assert!(!drained.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn f07_a_line_that_says_the_same_is_written_once_and_then_counted() {
    let engine = probe(Limits::default());
    let lines =
        || -> Vec<String> { engine.server().log_lines().into_iter().map(|line| line.message).collect() };
    for _ in 0..3 {
        assert_eq!(say(&engine, "log-long").await, Ok("logged".to_owned()));
    }
    let [first] = &lines()[..] else { panic!("{:?}", lines()) };
    // Two calls more, and one line for both.
    tokio::time::advance(Duration::from_secs(61)).await;
    while lines().len() < 2 {
        tokio::task::yield_now().await;
    }
    let counted = format!("{first} (2 times more in the last minute)");
    assert_eq!(lines(), [first.clone(), counted.clone()]);
    // As long as it goes on, only the count.
    assert_eq!(say(&engine, "log-long").await, Ok("logged".to_owned()));
    assert_eq!(lines().len(), 2);
    engine.flush_log().await;
    assert_eq!(lines(), [first.clone(), counted, format!("{first} (once more in the last minute)")]);
}

#[tokio::test]
async fn f07_strangers_cannot_fill_the_log_with_lines_of_ever_new_kinds() {
    let engine = probe(Limits::default());
    let line = |number: usize| Line {
        level: Level::Warn,
        message: format!("refused {number}"),
        fields: Vec::new(),
        varying: vec![("request_id".to_owned(), number.to_string())],
    };
    for number in 0..100 {
        engine.log(&Party::Stranger, line(number)).await;
    }
    let before = engine.server().log_lines().len();
    engine.log(&Party::User("u-ann".to_owned()), line(200)).await;
    engine.flush_log().await;
    let lines = engine.server().log_lines();
    assert!(before < 50 && lines.len() == before + 2, "{lines:?}");
    assert_eq!(lines[before].message, "refused 200");
    let left_out = 100 - before;
    assert!(lines[before + 1].message.starts_with(&format!("{left_out} more lines")), "{lines:?}");
}
