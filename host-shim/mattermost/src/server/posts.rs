//! Posts: making, changing, reading, and replies for one user alone.

mod once;
mod private;
mod records;
mod stamp;

use chat_plugin_engine::api::posts::{self, Author, Button, Card, Draft, Error, Patch};
use serde_json::Value;

use super::Mattermost;
use crate::api::ApiError;
use crate::card::{self, Rendered};
use crate::goplugin::RpcError;
use crate::manifest::{MANIFEST, plugin_path};
use crate::markdown::{self, Mention, Names};
use crate::model::{ATTACHMENTS, Post, PostActionIntegration, Props, json_from_props, read_text, text};
use crate::seal::Sealer;

use once::Making;
use stamp::Stamp;

pub(super) use private::{delete_private, send_private, update_private};

/// Where presses of buttons go, below the plugin's path.
pub(crate) const ACTION_PATH: &str = "/action";
/// Names looked up for one text; further mentions read "someone".
const MAX_NAMES: usize = 50;
/// Posts of any kind that `recent` returns, and further ones with cards, by the contract.
const MAX_RECENT: usize = 60;
/// What all of them together may have as their cards' data, in bytes. Cards have two kilobytes; what is more than fits is left out.
const MAX_RECENT_BYTES: usize = 512 << 10;
/// Of a post without a card.
const NO_DATA: &str = "{}";
/// The server marks posts of plugins with this prop. Anybody can set it: it saves look-ups and proves nothing.
const FROM_PLUGIN: &str = "from_plugin";

pub(super) async fn create(server: &Mattermost, draft: Draft) -> Result<String, Error> {
    let names = names(server, Names::new(), &draft.message, draft.card.as_ref()).await;
    let post = compose(server, &draft, &names, &server.facts().locale, None).await?;
    let stamp = Stamp::new(None, &post.props, &names);
    let (api, sealer) = (server.api()?.clone(), server.sealer().await?);
    // Nobody else posts as the bot.
    let by_user = matches!(draft.author, Author::User(_));
    Making { api, sealer, post, stamp, by_user }.run(draft.idempotency_key.as_deref()).await
}

/// The server overwrites message, props and files, so the post is read first and keeps what is not ours: its files and the props
/// of others.
pub(super) async fn update(server: &Mattermost, id: String, patch: Patch) -> Result<(), Error> {
    let api = server.api()?;
    let mut post = api.post(id).await?;
    if post.delete_at > 0 {
        return Err(Error::NotFound);
    }
    let sealer = server.sealer().await?;
    let stamp = Stamp::read(&sealer, &post);
    if stamp.is_none() && !may_change(server, &post).await? {
        return Err(Error::Forbidden);
    }
    let stamp = stamp.unwrap_or_default();
    let names = names(server, stamp.names(), &patch.message, patch.card.as_ref()).await;
    let facts = server.facts();
    let locale = &facts.locale;
    let context = ButtonContext::of_channel(&post.channel_id);
    let rendered = draw(server, patch.card.as_ref(), &names, locale, &context).await?;
    for key in stamp.props.iter().map(String::as_str).chain([ATTACHMENTS]) {
        post.props.remove(key);
    }
    let props = rendered.map(|rendered| rendered.props).unwrap_or_default();
    let stamp = Stamp::new(stamp.once, &props, &names);
    post.props.extend(props);
    post.message = markdown::render(&patch.message, &names, locale);
    stamp.write(&sealer, &mut post);
    Ok(api.update_post(post).await?)
}

pub(super) async fn delete(server: &Mattermost, id: String) -> Result<(), Error> {
    let api = server.api()?;
    let post = match api.post(id.clone()).await {
        Ok(post) => post,
        Err(error) if error.is_not_found() => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let stamped = Stamp::read(&*server.sealer().await?, &post).is_some();
    if !stamped && !may_change(server, &post).await? {
        return Err(Error::Forbidden);
    }
    match api.delete_post(id).await {
        Err(error) if error.is_not_found() => Ok(()),
        result => Ok(result?),
    }
}

pub(super) async fn get(server: &Mattermost, id: String) -> Result<posts::Post, Error> {
    let post = server.api()?.post(id).await?;
    Ok(contract_post(server, post).await)
}

/// Posts with cards are read one by one; of all others the contract asks for no more than what stands at their head, and nobody
/// looks at their text. So a channel full of large posts costs no more than a quiet one.
pub(super) async fn recent(
    server: &Mattermost,
    channel_id: String,
    since_ms: u64,
) -> Result<Vec<posts::Post>, Error> {
    let api = server.api()?;
    let since_ms = i64::try_from(since_ms).unwrap_or(i64::MAX);
    // The server leaves out what changed at that very moment, and returns old posts that changed since.
    let mut found = api.post_heads_since(channel_id.clone(), since_ms.saturating_sub(1)).await?;
    found.retain(|post| post.create_at >= since_ms && post.channel_id == channel_id);
    found.sort_by(|a, b| (b.create_at, &b.id).cmp(&(a.create_at, &a.id)));
    let found = newest(found);
    let mut posts = Vec::new();
    let mut data_bytes = 0;
    for head in found {
        let post = if is_card(&head) && head.delete_at == 0 {
            api.post(head.id.clone()).await
        } else {
            Ok(head.clone())
        };
        let post = match post {
            // One that was deleted meanwhile or cannot be read has no data.
            Err(ApiError::Refused { status: 404, .. } | ApiError::Rpc(RpcError::Unreadable { .. })) => head,
            post => post?,
        };
        let mut post = contract_post(server, post).await;
        data_bytes += post.data.len();
        if data_bytes > MAX_RECENT_BYTES {
            post.data = NO_DATA.into();
        }
        posts.push(post);
    }
    Ok(posts)
}

/// The newest posts, and of the others the newest with cards.
fn newest(mut posts: Vec<Post>) -> impl Iterator<Item = Post> {
    let others = posts.split_off(posts.len().min(MAX_RECENT));
    posts.into_iter().chain(others.into_iter().filter(is_card).take(MAX_RECENT))
}

fn is_card(post: &Post) -> bool {
    !card::kind(&post.r#type).is_empty()
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

/// The post that a draft asks for. All its props are ours.
async fn compose(
    server: &Mattermost,
    draft: &Draft,
    names: &Names,
    locale: &str,
    private: Option<PrivateReply<'_>>,
) -> Result<Post, Error> {
    let context = ButtonContext { channel_id: &draft.channel_id, private };
    let rendered = draw(server, draft.card.as_ref(), names, locale, &context).await?;
    let (post_type, mut props) =
        rendered.map(|rendered| (rendered.post_type, rendered.props)).unwrap_or_default();
    if private.is_some() && !post_type.is_empty() {
        props.insert(card::KIND.into(), text(&post_type));
    }
    let user_id = match &draft.author {
        Author::Bot => server.facts().bot_id.clone(),
        Author::User(id) => id.clone(),
    };
    Ok(Post {
        channel_id: draft.channel_id.clone(),
        root_id: draft.root_id.clone().unwrap_or_default(),
        user_id,
        message: markdown::render(&draft.message, names, locale),
        r#type: post_type,
        props,
        file_ids: draft.file_ids.clone(),
        ..Post::default()
    })
}

async fn draw(
    server: &Mattermost,
    card: Option<&Card>,
    names: &Names,
    locale: &str,
    context: &ButtonContext<'_>,
) -> Result<Option<Rendered>, Error> {
    let Some(card) = card else { return Ok(None) };
    // The key is asked for only where something is sealed.
    let sealer = if card.buttons.is_empty() { None } else { Some(server.sealer().await?) };
    let integration = |button: &Button| {
        sealer.as_ref().map(|sealer| context.integration(sealer, button)).unwrap_or_default()
    };
    card::render(card, names, locale, integration).map(Some).map_err(Error::Invalid)
}

/// A text of the contract's Markdown for this user, as the server understands it.
pub(crate) async fn plain_text(server: &Mattermost, text: &str, user_id: &str) -> String {
    let names = names(server, Names::new(), text, None).await;
    let locale = locale_of_reader(server, user_id, &names, [text, ""]).await;
    markdown::render(text, &names, &locale)
}

/// The language of the one who reads these texts. The user is looked up only where somebody in them has no name: otherwise there is
/// nothing to say in it.
async fn locale_of_reader(server: &Mattermost, user_id: &str, names: &Names, texts: [&str; 2]) -> String {
    let nameless =
        texts.into_iter().flat_map(markdown::mentions).any(|mention| !names.contains_key(&mention));
    if nameless { server.locale_of(user_id).await } else { server.facts().locale.clone() }
}

/// The names of all that the texts mention; those that are known are not asked for. Who cannot be found has none.
async fn names(server: &Mattermost, known: Names, message: &str, card: Option<&Card>) -> Names {
    let texts = [message, card.map_or("", |card| card.text.as_str())];
    let mut names = Names::new();
    let Ok(api) = server.api() else { return names };
    let wanted: std::collections::BTreeSet<_> = texts.into_iter().flat_map(markdown::mentions).collect();
    for mention in wanted.into_iter().take(MAX_NAMES) {
        if let Some(name) = known.get(&mention) {
            names.insert(mention, name.clone());
            continue;
        }
        let name = match &mention {
            Mention::User(id) => match server.people().find(id) {
                Some(person) => Ok(format!("@{}", person.username)),
                None => api.user(id.clone()).await.map(|user| format!("@{}", user.username)),
            },
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
    data.retain(|name, _| !stamp::is_hosts_own(name));
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

/// Nobody else posts as the bot; a post in a user's name has a stamp, or the host's own record of it.
async fn is_ours(server: &Mattermost, post: &Post) -> bool {
    let bot_id = &server.facts().bot_id;
    if !bot_id.is_empty() && post.user_id == *bot_id {
        return true;
    }
    if let Ok(sealer) = server.sealer().await
        && Stamp::read(&sealer, post).is_some()
    {
        return true;
    }
    let possible = post.props.contains_key(FROM_PLUGIN) || !card::kind(&post.r#type).is_empty();
    match server.api() {
        // It only decides what is shown.
        Ok(api) if possible => records::has(api, &post.id).await.unwrap_or_default(),
        _ => false,
    }
}

/// Whether a post without a stamp may be changed. Besides its own posts the plugin may change those of its predecessor, which has
/// the same id: their meetings are taken over. They have the plugin's own type and the server's mark. A user can give both to a
/// post of their own, and so allow the plugin to change it.
async fn may_change(server: &Mattermost, post: &Post) -> Result<bool, Error> {
    let predecessors = post.r#type == card::post_type(&MANIFEST.id)
        && post.props.get(FROM_PLUGIN).and_then(read_text) == Some("true");
    let bot_id = &server.facts().bot_id;
    if predecessors || (!bot_id.is_empty() && post.user_id == *bot_id) {
        return Ok(true);
    }
    Ok(records::has(server.api()?, &post.id).await?)
}
