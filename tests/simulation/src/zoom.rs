//! Zoom: meetings and their instances, sign-ins, recordings. It forgets nothing, says everything, and is the truth about what ran when.

mod api;
pub(crate) mod events;
mod sign_in;

pub(crate) use api::Noted;
pub(crate) use sign_in::Spent;

use crate::cast::{self, SignIn, USERS};
use crate::rng::{Rng, stream};
use sign_in::SignIns;
use std::collections::BTreeMap;

/// A meeting number.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    pub(crate) host: usize,
    /// 1 instant, 2 scheduled, 4 personal.
    pub(crate) kind: u8,
    pub(crate) topic: String,
}

/// A meeting that runs or ran.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) uuid: String,
    pub(crate) number: u64,
    pub(crate) host: usize,
    pub(crate) start_ms: u64,
    pub(crate) end_ms: Option<u64>,
    /// Its end comes without a time.
    pub(crate) omits_end: bool,
    pub(crate) recorded: bool,
    pub(crate) transcribed: bool,
    /// When the plugin answered 200 to anything of it first.
    pub(crate) heard_ms: Option<u64>,
    /// When the plugin answered 200 to its end first.
    pub(crate) end_heard_ms: Option<u64>,
    /// Whether the plugin has answered 200 to its end.
    pub(crate) end_reported: bool,
}

/// A file of a recording.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) instance: usize,
    pub(crate) kind: PartKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartKind {
    Video,
    Chat,
    Transcript,
}

#[derive(Debug)]
pub(crate) struct Zoom {
    pub(crate) rooms: BTreeMap<u64, Room>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) parts: Vec<Part>,
    pub(crate) sign_ins: SignIns,
    next_number: u64,
    rng: Rng,
    /// Calls to the API, by what was asked.
    pub(crate) calls: u32,
}

impl Zoom {
    pub(crate) fn new(seed: u64, sign_in: SignIn) -> Self {
        let personal = |user: usize| {
            (cast::pmi(user), Room { host: user, kind: 4, topic: format!("{}'s room", cast::username(user)) })
        };
        Self {
            rooms: (0..USERS).map(personal).collect(),
            instances: Vec::new(),
            parts: Vec::new(),
            sign_ins: SignIns::new(sign_in),
            next_number: 82_345_678_901,
            rng: stream(seed, 2),
            calls: 0,
        }
    }

    /// Makes a meeting. Answers its number.
    pub(crate) fn make(&mut self, host: usize, kind: u8, topic: &str) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.rooms.insert(number, Room { host, kind, topic: topic.to_owned() });
        number
    }

    /// The instance of this number that runs.
    pub(crate) fn running(&self, number: u64) -> Option<usize> {
        self.instances.iter().rposition(|instance| instance.number == number && instance.end_ms.is_none())
    }

    /// The newest instance of this number, running or not.
    pub(crate) fn newest(&self, number: u64) -> Option<usize> {
        self.instances.iter().rposition(|instance| instance.number == number)
    }

    pub(crate) fn by_uuid(&self, uuid: &str) -> Option<&Instance> {
        self.instances.iter().find(|instance| instance.uuid == uuid)
    }

    /// Somebody joins. `None`: it runs already, or there is no such meeting.
    pub(crate) fn begin(&mut self, number: u64, now_ms: u64) -> Option<usize> {
        let host = self.rooms.get(&number)?.host;
        if self.running(number).is_some() {
            return None;
        }
        // An instant meeting is over once and for all.
        if self.rooms[&number].kind == 1 && self.newest(number).is_some() {
            return None;
        }
        let serial = self.instances.len();
        let uuid = format!(
            "{}{serial:03}{:016x}==",
            ["a", "/", "b+", "c//"][self.rng.usize(0..4)],
            self.rng.u64(..)
        );
        self.instances.push(Instance {
            uuid,
            number,
            host,
            // Zoom tells whole seconds.
            start_ms: now_ms / 1000 * 1000,
            end_ms: None,
            omits_end: self.rng.u32(0..100) < 8,
            recorded: false,
            transcribed: false,
            heard_ms: None,
            end_heard_ms: None,
            end_reported: false,
        });
        Some(serial)
    }

    /// Everybody leaves. `None`: it does not run.
    pub(crate) fn end(&mut self, number: u64, now_ms: u64) -> Option<usize> {
        let running = self.running(number)?;
        let instance = &mut self.instances[running];
        instance.end_ms = Some((now_ms / 1000 * 1000).max(instance.start_ms));
        Some(running)
    }
}
