//! A hook that is under way.

use crate::plan::Shape;
use crate::rng::{Rng, percent};
use crate::world::HookInfo;
use zoom_chat::flow::{Effect, EffectId, Flow};
use zoom_chat::model::{CommandResponse, HttpResponse};

/// What a hook answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Reply(CommandResponse),
    Http(HttpResponse),
    Due(Option<u32>),
}

/// What a hook was called for: who waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    User,
    Web,
    Delivery(usize),
    Visit(usize),
    Due,
    Nobody,
}

impl Caller {
    /// How long the host lets it run.
    pub(crate) fn limit_ms(self) -> u64 {
        match self {
            Self::Due => 300_000,
            Self::User | Self::Web | Self::Delivery(_) | Self::Visit(_) | Self::Nobody => 60_000,
        }
    }
}

pub(crate) struct Hook {
    pub(crate) info: HookInfo,
    pub(crate) caller: Caller,
    pub(crate) flow: Flow<Answer>,
    pub(crate) open: Vec<(EffectId, Effect)>,
    pub(crate) effects: u32,
    /// How long it asked to pause, all together.
    pub(crate) paused_ms: u64,
    /// Asked for a run of due work.
    pub(crate) woke: bool,
    pub(crate) rng: Rng,
}

impl Hook {
    /// How long the next effect takes to be performed.
    pub(crate) fn latency_ms(&mut self, effect: &Effect, shape: &Shape, pauses_fail: bool) -> u64 {
        let (roll, spread) = (self.rng.u32(0..1000), self.rng.u64(0..1000));
        if let Effect::Pause(ms) = effect {
            self.paused_ms += u64::from(*ms);
            let cut = pauses_fail || percent(&mut self.rng, 4);
            return if cut { spread % 5 } else { u64::from(*ms) };
        }
        let usual = match roll {
            0..760 => 1 + spread / 50,
            760..950 => 20 + spread / 4,
            950..992 => 270 + spread * 2,
            _ => 2_000 + spread * 12,
        };
        let slow = shape.crowded && matches!(self.caller, Caller::Due) && roll % 3 == 0;
        let slow_ms = if slow { spread * 8 } else { 0 };
        slow_ms + usual * u64::from(shape.tempo)
    }
}
