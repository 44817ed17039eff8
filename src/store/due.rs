//! Work that outlives its hook. Taken with a lease, so that it survives a crash and runs on one
//! node at a time.

use super::{encode, update_bytes, watch};
use crate::error::Error;
use crate::flow::Io;
use crate::json;
use crate::model::Level;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cell::{Cell, RefCell};

const KEY: &str = "due_jobs";
/// A list that nobody has touched for this long is about things that are forgotten by then.
const LIFE_S: u32 = 30 * 86_400;
/// Longer than the five minutes after which a host ends a run of due work, whatever that does: whoever took the work has failed by then.
const LEASE_MS: u64 = 330_000;
/// Wait before the n-th attempt: 10 s, doubling, at most an hour.
const FIRST_WAIT_MS: u64 = 10_000;
const LONGEST_WAIT_MS: u64 = 3_600_000;
/// About a day of attempts; then the work is given up.
const MAX_ATTEMPTS: u32 = 30;
/// Jobs kept at once; more are dropped, oldest first. Only a server that takes no posts at all fills it.
const MAX_JOBS: usize = 1_000;
/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Write the post of the card with this name again.
    Card(String),
    /// Post the card with this name, in a channel that follows its meeting.
    Announce(String),
    /// Pass on the recording with this name.
    Recording(String),
    /// Look at the numbers that have been watched for long enough.
    Look,
    /// Take over what the official plugin has left.
    Import,
}

/// Work, and when it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What is to be done.
    pub work: Work,
    /// When to try, in milliseconds since the Unix epoch.
    pub due_ms: u64,
    /// Attempts so far.
    pub attempts: u32,
    /// How often it was asked for while it waited.
    #[serde(default)]
    pub generation: u64,
}

impl Job {
    /// Whether it is not tried again after this.
    pub fn is_last(&self) -> bool {
        self.attempts + 1 >= MAX_ATTEMPTS
    }
}

/// What lies under the key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
struct Due {
    jobs: Vec<Entry>,
    /// The latest span of time whose numbers were to be looked at.
    looked_span: u64,
}

/// What stands in the list. While nodes are updated one by one, a newer one may have left work there that this one does not know: it stays
/// as it is until somebody comes who does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Entry {
    Known(Job),
    Unknown(Value),
}

impl Entry {
    fn read(value: Value) -> Self {
        // Read from a copy: what reads from a reference would be a second parser in the component.
        Job::deserialize(value.clone()).map_or(Self::Unknown(value), Self::Known)
    }

    fn job(&self) -> Option<&Job> {
        match self {
            Self::Known(job) => Some(job),
            Self::Unknown(_) => None,
        }
    }

    fn job_mut(&mut self) -> Option<&mut Job> {
        match self {
            Self::Known(job) => Some(job),
            Self::Unknown(_) => None,
        }
    }
}

/// Leaves work that has just failed to be tried again, once however often it is asked for.
///
/// # Errors
/// The store's.
pub async fn retry_job(io: &Io, work: &Work) -> Result<(), Error> {
    add(io, std::slice::from_ref(work), io.now_ms() + FIRST_WAIT_MS).await
}

/// Leaves work to be done as soon as the present hook is over, once however often it is asked for.
///
/// # Errors
/// The store's.
pub async fn add_jobs(io: &Io, works: &[Work]) -> Result<(), Error> {
    add(io, works, io.now_ms()).await?;
    io.wake().await;
    Ok(())
}

async fn add(io: &Io, works: &[Work], due_ms: u64) -> Result<(), Error> {
    let dropped = Cell::new(0);
    let add = |due: &mut Due| {
        for work in works {
            due.ask_for(work, due_ms);
        }
        let too_many = due.jobs.len().saturating_sub(MAX_JOBS);
        due.jobs.drain(..too_many);
        dropped.set(too_many);
    };
    update(io, &add).await?;
    if dropped.get() > 0 {
        let (jobs, why) = (
            dropped.get().to_string(),
            "too much work waits: the oldest was given up, and its posts stay as they are",
        );
        io.log(Level::Error, why, &[("jobs", &jobs)]).await;
    }
    Ok(())
}

/// Takes one job that is due, so that nobody else does it for a while. One whose attempts are used up is dropped with this, its last.
///
/// # Errors
/// The store's.
pub async fn lease_job(io: &Io) -> Result<Leased, Error> {
    let now_ms = io.time();
    let leased = RefCell::new(Leased::default());
    // Runs again on the newest list when another node came between: a job that it took is due no more.
    let lease = |due: &mut Due| {
        due.add_looks(now_ms);
        let job = due.take(now_ms);
        due.jobs.extend(job.as_ref().and_then(|job| again(job, now_ms)).map(Entry::Known));
        let next_ms = due.known().map(|job| job.due_ms).min();
        leased.replace(Leased { job, next_ms });
    };
    update(io, &lease).await?;
    Ok(leased.take())
}

impl Due {
    /// `None`: it is no list of work.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut stored: Value = json::read(bytes).ok()?;
        let Value::Array(jobs) = stored.get_mut("jobs")?.take() else { return None };
        Some(Self {
            jobs: jobs.into_iter().map(Entry::read).collect(),
            looked_span: stored["looked_span"].as_u64().unwrap_or_default(),
        })
    }

    fn known(&self) -> impl Iterator<Item = &Job> {
        self.jobs.iter().filter_map(Entry::job)
    }

    /// The job that does this, if it waits.
    fn waiting(&mut self, work: &Work) -> Option<&mut Job> {
        self.jobs.iter_mut().filter_map(Entry::job_mut).find(|job| job.work == *work)
    }

    /// Takes a job out that is due.
    fn take(&mut self, now_ms: u64) -> Option<Job> {
        let is_due = |entry: &Entry| entry.job().is_some_and(|job| job.due_ms <= now_ms);
        let index = self.jobs.iter().position(is_due)?;
        self.jobs.remove(index).job().cloned()
    }

    /// Adds work that does not wait yet.
    fn ask_for(&mut self, work: &Work, due_ms: u64) {
        match self.waiting(work) {
            // Whoever does it now may have begun before what is asked for: it is done again after that.
            Some(job) => job.generation += 1,
            None => {
                let job = Job { work: work.clone(), due_ms, attempts: 0, generation: 0 };
                self.jobs.push(Entry::Known(job));
            }
        }
    }

    /// Numbers that are watched are looked at when their time has come.
    fn add_looks(&mut self, now_ms: u64) {
        let due_span = watch::due_span(now_ms);
        // Nothing was watched before the first time; what is watched from now on comes later.
        if self.looked_span != 0 && self.looked_span < due_span {
            self.ask_for(&Work::Look, now_ms);
        }
        self.looked_span = self.looked_span.max(due_span);
    }
}

/// The work was tried and is not done: whoever took it needs the lease no longer, and the next attempt comes when it is due.
///
/// # Errors
/// The store's.
pub async fn postpone_job(io: &Io, job: &Job) -> Result<(), Error> {
    let due_ms = io.time() + wait_ms(job);
    let postpone = |due: &mut Due| {
        if let Some(waiting) = due.waiting(&job.work) {
            waiting.due_ms = due_ms;
        }
    };
    update(io, &postpone).await
}

/// The work is done, or never will be. Where somebody has asked for it again since it was taken, it is done once more.
///
/// # Errors
/// The store's.
pub async fn finish_job(io: &Io, job: &Job) -> Result<(), Error> {
    let now_ms = io.time();
    let finish = |due: &mut Due| {
        due.jobs.retain_mut(|entry| {
            let Some(waiting) = entry.job_mut().filter(|waiting| waiting.work == job.work) else {
                return true;
            };
            waiting.due_ms = now_ms;
            waiting.attempts = 0;
            waiting.generation != job.generation
        });
    };
    update(io, &finish).await
}

/// Changes the list until nobody came between. One that cannot be read is begun anew: it would stand in the way of all work to come.
async fn update(io: &Io, change: &dyn Fn(&mut Due)) -> Result<(), Error> {
    let lost = Cell::new(false);
    let change = |bytes: Option<&[u8]>| {
        let before = bytes.map_or_else(|| Some(Due::default()), Due::read);
        lost.set(before.is_none());
        let mut due = before.clone().unwrap_or_default();
        change(&mut due);
        (before.as_ref() != Some(&due)).then(|| encode(&due)).transpose()
    };
    update_bytes(io, KEY, Some(LIFE_S), &change).await?;
    if lost.get() {
        let why = "the list of work that waits could not be read and was begun anew: \
                   posts and recordings that were in it are not tried again";
        io.log(Level::Error, why, &[]).await;
    }
    Ok(())
}

/// Work to do now, and when there is more.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Leased {
    /// Taken by this call. `None`: nothing is due.
    pub job: Option<Job>,
    /// When the next one is due, in milliseconds since the Unix epoch.
    pub next_ms: Option<u64>,
}

/// The job as it waits while somebody does it, and for its next attempt. `None`: this is the last one.
fn again(job: &Job, now_ms: u64) -> Option<Job> {
    let due_ms = now_ms + wait_ms(job).max(LEASE_MS);
    (!job.is_last()).then(|| Job { due_ms, attempts: job.attempts + 1, ..job.clone() })
}

fn wait_ms(job: &Job) -> u64 {
    (FIRST_WAIT_MS << job.attempts.min(16)).min(LONGEST_WAIT_MS)
}
