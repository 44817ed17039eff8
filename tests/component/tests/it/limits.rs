//! Time limits and bounded concurrency.

use std::time::Duration;

use chat_plugin_engine::limits::{MAX_BODY, PAUSE, QUEUE_WAIT};
use chat_plugin_engine::{CallError, Limits};
use component_tests::Fault;

use crate::support::{command, places, probe, say, say_as, short_limits};

#[tokio::test]
async fn an_import_that_hangs_is_an_error_for_the_plugin() {
    let engine = probe(short_limits());
    engine.server().fail("posts.get", 1, Fault::Hang);
    let answer = say(&engine, "sleep-import").await.unwrap();
    assert!(answer.contains("posts.get got no answer from the chat server within 0.2 s"), "{answer}");
    assert_eq!(say(&engine, "sleep-import").await, Ok("Err(Error::NotFound)".to_owned()));
}

#[tokio::test]
async fn an_import_without_errors_that_hangs_fails_the_call() {
    let engine = probe(short_limits());
    engine.server().fail("host.settings", 1, Fault::Hang);
    let expected = CallError::ImportTimedOut { import: "host.settings", limit: short_limits().import };
    assert_eq!(say(&engine, "settings").await, Err(expected));
    assert_eq!(say(&engine, "settings").await, Ok("{}".to_owned()));
}

#[tokio::test]
async fn an_import_without_errors_that_fails_fails_the_call() {
    let engine = probe(short_limits());
    engine.server().fail("host.settings", 1, Fault::Unavailable);
    let reason = "host.settings fails as it was told to".to_owned();
    assert_eq!(say(&engine, "settings").await, Err(CallError::Host { import: "host.settings", reason }));
    assert_eq!(say(&engine, "settings").await, Ok("{}".to_owned()));
}

#[tokio::test]
async fn the_whole_call_has_a_limit() {
    let call = Duration::from_millis(200);
    let engine = probe(Limits { call, ..Limits::default() });
    engine.server().fail("posts.get", 1, Fault::Hang);
    assert_eq!(say(&engine, "sleep-import").await, Err(CallError::TimedOut(call)));
    assert_eq!(say(&engine, "ok").await, Ok("ok".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_pause_lasts_as_long_as_was_asked_up_to_its_limit() {
    let engine = probe(Limits::default());
    for (ms, lasts) in
        [(0, Duration::ZERO), (700, Duration::from_millis(700)), (60_000, PAUSE), (u32::MAX, PAUSE)]
    {
        let began = tokio::time::Instant::now();
        assert_eq!(say(&engine, &format!("pause {ms}")).await, Ok("paused".to_owned()));
        let lasted = began.elapsed();
        // The clock moves in whole milliseconds.
        assert!(lasts <= lasted && lasted <= lasts + Duration::from_millis(5), "{ms} ms took {lasted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_leaves_time_for_the_rest_of_the_call() {
    let call = Duration::from_secs(2);
    let engine = probe(Limits { call, ..Limits::default() });
    let began = tokio::time::Instant::now();
    assert_eq!(say(&engine, "pause 60000").await, Ok("paused".to_owned()));
    assert!(began.elapsed() < call, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_pause_is_no_computing() {
    let engine = probe(short_limits());
    let pause = short_limits().guest_cpu + Duration::from_millis(100);
    assert_eq!(say(&engine, &format!("pause {}", pause.as_millis())).await, Ok("paused".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_pause_keeps_no_other_call_waiting() {
    let engine = probe(Limits::default());
    let other = engine.clone();
    let pausing = tokio::spawn(async move { say(&other, "pause 3000").await });
    // The runtime has one thread: the call that pauses begins here.
    tokio::task::yield_now().await;
    let began = tokio::time::Instant::now();
    assert_eq!(say(&engine, "ok").await, Ok("ok".to_owned()));
    assert!(began.elapsed().is_zero() && !pausing.is_finished());
    assert_eq!(pausing.await.unwrap(), Ok("paused".to_owned()));
}

#[tokio::test]
async fn a_call_without_a_place_is_told_so() {
    let engine = probe(places(1, 1, 9));
    engine.server().fail("posts.get", 1, Fault::Hang);
    let other = engine.clone();
    let hanging = tokio::spawn(async move { other.execute_command(command("sleep-import")).await });
    engine.server().hung().await;
    assert_eq!(say(&engine, "ok").await, Err(CallError::Busy));
    // A call that its host gives up gives its place back.
    hanging.abort();
    assert!(hanging.await.unwrap_err().is_cancelled());
    assert_eq!(say(&engine, "ok").await, Ok("ok".to_owned()));
}

#[tokio::test]
async fn more_calls_than_places_wait_for_their_turn() {
    let engine = probe(Limits { queue_wait: QUEUE_WAIT, ..places(2, 1, 2) });
    let calls = (0..50).map(|user| {
        let engine = engine.clone();
        tokio::spawn(async move { say_as(&engine, &format!("u-{user}"), "ok").await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), Ok("ok".to_owned()));
    }
}

#[tokio::test]
async fn an_endless_loop_does_not_keep_other_calls_of_its_thread_waiting() {
    let engine = probe(Limits { guest_cpu: Duration::from_secs(600), ..Limits::default() });
    let other = engine.clone();
    let looping = tokio::spawn(async move { other.execute_command(command("loop")).await });
    // The runtime has one thread: it must come round to this call while the loop runs.
    tokio::task::yield_now().await;
    assert_eq!(say(&engine, "ok").await, Ok("ok".to_owned()));
    assert!(!looping.is_finished());
    looping.abort();
    assert!(looping.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_body_over_the_limit_never_reaches_the_plugin() {
    let engine = probe(Limits::default());
    let mut request = crate::hooks::request(vec![0; MAX_BODY]);
    assert_eq!(engine.serve_http(request.clone()).await.unwrap().status, 202);
    request.body.push(0);
    assert_eq!(engine.serve_http(request).await.unwrap().status, 413);
}
