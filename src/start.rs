//! Starts a meeting and posts its card: the command, the buttons, the web request and whoever comes back from connecting to Zoom
//! all end here.

use crate::card::Creator;
use crate::error::{Error, NotPosted, UserError};
use crate::flow::Io;
use crate::meeting::{Life, Meeting, topic};
use crate::model::{HostError, Server, User};
use crate::settings::Settings;
use crate::show;
use crate::store::{self, CardRecord};
use crate::venue::{self, Venue, Wish};
use crate::zoom::api::Api;
use crate::zoom::join_link;
use crate::zoom::meetings::{self, has_passcode};
use crate::zoom::users;
use serde::{Deserialize, Serialize};

/// A meeting that a user wants. Stands in buttons, and outlives the way to Zoom and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Where its card shall stand.
    pub channel_id: String,
    /// The thread it shall stand in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_id: Option<String>,
    /// As typed. May be empty.
    #[serde(default)]
    pub topic: String,
    /// Which meeting. `None`: as the user has set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MeetingId>,
    /// Although another meeting was started here just now.
    #[serde(default)]
    pub force: bool,
}

/// Which meeting is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingId {
    /// The user's personal one, whose number comes back.
    Personal,
    /// A new one.
    Unique,
    /// The one that this text names: its number or join link, then a topic. Zoom is not asked about it.
    Given(String),
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// Posted, and whoever wanted it can join now.
    Meeting(Box<Meeting>),
    /// A given meeting was posted.
    Shared,
    /// The user was asked something in private first: nothing else is to be said.
    Asked,
}

impl Started {
    /// What the user's client opens now.
    pub fn open_url(self) -> Option<String> {
        match self {
            Self::Meeting(meeting) => Some(meeting.join_url.into()),
            Self::Shared | Self::Asked => None,
        }
    }
}

/// Starts what is wanted and posts it.
///
/// # Errors
/// What forbids it; Zoom's; the host's; [`Error::NotPosted`] when Zoom made a meeting that has no card.
pub async fn start(
    io: &Io,
    settings: &Settings,
    _server: &Server,
    user_id: &str,
    wanted: Wanted,
) -> Result<Started, Error> {
    let given = match &wanted.id {
        Some(MeetingId::Given(typed)) => Some(given(settings, typed)?),
        Some(MeetingId::Personal | MeetingId::Unique) | None => None,
    };
    let wish = Wish { user_id: user_id.to_owned(), channel_id: wanted.channel_id, root_id: wanted.root_id };
    let venue = venue::check(io, settings, wish).await?;
    if let Some(meeting) = given {
        post(io, venue, &meeting).await?;
        return Ok(Started::Shared);
    }
    let meeting = unique(io, settings, &venue.user, topic(&wanted.topic)).await?;
    post(io, venue, &meeting).await.map_err(|error| lost(error, &meeting))?;
    Ok(Started::Meeting(Box::new(meeting)))
}

/// A personal meeting, without any call to Zoom.
fn given(settings: &Settings, typed: &str) -> Result<Meeting, Error> {
    let (link, typed_topic) = join_link::parse(typed, &settings.zoom_url).map_err(UserError::NotJoinable)?;
    Ok(Meeting {
        number: link.number,
        expected_uuid: None,
        topic: topic(typed_topic),
        join_url: link.url,
        passcode: None,
        personal: true,
    })
}

/// An instant meeting of the user's own.
async fn unique(io: &Io, settings: &Settings, user: &User, topic: String) -> Result<Meeting, Error> {
    let zoom = Api::sign_in(io, settings, user).await?;
    let host = users::own(&zoom).await?;
    let made = meetings::create(&zoom, &host, &topic).await?;
    let passcode =
        Some(made.password).filter(|passcode| !passcode.is_empty() && !has_passcode(&made.join_url));
    Ok(Meeting {
        number: Some(made.id),
        expected_uuid: Some(made.uuid).filter(|uuid| !uuid.is_empty()),
        topic,
        join_url: made.join_url,
        passcode,
        personal: false,
    })
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
