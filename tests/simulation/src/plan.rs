//! What happens in a run, and when: a list that follows from the seed, and that can be shortened.

use crate::cast::{CHANNELS, SignIn, USERS};
use crate::rng::{Rng, percent, stream};
use crate::times::clock;
use std::fmt;

/// A run.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) seed: u64,
    pub(crate) shape: Shape,
    pub(crate) events: Vec<Planned>,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Planned {
    /// Milliseconds after the beginning.
    pub(crate) at_ms: u64,
    /// Names it, also in a shortened plan.
    pub(crate) id: u32,
    pub(crate) what: What,
}

/// What stays as it is.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) nodes: usize,
    pub(crate) sign_in: SignIn,
    pub(crate) signed: bool,
    pub(crate) restrict: bool,
    pub(crate) passcodes: bool,
    /// How far each node's clock is ahead, and the store's last.
    pub(crate) ahead_ms: [i64; 4],
    /// A step of a hook takes so many times longer than usual.
    pub(crate) tempo: u32,
    /// Deleted posts are answered with, and not as missing.
    pub(crate) keeps_deleted: bool,
    /// Where anybody asks for a run of due work, all nodes begin one, and its steps often take seconds.
    pub(crate) crowded: bool,
}

/// Which meeting is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meeting {
    /// The one that came of this start.
    Of(u32),
    /// A user's personal one.
    Personal(usize),
}

/// What a start asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// As the user has set it.
    Plain,
    Unique,
    Personal,
    /// Whatever was started just now.
    New,
}

/// One thing that somebody does, or that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Start {
        user: usize,
        channel: usize,
        how: Start,
        twice: bool,
    },
    /// By the web client's button.
    Press {
        user: usize,
        channel: usize,
    },
    Share {
        user: usize,
        channel: usize,
        meeting: Meeting,
    },
    /// Answers the question that the user was asked last.
    Answer {
        user: usize,
        button: usize,
    },
    /// `/zoom settings`: 0 always, 1 never, 2 ask.
    Prefer {
        user: usize,
        word: usize,
    },
    Connect {
        user: usize,
        channel: usize,
    },
    /// Opens the link that its owner was given last; `visitor` is whose browser it is.
    Visit {
        visitor: usize,
        owner: usize,
        signed_in: bool,
    },
    /// Like a visit, but after some steps the address is sent to somebody else: 0 the link, 1 Zoom's page, 2 the way back.
    Trick {
        attacker: usize,
        victim: usize,
        step: u32,
    },
    Disconnect {
        user: usize,
    },
    /// A meeting is scheduled at Zoom by this user.
    Schedule {
        user: usize,
    },
    Follow {
        user: usize,
        channel: usize,
        meeting: Meeting,
    },
    Unfollow {
        user: usize,
        channel: usize,
        meeting: Meeting,
    },
    /// `/zoom channel-settings`: 0 allow, 1 restrict, 2 default.
    Rule {
        user: usize,
        channel: usize,
        word: usize,
    },
    Leave {
        user: usize,
        channel: usize,
    },
    Join {
        user: usize,
        channel: usize,
    },
    Mute {
        user: usize,
        channel: usize,
        muted: bool,
    },
    Archive {
        channel: usize,
        archived: bool,
    },
    Deactivate {
        user: usize,
        gone: bool,
    },
    /// The author deletes the newest card.
    DeleteCard {
        user: usize,
    },
    Begin {
        meeting: Meeting,
    },
    End {
        meeting: Meeting,
    },
    Record {
        meeting: Meeting,
    },
    Transcribe {
        meeting: Meeting,
    },
    /// All access tokens end.
    Rotate,
    /// The user removes the app at Zoom.
    Deauthorize {
        user: usize,
    },
    /// What somebody who knows no secret sends to the plugin's addresses.
    Forge {
        kind: usize,
    },
    /// A delivery of Zoom's comes again, as it was.
    Replay,
    /// A node dies, with all that it was doing.
    Kill {
        node: usize,
    },
    /// A node stands still.
    Hold {
        node: usize,
        for_ms: u64,
    },
    Clock {
        node: usize,
        by_ms: i64,
    },
    /// From now on, for so long, calls fail: one in so many of a hundred.
    Fail {
        kind: Failing,
        for_ms: u64,
        percent: u32,
    },
    Restrict {
        on: bool,
    },
    Passcodes {
        on: bool,
    },
}

/// What fails, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    /// The store does nothing.
    Store,
    /// The store acts, and answers an error.
    StoreLies,
    Chat,
    ChatLies,
    Zoom,
    /// Zoom acts, and its answer is lost.
    ZoomLies,
    /// Pauses end at once.
    Pauses,
    /// Hooks break off, at any of their steps.
    Hooks,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{:<3} {:?}", clock(self.at_ms), self.id, self.what)
    }
}

impl Plan {
    /// The plan of a seed.
    pub fn new(seed: u64) -> Self {
        let mut rng = stream(seed, 1);
        let mut shape = Shape::new(&mut rng);
        // All of it together: a server that hardly keeps up.
        let storm = percent(&mut rng, 10);
        shape.crowded |= storm;
        let hasty = storm || percent(&mut rng, 25);
        let mut maker = Maker { rng, events: Vec::new(), next: 0, hasty };
        for _ in 0..maker.rng.u32(2..6) {
            maker.story();
        }
        for _ in 0..maker.rng.u32(0..6) {
            maker.noise();
        }
        if maker.rng.u32(0..10) < 7 {
            for _ in 0..maker.rng.u32(1..5) {
                maker.fault();
            }
        }
        if storm || percent(&mut maker.rng, 25) {
            maker.weather();
        }
        let mut events = maker.events;
        events.sort_by_key(|planned| (planned.at_ms, planned.id));
        Self { seed, shape, events }
    }

    /// The same run with these events alone.
    #[must_use]
    pub fn only(&self, ids: &[u32]) -> Self {
        self.with(self.events.iter().filter(|planned| ids.contains(&planned.id)).cloned().collect())
    }

    pub(crate) fn with(&self, events: Vec<Planned>) -> Self {
        Self { events, shape: self.shape.clone(), seed: self.seed }
    }

    /// The names of what happens.
    pub fn ids(&self) -> impl Iterator<Item = u32> {
        self.events.iter().map(|planned| planned.id)
    }
}

/// What stays as it is, and then what happens, a line each.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.shape)?;
        self.events.iter().try_for_each(|planned| writeln!(f, "{planned}"))
    }
}

impl Shape {
    fn new(rng: &mut Rng) -> Self {
        let sign_in = match rng.u32(0..10) {
            0..=2 => SignIn::Jwt,
            3 | 4 => SignIn::ServerToServer,
            5 => SignIn::Account,
            _ => SignIn::User,
        };
        let differ = percent(rng, 50);
        let mut ahead = || if differ { rng.i64(-2_500..2_500) } else { 0 };
        let ahead_ms = [ahead(), ahead(), ahead(), ahead()];
        Self {
            nodes: rng.usize(1..4),
            sign_in,
            signed: percent(rng, 75),
            restrict: percent(rng, 10),
            passcodes: percent(rng, 30),
            ahead_ms,
            tempo: *rng.choice([1, 1, 2, 4].iter()).unwrap_or(&1),
            keeps_deleted: rng.bool(),
            crowded: percent(rng, 25),
        }
    }
}

/// Puts a plan together.
struct Maker {
    rng: Rng,
    events: Vec<Planned>,
    next: u32,
    /// Little time passes between what belongs together.
    hasty: bool,
}

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

impl Maker {
    fn add(&mut self, at_ms: u64, what: What) -> u32 {
        let id = self.next;
        self.next += 1;
        self.events.push(Planned { at_ms, id, what });
        id
    }

    fn user(&mut self) -> usize {
        self.rng.usize(0..USERS)
    }

    fn channel(&mut self) -> usize {
        self.rng.usize(0..CHANNELS)
    }

    /// Mostly soon, sometimes after hours.
    fn gap(&mut self) -> u64 {
        let most = if self.hasty { 75 } else { 100 };
        match self.rng.u32(0..most) {
            0..40 => self.rng.u64(50..3 * SECOND),
            40..65 => self.rng.u64(3 * SECOND..MINUTE),
            65..90 => self.rng.u64(MINUTE..40 * MINUTE),
            _ => self.rng.u64(HOUR..11 * HOUR),
        }
    }

    /// One meeting from its start to its recording, as people and Zoom go about it.
    fn story(&mut self) {
        let mut at = match self.rng.u32(0..4) {
            0 => self.rng.u64(0..8 * HOUR),
            1 => self.rng.u64(0..20 * MINUTE),
            _ => self.rng.u64(0..4 * SECOND),
        };
        let (user, channel) = (self.user(), self.channel());
        if self.rng.u32(0..100) < 45 {
            self.sign_in(&mut at, user, channel);
        }
        let meeting = self.meeting(&mut at, user, channel);
        if self.rng.u32(0..100) < 25 {
            let (user, channel) = (self.user(), self.channel());
            let shared_at = at + self.gap();
            self.add(shared_at, What::Share { user, channel, meeting });
        }
        for _ in 0..self.rng.u32(1..3) {
            at += self.gap();
            self.session(&mut at, meeting);
        }
    }

    fn sign_in(&mut self, at: &mut u64, user: usize, channel: usize) {
        self.add(*at, What::Connect { user, channel });
        *at += self.rng.u64(SECOND..30 * SECOND);
        let signed_in = self.rng.bool();
        self.add(*at, What::Visit { visitor: user, owner: user, signed_in });
        *at += self.rng.u64(2 * SECOND..20 * SECOND);
    }

    /// Where a meeting comes from.
    fn meeting(&mut self, at: &mut u64, user: usize, channel: usize) -> Meeting {
        let began = *at;
        let meeting = match self.rng.u32(0..100) {
            0..35 => Meeting::Of(self.start(began, user, channel)),
            35..45 => Meeting::Of(self.add(began, What::Press { user, channel })),
            45..65 => {
                let how = Start::Personal;
                self.add(began, What::Start { user, channel, how, twice: false });
                Meeting::Personal(user)
            }
            65..75 => {
                let meeting = Meeting::Personal(self.user());
                self.add(began, What::Share { user, channel, meeting });
                meeting
            }
            _ => {
                let host = if self.rng.u32(0..100) < 75 { user } else { self.user() };
                let meeting = Meeting::Of(self.add(began, What::Schedule { user: host }));
                *at += self.rng.u64(100..10 * SECOND);
                self.add(*at, What::Follow { user, channel, meeting });
                meeting
            }
        };
        if self.rng.u32(0..100) < 30 {
            *at += self.rng.u64(SECOND..20 * SECOND);
            let button = self.rng.usize(0..2);
            self.add(*at, What::Answer { user, button });
            if self.rng.bool() {
                let again = *at + self.rng.u64(0..800);
                self.add(again, What::Answer { user, button: 1 - button });
            }
        }
        meeting
    }

    fn start(&mut self, at: u64, user: usize, channel: usize) -> u32 {
        if self.rng.u32(0..100) < 15 {
            let word = self.rng.usize(0..3);
            self.add(at.saturating_sub(2 * SECOND), What::Prefer { user, word });
        }
        let how = *self
            .rng
            .choice([Start::Plain, Start::Plain, Start::Unique, Start::New].iter())
            .unwrap_or(&Start::Plain);
        let twice = self.rng.u32(0..100) < 15;
        let id = self.add(at, What::Start { user, channel, how, twice });
        if self.rng.u32(0..100) < 20 {
            // Somebody else has the same idea.
            let (other, soon) = (self.user(), at + self.rng.u64(0..5 * SECOND));
            self.add(soon, What::Start { user: other, channel, how: Start::Plain, twice: false });
        }
        if self.rng.u32(0..100) < 15 {
            // On two devices at once, now and then with a token that has just ended.
            let (channel, soon) = (self.channel(), at + self.rng.u64(0..2 * SECOND));
            self.add(soon, What::Start { user, channel, how: Start::New, twice: false });
            if self.rng.bool() {
                let before = at.saturating_sub(self.rng.u64(1..SECOND));
                self.add(before, What::Rotate);
            }
        }
        id
    }

    fn session(&mut self, at: &mut u64, meeting: Meeting) {
        self.add(*at, What::Begin { meeting });
        *at += self.gap();
        if self.rng.u32(0..100) < 92 {
            self.add(*at, What::End { meeting });
        }
        if self.rng.u32(0..100) < 45 {
            *at += self.gap();
            self.add(*at, What::Record { meeting });
            if self.rng.u32(0..100) < 40 {
                let later = *at + self.gap();
                self.add(later, What::Transcribe { meeting });
            }
        }
    }

    /// Near something that was planned already.
    fn near(&mut self) -> u64 {
        let Some(near) = self.rng.choice(self.events.iter()).map(|planned| planned.at_ms) else { return 0 };
        match self.rng.u32(0..3) {
            0 => near + self.rng.u64(0..1200),
            1 => near + self.rng.u64(0..6 * SECOND),
            _ => (near + self.rng.u64(0..20 * MINUTE)).saturating_sub(MINUTE),
        }
    }

    /// Some meeting of the plan.
    fn some_meeting(&mut self) -> Meeting {
        let makes = |planned: &&Planned| {
            matches!(planned.what, What::Start { .. } | What::Press { .. } | What::Schedule { .. })
        };
        let made: Vec<u32> = self.events.iter().filter(makes).map(|planned| planned.id).collect();
        match self.rng.choice(made.iter()) {
            Some(id) if self.rng.bool() => Meeting::Of(*id),
            _ => Meeting::Personal(self.user()),
        }
    }

    /// Something by the way.
    fn noise(&mut self) {
        let at = self.near();
        let (user, channel) = (self.user(), self.channel());
        let what = match self.rng.u32(0..100) {
            0..8 => {
                let back = at + self.gap();
                self.add(back, What::Join { user, channel });
                What::Leave { user, channel }
            }
            8..14 => What::DeleteCard { user },
            14..20 => What::Rule { user, channel, word: self.rng.usize(0..3) },
            20..25 => {
                let back = at + self.gap();
                self.add(back, What::Archive { channel, archived: false });
                What::Archive { channel, archived: true }
            }
            25..29 => What::Mute { user, channel, muted: self.rng.bool() },
            29..32 => What::Deactivate { user, gone: true },
            32..42 => What::Rotate,
            42..50 => {
                let owner = self.user();
                let mut back = at + self.gap();
                self.sign_in(&mut back, owner, channel);
                if self.rng.bool() {
                    back += self.rng.u64(MINUTE..20 * MINUTE);
                    self.add(back, What::Replay);
                }
                What::Deauthorize { user: owner }
            }
            50..60 => {
                self.add(at, What::Connect { user, channel });
                let (victim, step) = (self.user(), self.rng.u32(0..3));
                let later = at + self.rng.u64(SECOND..40 * SECOND);
                self.add(later, What::Trick { attacker: user, victim, step });
                return;
            }
            60..66 => What::Disconnect { user },
            66..74 => What::Forge { kind: self.rng.usize(0..6) },
            74..76 => What::Replay,
            76..84 => What::Share { user, channel, meeting: self.some_meeting() },
            84..89 => What::Unfollow { user, channel, meeting: self.some_meeting() },
            89..94 => What::Follow { user, channel, meeting: self.some_meeting() },
            94..97 => What::Restrict { on: self.rng.bool() },
            _ => What::Passcodes { on: self.rng.bool() },
        };
        self.add(at, what);
    }

    fn fault(&mut self) {
        let at = self.near();
        let node = self.rng.usize(0..3);
        let what = match self.rng.u32(0..100) {
            0..25 => What::Kill { node },
            25..45 => What::Hold { node, for_ms: self.rng.u64(SECOND..100 * SECOND) },
            45..52 => What::Clock { node, by_ms: self.rng.i64(-6_000..6_000) },
            _ => {
                let kind = self.failing();
                let for_ms = match self.rng.u32(0..3) {
                    0 => self.rng.u64(200..2 * SECOND),
                    1 => self.rng.u64(2 * SECOND..30 * SECOND),
                    _ => self.rng.u64(30 * SECOND..5 * MINUTE),
                };
                let often = if kind == Failing::Hooks { [1, 2, 4, 8] } else { [10, 30, 60, 100] };
                let percent = *self.rng.choice(often.iter()).unwrap_or(&often[1]);
                What::Fail { kind, for_ms, percent }
            }
        };
        self.add(at, what);
    }

    fn failing(&mut self) -> Failing {
        match self.rng.u32(0..8) {
            0 => Failing::Store,
            1 => Failing::StoreLies,
            2 => Failing::Chat,
            3 => Failing::ChatLies,
            4 => Failing::Zoom,
            5 => Failing::ZoomLies,
            6 => Failing::Pauses,
            _ => Failing::Hooks,
        }
    }

    /// One thing fails now and then for hours.
    fn weather(&mut self) {
        let kind = self.failing();
        let percent = if kind == Failing::Hooks { 1 } else { self.rng.u32(5..60) };
        self.add(0, What::Fail { kind, for_ms: 12 * HOUR, percent });
    }
}
