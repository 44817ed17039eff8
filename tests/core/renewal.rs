//! Many hooks on many nodes need the token that has just run out: interleavings of their effects, with hooks that die on the way.
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a step that cannot be made is a failed test"
)]

use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use zoom_chat::account;
use zoom_chat::account::grants::{self, StoredGrant};
use zoom_chat::error::{Error, UserError};
use zoom_chat::flow::{Effect, EffectId, Flow, Moment, Outcome, Step};
use zoom_chat::model::{Condition, HttpError, HttpRequest, HttpResponse, User, Write};
use zoom_chat::settings::{Secret, Settings};

const SETTINGS: &str = r#"{"OAuthClientID":"client","OAuthClientSecret":"client-secret",
    "EncryptionKey":"0123456789abcdef0123456789abcdef","WebhookSecret":"url-secret"}"#;
/// As the official plugin leaves a user whose token ran out long ago.
const STORED: &str = r#"{"ZoomEmail":"alice@example.com","OAuthToken":{"access_token":"","token_type":"bearer",
    "refresh_token":"refresh-0","expiry":"2020-01-01T00:00:00Z"},"UserID":"u-alice","ZoomID":"z-alice"}"#;
const START_MS: u64 = 1_767_605_400_000;

type Answer = Result<String, Error>;

/// One store and one Zoom for all nodes.
#[derive(Default)]
struct World {
    now_ms: u64,
    keys: BTreeMap<String, Vec<u8>>,
    /// Zoom hands out `access-N` and `refresh-N`, and takes the newest refresh token alone.
    handed_out: usize,
    token_requests: usize,
    spent_tokens_tried: usize,
    revocations: usize,
}

impl World {
    fn new() -> Self {
        Self {
            now_ms: START_MS,
            keys: [("zoomtoken_u-alice".to_owned(), STORED.into())].into(),
            ..Self::default()
        }
    }

    fn perform(&mut self, effect: &Effect) -> Outcome {
        match effect {
            Effect::Log(_) => Outcome::Done,
            Effect::KvGet(key) => Outcome::Value(Ok(self.keys.get(key).cloned())),
            Effect::KvSet(set) => Outcome::Write(Ok(if self.holds(&set.key, &set.condition) {
                self.keys.insert(set.key.clone(), set.value.clone());
                Write::Stored
            } else {
                Write::Conflict
            })),
            Effect::KvDelete(key, condition) => Outcome::Write(Ok(if self.holds(key, condition) {
                self.keys.remove(key);
                Write::Stored
            } else {
                Write::Conflict
            })),
            Effect::Http(request) => Outcome::Http(Ok(self.token(request))),
            other => panic!("not asked here: {other:?}"),
        }
    }

    fn holds(&self, key: &str, condition: &Condition) -> bool {
        let current = self.keys.get(key);
        match condition {
            Condition::Always => true,
            Condition::Absent => current.is_none(),
            Condition::Equals(bytes) => current == Some(bytes),
        }
    }

    fn token(&mut self, request: &HttpRequest) -> HttpResponse {
        if request.url == "https://zoom.us/oauth/revoke" {
            self.revocations += 1;
            return HttpResponse { status: 200, ..HttpResponse::default() };
        }
        assert_eq!(request.url, "https://zoom.us/oauth/token");
        self.token_requests += 1;
        let form = String::from_utf8(request.body.clone()).unwrap();
        let expected = format!("grant_type=refresh_token&refresh_token=refresh-{}", self.handed_out);
        let (status, body) = if form == expected {
            self.handed_out += 1;
            let n = self.handed_out;
            (
                200,
                format!(
                    r#"{{"access_token":"access-{n}","refresh_token":"refresh-{n}","token_type":"bearer","expires_in":3600}}"#
                ),
            )
        } else {
            self.spent_tokens_tried += 1;
            (400, r#"{"reason":"Invalid Token!","error":"invalid_grant"}"#.to_owned())
        };
        HttpResponse { status, headers: Vec::new(), body: body.into() }
    }
}

/// A hook that needs the token, on a node of its own.
struct Hook {
    flow: Flow<Answer>,
    open: VecDeque<(EffectId, Effect)>,
    /// Paused until then.
    until_ms: u64,
    answer: Option<Answer>,
}

impl Hook {
    fn start(number: u8, now_ms: u64) -> Self {
        let (flow, step) = Flow::start(Moment { now_ms, entropy: [number; 32] }, |io| async move {
            let settings = Settings::parse(SETTINGS).unwrap();
            let user = User { id: "u-alice".to_owned(), ..User::default() };
            let access = account::access(&io, &settings, &user).await?;
            Ok(access.token.expose().to_owned())
        });
        let mut hook = Self { flow, open: VecDeque::new(), until_ms: 0, answer: None };
        hook.follow(step);
        hook
    }

    fn follow(&mut self, step: Step<Answer>) {
        match step {
            Step::Done(answer) => self.answer = Some(answer),
            Step::Ask(effects) => self.open.extend(effects),
        }
    }

    /// Performs the next effect and hands its outcome back.
    fn step(&mut self, world: &mut World) {
        let (id, effect) = self.open.pop_front().unwrap();
        let outcome = match effect {
            Effect::Pause(ms) => {
                self.until_ms = world.now_ms + u64::from(ms);
                Outcome::Done
            }
            effect => world.perform(&effect),
        };
        let step = self.flow.resume(world.now_ms, id, outcome).unwrap();
        self.follow(step);
    }
}

/// Runs all hooks to their ends; `choose` says which of those that can move moves next.
fn run(world: &mut World, hooks: &mut [Hook], mut choose: impl FnMut(usize) -> usize) {
    loop {
        let waiting: Vec<usize> = (0..hooks.len()).filter(|i| hooks[*i].answer.is_none()).collect();
        let Some(first_ms) = waiting.iter().map(|i| hooks[*i].until_ms).min() else { return };
        world.now_ms = world.now_ms.max(first_ms);
        let ready: Vec<usize> = waiting.into_iter().filter(|i| hooks[*i].until_ms <= world.now_ms).collect();
        hooks[ready[choose(ready.len())]].step(world);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sixty_four_hooks_at_once_renew_a_token_once(choices in proptest::collection::vec(any::<u16>(), 4096)) {
        let mut world = World::new();
        let mut hooks: Vec<Hook> = (0..64).map(|number| Hook::start(number, world.now_ms)).collect();
        let mut choices = choices.into_iter().cycle();
        run(&mut world, &mut hooks, |n| usize::from(choices.next().unwrap()) % n);
        for hook in &hooks {
            prop_assert_eq!(hook.answer.as_ref(), Some(&Ok("access-1".to_owned())));
        }
        prop_assert_eq!((world.token_requests, world.spent_tokens_tried), (1, 0));
    }
}

/// Each does its next step after all the others did theirs: whoever writes meets all the others' writes.
#[test]
fn sixty_four_hooks_in_step_renew_a_token_once() {
    let mut world = World::new();
    let mut hooks: Vec<Hook> = (0..64).map(|number| Hook::start(number, world.now_ms)).collect();
    let mut turn = 0;
    run(&mut world, &mut hooks, |n| {
        turn += 1;
        turn % n
    });
    for hook in &hooks {
        assert_eq!(hook.answer, Some(Ok("access-1".to_owned())));
    }
    assert_eq!((world.token_requests, world.spent_tokens_tried), (1, 0));
}

/// What the next hook gets after one died once it had performed so many effects.
fn after_a_death(effects: usize) -> (Answer, World, bool) {
    let mut world = World::new();
    let mut first = Hook::start(1, world.now_ms);
    let mut handed_out_unseen = false;
    for _ in 0..effects {
        if first.answer.is_some() {
            break;
        }
        let before = world.handed_out;
        first.step(&mut world);
        // The tokens are in the dead process's hands alone until it has stored them.
        handed_out_unseen =
            world.handed_out > before || (handed_out_unseen && world.handed_out > 0 && !stored(&world));
    }
    let lived = first.answer.is_some();
    drop(first);
    world.now_ms += 121_000;
    let mut second = [Hook::start(2, world.now_ms)];
    run(&mut world, &mut second, |_| 0);
    let [Hook { answer, .. }] = second;
    (answer.unwrap(), world, handed_out_unseen && !lived)
}

/// Each call of one node takes almost ten seconds, while another comes in at any of its steps: no lease ends before what it covers.
#[test]
fn f45_a_slow_store_lets_no_token_be_spent_twice() {
    for steps in 0..20 {
        let mut world = World::new();
        let mut slow = Hook::start(1, world.now_ms);
        let step = |slow: &mut Hook, world: &mut World| {
            slow.step(world);
            world.now_ms += 9_900;
        };
        for _ in 0..steps {
            if slow.answer.is_none() {
                step(&mut slow, &mut world);
            }
        }
        let mut other = [Hook::start(2, world.now_ms)];
        run(&mut world, &mut other, |_| 0);
        while slow.answer.is_none() {
            step(&mut slow, &mut world);
        }
        assert_eq!(world.spent_tokens_tried, 0, "another came in after {steps} steps");
    }
}

/// Whether the newest tokens can be had without asking Zoom.
fn stored(world: &World) -> bool {
    let copy = World { now_ms: world.now_ms, keys: world.keys.clone(), ..World::default() };
    let mut copy = copy;
    let mut hook = Hook::start(3, copy.now_ms);
    while hook.answer.is_none() && !matches!(hook.open.front(), Some((_, Effect::Http(_) | Effect::Pause(_))))
    {
        hook.step(&mut copy);
    }
    hook.answer.is_some()
}

#[test]
fn a_process_that_dies_between_any_two_steps_leaves_a_token_or_a_clear_answer() {
    let mut lost = 0;
    let mut steps = 0;
    loop {
        let (answer, world, unseen) = after_a_death(steps);
        if unseen {
            // Zoom's only copy of the refresh token died with the process: there is nothing left but to connect again.
            assert!(
                matches!(answer, Err(Error::User(UserError::NotConnected(_)))),
                "after {steps} effects: {answer:?}"
            );
            assert_eq!(world.spent_tokens_tried, 1);
            lost += 1;
        } else {
            assert_eq!(answer, Ok(format!("access-{}", world.handed_out)), "after {steps} effects");
            assert_eq!(world.spent_tokens_tried, 0, "after {steps} effects");
            assert_eq!(world.token_requests, 1, "after {steps} effects");
        }
        steps += 1;
        if finished(steps) {
            break;
        }
    }
    assert!(steps > 10, "only {steps} steps were tried");
    // Between Zoom's answer and the write there are the look at the clock and at the store.
    assert!((1..=3).contains(&lost), "{lost} steps lose the grant");
}

/// Whether a hook that is left alone is done after so many effects.
fn finished(effects: usize) -> bool {
    let mut world = World::new();
    let mut hook = Hook::start(1, world.now_ms);
    for _ in 0..effects {
        if hook.answer.is_some() {
            return true;
        }
        hook.step(&mut world);
    }
    false
}

#[test]
fn a_token_endpoint_in_trouble_costs_no_grant() {
    let mut world = World::new();
    let mut hook = Hook::start(1, world.now_ms);
    while hook.answer.is_none() {
        let (id, effect) = hook.open.pop_front().unwrap();
        let outcome = match effect {
            Effect::Http(_) => Outcome::Http(Err(HttpError::TimedOut)),
            effect => world.perform(&effect),
        };
        let step = hook.flow.resume(world.now_ms, id, outcome).unwrap();
        hook.follow(step);
    }
    assert!(matches!(hook.answer, Some(Err(Error::Zoom(_)))), "{:?}", hook.answer);
    // The lease is given back, so that the next one need not wait.
    let mut next = [Hook::start(2, world.now_ms)];
    run(&mut world, &mut next, |_| 0);
    assert_eq!(next[0].answer, Some(Ok("access-1".to_owned())));
    assert_eq!(world.now_ms, START_MS);
}

/// Runs a hook until Zoom has renewed its token, does something else then, and lets it go on.
fn renewed_meanwhile(meanwhile: impl FnOnce(&mut World, &str)) -> (Answer, World) {
    let mut world = World::new();
    let mut hook = [Hook::start(1, world.now_ms)];
    while world.handed_out == 0 {
        hook[0].step(&mut world);
    }
    let key = world.keys.keys().find(|key| key.starts_with("grant_")).unwrap().clone();
    meanwhile(&mut world, &key);
    run(&mut world, &mut hook, |_| 0);
    let [Hook { answer, .. }] = hook;
    (answer.unwrap(), world)
}

#[test]
fn whoever_connects_anew_while_a_token_is_renewed_keeps_the_new_grant() {
    let (answer, world) = renewed_meanwhile(|world, key| {
        let key = key.to_owned();
        let mut connecting = Flow::start(Moment { now_ms: START_MS, entropy: [2; 32] }, |io| async move {
            let settings = Settings::parse(SETTINGS).unwrap();
            let grant = StoredGrant {
                access: Secret::new("access-new"),
                refresh: Some(Secret::new("refresh-new")),
                expires_ms: START_MS + 3_600_000,
                users: vec!["u-alice".to_owned()],
                ..StoredGrant::default()
            };
            grants::store(&io, &settings, &key, &grant, Condition::Always).await.unwrap()
        });
        let Step::Ask(effects) = connecting.1 else { panic!("nothing is stored") };
        for (id, effect) in effects {
            let outcome = world.perform(&effect);
            assert_eq!(connecting.0.resume(world.now_ms, id, outcome).unwrap(), Step::Done(true));
        }
    });
    assert_eq!(answer, Ok("access-new".to_owned()));
    assert_eq!(world.revocations, 0, "Zoom would end the new grant");
}

#[test]
fn whoever_disconnects_while_a_token_is_renewed_leaves_nothing_at_zoom() {
    let (answer, world) = renewed_meanwhile(|world, key| {
        world.keys.remove(key);
    });
    assert!(matches!(answer, Err(Error::User(UserError::NotConnected(_)))), "{answer:?}");
    assert_eq!(world.revocations, 1);
    assert!(!world.keys.keys().any(|key| key.starts_with("grant_")), "{:?}", world.keys.keys());
}
