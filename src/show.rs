//! Brings a card's post in line with its stored state, now or as a due job.

use crate::card::{render, shows};
use crate::error::Error;
use crate::flow::Io;
use crate::i18n::Localizer;
use crate::model::{Author, Draft, HostError, Level, Patch};
use crate::store::{self, CardRecord, Work};
use crate::text::host_log;

/// Longer than a start may take: a host ends a hook before.
const LONGEST_START_MS: u64 = 60_000;

/// Makes a new card's post, and notes it.
///
/// # Errors
/// The host's: there is no post. What fails after the post stands is logged and mended by a later event.
pub async fn post(io: &Io, card_id: &str, card: &CardRecord) -> Result<(), HostError> {
    let post_id = io.create_post(draft(card_id, card)).await?;
    let noted = match note_post(io, card_id, &post_id).await {
        // The meeting went on while its post was being made.
        Ok(Some(noted)) if noted.life != card.life => show(io, card_id, &noted).await,
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    };
    if noted.is_err() {
        io.log(
            Level::Warn,
            "a post was made but could not be noted; it is looked for when its meeting goes on",
            &[],
        )
        .await;
    }
    Ok(())
}

/// Brings the post in line. What can only be a passing fault is left to a due job, so that the state is never lost with it.
///
/// # Errors
/// The store's.
pub async fn show(io: &Io, card_id: &str, card: &CardRecord) -> Result<(), Error> {
    if let Shown::Later(why) = write(io, card_id, card).await {
        io.log(Level::Warn, "a card could not be updated and is tried again", &[("why", &host_log(&why))])
            .await;
        store::retry_job(io, &Work::Card(card_id.to_owned())).await?;
        io.wake().await;
    }
    Ok(())
}

/// Writes the post if it does not show the card's state: for events that come a second time.
///
/// # Errors
/// The store's.
pub async fn repair(io: &Io, card_id: &str, card: &CardRecord) -> Result<(), Error> {
    let Some(post_id) = &card.post_id else { return show(io, card_id, card).await };
    match io.get_post(post_id.clone()).await {
        Ok(post) if post.deleted || shows(&post.data, &patch(card_id, card)) => Ok(()),
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
    Ok(matches!(write(io, card_id, &card).await, Shown::Over))
}

enum Shown {
    Over,
    Later(HostError),
}

async fn write(io: &Io, card_id: &str, card: &CardRecord) -> Shown {
    let result = match post_id(io, card_id, card).await {
        Ok(Some(post_id)) => io.update_post(post_id, patch(card_id, card)).await,
        Ok(None) => return Shown::Over,
        Err(why) => Err(why),
    };
    match result {
        Ok(()) => Shown::Over,
        // Deleted by its author: the meeting has no card any more.
        Err(HostError::NotFound) => Shown::Over,
        Err(why @ (HostError::Unavailable(_) | HostError::Other(_))) => Shown::Later(why),
        Err(why @ (HostError::Forbidden | HostError::Invalid(_) | HostError::Unsupported)) => {
            let why = host_log(&why);
            io.log(Level::Error, "a card could not be updated and stays as it is", &[("why", &why)]).await;
            Shown::Over
        }
    }
}

/// The card's post. One that nobody noted is asked for again under the key it was made with: the start broke off between the post
/// and the note, or before the post. `None`: the start is still on its way, and looks at the state when it has a post.
async fn post_id(io: &Io, card_id: &str, card: &CardRecord) -> Result<Option<String>, HostError> {
    if card.post_id.is_some() {
        return Ok(card.post_id.clone());
    }
    // Whether a channel that follows a meeting may still be posted in is looked at where it is announced.
    let not_yet = io.now_ms().saturating_sub(card.created_ms) < LONGEST_START_MS;
    if not_yet || card.followed_by.is_some() {
        return Ok(None);
    }
    let post_id = io.create_post(draft(card_id, card)).await?;
    // Not noted, it is found in the same way next time.
    let _ = note_post(io, card_id, &post_id).await;
    Ok(Some(post_id))
}

async fn note_post(io: &Io, card_id: &str, post_id: &str) -> Result<Option<CardRecord>, Error> {
    let noted = |card: &CardRecord| Some(CardRecord { post_id: Some(post_id.to_owned()), ..card.clone() });
    Ok(store::update_card(io, card_id, &noted).await?.map(|(card, _)| card))
}

fn draft(card_id: &str, card: &CardRecord) -> Draft {
    let Patch { message, card: shown } = patch(card_id, card);
    Draft {
        channel_id: card.channel_id.clone(),
        root_id: card.root_id.clone(),
        author: if card.creator.is_unknown() { Author::Bot } else { Author::User(card.creator.id.clone()) },
        message,
        card: Some(shown),
        file_ids: Vec::new(),
        idempotency_key: Some(card_id.to_owned()),
    }
}

fn patch(card_id: &str, card: &CardRecord) -> Patch {
    let l10n = Localizer::of_locale(card.locale);
    render(card_id, &card.meeting, card.uuid.as_deref(), &card.creator, card.life, &l10n)
}
