//! Starts a meeting and posts its card: the command, the buttons, the web request and whoever comes back from connecting to Zoom
//! all end here.

pub mod press;
pub mod question;
mod recent;
pub mod text;
mod turn;

pub use recent::RecentMeeting;

use crate::account::api::Api;
use crate::account::meetings;
use crate::account::official;
use crate::account::users;
use crate::error::{Error, NotPosted, UserError};
use crate::flow::Io;
use crate::hex::{hex, is_hex};
use crate::meeting::card::Creator;
use crate::meeting::record::{CardRecord, Host};
use crate::meeting::records;
use crate::meeting::show;
use crate::meeting::venue::{self, Venue, Wish};
use crate::meeting::wanted::{MeetingId, Wanted};
use crate::meeting::{Life, Meeting, topic};
use crate::model::{Draft, HostError, Privacy, User};
use crate::say::i18n::{Locale, Localizer};
use crate::settings::Settings;
use crate::settings::credentials::Credentials;
use crate::store::{self, Preference};
use crate::zoom::join_link;
use turn::Turn;

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
    l10n: &Localizer,
    user_id: &str,
    wanted: Wanted,
) -> Result<Started, Error> {
    let given = match &wanted.id {
        Some(MeetingId::Given(typed)) => Some(given(settings, typed)?),
        Some(MeetingId::Personal | MeetingId::Unique) | None => None,
    };
    let wish = Wish {
        user_id: user_id.to_owned(),
        channel_id: wanted.channel_id.clone(),
        root_id: wanted.root_id.clone(),
    };
    let venue = venue::check(io, settings, wish, l10n.reader.as_deref()).await?;
    let wanted = Wanted { channel_id: venue.channel_id.clone(), root_id: venue.root_id.clone(), ..wanted };
    let turn = match turn::take(io, &venue.channel_id, wanted.force).await? {
        Turn::Mine(turn) => turn,
        Turn::Recent(meeting) => {
            let draft = question::recent(&meeting, wanted, new_question(io), l10n);
            return ask(io, user_id, draft).await;
        }
    };
    let channel_id = venue.channel_id.clone();
    let started = in_turn(io, settings, l10n, venue, wanted, given).await;
    // Whoever waits for the turn takes it over when there is a post that says that it is over.
    let is_seen =
        matches!(started, Ok(Started::Meeting(_) | Started::Shared)) && io.about().await.post_history;
    if !is_seen {
        turn::end(io, &channel_id, turn).await;
    }
    started
}

/// Starts while nobody else does in this channel.
async fn in_turn(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    venue: Venue,
    wanted: Wanted,
    given: Option<Meeting>,
) -> Result<Started, Error> {
    if let Some(meeting) = given {
        let host = connected_as(io, settings, &venue.user.id).await?;
        post(io, venue, &meeting, host, l10n.for_all().locale).await?;
        return Ok(Started::Shared);
    }
    let preference = match wanted.id {
        Some(MeetingId::Personal) => Some(Preference::Always),
        Some(MeetingId::Unique | MeetingId::Given(_)) => Some(Preference::Never),
        None => store::preference(io, &venue.user.id).await?,
    };
    if preference == Some(Preference::Ask) {
        let draft = question::which_meeting(&wanted, &new_question(io), l10n);
        return ask(io, &venue.user.id, draft).await;
    }
    let wants_personal = preference == Some(Preference::Always);
    let (meeting, host) = of_zoom(io, settings, &venue.user, topic(&wanted.topic), wants_personal).await?;
    let user_id = venue.user.id.clone();
    post(io, venue, &meeting, host, l10n.for_all().locale).await.map_err(|error| lost(error, &meeting))?;
    if wants_personal && !meeting.personal {
        let note = text::no_personal_meeting(&settings.zoom_url, l10n);
        let draft = question::private(wanted.channel_id, wanted.root_id, note, None);
        // The meeting stands; the note would only explain its number.
        let _ = io.send_private(user_id, draft, Privacy::Prefer).await;
    }
    Ok(Started::Meeting(Box::new(meeting)))
}

/// Names a question, so that one answer counts.
fn new_question(io: &Io) -> String {
    hex(&io.random::<8>())
}

/// Whether a text from outside can be a question's name, as `new_question` makes them: nothing else that is claimed once has one
/// like it.
pub fn is_question(name: &str) -> bool {
    name.len() == 16 && is_hex(name)
}

async fn ask(io: &Io, user_id: &str, draft: Draft) -> Result<Started, Error> {
    io.send_private(user_id.to_owned(), draft, Privacy::Prefer).await?;
    Ok(Started::Asked)
}

/// A personal meeting, without any call to Zoom.
fn given(settings: &Settings, typed: &str) -> Result<Meeting, Error> {
    let (link, typed_topic) = join_link::parse(typed, settings).map_err(UserError::NotJoinable)?;
    let mut meeting = Meeting {
        number: link.number,
        expected_uuid: None,
        topic: topic(typed_topic),
        join_url: link.url,
        passcode: link.passcode,
        personal: true,
        shared: true,
    };
    meeting.personal = !meeting.is_webinar();
    Ok(meeting)
}

/// The user's personal meeting where that is wanted and there is one, else an instant meeting of the user's own.
async fn of_zoom(
    io: &Io,
    settings: &Settings,
    user: &User,
    topic: String,
    personal: bool,
) -> Result<(Meeting, Host), Error> {
    let zoom = Api::sign_in(io, settings, user).await?;
    let host_id = if personal {
        let host = users::own(&zoom).await?;
        if let Some((number, join_url)) = host.personal_meeting() {
            let (join_url, passcode) = meetings::personal(&zoom, number, join_url).await;
            let number = Some(number);
            let meeting = Meeting {
                number,
                expected_uuid: None,
                topic,
                join_url,
                passcode,
                personal: true,
                shared: false,
            };
            return Ok((meeting, Host::zoom_user(Some(host.id))));
        }
        host.id
    } else {
        users::id(&zoom).await?
    };
    let made = meetings::create(&zoom, &host_id, &topic).await?;
    let host = match &settings.credentials {
        _ if !made.host_id.is_empty() => Host::zoom_user(Some(made.host_id.clone())),
        // The token's own user, whom the path does not name.
        Credentials::User(_) => connected_as(io, settings, &user.id).await.unwrap_or_default(),
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } | Credentials::Account(_) => {
            Host::zoom_user(Some(host_id))
        }
    };
    let meeting = Meeting {
        passcode: made.passcode(),
        number: made.id,
        expected_uuid: Some(made.uuid).filter(|uuid| !uuid.is_empty()),
        topic,
        join_url: made.join_url,
        personal: false,
        shared: false,
    };
    Ok((meeting, host))
}

/// The Zoom user that whoever shares a meeting has connected, as far as the store knows: Zoom is not asked about a shared meeting.
async fn connected_as(io: &Io, settings: &Settings, user_id: &str) -> Result<Host, Error> {
    Ok(match &settings.credentials {
        Credentials::User(client) => {
            Host::zoom_user(official::zoom_user(io, settings, client, user_id).await?)
        }
        Credentials::Jwt(_) | Credentials::ServerToServer { .. } | Credentials::Account(_) => Host::Unknown,
    })
}

/// Stores the card, then posts it: an event that comes in between finds the card.
async fn post(io: &Io, venue: Venue, meeting: &Meeting, host: Host, locale: Locale) -> Result<(), Error> {
    let card_id = records::new_card_id(io, meeting.number);
    let made = !meeting.personal && !meeting.shared;
    let card = CardRecord {
        meeting: meeting.clone(),
        creator: Creator::from(&venue.user),
        channel_id: venue.channel_id,
        root_id: venue.root_id,
        created_ms: io.now_ms(),
        post_id: None,
        uuid: None,
        life: Life::Waiting,
        host,
        followed_by: None,
        locale,
    };
    // Before the card: where this fails there is none that could turn up later.
    if let Some(number) = meeting.number {
        store::watch(io, number, io.now_ms()).await?;
    }
    let saved = match records::save_new_card(io, &card_id, card, made).await {
        Ok(saved) => saved,
        Err(error) => {
            // It may be stored all the same.
            let _ = records::forget_card(io, &card_id).await;
            return Err(error);
        }
    };
    records::log_dropped(io, saved.dropped).await;
    let card = saved.card.clone();
    match show::post(io, &card_id, &card, Some(saved)).await {
        Ok(()) => Ok(()),
        // The post may stand all the same: the card is kept, and finds it when the meeting goes on.
        Err(why @ HostError::Other(_)) => Err(why.into()),
        Err(why) => {
            // The user is told; a card that turned up later would only confuse.
            let _ = records::forget_card(io, &card_id).await;
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
    Error::NotPosted(Box::new(NotPosted { join_url: meeting.join_url.clone(), why }))
}
