//! The engine's contract with its driver.

use zoom_chat::flow::{Effect, Flow, Misuse, Moment, Outcome, Step};

const MOMENT: Moment = Moment { now_ms: 1_767_605_400_000, entropy: [7; 32] };

#[test]
fn a_flow_without_questions_is_done_at_once() {
    let (_, step) = Flow::start(MOMENT, |io| async move { io.now_ms() });
    assert_eq!(step, Step::Done(MOMENT.now_ms));
}

#[test]
fn questions_asked_side_by_side_come_together_and_take_answers_in_any_order() {
    let (mut flow, step) = Flow::start(MOMENT, |io| async move {
        let (first, second) = (io.kv_get("a".to_owned()), io.kv_get("b".to_owned()));
        (first.await, second.await)
    });
    let ask = |id, key: &str| (id, Effect::KvGet(key.to_owned()));
    assert_eq!(step, Step::Ask(vec![ask(0, "a"), ask(1, "b")]));
    let value = |byte: u8| Ok(Some(vec![byte]));
    assert_eq!(flow.resume(1, Outcome::Value(value(2))), Ok(Step::Ask(Vec::new())));
    assert_eq!(flow.resume(0, Outcome::Value(value(1))), Ok(Step::Done((value(1), value(2)))));
}

#[test]
fn an_answer_to_nothing_is_refused_and_moves_nothing() {
    let (mut flow, _) = Flow::start(MOMENT, |io| async move { io.kv_get("a".to_owned()).await });
    let nothing = || Outcome::Value(Ok(None));
    assert_eq!(flow.resume(7, nothing()), Err(Misuse(7)));
    assert_eq!(flow.resume(0, nothing()), Ok(Step::Done(Ok(None))));
    assert_eq!(flow.resume(0, nothing()), Err(Misuse(0)));
}

#[test]
#[should_panic(expected = "outcome of another effect")]
fn an_answer_of_another_kind_is_a_bug() {
    let (mut flow, _) = Flow::start(MOMENT, |io| async move { io.kv_get("a".to_owned()).await });
    let _ = flow.resume(0, Outcome::Done);
}

#[test]
fn random_bytes_come_from_the_entropy_alone() {
    let draw =
        |entropy| {
            let (_, step) = Flow::start(Moment { entropy, ..MOMENT }, |io| async move {
                (io.random::<16>(), io.random::<16>())
            });
            match step {
                Step::Done(pair) => pair,
                Step::Ask(effects) => panic!("asked for {effects:?}"),
            }
        };
    let (first, second) = draw([7; 32]);
    assert_ne!(first, second);
    assert_eq!(draw([7; 32]), (first, second));
    assert_ne!(draw([8; 32]).0, first);
}
