//! Routes that buttons and dialogs of the official plugin lead to: those that were shown just before it was replaced go on working.

use super::action::{Answer, answer};
use super::answers_api::require_private;
use super::channel_settings::set_and_confirm;
use super::http::{Failure, Refusal, json};
use super::preference::{Choice, choose};
use crate::error::Error;
use crate::features::start::question;
use crate::flow::Io;
use crate::meeting::wanted::{MeetingId, Wanted};
use crate::model::{CommandResponse, HttpResponse, Request};
use crate::say::i18n::Localizer;
use crate::settings::Settings;
use crate::store::Preference;
use serde_json::{Value, json};

/// `/api/v1/updatePMI`: a button below the question whether to use the personal meeting.
pub(super) async fn update_pmi(
    io: &Io,
    l10n: &Localizer,
    request: &Request,
) -> Result<HttpResponse, Failure> {
    let (user_id, body) = read(request)?;
    let preference = match action(&body)?.as_str() {
        "yes" => Preference::Always,
        "no" => Preference::Never,
        "ask" => Preference::Ask,
        _ => return Err(Refusal::new(400, "context.action is none of Yes, No and Ask.").into()),
    };
    let (channel_id, post_id) = (text(&body, "/channel_id")?, post_id(io, l10n, &body).await?);
    let choice = Choice { user_id, channel_id, root_id: None, post_id };
    let said = choose(io, l10n, choice, preference).await.map_err(|error| failure(error, l10n))?;
    Ok(reply(said))
}

/// `/api/v1/askPMI`: a button below the question which meeting to use for a start.
pub(super) async fn ask_pmi(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    request: &Request,
) -> Result<HttpResponse, Failure> {
    let (user_id, body) = read(request)?;
    let (id, button_id) = match action(&body)?.as_str() {
        "use personal meeting id" | "yes" => (MeetingId::Personal, question::PERSONAL),
        "use a unique meeting id" | "no" => (MeetingId::Unique, question::UNIQUE),
        _ => return Err(Refusal::new(400, "context.action names neither meeting.").into()),
    };
    if text(&body, "/context/userID")? != user_id {
        return Err(Refusal::new(403, "The question was somebody else's.").into());
    }
    let post_id = post_id(io, l10n, &body).await?;
    let root_id = body.pointer("/context/rootID").and_then(Value::as_str).filter(|id| !id.is_empty());
    let wanted = Wanted {
        channel_id: text(&body, "/context/channelID")?.to_owned(),
        root_id: root_id.map(str::to_owned),
        // The official plugin's question has none.
        topic: String::new(),
        id: Some(id),
        force: false,
    };
    let question = format!("{user_id}/{post_id}");
    let press = Answer { user_id, post_id, button_id, question: &question };
    match answer(io, settings, l10n, press, wanted).await {
        Ok(way) => Ok(reply(CommandResponse::from(way).message)),
        // The server shows users no text of another status.
        Err(error @ Error::User(_)) => Ok(reply(Some(error.reply(l10n, io.now_ms())))),
        Err(error) => Err(failure(error, l10n)),
    }
}

/// `/api/v1/channel-preference`: the dialog about meetings in a channel.
pub(super) async fn channel_preference(
    io: &Io,
    l10n: &Localizer,
    request: &Request,
) -> Result<HttpResponse, Failure> {
    let (user_id, body) = read(request)?;
    let rule = text(&body, "/submission/preference")?.parse();
    let rule = rule.map_err(|()| Refusal::new(400, "submission.preference is no setting."))?;
    let channel_id = text(&body, "/channel_id")?;
    set_and_confirm(io, l10n, user_id, channel_id, rule).await.map_err(|error| failure(error, l10n))?;
    Ok(json(200, &json!({})))
}

/// Who is signed in, and the body. Whose the body says it is must be the same. Mattermost sends presses and dialogs to plugins
/// without a content type.
fn read(request: &Request) -> Result<(&str, Value), Refusal> {
    let user_id = request.user_id.as_deref().ok_or_else(|| Refusal::new(401, "Sign in first."))?;
    let body: Value =
        crate::json::read(&request.body).map_err(|_| Refusal::new(400, "The body is not JSON."))?;
    if text(&body, "/user_id")? != user_id {
        return Err(Refusal::new(403, "user_id is somebody else."));
    }
    Ok((user_id, body))
}

/// The post that asked.
async fn post_id<'a>(io: &Io, l10n: &Localizer, body: &'a Value) -> Result<&'a str, Failure> {
    let post_id = text(body, "/post_id")?;
    require_private(io, l10n, post_id).await?;
    Ok(post_id)
}

/// The button, in lower case.
fn action(body: &Value) -> Result<String, Refusal> {
    text(body, "/context/action").map(|action| action.trim().to_lowercase())
}

/// A text that must be there.
pub(super) fn text<'a>(body: &'a Value, pointer: &str) -> Result<&'a str, Refusal> {
    let text = body.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| {
        Refusal::new(400, format!("{} is missing.", pointer.trim_start_matches('/').replace('/', ".")))
    })
}

/// What the server shows to whoever pressed the button.
fn reply(text: Option<String>) -> HttpResponse {
    json(200, &json!({ "ephemeral_text": text.unwrap_or_default() }))
}

fn failure(error: Error, l10n: &Localizer) -> Failure {
    Failure::Error(error, l10n.clone())
}
