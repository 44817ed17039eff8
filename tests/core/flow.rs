//! The engine's contract with its driver.

use proptest::prelude::*;
use zoom_chat::flow::{Effect, Flow, Io, KvList, Misuse, Moment, Outcome, Step};
use zoom_chat::model::{HostError, Level};

const MOMENT: Moment = Moment { now_ms: 1_767_605_400_000, entropy: [7; 32] };
const NOW_MS: u64 = MOMENT.now_ms + 1;

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
    assert_eq!(flow.resume(NOW_MS, 1, Outcome::Value(value(2))), Ok(Step::Ask(Vec::new())));
    assert_eq!(flow.resume(NOW_MS, 0, Outcome::Value(value(1))), Ok(Step::Done((value(1), value(2)))));
}

#[test]
fn an_answer_to_nothing_is_refused_and_moves_nothing() {
    let (mut flow, _) = Flow::start(MOMENT, |io| async move { io.kv_get("a".to_owned()).await });
    let nothing = || Outcome::Value(Ok(None));
    assert_eq!(flow.resume(NOW_MS, 7, nothing()), Err(Misuse::NotOpen(7)));
    assert_eq!(flow.resume(NOW_MS, 0, nothing()), Ok(Step::Done(Ok(None))));
    assert_eq!(flow.resume(NOW_MS, 0, nothing()), Err(Misuse::NotOpen(0)));
}

#[test]
fn an_answer_of_another_kind_is_refused_and_moves_nothing() {
    let (mut flow, _) = Flow::start(MOMENT, |io| async move { io.kv_get("a".to_owned()).await });
    assert_eq!(flow.resume(NOW_MS, 0, Outcome::Done), Err(Misuse::OtherKind(0)));
    assert_eq!(flow.resume(NOW_MS, 0, Outcome::Keys(Ok(Vec::new()))), Err(Misuse::OtherKind(0)));
    assert_eq!(flow.resume(NOW_MS, 0, Outcome::Value(Ok(None))), Ok(Step::Done(Ok(None))));
}

#[test]
fn what_is_open_at_the_end_is_open_no_more() {
    let (mut flow, _) = Flow::start(MOMENT, |io| async move {
        let (first, _second) = (io.kv_get("a".to_owned()), io.kv_get("b".to_owned()));
        first.await
    });
    assert_eq!(flow.resume(NOW_MS, 0, Outcome::Value(Ok(None))), Ok(Step::Done(Ok(None))));
    assert_eq!(flow.resume(NOW_MS, 1, Outcome::Value(Ok(None))), Err(Misuse::NotOpen(1)));
}

#[test]
fn time_goes_on_with_each_answer() {
    let (mut flow, _) = Flow::start(MOMENT, |io| async move {
        let begun = io.time();
        io.pause(1).await;
        (begun, io.time(), io.now_ms())
    });
    let times = (MOMENT.now_ms, MOMENT.now_ms + 400, MOMENT.now_ms);
    assert_eq!(flow.resume(MOMENT.now_ms + 400, 0, Outcome::Done), Ok(Step::Done(times)));
}

/// What a flow asks next, made of a number.
async fn ask(io: &Io, what: u8) {
    let key = || what.to_string();
    match what % 6 {
        0 => drop(io.kv_get(key()).await),
        1 => drop(io.kv_list(KvList { prefix: key(), after: None, limit: 1 }).await),
        2 => io.pause(1).await,
        3 => drop(io.find_user(key()).await),
        4 => {
            // Side by side, and the last one is never waited for.
            let (one, other, _third) = (io.kv_get(key()), io.find_user(key()), io.wake());
            drop((other.await, one.await));
        }
        _ => io.log(Level::Debug, "a line", &[]).await,
    }
}

fn outcome(kind: u8) -> Outcome {
    match kind % 5 {
        0 => Outcome::Value(Ok(None)),
        1 => Outcome::Keys(Ok(Vec::new())),
        2 => Outcome::Done,
        3 => Outcome::User(Err(HostError::NotFound)),
        _ => Outcome::Settings(String::new()),
    }
}

proptest! {
    /// A driver may answer anything, in any order, again and again: what is wrong is refused, and the flow ends once, when all that it
    /// waits for has had an answer of its kind.
    #[test]
    fn whatever_a_driver_answers_a_flow_does_not_panic(
        asks in proptest::collection::vec(any::<u8>(), 0..8),
        answers in proptest::collection::vec((0_u32..24, any::<u8>()), 0..200),
    ) {
        let expected = asks.len();
        let (mut flow, step) = Flow::start(MOMENT, |io| async move {
            let mut asked = 0;
            for what in asks {
                ask(&io, what).await;
                asked += 1;
            }
            asked
        });
        let mut ended = matches!(step, Step::Done(_));
        for (id, kind) in answers {
            match flow.resume(NOW_MS, id, outcome(kind)) {
                Ok(Step::Done(asked)) => {
                    prop_assert!(!ended);
                    prop_assert_eq!(asked, expected);
                    ended = true;
                }
                Ok(Step::Ask(_)) => prop_assert!(!ended),
                Err(Misuse::NotOpen(refused) | Misuse::OtherKind(refused)) => prop_assert_eq!(refused, id),
            }
        }
    }
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
