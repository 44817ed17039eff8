//! Whatever a component does wrong fails that one call, with a reason, and the next call works.

use chat_plugin_engine::CallError;
use chat_plugin_engine::api::log::Level;
use chat_plugin_engine::limits::{LOG_LINE_BYTES, LOG_LINES, MEMORY_BYTES, TRANSFER_BYTES};

use crate::support::{probe, say, short_limits};

async fn fails(word: &str, expected: CallError) {
    let engine = probe(short_limits());
    assert_eq!(say(&engine, word).await, Err(expected), "{word}");
    assert_eq!(say(&engine, "ok").await, Ok("ok".to_owned()), "after {word}");
}

#[tokio::test]
async fn an_endless_loop() {
    fails("loop", CallError::TooSlow(short_limits().guest_cpu)).await;
}

#[tokio::test]
async fn an_endless_loop_of_imports() {
    fails("loop-import", CallError::TooSlow(short_limits().guest_cpu)).await;
}

#[tokio::test]
async fn a_memory_bomb() {
    fails("bomb", CallError::OutOfMemory(MEMORY_BYTES)).await;
}

#[tokio::test]
async fn a_deep_recursion() {
    fails("recurse", CallError::StackOverflow).await;
}

#[tokio::test]
async fn a_huge_answer() {
    fails("huge", CallError::TooLarge(TRANSFER_BYTES)).await;
}

#[tokio::test]
async fn a_huge_argument_of_an_import() {
    fails("huge-import", CallError::TooLarge(TRANSFER_BYTES)).await;
}

#[tokio::test]
async fn a_trap() {
    fails("trap", CallError::Trapped("wasm trap: wasm `unreachable` instruction executed".to_owned())).await;
}

#[tokio::test]
async fn the_end_of_its_own_process() {
    fails("exit", CallError::Exited).await;
}

#[tokio::test]
async fn a_panic_whose_message_goes_to_the_log_at_debug() {
    let engine = probe(short_limits());
    let error = say(&engine, "panic").await.unwrap_err();
    assert!(matches!(error, CallError::Trapped(_)), "{error:?}");
    let lines = engine.server().log_lines();
    assert!(lines.iter().any(|line| line.message.contains("on purpose")), "{lines:?}");
    assert!(lines.iter().all(|line| line.level == Level::Debug), "{lines:?}");
    assert_eq!(say(&engine, "ok").await, Ok("ok".to_owned()));
}

#[tokio::test]
async fn a_flood_of_log_lines_is_cut_off_with_a_word() {
    let engine = probe(short_limits());
    assert_eq!(say(&engine, "log-flood").await, Ok("flooded".to_owned()));
    let lines = engine.server().log_lines();
    assert_eq!(lines.len(), LOG_LINES as usize);
    assert_eq!(lines[98].message, "line 98");
    assert!(lines[99].message.contains("logs too much"), "{:?}", lines[99]);
    // The next call has a log of its own.
    assert_eq!(say(&engine, "log-long").await, Ok("logged".to_owned()));
    assert_eq!(engine.server().log_lines().len(), LOG_LINES as usize + 1);
}

#[tokio::test]
async fn a_long_log_line_is_cut_between_characters() {
    let engine = probe(short_limits());
    assert_eq!(say(&engine, "log-long").await, Ok("logged".to_owned()));
    let lines = engine.server().log_lines();
    let [line] = &lines[..] else { panic!("{} lines", lines.len()) };
    assert!(line.message.starts_with("ää") && line.message.ends_with("ä…"));
    let fields: usize = line.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!(line.message.len() + fields <= LOG_LINE_BYTES);
    assert_eq!(line.level, Level::Warn);
}
