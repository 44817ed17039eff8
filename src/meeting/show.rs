//! Brings a card's post in line with its stored state, now or as a due job.

use crate::error::Error;
use crate::flow::Io;
use crate::meeting::card::{render, shows};
use crate::meeting::record::CardRecord;
use crate::meeting::records::{self, Saved};
use crate::meeting::venue::{self, Wish};
use crate::model::{Author, Draft, HostError, Level, Patch, Post};
use crate::say::i18n::Localizer;
use crate::say::text::host_log;
use crate::settings::Settings;
use crate::store::{self, Work};
use serde_json::Value;

/// Longer than a start may take: a host ends a hook before.
const LONGEST_START_MS: u64 = 60_000;
/// Looks at the state after a write before the rest is left to a due job: each further one means that somebody has changed it again.
const ROUNDS: usize = 5;

/// Makes a new card's post, and notes it. `saved`: the card as it has just been stored.
///
/// # Errors
/// The host's: there is no post. What fails after the post stands is logged and mended by a later event.
pub async fn post(io: &Io, card_id: &str, card: &CardRecord, saved: Option<Saved>) -> Result<(), HostError> {
    // Nobody has asked for it before, and where it is found again nobody asks again without a look: the host need not see to that.
    let once = (!io.about().await.post_history).then(|| card_id.to_owned());
    let post_id = io.create_post(Draft { idempotency_key: once, ..draft(card_id, card) }).await?;
    let noted = match note_post(io, card_id, &post_id, saved).await {
        // The meeting went on while its post was being made.
        Ok(Some(noted)) if !is_same(&noted, card) => show(io, card_id, &noted).await,
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

/// Makes a card's post, as a due job: it is over when the post is noted. `again`: a run before this one may have made it.
///
/// # Errors
/// The host's; the store's. The post may stand all the same.
pub async fn announce(io: &Io, card_id: &str, card: &CardRecord, again: bool) -> Result<(), Error> {
    let post_id = io.create_post(draft(card_id, card)).await?;
    match note_post(io, card_id, &post_id, None).await? {
        // The server may have answered with what an earlier run has made, which shows what was true then.
        Some(noted) if again => repair(io, card_id, &noted).await,
        Some(noted) if !is_same(&noted, card) => show(io, card_id, &noted).await,
        Some(_) | None => Ok(()),
    }
}

/// Notes the post that an earlier run has made of a card, and brings it in line. `false`: there is none.
///
/// # Errors
/// The host's; the store's.
pub async fn find_announced(io: &Io, card_id: &str, card: &CardRecord) -> Result<bool, Error> {
    let Some(post_id) = find_post(io, card_id, card).await? else { return Ok(false) };
    if let Some(noted) = note_post(io, card_id, &post_id, None).await? {
        repair(io, card_id, &noted).await?;
    }
    Ok(true)
}

fn as_host(error: Error) -> HostError {
    match error {
        Error::Host(error) => error,
        Error::Settings(_) | Error::User(_) | Error::Zoom(_) | Error::NotPosted(_) | Error::Bug(_) => {
            HostError::Other("the card could not be stored".to_owned())
        }
    }
}

/// Brings the post in line, and looks again afterwards: whoever was slower may have written an older state over a newer one. What can only
/// be a passing fault is left to a due job, so that the state is never lost with it.
///
/// # Errors
/// The store's.
pub async fn show(io: &Io, card_id: &str, card: &CardRecord) -> Result<(), Error> {
    if let Shown::Later(why) = bring(io, card_id, card.clone()).await? {
        io.log(Level::Warn, "a card could not be updated and is tried again", &[("why", &why)]).await;
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
    let Some(card) = records::load_card(io, card_id).await? else { return Ok(true) };
    Ok(matches!(bring(io, card_id, card).await?, Shown::Over))
}

enum Shown {
    Over,
    /// Holds why, for the log.
    Later(String),
}

/// Writes until the state that was written is the one that is stored.
async fn bring(io: &Io, card_id: &str, mut card: CardRecord) -> Result<Shown, Error> {
    for _ in 0..ROUNDS {
        if let Shown::Later(why) = write(io, card_id, &card).await {
            return Ok(Shown::Later(why));
        }
        // Nobody can have stored a later one.
        if card.life.is_final() {
            return Ok(Shown::Over);
        }
        match records::load_card(io, card_id).await? {
            Some(stored) if !is_same(&stored, &card) => card = stored,
            Some(_) | None => return Ok(Shown::Over),
        }
    }
    Ok(Shown::Later("its state goes on changing".to_owned()))
}

/// Whether two states of a card look the same.
fn is_same(one: &CardRecord, other: &CardRecord) -> bool {
    one.life == other.life && one.uuid == other.uuid && one.meeting == other.meeting
}

async fn write(io: &Io, card_id: &str, card: &CardRecord) -> Shown {
    // Its start looks at the state when it has a post; one that broke off does not.
    let is_started = card.post_id.is_some() || card.followed_by.is_some();
    if !is_started && io.now_ms().saturating_sub(card.created_ms) < LONGEST_START_MS {
        return Shown::Later("its start is still under way, or has broken off".to_owned());
    }
    let result = match post_id(io, card_id, card).await {
        Ok(Some(post_id)) => io.update_post(post_id, patch(card_id, card)).await,
        Ok(None) => return Shown::Over,
        Err(why) => Err(why),
    };
    match result {
        Ok(()) => Shown::Over,
        // Deleted by its author: the meeting has no card any more.
        Err(HostError::NotFound) => Shown::Over,
        Err(why @ (HostError::Unavailable(_) | HostError::Other(_))) => Shown::Later(host_log(&why)),
        Err(why @ (HostError::Forbidden | HostError::Invalid(_) | HostError::Unsupported)) => {
            let why = host_log(&why);
            io.log(Level::Error, "a card could not be updated and stays as it is", &[("why", &why)]).await;
            Shown::Over
        }
    }
}

/// The card's post. One that nobody noted is looked for, and made where there is none: the start broke off between the post and the note, or
/// before the post. `None`: there is none, and may be none.
async fn post_id(io: &Io, card_id: &str, card: &CardRecord) -> Result<Option<String>, HostError> {
    if card.post_id.is_some() {
        return Ok(card.post_id.clone());
    }
    // Whether a channel that follows a meeting may still be posted in is looked at where it is announced.
    if card.followed_by.is_some() {
        return Ok(None);
    }
    let post_id = match find_post(io, card_id, card).await? {
        Some(post_id) => post_id,
        None if may_post(io, card).await? => io.create_post(draft(card_id, card)).await?,
        None => return Ok(None),
    };
    // Not noted, it is found in the same way next time.
    let _ = note_post(io, card_id, &post_id, None).await;
    Ok(Some(post_id))
}

/// Whether the card's author may still post it: the start that looked is long over.
async fn may_post(io: &Io, card: &CardRecord) -> Result<bool, HostError> {
    let settings = Settings::parse(&io.settings().await).map_err(|found| as_host(Error::Settings(found)))?;
    let (user_id, channel_id) = (card.creator.id.clone(), card.channel_id.clone());
    let wish = Wish { user_id, channel_id, root_id: card.root_id.clone() };
    match venue::check(io, &settings, wish, None).await {
        Ok(_) => Ok(true),
        Err(Error::User(_) | Error::Host(HostError::NotFound)) => Ok(false),
        Err(error) => Err(as_host(error)),
    }
}

/// The post of a card that nobody noted. Servers forget soon which post was made under which key, so that asking again would make a second
/// one: the post says itself which card it is, and the host who made it.
async fn find_post(io: &Io, card_id: &str, card: &CardRecord) -> Result<Option<String>, HostError> {
    let is_its = |post: &Post| {
        let data: Value = crate::json::read(post.data.as_bytes()).unwrap_or_default();
        post.by_plugin && data["card_id"] == card_id
    };
    let since_ms = card.created_ms.saturating_sub(crate::meeting::record::CLOCK_SLACK_MS);
    match io.recent_posts(card.channel_id.clone(), since_ms).await {
        Ok(posts) => Ok(posts.into_iter().find(is_its).map(|post| post.id)),
        Err(HostError::Unsupported) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn note_post(
    io: &Io,
    card_id: &str,
    post_id: &str,
    saved: Option<Saved>,
) -> Result<Option<CardRecord>, Error> {
    let noted = |card: &mut CardRecord| card.post_id = Some(post_id.to_owned());
    records::update_card(io, card_id, saved, &noted).await
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
