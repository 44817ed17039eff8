//! Work that outlives its hook. Taken with a lease, so that it survives a crash and runs on one
//! node at a time.

use super::{remove_from_list, update_list};
use crate::error::Error;
use crate::flow::Io;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;

const KEY: &str = "due_jobs";
/// A list that nobody has touched for this long is about things that are forgotten by then.
const LIFE_S: u32 = 30 * 86_400;
/// Longer than a card may take: whoever took the work has failed by then.
const LEASE_MS: u64 = 60_000;
/// Longer than a run of due work may take, for work that moves files.
const FILES_LEASE_MS: u64 = 330_000;
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
}

impl Job {
    /// Whether it is not tried again after this.
    pub fn is_last(&self) -> bool {
        self.attempts + 1 >= MAX_ATTEMPTS
    }
}

/// Leaves work that has just failed to be tried again, once however often it is asked for.
///
/// # Errors
/// The store's.
pub async fn retry_job(io: &Io, work: &Work) -> Result<(), Error> {
    add(io, work, io.now_ms() + FIRST_WAIT_MS).await
}

/// Leaves work to be done as soon as the present hook is over, once however often it is asked for.
///
/// # Errors
/// The store's.
pub async fn add_job(io: &Io, work: &Work) -> Result<(), Error> {
    add(io, work, io.now_ms()).await?;
    io.wake().await;
    Ok(())
}

async fn add(io: &Io, work: &Work, due_ms: u64) -> Result<(), Error> {
    let add = |mut jobs: Vec<Job>| {
        if jobs.iter().any(|job| job.work == *work) {
            return None;
        }
        jobs.push(Job { work: work.clone(), due_ms, attempts: 0 });
        let too_many = jobs.len().saturating_sub(MAX_JOBS);
        jobs.drain(..too_many);
        Some(jobs)
    };
    update_list(io, KEY, Some(LIFE_S), &add).await.map(|_| ())
}

/// Takes one job that is due, so that nobody else does it for a while. One whose attempts are used up is dropped with this, its last.
///
/// # Errors
/// The store's.
pub async fn lease_job(io: &Io) -> Result<Leased, Error> {
    let now_ms = io.time().await;
    let leased = RefCell::new(Leased::default());
    // Runs again on the newest list when another node came between: a job that it took is due no more.
    let lease = |mut jobs: Vec<Job>| {
        let due = jobs.iter().position(|job| job.due_ms <= now_ms);
        let taken = due.map(|index| jobs.remove(index));
        jobs.extend(taken.as_ref().and_then(|job| again(job, now_ms)));
        let next_ms = jobs.iter().map(|job| job.due_ms).min();
        let changed = taken.is_some();
        leased.replace(Leased { job: taken, next_ms });
        changed.then_some(jobs)
    };
    update_list(io, KEY, Some(LIFE_S), &lease).await?;
    Ok(leased.take())
}

/// The work was tried and is not done: whoever took it needs the lease no longer, and the next attempt comes when it is due.
///
/// # Errors
/// The store's.
pub async fn postpone_job(io: &Io, job: &Job) -> Result<(), Error> {
    let due_ms = io.time().await + wait_ms(job);
    let postpone = |mut jobs: Vec<Job>| {
        let waiting = jobs.iter_mut().find(|waiting| waiting.work == job.work)?;
        waiting.due_ms = due_ms;
        Some(jobs)
    };
    update_list(io, KEY, Some(LIFE_S), &postpone).await.map(|_| ())
}

/// The work is done, or never will be.
///
/// # Errors
/// The store's.
pub async fn remove_job(io: &Io, work: &Work) -> Result<(), Error> {
    let is_it = |job: &Job| job.work == *work;
    remove_from_list(io, KEY, Some(LIFE_S), &is_it).await
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
    let lease_ms = match job.work {
        Work::Card(_) | Work::Announce(_) => LEASE_MS,
        Work::Recording(_) => FILES_LEASE_MS,
    };
    let wait_ms = wait_ms(job).max(lease_ms);
    let attempts = job.attempts + 1;
    (!job.is_last()).then(|| Job { work: job.work.clone(), due_ms: now_ms + wait_ms, attempts })
}

fn wait_ms(job: &Job) -> u64 {
    (FIRST_WAIT_MS << job.attempts.min(16)).min(LONGEST_WAIT_MS)
}
