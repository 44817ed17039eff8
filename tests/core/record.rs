//! The record of a number: rules as properties over any order of cards and events, and its bounds.
#![expect(clippy::unwrap_used, reason = "a link that cannot be read is a failed test")]

use proptest::prelude::*;
use url::Url;
use zoom_chat::meeting::card::Creator;
use zoom_chat::meeting::record::{CardRecord, Host, Record, Subscription};
use zoom_chat::meeting::{Life, Meeting};
use zoom_chat::say::i18n::Locale;
use zoom_chat::zoom::event::MeetingEvent;
use zoom_chat::zoom::event::{Event, Time};

const NUMBER: u64 = 1_234_567_890;
const MINUTE_MS: u64 = 60_000;

/// What happens to a number, in the order in which the chat server hears of it.
#[derive(Debug, Clone)]
enum Happens {
    /// Somebody posts a card: this user.
    Card(u8),
    /// The start of this instance is delivered.
    Started(u8),
    /// The end of this instance is delivered.
    Ended(u8),
}

/// An instance as Zoom knows it: `i` begins at hour `i`, and lasts fifty minutes.
fn began_ms(instance: u8) -> u64 {
    u64::from(instance) * 60 * MINUTE_MS + 10 * MINUTE_MS
}

fn ended_ms(instance: u8) -> u64 {
    began_ms(instance) + 50 * MINUTE_MS
}

fn by_zoom(ms: u64) -> Time {
    Time { ms, by_zoom: true }
}

fn event(instance: u8, ended: bool) -> MeetingEvent {
    let started = by_zoom(began_ms(instance));
    let event = match ended {
        true => Event::Ended { started: Some(started), ended: by_zoom(ended_ms(instance)) },
        false => Event::Started { started },
    };
    MeetingEvent { number: NUMBER, uuid: format!("instance-{instance}"), topic: String::new(), event }
}

fn card(user: u8, created_ms: u64, comes_back: bool) -> CardRecord {
    CardRecord {
        meeting: Meeting {
            number: Some(NUMBER),
            expected_uuid: None,
            topic: "Weekly".to_owned(),
            join_url: Url::parse("https://zoom.us/j/1234567890").unwrap(),
            passcode: None,
            personal: false,
            shared: comes_back,
        },
        creator: Creator { id: format!("u-{user}"), username: format!("user-{user}") },
        channel_id: format!("c-{user}"),
        root_id: None,
        created_ms,
        post_id: Some("post".to_owned()),
        uuid: None,
        life: Life::Waiting,
        host: Host::Unknown,
        followed_by: None,
        locale: Locale::default(),
    }
}

fn no_follower(_: &Subscription) -> (String, CardRecord) {
    ("follower".to_owned(), card(0, 0, true))
}

/// What happens, with the minute at which it does: events come at any time after they happened, once or often.
fn history() -> impl Strategy<Value = Vec<(u64, Happens)>> {
    let happens = prop_oneof![
        (0..5u8, 0..360u64).prop_map(|(user, minute)| (minute, Happens::Card(user))),
        (0..5u8, 0..300u64)
            .prop_map(|(i, late)| (began_ms(i) / MINUTE_MS + late * late / 300, Happens::Started(i))),
        (0..5u8, 0..300u64)
            .prop_map(|(i, late)| (ended_ms(i) / MINUTE_MS + late * late / 300, Happens::Ended(i))),
    ];
    prop::collection::vec(happens, 1..24).prop_map(|mut history| {
        history.sort_by_key(|(minute, _)| *minute);
        history
    })
}

fn play(history: &[(u64, Happens)], comes_back: bool) -> Record {
    let mut record = Record::default();
    for (index, (minute, happens)) in history.iter().enumerate() {
        let now_ms = minute * MINUTE_MS;
        match happens {
            Happens::Card(user) => {
                record.add(&format!("card-{index}"), card(*user, now_ms, comes_back), now_ms);
            }
            Happens::Started(i) => {
                record.apply(&event(*i, false), now_ms, &no_follower);
            }
            Happens::Ended(i) => {
                record.apply(&event(*i, true), now_ms, &no_follower);
            }
        }
    }
    record
}

proptest! {
    #[test]
    fn an_event_that_comes_again_changes_nothing(history in history(), comes_back in any::<bool>(), again in any::<prop::sample::Index>()) {
        let mut record = play(&history, comes_back);
        let (minute, happens) = again.get(&history);
        let event = match happens {
            Happens::Card(_) => return Ok(()),
            Happens::Started(i) => event(*i, false),
            Happens::Ended(i) => event(*i, true),
        };
        let last_ms = history.last().map_or(*minute, |(minute, _)| *minute) * MINUTE_MS;
        // Nothing is remembered of a number that nobody here has asked for: what is heard once more is then news.
        record.apply(&event, last_ms, &no_follower);
        let mut next = record.clone();
        let applied = next.apply(&event, last_ms + MINUTE_MS, &no_follower);
        prop_assert_eq!(next, record);
        prop_assert!(applied.changed.is_empty(), "{:?}", applied);
    }

    /// The record may have been written though the store said that it was not: then the posts were not.
    #[test]
    fn an_event_that_comes_again_names_whatever_it_has_changed(history in history(), comes_back in any::<bool>(), last in 0..5u8, ended in any::<bool>()) {
        let mut record = play(&history, comes_back);
        let (event, last_ms) = (event(last, ended), history.last().map_or(0, |(minute, _)| *minute) * MINUTE_MS);
        let changed = record.apply(&event, last_ms, &no_follower).changed;
        let again = record.apply(&event, last_ms + 5 * MINUTE_MS, &no_follower);
        let named = |id: &String| again.changed.contains(id) || again.unchanged.contains(id);
        prop_assert!(changed.iter().all(named), "{:?} {:?}", changed, again);
    }

    /// By Zoom's own words, once all have been heard.
    #[test]
    fn a_card_shows_the_times_of_a_meeting_that_can_be_its_own(history in history()) {
        let mut record = play(&history, true);
        let last_ms = history.last().map_or(0, |(minute, _)| *minute).max(600) * MINUTE_MS;
        for instance in 0..5 {
            record.apply(&event(instance, false), last_ms, &no_follower);
            record.apply(&event(instance, true), last_ms, &no_follower);
        }
        for entry in &record.cards {
            let (card_ms, uuid) = (entry.card.created_ms, entry.card.uuid.as_deref());
            let ran = (0..5u8).find(|i| (began_ms(*i)..=ended_ms(*i)).contains(&card_ms));
            let shown = (0..5u8).find(|i| uuid == Some(&format!("instance-{i}")));
            if let Some(shown) = shown {
                prop_assert!(ended_ms(shown) >= card_ms, "over before the card: {entry:?}");
                prop_assert!(began_ms(shown) <= card_ms + 60 * MINUTE_MS, "much later: {entry:?}");
                let life = Life::Ended { started: Some(by_zoom(began_ms(shown))), ended: by_zoom(ended_ms(shown)) };
                prop_assert_eq!(entry.card.life, life);
            } else {
                // Only a card that no instance can be about goes on to wait.
                prop_assert!(ran.is_none(), "ran, and is not shown: {entry:?}");
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_record_is_bounded(users in prop::collection::vec(0..6u8, 0..400)) {
        let mut record = Record::default();
        let mut open = 0;
        for (index, user) in users.iter().enumerate() {
            open += record.add(&format!("card-{index}"), card(*user, 0, true), 0).open;
            prop_assert!(record.cards.len() <= 120);
            let newest = format!("card-{index}");
            prop_assert!(record.entry(&newest).is_some(), "the new card is there");
        }
        // What falls out is counted.
        prop_assert_eq!(record.cards.len() + open, users.len());
    }
}

#[test]
fn who_posts_many_cards_loses_own_ones() {
    let mut record = Record::default();
    record.add("quiet", card(1, 0, true), 0);
    for index in 0..500 {
        record.add(&format!("loud-{index}"), card(2, 1, true), 1);
    }
    assert!(record.entry("quiet").is_some());
}

#[test]
fn cards_that_have_ended_go_first_and_old_ones_go_by_themselves() {
    let mut record = Record::default();
    record.add("ended", card(1, 0, true), 0);
    record.apply(&event(0, true), ended_ms(0), &no_follower);
    let later_ms = ended_ms(0) + MINUTE_MS;
    for index in 0..120 {
        record.add(&format!("open-{index}"), card(2, later_ms, true), later_ms);
    }
    assert!(record.entry("ended").is_none() && record.entry("open-0").is_some());
    let mut record = Record::default();
    record.add("ended", card(1, 0, true), 0);
    record.apply(&event(0, true), ended_ms(0), &no_follower);
    record.apply(&event(4, true), 31 * 86_400_000, &no_follower);
    assert!(record.entry("ended").is_none());
}

#[test]
fn a_record_stays_within_what_hosts_store() {
    let mut record = Record::default();
    let mut dropped = 0;
    for index in 0..120_u8 {
        let mut long = card(index % 7, began_ms(1), true);
        long.meeting.topic = "\"".repeat(1_000);
        long.meeting.join_url =
            Url::parse(&format!("https://zoom.us/j/1234567890?pwd={}", "a".repeat(4_000))).unwrap();
        dropped += record.add(&format!("card-{index}"), long, began_ms(1)).open;
        let bytes = serde_json::to_vec(&record).unwrap().len();
        assert!(bytes < 256 << 10, "{bytes} bytes with {} cards", record.cards.len());
        assert!(record.entry(&format!("card-{index}")).is_some(), "the new card is kept");
    }
    assert_eq!(dropped + record.cards.len(), 120);
}
