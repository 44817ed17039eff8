use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::limits::{ROOMS, Room};

fn admission(change: impl FnOnce(&mut Rooms)) -> Admission {
    let mut limits = Limits::default();
    change(&mut limits.rooms);
    Admission::new(&limits)
}

fn user(id: &str) -> Party {
    Party::User(id.to_owned())
}

/// The answer, if it is there without waiting.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}

fn seat(admission: &Admission, party: &Party) -> Option<Arc<Seat>> {
    at_once(admission.seat(party, "")).map(Result::unwrap)
}

#[tokio::test]
async fn every_kind_of_party_finds_its_room_whatever_the_others_hold() {
    let admission = admission(|_| {});
    let kinds = [Party::Service, Party::Stranger, Party::Event, Party::Host];
    let mut held = Vec::new();
    let mut hold = |party: &Party| {
        let begun = held.len();
        while let Some(seat) = seat(&admission, party) {
            held.push(seat);
        }
        held.len() - begun
    };
    let users: usize = (0..100).map(|number| hold(&user(&number.to_string()))).sum();
    let others = kinds.each_ref().map(&mut hold);
    assert_eq!(users, ROOMS.users.active);
    assert_eq!(
        others,
        [ROOMS.service.active, ROOMS.strangers.active, ROOMS.events.active, ROOMS.host.active]
    );
}

#[tokio::test]
async fn one_users_calls_wait_behind_that_users_own_share() {
    let admission = admission(|_| {});
    let held: Vec<_> = (0..ROOMS.user_calls).filter_map(|_| seat(&admission, &user("ann"))).collect();
    assert_eq!(held.len(), ROOMS.user_calls);
    assert!(seat(&admission, &user("ann")).is_none());
    assert!(seat(&admission, &user("bob")).is_some());
}

#[tokio::test(start_paused = true)]
async fn who_waits_goes_on_in_order_and_is_refused_after_a_while() {
    let admission = Arc::new(admission(|rooms| rooms.user_calls = 1));
    let held = seat(&admission, &user("ann")).unwrap();
    let next = tokio::spawn({
        let admission = Arc::clone(&admission);
        async move { admission.seat(&user("ann"), "").await.map(drop) }
    });
    tokio::task::yield_now().await;
    drop(held);
    assert_eq!(next.await.unwrap(), Ok(()));

    let _held = seat(&admission, &user("ann")).unwrap();
    assert_eq!(admission.seat(&user("ann"), "").await.map(drop), Err(CallError::ShareTaken(1)));
}

#[tokio::test]
async fn what_is_over_the_bound_of_those_who_wait_is_refused_at_once() {
    let one = Room { active: 1, parked: 1, waiting: 1 };
    let admission = Arc::new(admission(|rooms| {
        rooms.user_calls = 1;
        rooms.user_waiting = 1;
        rooms.strangers = one;
    }));
    for (party, error) in [(user("ann"), CallError::ShareTaken(1)), (Party::Stranger, CallError::Busy)] {
        let _held = seat(&admission, &party).unwrap();
        let mut waiting = pin!(admission.seat(&party, ""));
        assert!(at_once(&mut waiting).is_none());
        assert_eq!(at_once(admission.seat(&party, "")).unwrap().map(drop), Err(error));
    }
}

#[tokio::test]
async fn a_call_that_waits_for_others_leaves_its_place() {
    let admission = admission(|rooms| {
        rooms.users = Room { active: 1, parked: 2, waiting: 9 };
        rooms.user_calls = 2;
    });
    let first = seat(&admission, &user("ann")).unwrap();
    assert!(seat(&admission, &user("bob")).is_none());
    assert_eq!(first.park(), Ok(()));
    // Once only, however often it waits.
    assert_eq!(first.park(), Ok(()));
    let second = seat(&admission, &user("bob")).unwrap();
    assert_eq!(second.park(), Ok(()));
    let third = seat(&admission, &user("eve")).unwrap();
    assert_eq!(third.park(), Err(CallError::Busy));
    // It still counts as one of its user's.
    let _of_ann = (drop(third), seat(&admission, &user("ann")).unwrap());
    assert!(seat(&admission, &user("ann")).is_none());
    drop(first);
    assert_eq!(second.park(), Ok(()));
}

#[tokio::test]
async fn nothing_is_kept_of_users_without_a_call() {
    let admission = admission(|rooms| rooms.user_calls = 1);
    let held = seat(&admission, &user("ann")).unwrap();
    let ann = user("ann");
    let mut waiting = Box::pin(admission.seat(&ann, ""));
    assert!(at_once(&mut waiting).is_none());
    assert_eq!(admission.shares.lock().len(), 1);
    drop(held);
    assert_eq!(admission.shares.lock().len(), 1);
    drop(waiting);
    assert_eq!(admission.shares.lock().len(), 0);
}

#[tokio::test]
async fn after_the_end_nobody_comes_in_and_who_is_there_may_still_wait_for_others() {
    let admission = admission(|rooms| rooms.user_calls = 2);
    let held = seat(&admission, &user("ann")).unwrap();
    admission.close();
    for party in [user("ann"), user("bob"), Party::Service, Party::Stranger, Party::Event, Party::Host] {
        assert_eq!(admission.seat(&party, "").await.map(drop), Err(CallError::Stopping), "{party:?}");
    }
    assert_eq!(held.park(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn an_end_waits_for_calls_and_cuts_off_what_takes_too_long() {
    let limit = Duration::from_secs(8);
    let drain = Arc::new(Drain::default());
    assert!(drain.wait(limit).await);

    let drain = Arc::new(Drain::default());
    let call = |takes: Duration| {
        let drain = Arc::clone(&drain);
        tokio::spawn(async move { drain.begin().run(tokio::time::sleep(takes)).await })
    };
    let (quick, slow) = (call(limit / 2), call(limit * 2));
    tokio::task::yield_now().await;
    let began = Instant::now();
    assert!(!drain.wait(limit).await);
    assert!(began.elapsed() < limit * 2);
    assert_eq!((quick.await.unwrap(), slow.await.unwrap()), (Some(()), None));
}

#[tokio::test]
async fn who_sends_many_waits_behind_the_own_ones_and_others_behind_one_of_them() {
    let queue = FairQueue::new(1, 9);
    let far = Instant::now() + Duration::from_secs(60);
    let mut held = Some(queue.take("many", far).await.unwrap());
    let mut waiting: Vec<_> = ["many", "many", "many", "few", "one", "few"]
        .iter()
        .map(|source| Some((*source, Box::pin(queue.take(source, far)))))
        .collect();
    for (_, next) in waiting.iter_mut().flatten() {
        assert!(at_once(next).is_none());
    }
    let mut served = Vec::new();
    while served.len() < 6 {
        drop(held.take());
        for place in &mut waiting {
            let Some((source, next)) = place else { continue };
            if let Some(taken) = at_once(next) {
                served.push(*source);
                held = Some(taken.unwrap());
                *place = None;
            }
        }
    }
    assert_eq!(served, ["many", "few", "one", "many", "few", "many"]);
}

#[tokio::test(start_paused = true)]
async fn a_place_is_lost_to_nobody_who_went_before_or_at_the_turn() {
    let queue = FairQueue::new(1, 9);
    let far = Instant::now() + Duration::from_secs(60);
    let held = queue.take("a", far).await.unwrap();
    let mut before = Box::pin(queue.take("a", far));
    let mut at_turn = Box::pin(queue.take("b", far));
    let mut stays = Box::pin(queue.take("b", far));
    for next in [&mut before, &mut at_turn, &mut stays] {
        assert!(at_once(next).is_none());
    }
    assert_eq!(queue.take("c", Instant::now()).await.map(drop), Err(Full::Now));
    drop(before);
    // The turn has come, and nobody takes it.
    drop(held);
    drop(at_turn);
    let held = at_once(&mut stays).unwrap().unwrap();
    assert_eq!(queue.take("c", Instant::now() + Duration::from_secs(1)).await.map(drop), Err(Full::Now));
    drop(held);
    assert!(queue.take_now().is_ok());
}
