//! Faults that were found by people, as plans of a few events: each is played with many seeds, so that the events meet in many ways.

use crate::cast::SignIn;
use crate::plan::{Failing, Meeting, Plan, Planned, Shape, Start, What};
use crate::run::run;

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
/// What came of the first event, in all plans that begin with a start.
const IT: Meeting = Meeting::Of(0);
/// The personal meeting of the first user.
const ROOM: Meeting = Meeting::Personal(0);

/// Plays the plan that each seed makes, and asks for all properties.
fn hold(seeds: u64, nodes: usize, events: impl Fn(u64) -> Vec<(u64, What)>) {
    for seed in 0..seeds {
        let shape = Shape {
            nodes,
            sign_in: SignIn::Jwt,
            signed: true,
            restrict: false,
            passcodes: false,
            ahead_ms: [0; 4],
            tempo: 1,
            keeps_deleted: false,
            crowded: false,
        };
        let mut events: Vec<Planned> =
            (0..).zip(events(seed)).map(|(id, (at_ms, what))| Planned { at_ms, id, what }).collect();
        events.sort_by_key(|planned| planned.at_ms);
        let plan = Plan { seed, shape, events };
        if let Some(violation) = run(&plan, false).violation {
            let trace = run(&plan, true).trace.join("\n");
            panic!("{trace}\nseed {seed}, {}: {}\n{plan}", violation.property, violation.what);
        }
    }
}

fn start() -> What {
    What::Start { user: 0, channel: 0, how: Start::Unique, twice: false }
}

#[test]
fn f11_a_node_that_stood_still_leaves_no_post_behind_its_state() {
    hold(150, 2, |seed| {
        let held = What::Hold { node: usize::from(seed % 2 == 0), for_ms: 25 * SECOND };
        vec![
            (0, start()),
            (10 * SECOND, What::Begin { meeting: IT }),
            (10 * SECOND + seed * 23 % 3_500, held),
            (12 * SECOND, What::End { meeting: IT }),
        ]
    });
}

#[test]
fn f12_a_job_that_is_asked_for_while_it_runs_is_kept() {
    hold(300, 2, |seed| {
        let fail = |for_ms, percent| What::Fail { kind: Failing::ChatLies, for_ms, percent };
        vec![
            (0, start()),
            (9 * SECOND, fail(4 * SECOND, 100)),
            (10 * SECOND, What::Begin { meeting: IT }),
            (18 * SECOND + seed * 17 % 4_000, What::End { meeting: IT }),
            (19 * SECOND, fail(6 * SECOND, 50)),
        ]
    });
}

#[test]
fn f13_a_death_between_a_post_and_its_note_makes_no_second_card() {
    hold(200, 1, |seed| {
        vec![
            (0, start()),
            (seed * 3, What::Kill { node: 0 }),
            (90 * SECOND, What::Begin { meeting: IT }),
            (200 * SECOND, What::End { meeting: IT }),
        ]
    });
}

#[test]
fn f13_a_reply_that_was_posted_though_it_failed_is_not_posted_again() {
    hold(100, 1, |_| {
        vec![
            (0, start()),
            (10 * SECOND, What::Begin { meeting: IT }),
            (60 * SECOND, What::End { meeting: IT }),
            (120 * SECOND, What::Record { meeting: IT }),
            (121 * SECOND, What::Fail { kind: Failing::ChatLies, for_ms: 3 * MINUTE, percent: 80 }),
        ]
    });
}

#[test]
fn f15_the_evenings_meeting_is_not_on_the_mornings_card() {
    hold(40, 1, |_| {
        vec![
            (0, What::Start { user: 0, channel: 0, how: Start::Personal, twice: false }),
            (10 * HOUR, What::Begin { meeting: ROOM }),
            (10 * HOUR + 5 * MINUTE, What::End { meeting: ROOM }),
            (10 * HOUR + 9 * MINUTE, What::Record { meeting: ROOM }),
        ]
    });
}

#[test]
fn f16_every_card_of_a_running_number_belongs_to_what_runs() {
    hold(40, 2, |_| {
        vec![
            (0, What::Begin { meeting: ROOM }),
            (5 * MINUTE, What::Share { user: 0, channel: 0, meeting: ROOM }),
            (6 * MINUTE, What::Share { user: 0, channel: 2, meeting: ROOM }),
            (12 * MINUTE, What::End { meeting: ROOM }),
            (5 * HOUR, What::Begin { meeting: ROOM }),
            (6 * HOUR, What::End { meeting: ROOM }),
        ]
    });
}

#[test]
fn f17_what_was_over_before_the_card_is_not_on_it() {
    hold(120, 1, |_| {
        vec![
            (0, What::Begin { meeting: ROOM }),
            (MINUTE, What::End { meeting: ROOM }),
            (12 * MINUTE, What::Share { user: 1, channel: 0, meeting: ROOM }),
        ]
    });
}

#[test]
fn f18_no_card_says_join_for_ever() {
    hold(80, 2, |seed| {
        let mut events = vec![(0, start())];
        // Nobody comes, in a third of the runs.
        if seed % 3 != 0 {
            events.push((10 * SECOND, What::Begin { meeting: IT }));
            events.push((20 * MINUTE, What::End { meeting: IT }));
        }
        events
    });
}
