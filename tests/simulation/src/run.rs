//! The scheduler: one queue of moments. Each performs one effect of one hook, or begins something.

use crate::cast::USERS;
use crate::deliver::Delivery;
use crate::hook::{Answer, Caller, Hook};
use crate::plan::{Failing, Plan, What};
use crate::properties::{Property, Violation};
use crate::rng::{Rng, entropy, mix, percent, stream};
use crate::times::{BEGINNING_MS, clock};
use crate::visit::Visit;
use crate::world::{Fault, HookInfo, NOBODYS, World};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use zoom_chat::flow::{Effect, EffectId, Flow, Io, Moment, Step};
use zoom_chat::hooks;

const MINUTE_MS: u64 = 60_000;
/// How long the world goes on after the last event: longer than anything is tried again.
const QUIET_MS: u64 = 50 * 3_600_000;
/// How long after that nothing fails any more whatever was left over is done: longer than Zoom sends an event again, shorter than cards stand
/// before they are looked at once more.
const SOON_MS: u64 = 4 * 3_600_000;
/// Effects that a hook may ask for.
const MOST_EFFECTS: u32 = 3_000;
/// Pauses that a hook may ask for, all together.
const LONGEST_PAUSE_MS: u64 = 30_000;

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What did not hold. A run ends there.
    pub violation: Option<Violation>,
    /// Effects that were performed.
    pub effects: u64,
    /// What happened, where that was asked for.
    pub trace: Vec<String>,
}

/// Runs a plan, and tells what happens where that is asked for.
#[must_use]
pub fn run(plan: &Plan, trace: bool) -> Outcome {
    let mut sim = Sim::new(plan, trace);
    let panicked = catch_unwind(AssertUnwindSafe(|| sim.go())).is_err();
    if panicked {
        sim.world.violated(Property::NoPanic, "a hook, or the world around it, panicked");
    }
    let violation = sim.world.model.violations.first().cloned();
    Outcome { violation, effects: sim.effects, trace: sim.trace.take().unwrap_or_default() }
}

/// Something that happens at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Next {
    /// Of the plan.
    Event(usize),
    Step(u32, EffectId),
    Tick(usize),
    Deliver(usize),
    Visit(usize),
    /// The second delivery of a command.
    Again(usize),
}

pub(crate) struct Node {
    pub(crate) down_until_ms: u64,
    held_until_ms: u64,
    next_tick_ms: u64,
    interval_ms: u64,
    due: Option<u32>,
}

struct Window {
    kind: Failing,
    until_ms: u64,
    percent: u32,
}

pub(crate) struct Sim<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) world: World,
    queue: BinaryHeap<Reverse<(u64, u64, Next)>>,
    tie: u64,
    pub(crate) hooks: Vec<Option<Hook>>,
    pub(crate) nodes: Vec<Node>,
    windows: Vec<Window>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) visits: Vec<Visit>,
    /// The cookies of each person's browser.
    pub(crate) jars: [BTreeMap<String, String>; USERS],
    pub(crate) rng: Rng,
    /// When all events have happened: nothing fails after that.
    pub(crate) calm_ms: u64,
    end_ms: u64,
    effects: u64,
    pub(crate) trace: Option<Vec<String>>,
}

impl<'a> Sim<'a> {
    fn new(plan: &'a Plan, trace: bool) -> Self {
        let last_ms = BEGINNING_MS + plan.events.last().map_or(0, |planned| planned.at_ms);
        let mut sim = Self {
            plan,
            world: World::new(plan),
            queue: BinaryHeap::new(),
            tie: 0,
            hooks: Vec::new(),
            nodes: Vec::new(),
            windows: Vec::new(),
            deliveries: Vec::new(),
            visits: Vec::new(),
            jars: Default::default(),
            rng: stream(plan.seed, 3),
            calm_ms: last_ms + 10 * MINUTE_MS,
            end_ms: last_ms + QUIET_MS,
            effects: 0,
            trace: trace.then(Vec::new),
        };
        for node in 0..plan.shape.nodes {
            let first_ms = BEGINNING_MS + 7_000 + 13_000 * node as u64;
            let (down_until_ms, held_until_ms) = (0, 0);
            sim.nodes.push(Node {
                down_until_ms,
                held_until_ms,
                next_tick_ms: first_ms,
                interval_ms: MINUTE_MS,
                due: None,
            });
            sim.at(first_ms, Next::Tick(node));
        }
        for (index, planned) in plan.events.iter().enumerate() {
            sim.at(BEGINNING_MS + planned.at_ms, Next::Event(index));
        }
        sim
    }

    pub(crate) fn at(&mut self, ms: u64, next: Next) {
        self.tie += 1;
        self.queue.push(Reverse((ms, self.tie, next)));
    }

    pub(crate) fn say(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            let ms = self.world.now_ms - BEGINNING_MS;
            trace.push(format!("{} {}", clock(ms), line()));
        }
    }

    fn go(&mut self) {
        let mut soon_ms = Some(self.calm_ms + SOON_MS);
        while let Some(Reverse((now_ms, _, next))) = self.queue.pop() {
            if soon_ms.take_if(|soon_ms| *soon_ms < now_ms).is_some() {
                self.soon();
            }
            self.world.now_ms = self.world.now_ms.max(now_ms);
            match next {
                Next::Event(index) => self.event(index),
                Next::Step(serial, id) => self.step(serial, id),
                Next::Tick(node) => self.tick(node, now_ms),
                Next::Deliver(index) => self.deliver(index),
                Next::Visit(index) => self.visit(index),
                Next::Again(index) => self.act(index, true),
            }
            if !self.world.model.violations.is_empty() {
                return;
            }
        }
        self.verdict();
    }

    /// Something of the plan happens: whatever it is, what is due is looked at every minute again.
    fn event(&mut self, index: usize) {
        let planned = &self.plan.events[index];
        self.say(|| format!("-- #{} {:?}", planned.id, planned.what));
        self.stir();
        let now_ms = self.world.now_ms;
        match planned.what {
            What::Kill { node } => self.kill(node % self.nodes.len()),
            What::Hold { node, for_ms } => {
                let node = node % self.nodes.len();
                self.nodes[node].held_until_ms = now_ms + for_ms;
            }
            What::Clock { node, by_ms } => {
                self.world.ahead_ms[node] += by_ms;
                self.world.skew_ms += by_ms.unsigned_abs();
            }
            What::Fail { kind, for_ms, percent } => {
                self.windows.push(Window { kind, until_ms: now_ms + for_ms, percent });
            }
            _ => self.act(index, false),
        }
    }

    /// Ticks come every minute while something happens, and more seldom when nothing does: a late tick is allowed.
    pub(crate) fn stir(&mut self) {
        for node in 0..self.nodes.len() {
            self.nodes[node].interval_ms = MINUTE_MS;
            self.tick_by(node, self.world.now_ms + MINUTE_MS);
        }
    }

    fn tick_by(&mut self, node: usize, ms: u64) {
        if self.nodes[node].next_tick_ms > ms {
            self.nodes[node].next_tick_ms = ms;
            self.at(ms, Next::Tick(node));
        }
    }

    /// A run of due work was asked for at this node.
    fn due_by(&mut self, node: usize, ms: u64) {
        for other in 0..self.nodes.len() {
            if other == node || self.plan.shape.crowded {
                self.tick_by(other, ms);
            }
        }
    }

    fn tick(&mut self, node: usize, at_ms: u64) {
        let now_ms = self.world.now_ms;
        let state = &mut self.nodes[node];
        if state.next_tick_ms != at_ms {
            return;
        }
        state.interval_ms = (state.interval_ms + state.interval_ms / 3).min(90 * MINUTE_MS);
        state.next_tick_ms = u64::MAX;
        let (interval_ms, down) = (state.interval_ms, state.down_until_ms > now_ms);
        let busy = state.due.is_some_and(|serial| self.hooks[serial as usize].is_some());
        if now_ms < self.end_ms {
            self.tick_by(node, now_ms + interval_ms);
        }
        if !down && !busy {
            let info = self.info("due", node, None, NOBODYS);
            let key = mix(0x00d0e, mix(node as u64, now_ms));
            self.nodes[node].due = Some(info.serial);
            self.spawn(info, Caller::Due, key, |io| async move { Answer::Due(hooks::due::run(io).await) });
        }
    }

    /// What is known of the next hook.
    pub(crate) fn info(&self, kind: &'static str, node: usize, user: Option<usize>, origin: u32) -> HookInfo {
        HookInfo {
            serial: u32::try_from(self.hooks.len()).unwrap_or(u32::MAX),
            kind,
            node,
            user,
            origin,
            command: None,
            stranger: false,
            shares: false,
            disconnects: false,
            began_ms: self.world.now_ms,
        }
    }

    /// A node that takes a call. `None`: all are down.
    pub(crate) fn node(&mut self, key: u64) -> Option<usize> {
        let now_ms = self.world.now_ms;
        let up: Vec<usize> =
            (0..self.nodes.len()).filter(|node| self.nodes[*node].down_until_ms <= now_ms).collect();
        stream(self.plan.seed, mix(key, 77)).choice(up).into_iter().next()
    }

    /// Begins a hook. `key` names its luck.
    pub(crate) fn spawn<F: Future<Output = Answer> + 'static>(
        &mut self,
        info: HookInfo,
        caller: Caller,
        key: u64,
        start: impl FnOnce(Io) -> F,
    ) {
        let mut rng = stream(self.plan.seed, key);
        let moment = Moment { now_ms: self.world.clock(info.node), entropy: entropy(&mut rng) };
        let serial = info.serial;
        let (flow, step) = Flow::start(moment, start);
        let (open, paused_ms, woke, effects) = (Vec::new(), 0, false, 0);
        self.hooks.push(Some(Hook { info, caller, flow, open, effects, paused_ms, woke, rng }));
        self.world.alive.push(true);
        self.follow(serial, step);
    }

    fn step(&mut self, serial: u32, id: EffectId) {
        let now_ms = self.world.now_ms;
        let breaks_off = self.failing(Failing::Hooks);
        let Some(hook) = self.hooks[serial as usize].as_mut() else { return };
        let held_ms = self.nodes[hook.info.node].held_until_ms;
        if held_ms > now_ms {
            let late = hook.rng.u64(1..400);
            self.at(held_ms + late, Next::Step(serial, id));
            return;
        }
        if hook.info.began_ms + hook.caller.limit_ms() < now_ms {
            self.say(|| format!("the host ends hook {serial}"));
            self.drop_hook(serial);
            return;
        }
        if now_ms < self.calm_ms && breaks_off.is_some_and(|chance| percent(&mut hook.rng, chance)) {
            self.drop_hook(serial);
            return;
        }
        let Some(index) = hook.open.iter().position(|(open, _)| *open == id) else { return };
        let (_, effect) = hook.open.swap_remove(index);
        let fault = fault(&self.windows, self.calm_ms, now_ms, hook, &effect);
        self.perform(serial, id, &effect, fault);
    }

    /// In how many of a hundred cases this goes wrong just now.
    fn failing(&self, kind: Failing) -> Option<u32> {
        let now_ms = self.world.now_ms;
        let window = self.windows.iter().find(|window| window.kind == kind && window.until_ms > now_ms)?;
        Some(window.percent)
    }

    /// Performs one effect and lets the hook go on.
    fn perform(&mut self, serial: u32, id: EffectId, effect: &Effect, fault: Fault) {
        let Some(hook) = self.hooks[serial as usize].as_mut() else { return };
        hook.effects += 1;
        hook.woke |= matches!(effect, Effect::Wake);
        self.effects += 1;
        let outcome = self.world.perform(&hook.info, effect, fault);
        if let (Some(trace), Some(line)) = (&mut self.trace, crate::trace::line(&hook.info, effect, &outcome))
        {
            trace.push(format!("{}    {line}", clock(self.world.now_ms - BEGINNING_MS)));
        }
        let name = hook.info.name();
        let (many, paused_ms) = (hook.effects > MOST_EFFECTS, hook.paused_ms > LONGEST_PAUSE_MS);
        let step = hook.flow.resume(self.world.clock(hook.info.node), id, outcome);
        if many || paused_ms {
            self.world.violated(Property::AnswersOnce, format!("{name} goes on for ever"));
        }
        match step {
            Ok(step) => self.follow(serial, step),
            Err(misuse) => self.world.violated(Property::AnswersOnce, misuse.to_string()),
        }
    }

    fn follow(&mut self, serial: u32, step: Step<Answer>) {
        let effects = match step {
            Step::Done(answer) => return self.finish(serial, answer),
            Step::Ask(effects) => effects,
        };
        let now_ms = self.world.now_ms;
        for (id, effect) in effects {
            if World::is_quick(&effect) {
                self.perform(serial, id, &effect, Fault::None);
                continue;
            }
            let fails = now_ms < self.calm_ms && self.failing(Failing::Pauses).is_some();
            let Some(hook) = self.hooks[serial as usize].as_mut() else { return };
            let wait_ms = hook.latency_ms(&effect, &self.plan.shape, fails);
            hook.open.push((id, effect));
            self.at(now_ms + wait_ms, Next::Step(serial, id));
        }
    }

    fn finish(&mut self, serial: u32, answer: Answer) {
        let Some(hook) = self.hooks[serial as usize].take() else { return };
        self.world.alive[serial as usize] = false;
        self.say(|| format!("{} answers {}", hook.info.name(), crate::trace::answer(&answer)));
        let now_ms = self.world.now_ms;
        if hook.woke {
            self.stir();
            self.due_by(hook.info.node, now_ms + 30);
        }
        self.see_answer(&hook, &answer);
        if let Some(user) = hook.info.user.filter(|_| hook.info.disconnects) {
            self.world.model.connected[user] = false;
        }
        match (hook.caller, answer) {
            (Caller::Due, Answer::Due(Some(s))) => self.due_by(hook.info.node, now_ms + u64::from(s) * 1000),
            (Caller::Delivery(index), Answer::Http(response)) => {
                self.delivered(index, response.status, now_ms - hook.info.began_ms);
            }
            (Caller::Visit(index), Answer::Http(response)) => {
                self.visited(index, &response);
                self.connected(&hook.info);
            }
            _ => {}
        }
    }

    /// A node dies, and is back after a while.
    fn kill(&mut self, node: usize) {
        let its: Vec<u32> = self
            .hooks
            .iter()
            .flatten()
            .filter(|hook| hook.info.node == node)
            .map(|hook| hook.info.serial)
            .collect();
        for serial in its {
            self.drop_hook(serial);
        }
        let back_ms = self.world.now_ms + self.rng.u64(2_000..40_000);
        self.nodes[node].down_until_ms = back_ms;
        self.tick_by(node, back_ms + 100);
    }

    fn drop_hook(&mut self, serial: u32) {
        let Some(hook) = self.hooks[serial as usize].take() else { return };
        self.say(|| format!("{} dies", hook.info.name()));
        self.world.alive[serial as usize] = false;
        self.world.zoom.sign_ins.lost(serial);
        self.world.model.broke_off(&hook.info);
        if let Caller::Delivery(index) = hook.caller {
            self.delivered(index, 502, self.world.now_ms - hook.info.began_ms);
        }
    }
}

/// What goes wrong with this effect just now.
fn fault(windows: &[Window], calm_ms: u64, now_ms: u64, hook: &mut Hook, effect: &Effect) -> Fault {
    if now_ms >= calm_ms {
        return Fault::None;
    }
    for window in windows.iter().filter(|window| window.until_ms > now_ms) {
        let fault = World::fault_of(effect, window.kind);
        if fault != Fault::None && percent(&mut hook.rng, window.percent) {
            return fault;
        }
    }
    Fault::None
}
