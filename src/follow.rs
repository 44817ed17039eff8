//! Cards of meetings that channels follow: one for each occurrence and channel.

use crate::card::Creator;
use crate::error::Error;
use crate::flow::Io;
use crate::i18n::Localizer;
use crate::meeting::{Life, Meeting, topic};
use crate::model::{HostError, Level};
use crate::settings::Settings;
use crate::show;
use crate::store::{self, CardRecord, Host, Work, card_id_for};
use crate::subscription;
use crate::venue::{self, Wish};
use crate::webhook::event::MeetingEvent;
use crate::zoom::api::Api;
use crate::zoom::meetings;
use crate::zoom::{MeetingNumber, join_link};

/// Makes the cards that are missing for the event's instance. Their names follow from instance and channel, so that an event that comes
/// twice, or to two nodes at once, makes none twice. They are posted by a due job: Zoom waits no longer than three seconds.
///
/// # Errors
/// The store's.
pub async fn make_cards(io: &Io, settings: &Settings, event: &MeetingEvent) -> Result<(), Error> {
    let subscriptions = store::subscriptions(io, event.number).await?;
    if subscriptions.is_empty() {
        return Ok(());
    }
    let locale = Localizer::of_server(io).await.locale;
    let mut started_in = Vec::new();
    let mut posted_in = Vec::new();
    for card_id in store::instance_cards(io, &event.uuid).await? {
        match store::load_card(io, &card_id).await? {
            Some(card) if card.followed_by.is_none() => started_in.push(card.channel_id),
            Some(card) if card.post_id.is_some() => posted_in.push(card.channel_id),
            Some(_) | None => {}
        }
    }
    for subscription in subscriptions {
        // Started from chat in the same channel it has its card; and an event that comes again has nothing to add.
        if started_in.contains(&subscription.channel_id) || posted_in.contains(&subscription.channel_id) {
            continue;
        }
        let card_id = card_id_for(&format!("{}/{}", subscription.channel_id, event.uuid));
        let card = CardRecord {
            meeting: meeting(settings, event.number, &event.topic)?,
            creator: Creator::unknown(),
            channel_id: subscription.channel_id,
            root_id: None,
            created_ms: io.now_ms(),
            post_id: None,
            uuid: Some(event.uuid.clone()),
            life: Life::Waiting,
            host: Host::Checked,
            followed_by: Some(subscription.created_by),
            locale,
        };
        // Whoever made it may have failed after that: what follows is done again.
        store::save_card_once(io, &card_id, &card).await?;
        store::tie_instance(io, &event.uuid, &card_id).await?;
        store::add_job(io, &Work::Announce(card_id)).await?;
    }
    Ok(())
}

/// Posts a card. Answers whether the work is over.
///
/// # Errors
/// The store's; the host's.
pub async fn announce(io: &Io, settings: &Settings, card_id: &str) -> Result<bool, Error> {
    let Some(card) = store::load_card(io, card_id).await? else { return Ok(true) };
    let (Some(user_id), None) = (card.followed_by.clone(), &card.post_id) else { return Ok(true) };
    let wish = Wish { user_id: user_id.clone(), channel_id: card.channel_id.clone(), root_id: None };
    let venue = match venue::check(io, settings, wish).await {
        Ok(venue) => venue,
        Err(error @ (Error::User(_) | Error::Host(HostError::NotFound))) => {
            io.log(Level::Debug, "a followed meeting may not be posted: nothing was posted", &[]).await;
            if let Some(number) = card.meeting.number.filter(|_| subscription::is_the_authors(&error)) {
                let topic = &card.meeting.topic;
                subscription::tell_stopped(io, number, &card.channel_id, &user_id, topic).await?;
            }
            store::forget_card(io, card_id, None).await?;
            return Ok(true);
        }
        Err(error) => return Err(error),
    };
    let found = match (Api::sign_in(io, settings, &venue.user).await, card.meeting.number) {
        (Ok(zoom), Some(number)) => meetings::find(&zoom, number).await.ok(),
        // People can join by the number alone; Zoom asks them for the passcode.
        (Ok(_), None) | (Err(_), _) => None,
    };
    let with_link = |card: &CardRecord| {
        let mut card = card.clone();
        if let Some(found) = &found {
            card.meeting.join_url = found.join_url.clone();
            card.meeting.passcode = found.passcode();
        }
        Some(card)
    };
    let Some((card, _)) = store::update_card(io, card_id, &with_link).await? else { return Ok(true) };
    match show::post(io, card_id, &card).await {
        Ok(()) => Ok(true),
        Err(HostError::Unavailable(_) | HostError::Other(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A meeting as far as an event tells of it.
pub(crate) fn meeting(
    settings: &Settings,
    number: MeetingNumber,
    topic_of_event: &str,
) -> Result<Meeting, Error> {
    let join_url =
        join_link::url(&settings.zoom_url, number).ok_or(Error::Bug("Zoom's base URL takes no path"))?;
    Ok(Meeting {
        number: Some(number),
        expected_uuid: None,
        topic: topic(topic_of_event),
        join_url,
        passcode: None,
        personal: false,
    })
}
