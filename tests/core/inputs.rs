//! Whatever comes in, parsers answer; and what they let through is what they promise.

use proptest::prelude::*;
use zoom_chat::say::i18n::Localizer;
use zoom_chat::say::text::settings::problem;
use zoom_chat::settings::{Problem, Settings};
use zoom_chat::zoom::event::{ZoomEvent, parse};
use zoom_chat::zoom::hosts::CLOUDS;
use zoom_chat::zoom::join_link;

fn zoom() -> Settings {
    let json = r#"{"WebhookSecret":"s","APIKey":"k","APISecret":"an-api-secret-of-more-than-32-bytes"}"#;
    Settings::parse(json).expect("settings")
}

proptest! {
    #[test]
    fn any_text_is_a_link_or_is_none(typed in any::<String>()) {
        let _ = join_link::parse(&typed, &zoom());
    }

    #[test]
    fn what_is_accepted_leads_to_zoom(
        host in prop_oneof![Just("zoom.us".to_owned()), "[a-z0-9.@:-]{0,12}", "[a-z]{1,5}\\.zoom\\.us", "zoom\\.us[.@:a-z0-9]{0,12}"],
        path in "(/[a-z0-9?&=#%@:/.-]{0,24}|/j/[0-9]{9,11}[?&a-z=0-9]{0,10})",
    ) {
        if let Ok((link, _)) = join_link::parse(&format!("https://{host}{path}"), &zoom()) {
            let host = link.url.host_str().unwrap();
            let in_cloud = |cloud: &&str| host.strip_suffix(*cloud).is_some_and(|front| front.is_empty() || front.ends_with('.'));
            prop_assert!(CLOUDS.iter().any(in_cloud));
            prop_assert_eq!(link.url.scheme(), "https");
            prop_assert_eq!(link.url.port(), None);
            prop_assert_eq!(link.url.username(), "");
            prop_assert!(link.url.query_pairs().all(|(name, _)| name == "pwd"));
        }
    }

    #[test]
    fn a_number_is_read_in_each_of_its_ways(number in 100_000_000..=99_999_999_999u64, topic in "[a-z][a-z ]{0,10}") {
        let digits = number.to_string();
        let second = if digits.len() == 11 { 7 } else { 6 };
        let groups = [&digits[..3], &digits[3..second], &digits[second..]];
        let topic = topic.trim();
        for typed in [digits.clone(), groups.join(" "), groups.join("-"), format!("https://zoom.us/j/{digits}")] {
            let with_topic = format!("{typed} {topic}");
            let (link, rest) = join_link::parse(&with_topic, &zoom()).unwrap();
            prop_assert_eq!(link.number, Some(number));
            prop_assert_eq!(link.url.as_str(), format!("https://zoom.us/j/{digits}"));
            prop_assert_eq!(rest, topic);
        }
    }

    #[test]
    fn any_bytes_are_an_event_or_are_none(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&body, 0);
    }

    #[test]
    fn a_meeting_s_number_is_a_number_or_a_text(number in 1..=u64::MAX) {
        let event = |id: String| parse(format!(r#"{{"event":"meeting.started","payload":{{"object":{{"id":{id},"uuid":"U"}}}}}}"#).as_bytes(), 0);
        for id in [number.to_string(), format!("\"{number}\"")] {
            let Ok(ZoomEvent::Meeting(meeting)) = event(id) else { panic!("no meeting") };
            prop_assert_eq!(meeting.number, number);
        }
    }

    #[test]
    fn any_text_is_settings_or_has_problems(json in any::<String>()) {
        prop_assert!(Settings::parse(&json).is_err_and(|problems| !problems.is_empty()));
    }

    #[test]
    fn settings_of_any_type_have_a_problem_each_or_none(
        values in prop::collection::btree_map(
            prop::sample::select(vec!["APIKey", "APISecret", "WebhookSecret", "ZoomURL", "ZoomAPIURL", "EnableOAuth", "RestrictMeetingCreation"]),
            prop::sample::select(vec!["null", "5", "true", "\"x\"", "\"https://a.example\"", "[]", "{}"]),
            0..7,
        ),
    ) {
        let members: Vec<String> = values.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        let Err(problems) = Settings::parse(&format!("{{{}}}", members.join(","))) else { return Ok(()) };
        let sentence = |found: &Problem| problem(found, &Localizer::default());
        prop_assert!(problems.iter().all(|found| sentence(found).len() > 1 && sentence(found).ends_with('.')));
        let mut keys: Vec<_> = problems.iter().map(|problem| problem.key).collect();
        keys.dedup();
        prop_assert_eq!(keys.len(), problems.len());
    }
}
