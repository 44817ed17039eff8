use std::future::{pending, ready};

use super::*;

fn user(id: usize) -> Party {
    Party::User(id.to_string())
}

/// Whether each of them may still arrive.
async fn still_there(arriving: &mut [Arriving]) -> Vec<bool> {
    let mut there = Vec::new();
    for body in arriving {
        there.push(body.wait(ready(())).await.is_ok());
    }
    there
}

#[tokio::test]
async fn of_too_many_bodies_the_oldest_goes() {
    let bodies = Bodies::default();
    let most = STRANGERS_BODIES.bodies;
    let mut held: Vec<_> = (0..most + 2).map(|_| bodies.admit(Party::Stranger)).collect();
    let there = still_there(&mut held).await;
    assert_eq!(there.iter().filter(|there| **there).count(), most);
    assert_eq!(there[..3], [false, false, true]);
    assert_eq!(held[0].grow(1), Err(BodyError::TooMany));
    assert_eq!(held[0].end(), Err(BodyError::TooMany));
}

#[tokio::test]
async fn a_users_bodies_go_for_the_same_users_alone() {
    let bodies = Bodies::default();
    let mut others = [bodies.admit(user(1)), bodies.admit(Party::Service), bodies.admit(Party::Stranger)];
    let mut own: Vec<_> = (0..USER_BODIES.bodies + 1).map(|_| bodies.admit(user(2))).collect();
    assert_eq!(still_there(&mut others).await, [true; 3]);
    assert_eq!(still_there(&mut own).await[..2], [false, true]);
}

#[tokio::test]
async fn all_users_together_have_a_bound_too() {
    let bodies = Bodies::default();
    let mut held: Vec<_> = (0..USERS_BODIES.bodies + 1).map(|id| bodies.admit(user(id))).collect();
    assert_eq!(still_there(&mut held).await[..2], [false, true]);
}

#[tokio::test]
async fn bytes_are_bounded_and_count_until_the_request_is_answered() {
    let bodies = Bodies::default();
    let whole = STRANGERS_BODIES.bytes / MAX_BODY;
    let mut held = Vec::new();
    for _ in 0..whole {
        let mut body = bodies.admit(Party::Stranger);
        assert_eq!(body.grow(MAX_BODY), Ok(()));
        assert_eq!(body.end(), Ok(()));
        held.push(body);
    }
    // Those that are whole go for no other one.
    let mut late = bodies.admit(Party::Stranger);
    assert_eq!(late.grow(1), Err(BodyError::TooMany));
    let mut others = bodies.admit(Party::Service);
    assert_eq!(others.grow(MAX_BODY), Ok(()));
    held.pop();
    let mut next = bodies.admit(Party::Stranger);
    assert_eq!(next.grow(1), Ok(()));
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large_and_an_exact_one_is_not() {
    let bodies = Bodies::default();
    let mut body = bodies.admit(user(1));
    assert_eq!(body.grow(MAX_BODY), Ok(()));
    assert_eq!(body.grow(1), Err(BodyError::TooLarge));
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_ends_and_one_that_is_sent_away_is_told_at_once() {
    let bodies = Bodies::default();
    let mut slow = bodies.admit(Party::Stranger);
    let began = Instant::now();
    assert_eq!(slow.wait(pending::<()>()).await, Err(BodyError::TooSlow));
    assert!(began.elapsed() >= BODY);

    let mut oldest = bodies.admit(user(1));
    let _newer: Vec<_> = (0..USER_BODIES.bodies).map(|_| bodies.admit(user(1))).collect();
    assert_eq!(oldest.wait(pending::<()>()).await, Err(BodyError::TooMany));
}

#[tokio::test]
async fn at_the_end_nothing_arrives_any_more_and_what_is_whole_stays() {
    let bodies = Bodies::default();
    let (mut whole, mut arriving) = (bodies.admit(user(1)), bodies.admit(user(1)));
    assert_eq!(whole.end(), Ok(()));
    bodies.close();
    assert_eq!(arriving.wait(pending::<()>()).await, Err(BodyError::Stopping));
    assert_eq!(bodies.admit(Party::Service).grow(1), Err(BodyError::Stopping));
    assert_eq!(bodies.lock().held.len(), 1);
}

#[test]
fn nothing_is_kept_of_bodies_that_are_done_with() {
    let bodies = Bodies::default();
    drop([bodies.admit(user(1)), bodies.admit(Party::Stranger)]);
    assert_eq!(bodies.lock().held.len(), 0);
}

#[test]
fn every_refusal_has_an_answer() {
    let answers = [BodyError::TooLarge, BodyError::TooSlow, BodyError::TooMany, BodyError::Stopping];
    let answers = answers.map(BodyError::response);
    assert_eq!(answers.each_ref().map(|answer| answer.status), [413, 408, 503, 503]);
    let later = |answer: &Response| answer.headers.iter().any(|(name, _)| name == "retry-after");
    assert_eq!(answers.each_ref().map(later), [false, false, true, true]);
}
