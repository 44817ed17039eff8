//! Posts the cards of channels that follow meetings: one for each occurrence and channel.

use crate::account::api::Api;
use crate::account::meetings;
use crate::error::Error;
use crate::flow::Io;
use crate::meeting::record::CardRecord;
use crate::meeting::records::{self, Place};
use crate::meeting::show;
use crate::meeting::venue::{self, Wish};
use crate::model::{HostError, Level};
use crate::settings::Settings;
use crate::store;

/// A card is announced as soon as it is made. One that is older than this may have been posted by work that was given up since.
const FRESH_MS: u64 = 60_000;

/// Posts a card. `again`: a run before this one may have posted it. Answers whether the work is over, which it is not before the post is
/// noted: work that begins anew would not know that there may be one.
///
/// # Errors
/// The store's; the host's.
pub async fn announce(io: &Io, settings: &Settings, card_id: &str, again: bool) -> Result<bool, Error> {
    let now_ms = io.now_ms();
    let Some(Place::Record(number)) = records::place_of(card_id) else { return Ok(true) };
    let record = records::load_record(io, number).await?.record;
    let Some(card) = record.entry(card_id).map(|entry| entry.card.clone()) else { return Ok(true) };
    if card.followed_by.is_none() {
        return Ok(true);
    }
    if card.post_id.is_some() {
        // Noted by a run that was told that it was not, and so did not look at what had changed meanwhile.
        show::repair(io, card_id, &card).await?;
        return Ok(true);
    }
    let again = again || now_ms.saturating_sub(card.created_ms) > FRESH_MS;
    // Before all else: a post that stands goes on to be the card's, whoever may post there by now.
    if again {
        match show::find_announced(io, card_id, &card).await {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(Error::Host(HostError::Unavailable(_) | HostError::Other(_))) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    // The channel may have stopped following since the meeting began, or somebody else has taken over.
    let Some(user_id) = record.followed_by(&card.channel_id).map(|follows| follows.created_by.clone()) else {
        records::forget_card(io, card_id).await?;
        return Ok(true);
    };
    let wish = Wish { user_id: user_id.clone(), channel_id: card.channel_id.clone(), root_id: None };
    let venue = match venue::check(io, settings, wish, None).await {
        Ok(venue) => venue,
        Err(error @ (Error::User(_) | Error::Host(HostError::NotFound))) => {
            io.log(Level::Debug, "a followed meeting may not be posted: nothing was posted", &[]).await;
            if super::is_the_authors(&error) {
                let topic = &card.meeting.topic;
                super::tell_stopped(io, number, &card.channel_id, &user_id, topic).await?;
            }
            records::forget_card(io, card_id).await?;
            return Ok(true);
        }
        Err(error) => return Err(error),
    };
    let found = match Api::sign_in(io, settings, &venue.user).await {
        Ok(zoom) => meetings::find(&zoom, number).await.ok(),
        // People can join by the number alone; Zoom asks them for the passcode.
        Err(_) => None,
    };
    let with_link = |card: &mut CardRecord| {
        card.followed_by = Some(user_id.clone());
        if let Some(found) = &found {
            card.meeting.join_url = found.join_url.clone();
            card.meeting.passcode = found.passcode();
        }
    };
    let Some(card) = records::update_card(io, card_id, None, &with_link).await? else { return Ok(true) };
    store::watch(io, number, now_ms).await?;
    match show::announce(io, card_id, &card, again).await {
        Ok(()) => Ok(true),
        Err(Error::Host(HostError::Unavailable(_) | HostError::Other(_))) => Ok(false),
        Err(error) => Err(error),
    }
}
