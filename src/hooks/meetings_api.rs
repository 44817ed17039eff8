//! `POST /api/v1/meetings`: the web client's button.

use super::detour::{self, Way};
use super::http::{Failure, Refusal, json, require_json};
use crate::error::Error;
use crate::features::connect::{Invitation, Place};
use crate::features::start::Started;
use crate::flow::Io;
use crate::meeting::wanted::Wanted;
use crate::model::{Draft, HttpResponse, Privacy, Request};
use crate::say::i18n::Localizer;
use crate::settings::Settings;
use crate::store;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

/// What is asked for. Members that are not known are left alone: clients of the official plugin send more.
#[derive(Deserialize)]
struct Asked {
    channel_id: String,
    #[serde(default)]
    root_id: Option<String>,
    #[serde(default)]
    topic: Option<String>,
    /// The same when the client sends the same press twice.
    #[serde(default)]
    request_id: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    /// Empty: the user was asked something in private first.
    meeting_url: String,
    /// Where the user connects a Zoom account first; the meeting is started after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    connect_url: Option<String>,
}

/// Starts a meeting for the signed-in user.
pub(super) async fn create(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    request: Request,
) -> Result<HttpResponse, Failure> {
    let user_id = request.user_id.clone().ok_or_else(|| Refusal::new(401, "Sign in first."))?;
    require_json(&request)?;
    let asked = parse(&request.body)?;
    let failure = |error| Failure::Error(error, l10n.clone());
    let force = is_forced(&request.query);
    let press = claim(io, &user_id, &asked, force).await.map_err(failure)?;
    let Some(press) = press else {
        return Err(Refusal::new(409, "This request has been handled already.").into());
    };
    let wanted = Wanted {
        channel_id: asked.channel_id,
        root_id: asked.root_id.filter(|id| !id.is_empty()),
        topic: asked.topic.unwrap_or_default(),
        id: None,
        force,
    };
    let place = Place { channel_id: wanted.channel_id.clone(), root_id: wanted.root_id.clone() };
    match detour::start_or_invite(io, settings, l10n, &user_id, wanted).await {
        Ok(way) => reply(io, &user_id, place, way).await.map_err(failure),
        // There is a meeting: not a second one.
        Err(error @ Error::NotPosted(_)) => Err(failure(error)),
        Err(error) => {
            if !press.is_empty() {
                store::release_command(io, &press).await.map_err(failure)?;
            }
            Err(failure(error))
        }
    }
}

/// What came of it, for the client. An invitation to connect first is shown where the meeting was wanted, too.
///
/// # Errors
/// The host's.
pub(super) async fn reply(
    io: &Io,
    user_id: &str,
    place: Place,
    way: Way<Started>,
) -> Result<HttpResponse, Error> {
    let (meeting_url, connect_url) = match way {
        Way::Done(started) => (started.open_url().unwrap_or_default(), None),
        Way::Connect(Invitation { url, message }) => {
            let Place { channel_id, root_id } = place;
            let draft = Draft { channel_id, root_id, message, ..Draft::default() };
            io.send_private(user_id.to_owned(), draft, Privacy::Must).await?;
            (String::new(), Some(url))
        }
    };
    Ok(json(200, &Answer { meeting_url, connect_url }))
}

/// Names the press, so that the same one starts one meeting. `None`: it came in before. Empty where nothing tells it from another
/// one: the question about the recent meeting then does.
async fn claim(io: &Io, user_id: &str, asked: &Asked, force: bool) -> Result<Option<String>, Error> {
    let (press, new) = match &asked.request_id {
        Some(id) => {
            let press = format!("{user_id}/{id}");
            let new = store::claim_command(io, &press).await?;
            (press, new)
        }
        None if force => {
            let press = format!("{user_id}/{}/force", asked.channel_id);
            let new = store::claim_press(io, &press).await?;
            (press, new)
        }
        None => (String::new(), true),
    };
    Ok(new.then_some(press))
}

/// `?force=` with any value: although another meeting was started here just now.
fn is_forced(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "force" && !value.is_empty())
}

fn parse(body: &[u8]) -> Result<Asked, Refusal> {
    let asked: Option<Asked> = crate::json::read(body)
        .map_err(|error| Refusal::new(400, format!("The body cannot be read: {}.", plain(&error))))?;
    let asked = asked.ok_or_else(|| Refusal::new(400, "The body is null: channel_id is needed."))?;
    if asked.channel_id.is_empty() {
        return Err(Refusal::new(400, "channel_id is empty."));
    }
    Ok(asked)
}

/// What is wrong, without what stands in the body.
fn plain(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => {
            "channel_id must be text, and so must root_id, topic and request_id where they are given"
        }
        serde_json::error::Category::Io => "it could not be read",
    };
    match error.line() {
        // Known only where it is no JSON.
        0 => what.to_owned(),
        line => format!("{what} (line {line}, column {})", error.column()),
    }
}
