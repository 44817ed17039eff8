//! Replies for one user alone.

use std::time::{SystemTime, UNIX_EPOCH};

use chat_plugin_engine::api::posts::{Author, Draft, Error, Patch};

use super::super::Mattermost;
use super::{PrivateReply, compose};
use crate::markdown::Names;
use crate::model::Post;

/// The server's alphabet for ids, and their length.
const ID_ALPHABET: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";
const ID_LENGTH: usize = 26;
/// Letters of an id that say when it was made, at five bits a letter: enough for a thousand years.
const TIME_LENGTH: usize = 9;
/// Clients forget private replies when they are loaded anew. One that claims to be older than this has been tampered with.
const MAX_AGE_MS: u64 = 30 * 24 * 3600 * 1000;

/// Shows the draft to the user in its channel and thread, or posts it to their direct channel with the bot when they are no member of
/// the channel and so could not see it there.
pub(in super::super) async fn send_private(
    server: &Mattermost,
    user_id: String,
    draft: Draft,
) -> Result<String, Error> {
    let api = server.api()?;
    if !api.is_member(draft.channel_id.clone(), user_id.clone()).await? {
        let channel_id = api.direct_channel(user_id, server.facts().bot_id.clone()).await?.id;
        return super::create(server, Draft { channel_id, root_id: None, author: Author::Bot, ..draft })
            .await;
    }
    let id = new_id(now_ms());
    let post = private_post(server, &user_id, &id, draft).await?;
    api.send_ephemeral(user_id, post).await?;
    Ok(id)
}

pub(in super::super) async fn update_private(
    server: &Mattermost,
    user_id: String,
    id: String,
    draft: Draft,
) -> Result<(), Error> {
    // Private replies in a channel are kept nowhere; those in a direct channel are posts.
    if is_stored(server, &id).await? {
        return super::update(server, id, Patch { message: draft.message, card: draft.card }).await;
    }
    let post = private_post(server, &user_id, &id, draft).await?;
    Ok(server.api()?.update_ephemeral(user_id, post).await?)
}

pub(in super::super) async fn delete_private(
    server: &Mattermost,
    user_id: String,
    id: String,
) -> Result<(), Error> {
    if is_stored(server, &id).await? {
        return super::delete(server, id).await;
    }
    Ok(server.api()?.delete_ephemeral(user_id, id).await?)
}

async fn private_post(server: &Mattermost, user_id: &str, id: &str, draft: Draft) -> Result<Post, Error> {
    // The client shows it as the bot's, whoever the draft names: nobody else may speak to the user alone.
    let draft = Draft { author: Author::Bot, idempotency_key: None, ..draft };
    let root_id = draft.root_id.as_deref().unwrap_or_default();
    let reply = PrivateReply { user_id, post_id: id, root_id };
    let names = super::names(server, Names::new(), &draft.message, draft.card.as_ref()).await;
    let texts = [draft.message.as_str(), draft.card.as_ref().map_or("", |card| card.text.as_str())];
    let locale = super::locale_of_reader(server, user_id, &names, texts).await;
    let post = compose(server, &draft, &names, &locale, Some(reply)).await?;
    // The server fills it for a new one alone.
    Ok(Post { id: id.into(), create_at: made_ms(id, now_ms()), ..post })
}

/// Whether it is a post in a direct channel. An id may have come from a user's hands: what is not the bot's own is no private reply,
/// and nobody's message is replaced.
async fn is_stored(server: &Mattermost, id: &str) -> Result<bool, Error> {
    match server.api()?.post(id.into()).await {
        Ok(post) if post.user_id == server.facts().bot_id => Ok(true),
        Ok(_) => Err(Error::Forbidden),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// An id in the server's form. Chosen here so that buttons can be bound to it, and made of the moment and random letters: nothing is
/// kept of a private reply, and what replaces it must say when it was made, or clients show it in 1970.
fn new_id(now_ms: u64) -> String {
    let moment = (0..TIME_LENGTH).rev().map(|place| now_ms >> (5 * place));
    let random = crate::seal::Sealer::generate_key().map(u64::from);
    let digits = moment.chain(random).take(ID_LENGTH);
    digits.map(|digit| char::from(ID_ALPHABET[(digit % 32) as usize])).collect()
}

/// When the private reply of this id was made, in milliseconds since the Unix epoch; now for an id that tells no such time, as it may
/// come from a user's hands.
fn made_ms(id: &str, now_ms: u64) -> i64 {
    let digit = |byte: u8| ID_ALPHABET.iter().position(|letter| *letter == byte).map(|digit| digit as u64);
    let mut digits = id.bytes().take(TIME_LENGTH).map(digit);
    let told = digits.try_fold(0, |sum, digit| Some(sum * 32 + digit?));
    let made_ms = told.filter(|made| *made <= now_ms && now_ms - made <= MAX_AGE_MS).unwrap_or(now_ms);
    i64::try_from(made_ms).unwrap_or(i64::MAX)
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f69_an_id_tells_when_its_reply_was_made() {
        let now_ms = 1_795_780_838_123;
        let id = new_id(now_ms);
        assert!(id.len() == ID_LENGTH && id.bytes().all(|byte| ID_ALPHABET.contains(&byte)), "{id}");
        assert_ne!(id, new_id(now_ms));
        assert_eq!(made_ms(&id, now_ms), 1_795_780_838_123);
        assert_eq!(made_ms(&id, now_ms + MAX_AGE_MS), 1_795_780_838_123);
        for (id, now_ms) in [
            (id.as_str(), now_ms + MAX_AGE_MS + 1),
            (&id, now_ms - 1),
            ("", now_ms),
            ("not of the server's letters", now_ms),
            ("yyyyyyyyyyyyyyyyyyyyyyyyyy", now_ms),
        ] {
            assert_eq!(made_ms(id, now_ms), i64::try_from(now_ms).unwrap(), "{id}");
        }
    }
}
