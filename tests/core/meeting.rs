//! The meeting's life: a table of every state with every event, and properties over any sequence.

use proptest::prelude::*;
use zoom_chat::meeting::{Life, MAX_TOPIC_CHARS, advance, topic};
use zoom_chat::zoom::event::{Event, Time};

fn zoom(ms: u64) -> Time {
    Time { ms, by_zoom: true }
}

fn receipt(ms: u64) -> Time {
    Time { ms, by_zoom: false }
}

#[test]
fn every_event_in_every_state_gives_a_state() {
    let (waiting, started) = (Life::Waiting, Life::Started { started: zoom(10) });
    let started_at_receipt = Life::Started { started: receipt(11) };
    let ended = Life::Ended { started: Some(zoom(10)), ended: zoom(50) };
    let ended_at_receipt = Life::Ended { started: None, ended: receipt(55) };
    let start = Event::Started { started: zoom(10) };
    let start_at_receipt = Event::Started { started: receipt(12) };
    let end = Event::Ended { started: Some(zoom(10)), ended: zoom(50) };
    let end_at_receipt = Event::Ended { started: None, ended: receipt(60) };
    let table = [
        (waiting, start, started),
        (waiting, end, ended),
        (waiting, end_at_receipt, Life::Ended { started: None, ended: receipt(60) }),
        (started, start, started),
        (started, start_at_receipt, started),
        (started_at_receipt, start, started),
        (started, end, ended),
        (started, end_at_receipt, Life::Ended { started: Some(zoom(10)), ended: receipt(60) }),
        (started_at_receipt, end, ended),
        (ended, start, ended),
        (ended, end, ended),
        (ended, end_at_receipt, ended),
        (ended_at_receipt, start, Life::Ended { started: Some(zoom(10)), ended: receipt(55) }),
        (ended_at_receipt, end, ended),
        (ended_at_receipt, end_at_receipt, ended_at_receipt),
    ];
    for (life, event, next) in table {
        assert_eq!(advance(life, event), next, "{life:?} + {event:?}");
    }
}

/// What Zoom may send about one instance: its times are always the same, but may be left out.
fn event() -> impl Strategy<Value = Event> {
    let start = prop_oneof![Just(zoom(1_000)), (2_000..9_000u64).prop_map(receipt)];
    let end = prop_oneof![Just(zoom(100_000)), (100_000..200_000u64).prop_map(receipt)];
    prop_oneof![
        start.prop_map(|started| Event::Started { started }),
        (prop::option::of(Just(zoom(1_000))), end)
            .prop_map(|(started, ended)| Event::Ended { started, ended }),
    ]
}

fn play(events: &[Event]) -> Life {
    events.iter().fold(Life::Waiting, |life, event| advance(life, *event))
}

fn is_end(event: &Event) -> bool {
    matches!(event, Event::Ended { .. })
}

proptest! {
    #[test]
    fn an_end_is_final(events in prop::collection::vec(event(), 1..12)) {
        let ended = matches!(play(&events), Life::Ended { .. });
        prop_assert_eq!(ended, events.iter().any(is_end));
    }

    #[test]
    fn a_redelivery_changes_nothing(events in prop::collection::vec(event(), 1..12), again in any::<prop::sample::Index>()) {
        let life = play(&events);
        let event = *again.get(&events);
        prop_assert_eq!(advance(life, event), life);
    }

    #[test]
    fn the_order_of_zoom_s_own_words_does_not_matter(events in prop::collection::vec(event(), 1..8), shuffled in Just(()).prop_perturb(|(), mut rng| rng.random::<u64>())) {
        let by_zoom = |event: &Event| match event {
            Event::Started { started } => started.by_zoom,
            Event::Ended { started, ended } => started.is_some() && ended.by_zoom,
        };
        let mut events: Vec<Event> = events.into_iter().filter(by_zoom).collect();
        let life = play(&events);
        let turns = usize::try_from(shuffled % 8).unwrap();
        let turns = turns.checked_rem(events.len()).unwrap_or(0);
        events.rotate_left(turns);
        prop_assert_eq!(play(&events), life);
    }

    #[test]
    fn a_topic_is_one_short_line(typed in any::<String>()) {
        let topic = topic(&typed);
        prop_assert!((1..=MAX_TOPIC_CHARS).contains(&topic.chars().count()));
        let hidden = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
        prop_assert!(!topic.chars().any(hidden));
        prop_assert_eq!(topic.trim(), &topic);
        prop_assert_eq!(zoom_chat::meeting::topic(&topic), topic);
    }
}
