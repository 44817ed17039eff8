//! Posts: making, changing, reading, and replies for one user alone.

mod once;
mod private;
mod records;

use chat_plugin_engine::api::posts::{self, Author, Button, Card, Draft, Error, Patch};
use serde_json::Value;

use super::Mattermost;
use crate::card::{self, Rendered};
use crate::manifest::plugin_path;
use crate::markdown::{self, Mention, Names};
use crate::model::{ATTACHMENTS, Post, PostActionIntegration, Props, json_from_props, text};
use crate::seal::Sealer;

pub(super) use private::{delete_private, send_private, update_private};

/// Where presses of buttons go, below the plugin's path.
pub(crate) const ACTION_PATH: &str = "/action";
/// Names looked up for one text; further mentions read "someone".
const MAX_NAMES: usize = 50;
/// Posts that `recent` returns, by the contract.
const MAX_RECENT: usize = 60;
/// The server marks posts of plugins with this prop. Anybody can set it: it saves look-ups and proves nothing.
const FROM_PLUGIN: &str = "from_plugin";

pub(super) async fn create(server: &Mattermost, draft: Draft) -> Result<String, Error> {
    let (post, keys) = compose(server, &draft, None).await?;
    once::create(server.api()?, draft.idempotency_key, post, keys).await
}

/// The server overwrites message, props and files, so the post is read first and keeps what is not ours: its files and the props
/// of others.
pub(super) async fn update(server: &Mattermost, id: String, patch: Patch) -> Result<(), Error> {
    let api = server.api()?;
    let mut post = api.post(id.clone()).await?;
    if post.delete_at > 0 {
        return Err(Error::NotFound);
    }
    let names = names(server, &patch.message, patch.card.as_ref()).await;
    let rendered =
        draw(server, patch.card.as_ref(), &names, &ButtonContext::of_channel(&post.channel_id)).await?;
    let old_keys = records::read(api, &id).await.unwrap_or_default();
    for key in old_keys.iter().map(String::as_str).chain([ATTACHMENTS]) {
        post.props.remove(key);
    }
    let props = rendered.map(|rendered| rendered.props).unwrap_or_default();
    let keys: Vec<String> = props.keys().cloned().collect();
    post.props.extend(props);
    post.message = markdown::render(&patch.message, &names);
    api.update_post(post).await?;
    if keys != old_keys {
        records::write(api, &id, &keys).await;
    }
    Ok(())
}

pub(super) async fn delete(server: &Mattermost, id: String) -> Result<(), Error> {
    match server.api()?.delete_post(id).await {
        Err(error) if error.is_not_found() => Ok(()),
        result => Ok(result?),
    }
}

pub(super) async fn get(server: &Mattermost, id: String) -> Result<posts::Post, Error> {
    let post = server.api()?.post(id).await?;
    Ok(contract_post(server, post).await)
}

pub(super) async fn recent(
    server: &Mattermost,
    channel_id: String,
    since_ms: u64,
) -> Result<Vec<posts::Post>, Error> {
    let since_ms = i64::try_from(since_ms).unwrap_or(i64::MAX);
    // The server leaves out what changed at that very moment, and returns old posts that changed since.
    let mut found = server.api()?.posts_since(channel_id.clone(), since_ms.saturating_sub(1)).await?;
    found.retain(|post| post.create_at >= since_ms && post.channel_id == channel_id);
    found.sort_by(|a, b| (b.create_at, &b.id).cmp(&(a.create_at, &a.id)));
    found.truncate(MAX_RECENT);
    let mut posts = Vec::with_capacity(found.len());
    for post in found {
        posts.push(contract_post(server, post).await);
    }
    Ok(posts)
}

/// What the context of a button is bound to, besides the button itself.
pub(crate) struct ButtonContext<'a> {
    pub(crate) channel_id: &'a str,
    /// Of a private reply. Other posts get their id only after their buttons are sealed; whether a button is theirs, and which
    /// thread they are in, is seen from the post itself.
    pub(crate) private: Option<PrivateReply<'a>>,
}

/// A reply that is kept nowhere: its buttons say what it is.
#[derive(Clone, Copy)]
pub(crate) struct PrivateReply<'a> {
    pub(crate) user_id: &'a str,
    pub(crate) post_id: &'a str,
    /// The thread's first post; empty in the channel itself.
    pub(crate) root_id: &'a str,
}

impl<'a> ButtonContext<'a> {
    /// Keys within the context that the server keeps for a button.
    pub(crate) const BUTTON: &'static str = "button";
    pub(crate) const SEALED: &'static str = "sealed";
    pub(crate) const PRIVATE: &'static str = "private";
    pub(crate) const ROOT: &'static str = "root";

    fn of_channel(channel_id: &'a str) -> Self {
        Self { channel_id, private: None }
    }

    /// The parts that a button's context opens with.
    pub(crate) fn bound(&self, button_id: &'a str) -> Vec<&'a str> {
        let mut bound = vec!["button", self.channel_id, button_id];
        bound.extend(self.private.iter().flat_map(|reply| [reply.user_id, reply.post_id, reply.root_id]));
        bound
    }

    fn integration(&self, sealer: &Sealer, button: &Button) -> PostActionIntegration {
        let sealed = sealer.seal(&self.bound(&button.id), &button.context);
        let mut context =
            Props::from([(Self::BUTTON.into(), text(&button.id)), (Self::SEALED.into(), text(&sealed))]);
        if let Some(reply) = self.private {
            context.insert(Self::PRIVATE.into(), text("true"));
            context.insert(Self::ROOT.into(), text(reply.root_id));
        }
        PostActionIntegration { url: plugin_path(ACTION_PATH), context }
    }
}

/// The post that a draft asks for, and the props that are ours.
async fn compose(
    server: &Mattermost,
    draft: &Draft,
    private: Option<PrivateReply<'_>>,
) -> Result<(Post, Vec<String>), Error> {
    let names = names(server, &draft.message, draft.card.as_ref()).await;
    let context = ButtonContext { channel_id: &draft.channel_id, private };
    let rendered = draw(server, draft.card.as_ref(), &names, &context).await?;
    let (post_type, mut props) =
        rendered.map(|rendered| (rendered.post_type, rendered.props)).unwrap_or_default();
    if private.is_some() && !post_type.is_empty() {
        props.insert(card::KIND.into(), text(&post_type));
    }
    let keys = props.keys().cloned().collect();
    let user_id = match &draft.author {
        Author::Bot => server.facts().bot_id.clone(),
        Author::User(id) => id.clone(),
    };
    let post = Post {
        channel_id: draft.channel_id.clone(),
        root_id: draft.root_id.clone().unwrap_or_default(),
        user_id,
        message: markdown::render(&draft.message, &names),
        r#type: post_type,
        props,
        file_ids: draft.file_ids.clone(),
        pending_post_id: draft.idempotency_key.clone().unwrap_or_default(),
        ..Post::default()
    };
    Ok((post, keys))
}

async fn draw(
    server: &Mattermost,
    card: Option<&Card>,
    names: &Names,
    context: &ButtonContext<'_>,
) -> Result<Option<Rendered>, Error> {
    let Some(card) = card else { return Ok(None) };
    // The key is asked for only where something is sealed.
    let sealer = if card.buttons.is_empty() { None } else { Some(server.sealer().await?) };
    let integration =
        |button: &Button| sealer.map(|sealer| context.integration(sealer, button)).unwrap_or_default();
    card::render(card, names, integration).map(Some).map_err(Error::Invalid)
}

/// A text of the contract's Markdown, as the server understands it.
pub(crate) async fn plain_text(server: &Mattermost, text: &str) -> String {
    markdown::render(text, &names(server, text, None).await)
}

/// The names of all that the texts mention. Who cannot be found has none.
async fn names(server: &Mattermost, message: &str, card: Option<&Card>) -> Names {
    let texts = [message, card.map_or("", |card| card.text.as_str())];
    let mut names = Names::new();
    let Ok(api) = server.api() else { return names };
    let wanted: std::collections::BTreeSet<_> = texts.into_iter().flat_map(markdown::mentions).collect();
    for mention in wanted.into_iter().take(MAX_NAMES) {
        let name = match &mention {
            Mention::User(id) => api.user(id.clone()).await.map(|user| format!("@{}", user.username)),
            Mention::Channel(id) => api.channel(id.clone()).await.map(|channel| format!("~{}", channel.name)),
        };
        if let Ok(name) = name {
            names.insert(mention, name);
        }
    }
    names
}

async fn contract_post(server: &Mattermost, post: Post) -> posts::Post {
    let by_plugin = is_ours(server, &post).await;
    let kind = card::kind(&post.r#type).to_owned();
    let mut data = if kind.is_empty() { serde_json::Map::new() } else { json_from_props(&post.props) };
    data.remove(ATTACHMENTS);
    posts::Post {
        id: post.id,
        channel_id: post.channel_id,
        root_id: Some(post.root_id).filter(|id| !id.is_empty()),
        user_id: post.user_id,
        message: post.message,
        kind,
        data: Value::Object(data).to_string(),
        by_plugin,
        created_ms: u64::try_from(post.create_at).unwrap_or_default(),
        deleted: post.delete_at > 0,
    }
}

/// Nobody else posts as the bot; for posts in a user's name the host keeps a record, which only this plugin can write.
async fn is_ours(server: &Mattermost, post: &Post) -> bool {
    let bot_id = &server.facts().bot_id;
    if !bot_id.is_empty() && post.user_id == *bot_id {
        return true;
    }
    let possible = post.props.contains_key(FROM_PLUGIN) || !card::kind(&post.r#type).is_empty();
    match server.api() {
        Ok(api) if possible => records::read(api, &post.id).await.is_some(),
        _ => false,
    }
}
