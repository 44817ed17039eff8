//! `POST /api/v1/answers`: the answer to a question, from clients that draw it themselves. What its buttons do, with what they hold.

use super::action::{Answer, answer};
use super::http::{Failure, Refusal, require_json};
use super::meetings_api::reply;
use super::old_doors::text;
use crate::features::connect::Place;
use crate::features::start::is_question;
use crate::features::start::question;
use crate::flow::Io;
use crate::meeting::wanted::Wanted;
use crate::model::{HostError, HttpResponse, Request};
use crate::say::i18n::Localizer;
use crate::settings::Settings;
use serde_json::Value;

/// What is answered.
struct Asked {
    /// Names the question: of its answers one counts.
    question: String,
    /// The button that stands for the answer.
    button: String,
    /// The post that asks, for one user alone.
    post_id: String,
    /// As the question gave it.
    wanted: Wanted,
}

/// Starts what the signed-in user has chosen, once, and puts the choice in the place of the question.
///
/// Nothing vouches for what comes in here, and nothing has to: it is what the user may ask for at `/api/v1/meetings` or type. Only the
/// user's own question is replaced.
pub(super) async fn create(
    io: &Io,
    settings: &Settings,
    l10n: &Localizer,
    request: &Request,
) -> Result<HttpResponse, Failure> {
    let user_id = request.user_id.as_deref().ok_or_else(|| Refusal::new(401, "Sign in first."))?;
    require_json(request)?;
    let Asked { question, button, post_id, wanted } = parse(&request.body)?;
    require_private(io, l10n, &post_id).await?;
    let place = Place { channel_id: wanted.channel_id.clone(), root_id: wanted.root_id.clone() };
    let press = Answer { user_id, post_id: &post_id, button_id: &button, question: &question };
    let replied = match answer(io, settings, l10n, press, wanted).await {
        Ok(way) => reply(io, user_id, place, way).await,
        Err(error) => Err(error),
    };
    replied.map_err(|error| Failure::Error(error, l10n.clone()))
}

/// Anybody can name any post from outside: one that the server keeps is a message of somebody's, and is not replaced.
pub(super) async fn require_private(io: &Io, l10n: &Localizer, post_id: &str) -> Result<(), Failure> {
    match io.get_post(post_id.to_owned()).await {
        Err(HostError::NotFound) => Ok(()),
        Ok(_) => Err(Refusal::new(403, "post_id is no question that was asked in private.").into()),
        Err(why) => Err(Failure::Error(why.into(), l10n.clone())),
    }
}

/// Members that are not known are left alone.
fn parse(body: &[u8]) -> Result<Asked, Refusal> {
    let body: Value = crate::json::read(body).map_err(|_| Refusal::new(400, "The body is not JSON."))?;
    let (question, button) = (text(&body, "/question")?, text(&body, "/button")?);
    let post_id = text(&body, "/post_id")?.to_owned();
    text(&body, "/wanted/channel_id")?;
    if !is_question(question) {
        return Err(Refusal::new(400, "question is no question's name."));
    }
    if ![question::ANOTHER, question::PERSONAL, question::UNIQUE].contains(&button) {
        return Err(Refusal::new(400, "button is none of a question's."));
    }
    let wanted: Wanted = crate::json::read(body["wanted"].to_string().as_bytes())
        .map_err(|_| Refusal::new(400, "wanted is not what a question gave."))?;
    let root_id = wanted.root_id.filter(|id| !id.is_empty());
    let (question, button) = (question.to_owned(), button.to_owned());
    Ok(Asked { question, button, post_id, wanted: Wanted { root_id, ..wanted } })
}
