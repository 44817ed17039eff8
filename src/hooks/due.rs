//! `hooks.run-due`: work that outlives its hook.

use super::{log, settings};
use crate::error::Error;
use crate::features::subscription::follow;
use crate::features::{official_import, reconcile, recording};
use crate::flow::Io;
use crate::meeting::show;
use crate::store::{self, Job, Leased, Work};

/// Jobs that one run does, and how long it goes on taking more: other nodes can take the rest.
const MAX_JOBS: usize = 20;
const MAX_MS: u64 = 60_000;

/// Does what is due. Answers the seconds until more is due, if sooner than the host's minute.
pub async fn run(io: Io) -> Option<u32> {
    match work(&io).await {
        Ok(next_ms) => {
            let wait_s = next_ms?.saturating_sub(io.now_ms()).div_ceil(1000);
            u32::try_from(wait_s).ok().filter(|s| *s < 60).map(|s| s.max(1))
        }
        Err(error) => {
            log(&io, &error).await;
            None
        }
    }
}

/// When the next job is due, in milliseconds since the Unix epoch.
async fn work(io: &Io) -> Result<Option<u64>, Error> {
    for _ in 0..MAX_JOBS {
        let Leased { job, next_ms } = store::lease_job(io).await?;
        let Some(job) = job else { return Ok(next_ms) };
        match done(io, &job).await {
            Ok(true) => store::finish_job(io, &job).await?,
            Ok(false) => store::postpone_job(io, &job).await?,
            // One job's trouble is not the next one's.
            Err(error) => {
                log(io, &error).await;
                // Where that fails too, the lease ends by itself.
                let _ = store::postpone_job(io, &job).await;
            }
        }
        if io.time().saturating_sub(io.now_ms()) > MAX_MS {
            break;
        }
    }
    Ok(Some(io.now_ms()))
}

/// Whether the work is over.
async fn done(io: &Io, job: &Job) -> Result<bool, Error> {
    match &job.work {
        Work::Card(card_id) => show::retry(io, card_id).await,
        Work::Announce(card_id) => {
            follow::announce(io, &settings(io).await?, card_id, job.attempts > 0).await
        }
        Work::Look => reconcile::look(io, &settings(io).await?, job.attempts > 0).await,
        Work::Import => official_import::run(io, &settings(io).await?, MAX_MS, false).await,
        Work::Recording(name) => recording::pass_on(io, &settings(io).await?, name, job.is_last()).await,
    }
}
