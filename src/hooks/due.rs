//! `hooks.run-due`: work that outlives its hook.

use super::log;
use crate::error::Error;
use crate::flow::Io;
use crate::show;
use crate::store::{self, Work};

/// Does what is due. Answers the seconds until more is due, if sooner than the host's minute.
pub async fn run(io: Io) -> Option<u32> {
    match work(&io).await {
        Ok(next_s) => next_s,
        Err(error) => {
            log(&io, &error).await;
            None
        }
    }
}

async fn work(io: &Io) -> Result<Option<u32>, Error> {
    let leased = store::lease_jobs(io).await?;
    for job in &leased.jobs {
        if done(io, &job.work).await? {
            store::remove_job(io, &job.work).await?;
        }
    }
    let wait_s = leased.next_ms.map(|at_ms| at_ms.saturating_sub(io.now_ms()).div_ceil(1000));
    Ok(wait_s.and_then(|s| u32::try_from(s).ok()).filter(|s| *s < 60).map(|s| s.max(1)))
}

/// Whether the work is over.
async fn done(io: &Io, work: &Work) -> Result<bool, Error> {
    match work {
        Work::Card(card_id) => show::retry(io, card_id).await,
    }
}
