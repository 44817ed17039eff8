//! Recordings, chats and transcripts become replies under the cards of their instance.
//!
//! Zoom waits three seconds for an answer, so that its event is only stored ([`arrived`]); a due job does the rest ([`pass_on`]), as often
//! as it takes. What was passed on is noted for each card after its post stands, and the post has a key of its own: neither a second
//! delivery nor a run that breaks off repeats anything.

mod download;
mod stored;
pub mod text;
mod thread;

use crate::error::Error;
use crate::flow::Io;
use crate::meeting::record::{Entry, Record};
use crate::meeting::records;
use crate::model::{HostError, Level};
use crate::say::i18n::Localizer;
use crate::say::text::host_log;
use crate::settings::Settings;
use crate::store::{self, Work};
use crate::zoom::MeetingNumber;
use crate::zoom::recording::{Kind, Part, Recording};
use download::Downloads;
use std::cell::RefCell;
use thread::Thread;

/// A host ends a run of due work after five minutes, and a download after two: none begins later than this.
const LATEST_BEGIN_MS: u64 = 150_000;

/// Stores what Zoom reports, to be passed on by a due job. Nothing is stored that belongs below no card, or stands there already.
///
/// # Errors
/// The store's.
pub async fn arrived(
    io: &Io,
    settings: &Settings,
    record: &Record,
    number: MeetingNumber,
    recording: &Recording,
) -> Result<(), Error> {
    let of_instance = record.cards_of(&recording.uuid);
    let mut of_host = of_instance.filter(|entry| entry.card.host.is(recording.host_id.as_deref())).peekable();
    if of_host.peek().is_none() {
        let why = "a recording of a meeting without a card whose author is known to be its host";
        io.log(Level::Debug, why, &[("number", &number.to_string())]).await;
        return Ok(());
    }
    let stands = |entry: &Entry| recording.parts.iter().all(|part| entry.passed.contains(&part.id));
    if of_host.all(stands) {
        return Ok(());
    }
    let name = name(recording);
    stored::save_recording(io, settings, &name, recording).await?;
    store::add_jobs(io, &[Work::Recording(name)]).await
}

/// Does a due job. `last`: it will not be tried again. Answers whether it is over.
///
/// # Errors
/// The store's; the host's.
pub async fn pass_on(io: &Io, settings: &Settings, name: &str, last: bool) -> Result<bool, Error> {
    let Some(recording) = stored::load_recording(io, settings, name).await? else {
        let why = "a recording that waited cannot be read any more and is given up: it is older than two days, or the encryption key was changed";
        io.log(Level::Warn, why, &[]).await;
        return Ok(true);
    };
    let downloads = Downloads::new(io, settings, &recording);
    let mut over = true;
    if let Some(number) = recording.number {
        let record = records::load_record(io, number).await?.record;
        for entry in record.cards_of(&recording.uuid) {
            // A card of somebody else's meeting shows when it began and ended, and nothing of its content.
            if entry.card.host.is(recording.host_id.as_deref()) {
                over &= below_card(io, settings, &recording, &downloads, entry, last).await?;
            }
        }
    }
    if over || last {
        stored::forget_recording(io, name).await?;
    }
    Ok(over || last)
}

/// Twins of one event differ in URLs and token: the same files have the same name, and the newer token is kept.
fn name(recording: &Recording) -> String {
    let parts: Vec<&Part> = recording.parts.iter().collect();
    store::card_id_for(&format!("{}/{}", recording.uuid, ids(&parts)))
}

/// A short name of a reply below its card, from what it holds.
fn reply_name(what: &str) -> String {
    store::card_id_for(what)
}

/// What a reply holds that says that a file cannot be had.
fn lost(part: &Part) -> String {
    format!("{}/lost", part.id)
}

/// The same for the same parts, whatever their order.
fn ids(parts: &[&Part]) -> String {
    let mut ids: Vec<&str> = parts.iter().map(|part| part.id.as_str()).collect();
    ids.sort_unstable();
    ids.join("/")
}

/// Passes on what the card's thread lacks. Answers whether that was all.
async fn below_card(
    io: &Io,
    settings: &Settings,
    recording: &Recording,
    downloads: &Downloads<'_>,
    entry: &Entry,
    last: bool,
) -> Result<bool, Error> {
    // Its post is on its way.
    let Some(post_id) = entry.card.post_id.clone() else { return Ok(false) };
    let post = match io.get_post(post_id).await {
        Ok(post) if !post.deleted => post,
        // Deleted by its author: the meeting has no card any more.
        Ok(_) | Err(HostError::NotFound) => return Ok(true),
        Err(why) => {
            let what = "a card could not be read and its recording is passed on later";
            io.log(Level::Warn, what, &[("why", &host_log(&why))]).await;
            return Ok(false);
        }
    };
    let card_id = entry.id.as_str();
    let root_id = post.root_id.unwrap_or(post.id);
    let l10n = Localizer::of_locale(entry.card.locale);
    let user_id = entry.card.followed_by.as_ref().unwrap_or(&entry.card.creator.id);
    let channel_id = post.channel_id;
    let known = RefCell::new(entry.replies.clone());
    let thread = Thread {
        io,
        settings,
        recording,
        downloads,
        card_id,
        user_id,
        channel_id,
        root_id,
        known,
        last,
        l10n,
    };
    let mut all = true;
    for parts in replies(recording, &entry.passed) {
        if !last && io.time().saturating_sub(io.now_ms()) > LATEST_BEGIN_MS {
            return Ok(false);
        }
        if thread.reply(&parts).await? {
            let replies = [ids(&parts), lost(parts[0])].map(|what| reply_name(&what));
            let post_id = thread.known.borrow().last().cloned();
            stored::note_passed_on(io, card_id, &replies, &parts, post_id.as_deref()).await?;
        } else {
            all = false;
        }
    }
    Ok(all)
}

/// What makes one reply each: all views of a session together, every other file alone.
fn replies<'a>(recording: &'a Recording, passed: &[String]) -> Vec<Vec<&'a Part>> {
    let mut replies: Vec<Vec<&Part>> = Vec::new();
    for part in recording.parts.iter().filter(|part| !passed.contains(&part.id)) {
        let same = |reply: &&mut Vec<&Part>| {
            let first = reply[0];
            first.kind == Kind::Video && part.kind == Kind::Video && first.session == part.session
        };
        match replies.iter_mut().find(same) {
            Some(reply) => reply.push(part),
            None => replies.push(vec![part]),
        }
    }
    replies
}
