//! Brings a card's post in line with its stored state, now or as a due job.

use crate::card::{render, shows};
use crate::error::Error;
use crate::flow::Io;
use crate::model::{HostError, Level, Patch};
use crate::store::{self, CardRecord};
use crate::text::host_log;

/// Writes the post. What can only be a passing fault is left to a due job, so that the state is never lost with it.
///
/// # Errors
/// The store's.
pub async fn show(io: &Io, card_id: &str, card: &CardRecord) -> Result<(), Error> {
    if let Shown::Later(why) = write(io, card).await {
        io.log(Level::Warn, "a card could not be updated and is tried again", &[("why", &host_log(&why))])
            .await;
        store::add_job(io, card_id).await?;
        io.wake().await;
    }
    Ok(())
}

/// Writes the post if it does not show the card's state: for events that come a second time.
///
/// # Errors
/// The store's.
pub async fn repair(io: &Io, card_id: &str, card: &CardRecord) -> Result<(), Error> {
    let Some(post_id) = &card.post_id else { return Ok(()) };
    match io.get_post(post_id.clone()).await {
        Ok(post) if post.deleted || shows(&post.data, &patch(card)) => Ok(()),
        Err(HostError::NotFound) => Ok(()),
        Ok(_) | Err(_) => show(io, card_id, card).await,
    }
}

/// Does a due job. Answers whether it is over.
///
/// # Errors
/// The store's.
pub async fn retry(io: &Io, card_id: &str) -> Result<bool, Error> {
    let Some(card) = store::load_card(io, card_id).await? else { return Ok(true) };
    Ok(matches!(write(io, &card).await, Shown::Over))
}

enum Shown {
    Over,
    Later(HostError),
}

async fn write(io: &Io, card: &CardRecord) -> Shown {
    // Without a post the start is still on its way; it looks at the state once more when it has one.
    let Some(post_id) = &card.post_id else { return Shown::Over };
    match io.update_post(post_id.clone(), patch(card)).await {
        Ok(()) => Shown::Over,
        // Deleted by its author: the meeting has no card any more.
        Err(HostError::NotFound) => Shown::Over,
        Err(why @ (HostError::Unavailable(_) | HostError::Other(_))) => Shown::Later(why),
        Err(why @ (HostError::Forbidden | HostError::Invalid(_) | HostError::Unsupported)) => {
            io.log(
                Level::Error,
                "a card could not be updated and stays as it is",
                &[("why", &host_log(&why))],
            )
            .await;
            Shown::Over
        }
    }
}

fn patch(card: &CardRecord) -> Patch {
    render(&card.meeting, card.uuid.as_deref(), &card.creator, card.life)
}
