//! Two starts in one channel, stopped and let go on at every point. Written out they would be hundreds of scenarios.

use super::stepwise::Run;
use super::world::World;
use zoom_chat::hooks;
use zoom_chat::model::{Command, CommandResponse};

/// A start that is under way.
type Start = Run<CommandResponse>;

/// `/zoom start` by this user, up to its first question.
fn begin(world: &mut World, user: &str) -> Start {
    let command = Command {
        id: format!("command-{}", world.hooks + 1),
        user_id: format!("u-{user}"),
        channel_id: "c-town-square".to_owned(),
        arguments: "start".to_owned(),
        ..Command::default()
    };
    Start::begin(world, |io| hooks::command::execute(io, command))
}

fn has_a_meeting(start: &Start) -> bool {
    start.answer.as_ref().unwrap().open_url.is_some()
}

/// The second comes in after each step of the first, which goes on by so many steps each time that the second waits.
pub(crate) fn one_meeting_of_two_starts() {
    for strides in [2, 5, usize::MAX] {
        for steps in 0.. {
            let mut world = World::new();
            let mut first = begin(&mut world, "alice");
            let over = !(0..steps).all(|_| first.go_on(&mut world));
            let mut second = begin(&mut world, "bob");
            loop {
                if second.waits() {
                    let _ = (0..strides).take_while(|_| first.go_on(&mut world)).count();
                }
                if !second.go_on(&mut world) {
                    break;
                }
            }
            while first.go_on(&mut world) {}
            let meetings = [has_a_meeting(&first), has_a_meeting(&second)];
            assert_eq!(world.cards(), 1, "the second came in after {steps} steps: {meetings:?}");
            assert_ne!(meetings[0], meetings[1], "the second came in after {steps} steps");
            if over {
                break;
            }
        }
    }
}

/// The first ends after each of its steps, without a word: the next one waits a while at most, and the one after it not at all.
pub(crate) fn a_start_that_breaks_off_holds_up_nobody() {
    for steps in 0.. {
        let mut world = World::new();
        let mut first = begin(&mut world, "alice");
        let over = !(0..steps).all(|_| first.go_on(&mut world));
        drop(first);
        let posted = world.cards();
        let began_ms = world.now_ms;
        let mut second = begin(&mut world, "bob");
        while second.go_on(&mut world) {}
        assert_eq!(has_a_meeting(&second), posted == 0, "the first broke off after {steps} steps");
        assert!(
            world.now_ms - began_ms <= 10_000,
            "after {steps} steps it waited {} ms",
            world.now_ms - began_ms
        );
        world.now_ms += 31_000;
        let mut third = begin(&mut world, "bob");
        while third.go_on(&mut world) {
            assert!(!third.waits(), "the first broke off after {steps} steps");
        }
        assert!(has_a_meeting(&third), "the first broke off after {steps} steps");
        if over {
            break;
        }
    }
}
