//! A hook that is run one step at a time, so that others come in between, or it breaks off.

use super::world::World;
use std::future::Future;
use zoom_chat::flow::{Effect, EffectId, Flow, Io, Moment, Step};

/// A hook that is under way.
pub(super) struct Run<T> {
    flow: Flow<T>,
    open: Vec<(EffectId, Effect)>,
    /// What it has answered, once it is over.
    pub(super) answer: Option<T>,
}

impl<T> Run<T> {
    /// Runs a hook up to its first question.
    pub(super) fn begin<F: Future<Output = T> + 'static>(
        world: &mut World,
        run: impl FnOnce(Io) -> F,
    ) -> Self {
        world.hooks += 1;
        let moment = Moment { now_ms: world.now_ms, entropy: [world.hooks; 32] };
        let (flow, step) = Flow::start(moment, run);
        let mut run = Self { flow, open: Vec::new(), answer: None };
        run.take(step);
        run
    }

    /// Answers one question. `false`: there is none left.
    pub(super) fn go_on(&mut self, world: &mut World) -> bool {
        let Some((id, effect)) = self.open.pop() else { return false };
        // Time goes on while a server does something.
        world.now_ms += 1;
        let outcome = world.answer(&effect);
        let step = self.flow.resume(world.now_ms, id, outcome).unwrap();
        self.take(step);
        true
    }

    /// What it asks next.
    pub(super) fn next_effect(&self) -> Option<&Effect> {
        self.open.last().map(|(_, effect)| effect)
    }

    /// Whether it waits for somebody else.
    pub(super) fn waits(&self) -> bool {
        matches!(self.open.last(), Some((_, Effect::Pause(_))))
    }

    fn take(&mut self, step: Step<T>) {
        match step {
            Step::Ask(effects) => self.open.extend(effects),
            Step::Done(answer) => self.answer = Some(answer),
        }
    }
}
