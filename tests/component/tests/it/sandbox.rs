//! What a component sees of the machine: the time, randomness, and nothing else.

use std::time::Duration;

use chat_plugin_engine::Limits;
use chat_plugin_engine::api::log::Level;

use crate::support::{probe, say};

#[tokio::test]
async fn no_environment_no_arguments_no_input() {
    let engine = probe(Limits::default());
    assert!(std::env::vars().count() > 0, "there is something to see");
    assert_eq!(say(&engine, "env").await.as_deref(), Ok("vars 0 args 0 stdin Ok(0)"));
}

#[tokio::test]
async fn the_servers_clock() {
    let engine = probe(Limits::default());
    assert_eq!(say(&engine, "time").await.as_deref(), Ok("1767605400000"));
    engine.server().advance(Duration::from_millis(1_500));
    assert_eq!(say(&engine, "time").await.as_deref(), Ok("1767605401500"));
}

#[tokio::test]
async fn randomness_of_its_own_in_each_call() {
    let engine = probe(Limits::default());
    let first = say(&engine, "random").await.unwrap();
    assert_ne!(say(&engine, "random").await.unwrap(), first);
}

#[tokio::test]
async fn what_it_prints_is_lines_of_the_log_at_debug() {
    let engine = probe(Limits::default());
    say(&engine, "print one|two").await.unwrap();
    let lines = engine.server().log_lines();
    assert!(lines.iter().all(|line| line.level == Level::Debug));
    let mut printed: Vec<(&str, &str)> =
        lines.iter().map(|line| (line.fields[0].1.as_str(), line.message.as_str())).collect();
    printed.sort_unstable();
    assert_eq!(printed, [("stderr", "one"), ("stderr", "two"), ("stdout", "one"), ("stdout", "two")]);
}
