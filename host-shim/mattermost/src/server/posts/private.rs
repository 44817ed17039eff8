//! Replies for one user alone.

use chat_plugin_engine::api::posts::{Author, Draft, Error, Patch};

use super::super::Mattermost;
use super::{PrivateReply, compose};
use crate::model::Post;

/// The server's alphabet for ids, and their length.
const ID_ALPHABET: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";
const ID_LENGTH: usize = 26;

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
    let id = new_id();
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
    let (post, _) = compose(server, &draft, Some(reply)).await?;
    Ok(Post { id: id.into(), ..post })
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

/// A random id, as the server makes them. Chosen here so that buttons can be bound to it.
fn new_id() -> String {
    let random = crate::seal::Sealer::generate_key();
    random.iter().take(ID_LENGTH).map(|byte| char::from(ID_ALPHABET[usize::from(byte % 32)])).collect()
}
