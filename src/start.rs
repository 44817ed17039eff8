//! Starts a meeting and posts its card: the command, the button and the web request all end here.

use crate::card::Creator;
use crate::error::{Error, NotPosted, UserError};
use crate::flow::Io;
use crate::meeting::{Life, Meeting, topic};
use crate::model::HostError;
use crate::settings::Settings;
use crate::show;
use crate::store::{self, CardRecord};
use crate::venue::{self, Venue, Wish};
use crate::zoom::api::Api;
use crate::zoom::join_link;
use crate::zoom::meetings::{self, has_passcode};
use crate::zoom::users;

/// Makes an instant meeting of the user's own and posts it.
///
/// # Errors
/// What forbids it; Zoom's; the host's; [`Error::NotPosted`] when Zoom made a meeting that has no card.
pub async fn start(io: &Io, settings: &Settings, wish: Wish, typed_topic: &str) -> Result<Meeting, Error> {
    let venue = venue::check(io, settings, wish).await?;
    let topic = topic(typed_topic);
    let zoom = Api::sign_in(io, settings, &venue.user).await?;
    let host = users::own(&zoom).await?;
    let made = meetings::create(&zoom, &host, &topic).await?;

    let passcode =
        Some(made.password).filter(|passcode| !passcode.is_empty() && !has_passcode(&made.join_url));
    let meeting = Meeting {
        number: Some(made.id),
        expected_uuid: Some(made.uuid).filter(|uuid| !uuid.is_empty()),
        topic,
        join_url: made.join_url,
        passcode,
        personal: false,
    };
    post(io, venue, &meeting).await.map_err(|error| lost(error, &meeting))?;
    Ok(meeting)
}

/// Posts a personal meeting, without any call to Zoom. `typed`: its number or link, then a topic.
///
/// # Errors
/// What forbids it; the host's.
pub async fn share(io: &Io, settings: &Settings, wish: Wish, typed: &str) -> Result<(), Error> {
    let (link, typed_topic) = join_link::parse(typed, &settings.zoom_url).map_err(UserError::NotJoinable)?;
    let venue = venue::check(io, settings, wish).await?;
    let meeting = Meeting {
        number: link.number,
        expected_uuid: None,
        topic: topic(typed_topic),
        join_url: link.url,
        passcode: None,
        personal: true,
    };
    post(io, venue, &meeting).await
}

/// Stores the card, then posts it: an event that comes in between finds the card.
async fn post(io: &Io, venue: Venue, meeting: &Meeting) -> Result<(), Error> {
    let card_id = store::new_card_id(io);
    let card = CardRecord {
        meeting: meeting.clone(),
        creator: Creator::from(&venue.user),
        channel_id: venue.channel_id,
        root_id: venue.root_id,
        created_ms: io.now_ms(),
        post_id: None,
        uuid: None,
        life: Life::Waiting,
    };
    store::save_new_card(io, &card_id, &card).await?;
    if let Some(number) = meeting.number {
        store::add_waiting(io, number, &card_id).await?;
    }
    match show::post(io, &card_id, &card).await {
        Ok(()) => Ok(()),
        // The post may stand all the same: the card is kept, and finds it when the meeting goes on.
        Err(why @ HostError::Other(_)) => Err(why.into()),
        Err(why) => {
            // The user is told; a card that turned up later would only confuse.
            let _ = store::forget_card(io, &card_id, meeting.number).await;
            Err(why.into())
        }
    }
}

/// A meeting that Zoom has made must reach the user, whatever failed after it.
fn lost(error: Error, meeting: &Meeting) -> Error {
    let why = match error {
        Error::Host(why) => why,
        Error::Settings(_) | Error::User(_) | Error::Zoom(_) | Error::NotPosted(_) | Error::Bug(_) => {
            HostError::Other("the card could not be stored".to_owned())
        }
    };
    Error::NotPosted(Box::new(NotPosted { meeting: meeting.clone(), why }))
}
