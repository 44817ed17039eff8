//! Many seeds, on all processors.

use simulation::{Plan, Property, Violation, run};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seeds that a thread takes at once.
const BATCH: u64 = 50;
const PROGRESS_EVERY: Duration = Duration::from_secs(10);

/// What is searched.
pub(crate) struct Search<'a> {
    pub(crate) from: u64,
    pub(crate) seeds: u64,
    pub(crate) threads: usize,
    pub(crate) expected: &'a [Property],
    /// Stop at the first that fails.
    pub(crate) first: bool,
}

/// How far and how fast.
pub(crate) struct Rate {
    seeds: u64,
    effects: u64,
    seconds: f64,
}

impl fmt::Display for Rate {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seeds, effects) = (self.seeds as f64, self.effects as f64);
        let (rate, speed) = (seeds / self.seconds, effects / self.seconds);
        write!(f, "{seeds} seeds in {:.1} s: {rate:.0} seeds/s, {speed:.0} effects/s", self.seconds)
    }
}

#[derive(Default)]
struct Found {
    expected: BTreeMap<Property, u64>,
    failed: BTreeMap<Property, Failed>,
}

/// Seeds at which a property does not hold.
pub(crate) struct Failed {
    pub(crate) count: u64,
    /// The first of them, and what was seen there.
    pub(crate) seed: u64,
    pub(crate) what: String,
}

/// What was found.
pub(crate) struct Result {
    pub(crate) rate: Rate,
    pub(crate) expected: BTreeMap<Property, u64>,
    pub(crate) failed: BTreeMap<Property, Failed>,
}

impl Search<'_> {
    pub(crate) fn run(&self, progress: impl Fn(Rate) + Sync) -> Result {
        let (next, effects, stop) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
        let found = Mutex::new(Found::default());
        let begin = Instant::now();
        let told = Mutex::new(begin);
        let rate = || Rate {
            seeds: next.load(Ordering::Relaxed).min(self.seeds),
            effects: effects.load(Ordering::Relaxed),
            seconds: begin.elapsed().as_secs_f64(),
        };
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let batch = next.fetch_add(BATCH, Ordering::Relaxed);
                        if batch >= self.seeds {
                            return;
                        }
                        let done = self.batch(batch, &found);
                        effects.fetch_add(done, Ordering::Relaxed);
                        stop.fetch_or(self.first && failed(&found), Ordering::Relaxed);
                        if let Ok(mut told) = told.try_lock()
                            && told.elapsed() > PROGRESS_EVERY
                        {
                            *told = Instant::now();
                            progress(rate());
                        }
                    }
                });
            }
        });
        let rate = rate();
        let Found { expected, failed } = found.into_inner().unwrap_or_default();
        Result { rate, expected, failed }
    }

    /// Answers how many effects there were.
    fn batch(&self, batch: u64, found: &Mutex<Found>) -> u64 {
        let mut effects = 0;
        for seed in (batch..(batch + BATCH).min(self.seeds)).map(|offset| self.from + offset) {
            let outcome = run(&Plan::new(seed), false);
            effects += outcome.effects;
            let Ok(mut found) = found.lock() else { return effects };
            let Some(violation) = outcome.violation else { continue };
            if self.expected.contains(&violation.property) {
                *found.expected.entry(violation.property).or_default() += 1;
            } else {
                let Violation { property, what, .. } = violation;
                let failed = found.failed.entry(property).or_insert(Failed {
                    count: 0,
                    seed: u64::MAX,
                    what: String::new(),
                });
                failed.count += 1;
                if seed < failed.seed {
                    (failed.seed, failed.what) = (seed, what);
                }
            }
        }
        effects
    }
}

fn failed(found: &Mutex<Found>) -> bool {
    found.lock().is_ok_and(|found| !found.failed.is_empty())
}
