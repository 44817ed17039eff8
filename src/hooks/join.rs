//! `GET /join/…`: from a card to its meeting.
//!
//! What a card's post says can be changed by the user in whose name it stands: its link need not be Zoom's. This address knows the
//! card by its record, and so leads people nowhere else. Cards of the official plugin have none until Zoom tells of their meetings:
//! `/join/post/…` knows them by their post, and follows its link to Zoom alone.

use super::cards_api::there;
use super::{log, settings};
use crate::error::Error;
use crate::features::connect;
use crate::flow::{InChannel, Io};
use crate::meeting::Life;
use crate::meeting::official_card;
use crate::meeting::records;
use crate::model::{HostError, HttpResponse, Level, Method, Request};
use crate::say::i18n::Localizer;
use crate::say::page::{page, redirect};
use url::Url;

/// Sends the browser to the card's meeting, or answers with a page that says why not. Looking changes nothing, so that previews of
/// links do no harm.
pub(super) async fn join(io: &Io, request: &Request, card_id: &str) -> HttpResponse {
    let l10n = Localizer::of_visitor(io, request.user_id.as_deref()).await;
    let mut response = match find(io, request.user_id.as_deref(), card_id).await {
        Ok(Found::Meeting(url)) => redirect(url.as_str()),
        Ok(Found::Nothing(why)) => {
            let (status, reason) = why.status();
            io.log(
                Level::Info,
                "a card's link did not lead to its meeting",
                &[("status", &status.to_string()), ("reason", reason)],
            )
            .await;
            why.page(status, &l10n)
        }
        Err(error) => {
            log(io, &error).await;
            connect::failed(error.status(), &error.reply(&l10n, io.now_ms()), &l10n)
        }
    };
    if request.method == Method::Head {
        response.body.clear();
    }
    response
}

/// What the address goes on with for a card that is known by its post.
const POST: &str = "post/";

/// What is behind a card's link.
enum Found {
    Meeting(Url),
    Nothing(Why),
}

/// Why a link leads nowhere.
enum Why {
    SignedOut,
    /// No such card, or not for this user: a stranger does not learn which.
    Unknown,
    Ended,
}

impl Why {
    fn status(&self) -> (u16, &'static str) {
        match self {
            Self::SignedOut => (401, "nobody is signed in"),
            Self::Unknown => (404, "no card of a channel that the user is in"),
            Self::Ended => (410, "the meeting has ended"),
        }
    }

    fn page(&self, status: u16, l10n: &Localizer) -> HttpResponse {
        let (title, what_to_do) = match self {
            Self::SignedOut => (l10n.join_title_sign_in(), l10n.join_sign_in()),
            Self::Unknown => (l10n.join_title_unknown(), l10n.join_unknown()),
            Self::Ended => (l10n.join_title_ended(), l10n.join_ended()),
        };
        page(status, &title, &[what_to_do], l10n.locale)
    }
}

async fn find(io: &Io, user_id: Option<&str>, card_id: &str) -> Result<Found, Error> {
    let Some(user_id) = user_id else { return Ok(Found::Nothing(Why::SignedOut)) };
    if let Some(post_id) = card_id.strip_prefix(POST) {
        return of_post(io, user_id, post_id).await;
    }
    let Some(card) = records::load_card(io, card_id).await? else { return Ok(Found::Nothing(Why::Unknown)) };
    let is_member = is_member(io, user_id, card.channel_id).await?;
    Ok(match card.life {
        _ if !is_member => Found::Nothing(Why::Unknown),
        Life::Waiting | Life::Started { .. } => Found::Meeting(card.meeting.join_url),
        // Its post has no link any more. A personal meeting's next one has a card of its own.
        Life::Ended { .. } | Life::Closed { .. } => Found::Nothing(Why::Ended),
    })
}

/// A card of the official plugin, or of its bot, which is ours now.
async fn of_post(io: &Io, user_id: &str, post_id: &str) -> Result<Found, Error> {
    let unknown = Ok(Found::Nothing(Why::Unknown));
    let Some(post) = there(io.get_post(post_id.to_owned()).await)? else { return unknown };
    if !is_member(io, user_id, post.channel_id.clone()).await? || !official_card::looks_like_one(&post) {
        return unknown;
    }
    if !post.by_plugin && official_card::tell_apart(io, &[&post]).await?.official.is_empty() {
        return unknown;
    }
    let url = official_card::join_url(&settings(io).await?, &post)?;
    Ok(url.map_or(Found::Nothing(Why::Ended), Found::Meeting))
}

async fn is_member(io: &Io, user_id: &str, channel_id: String) -> Result<bool, Error> {
    match io.is_member(InChannel { user_id: user_id.to_owned(), channel_id }).await {
        // The channel is gone.
        Err(HostError::NotFound) => Ok(false),
        answer => Ok(answer?),
    }
}
