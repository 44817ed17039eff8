//! The simulation's time.

use std::time::Duration;

use zoom_sim::Clock;

#[test]
fn a_manual_clock_moves_only_when_told() {
    let clock = Clock::manual(1000);
    assert!(clock.is_manual());
    assert_eq!(clock.now_ms(), 1000);
    let other_handle = clock.clone();
    other_handle.advance(Duration::from_millis(500));
    assert_eq!(clock.now_ms(), 1500);
    clock.set_ms(200);
    assert_eq!(clock.now_ms(), 200);
    clock.set_ms(i64::MAX);
    clock.advance(Duration::MAX);
    assert_eq!(clock.now_ms(), i64::MAX);
}

#[test]
fn a_real_clock_can_be_moved_and_runs_on() {
    let clock = Clock::real();
    let before_ms = clock.now_ms();
    clock.advance(Duration::from_secs(3600));
    let after_ms = clock.now_ms();
    assert!((3_600_000..3_660_000).contains(&(after_ms - before_ms)), "{}", after_ms - before_ms);
}

#[tokio::test]
async fn sleepers_wake_when_their_time_has_come() {
    let clock = Clock::manual(0);
    let sleeper = tokio::spawn({
        let clock = clock.clone();
        async move {
            clock.sleep_until(100).await;
            clock.now_ms()
        }
    });
    clock.set_ms(99);
    tokio::task::yield_now().await;
    assert!(!sleeper.is_finished());
    clock.set_ms(100);
    assert_eq!(sleeper.await.unwrap(), 100);

    let clock = Clock::real();
    let sleeper = clock.sleep_until(clock.now_ms() + 3_600_000);
    clock.advance(Duration::from_secs(3600));
    sleeper.await;
}
