//! Keys by way of a component: sizes, conditions and times.

use std::time::Duration;

use chat_plugin_engine::Limits;
use chat_plugin_engine::limits::KEY_BYTES;
use component_tests::Fault;

use crate::support::{probe, say};

#[tokio::test]
async fn conditions_and_times_hold() {
    let engine = probe(Limits::default());
    for (word, answer) in [
        ("kv get a", "Ok(None)"),
        ("kv list a 10", "Ok([])"),
        ("kv add a 1", "Ok(Outcome::Stored)"),
        ("kv add a 2", "Ok(Outcome::Conflict)"),
        ("kv swap a 2 3", "Ok(Outcome::Conflict)"),
        ("kv swap a 1 3", "Ok(Outcome::Stored)"),
        ("kv get a", "3"),
        ("kv set a.2 1", "Ok(Outcome::Stored)"),
        ("kv set b 1", "Ok(Outcome::Stored)"),
        ("kv list a 10", "Ok([\"a\", \"a.2\"])"),
        ("kv list a 1", "Ok([\"a\"])"),
        ("kv list a 10 a", "Ok([\"a.2\"])"),
        ("kv list c 10", "Ok([])"),
        ("kv delete a", "Ok(Outcome::Stored)"),
        ("kv delete a", "Ok(Outcome::Stored)"),
        ("kv get a", "Ok(None)"),
        ("kv brief b 60 1", "Ok(Outcome::Stored)"),
    ] {
        assert_eq!(say(&engine, word).await.as_deref(), Ok(answer), "{word}");
    }
    engine.server().advance(Duration::from_millis(59_999));
    assert_eq!(say(&engine, "kv get b").await.as_deref(), Ok("1"));
    engine.server().advance(Duration::from_millis(1));
    assert_eq!(say(&engine, "kv get b").await.as_deref(), Ok("Ok(None)"));
    assert_eq!(say(&engine, "kv add b 2").await.as_deref(), Ok("Ok(Outcome::Stored)"));
}

#[tokio::test]
async fn keys_and_values_are_held_to_their_sizes() {
    let engine = probe(Limits::default());
    let longest = "k".repeat(KEY_BYTES);
    assert_eq!(say(&engine, &format!("kv set {longest} 1")).await.as_deref(), Ok("Ok(Outcome::Stored)"));
    assert_eq!(say(&engine, &format!("kv set {longest}k 1")).await.as_deref(), Ok("Err(Error::InvalidKey)"));
    assert_eq!(say(&engine, "kv get ").await.as_deref(), Ok("Err(Error::InvalidKey)"));
    let answer = say(&engine, "kv set empty ").await.unwrap();
    assert!(answer.contains("an empty value is not stored"), "{answer}");
    let answer = say(&engine, &format!("kv set big {}", "v".repeat(256 * 1024 + 1))).await.unwrap();
    assert!(answer.contains("262145 bytes is not stored"), "{answer}");
}

#[tokio::test]
async fn a_store_that_fails_is_an_error_for_the_plugin() {
    let engine = probe(Limits::default());
    engine.server().fail("key-value.set", 1, Fault::Unavailable);
    let answer = say(&engine, "kv set a 1").await.unwrap();
    assert!(answer.starts_with("Err(Error::Unavailable("), "{answer}");
    assert_eq!(say(&engine, "kv set a 1").await.as_deref(), Ok("Ok(Outcome::Stored)"));
}
