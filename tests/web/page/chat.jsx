// The chat of the local host, as the client's store has chats: its posts, channels and people become Mattermost's.

import { PostTypes, UserTypes, ChannelTypes, TeamTypes, PreferenceTypes, GeneralTypes, ThreadTypes } from "mattermost-redux/action_types";
import { url } from "./globals.jsx";
import { handlers } from "./plugins.jsx";
import { store } from "./store.jsx";

export const TEAM = { id: "team", name: "team", display_name: "Local Chat", type: "O", delete_at: 0 };
/** Languages of the client. */
const LOCALES = ["en", "de", "fr", "es", "pt-BR", "ja", "zh-CN", "ar"];

/** Asks the local host. */
export async function ask(method, path, body) {
  const init = { method, headers: { "X-Requested-With": "XMLHttpRequest" } };
  if (body !== undefined) {
    init.headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  const response = await fetch(url(`/chat/${path}`), init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** Fills the store, and keeps it as the local host says. `preferences` are those of the user's account settings. */
export async function connect(session, preferences) {
  await ask("POST", "regional", { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const state = await ask("GET", "state");
  fill(state, session, preferences);
  await listen();
  await Promise.all(state.channels.map(({ id }) => loadPosts(id)));
}

/** The one in `LOCALES` that is meant. */
const clientLocale = (tag) => LOCALES.find((known) => known === tag) ?? LOCALES.find((known) => known === tag.split("-")[0]) ?? "en";

function fill({ users, channels, me, regional }, { site_url: SiteURL }, preferences) {
  const profiles = users.map((user) => toUser(user));
  const mine = profiles.find(({ id }) => id === me);
  mine.locale = clientLocale(regional.locale);
  mine.timezone = { useAutomaticTimezone: "true", automaticTimezone: regional.timezone, manualTimezone: "" };
  for (const action of [
    { type: GeneralTypes.CLIENT_CONFIG_RECEIVED, data: { SiteURL, DefaultClientLocale: "en", CollapsedThreads: "always_on", PluginsEnabled: "true" } },
    { type: UserTypes.RECEIVED_ME, data: mine },
    { type: UserTypes.RECEIVED_PROFILES_LIST, data: profiles },
    { type: TeamTypes.RECEIVED_TEAMS_LIST, data: [TEAM] },
    { type: TeamTypes.SELECT_TEAM, data: TEAM.id },
    { type: PreferenceTypes.RECEIVED_ALL_PREFERENCES, data: Object.entries(preferences).map(([name, value]) => ({ category: "display_settings", name, user_id: me, value })) },
    { type: ChannelTypes.RECEIVED_CHANNELS, teamId: TEAM.id, data: channels.map((channel) => toChannel(channel, users, me)) },
    { type: ChannelTypes.RECEIVED_MY_CHANNEL_MEMBERS, data: channels.map(({ id }) => ({ channel_id: id, user_id: me, roles: "channel_user" })) },
  ]) store.dispatch(action);
}

const toUser = (user) => ({
  id: user.id, username: user.username, nickname: user.display_name, first_name: "", last_name: "", email: user.email ?? "", create_at: 1, update_at: 1, delete_at: 0,
  roles: user.is_admin ? "system_admin system_user" : user.is_guest ? "system_guest" : "system_user", is_bot: user.is_bot, locale: "en",
});

const toChannel = (channel, users, me) => ({
  id: channel.id, team_id: channel.kind === "direct" ? "" : TEAM.id, type: { public: "O", private: "P", direct: "D" }[channel.kind], name: channel.name || channel.id,
  display_name: channel.display_name || users.find(({ id }) => id === channel.members.find((other) => other !== me))?.display_name || me, header: "", purpose: "", create_at: 1, update_at: 1,
  delete_at: channel.archived ? 1 : 0, creator_id: "", last_post_at: 0, last_root_post_at: 0, total_msg_count: 0, scheme_id: "",
});

/** A post as the Mattermost shim writes it: a card's facts are the props, and an attachment has all that is to be read and pressed. What
 *  one user alone sees has its kind in a prop. Users write what they like. */
export function toPost(post, isPrivate) {
  const { kind = "", data = {}, title, text, links, buttons, fallback } = post.card ?? {};
  const props = { ...data };
  const type = kind === "" || kind.startsWith("custom_") ? kind : `custom_${kind}`;
  if (post.by_plugin && post.card) {
    delete props.attachments;
    delete props.type;
    if (isPrivate && type) props.type = type;
    const below = [text, links.map(({ label, url: target }) => `[${label}](${target})`).join(" · ")].filter(Boolean).join("\n\n");
    const actions = buttons.map(({ id, label, style }) => ({ id, name: label, style, type: "button" }));
    if (title || below || actions.length > 0) props.attachments = [{ title, text: below, fallback, actions }];
  }
  return {
    id: post.id, channel_id: post.channel_id, root_id: post.root_id ?? "", user_id: post.user_id, message: post.message, type: isPrivate ? "system_ephemeral" : type, props,
    // Nobody but the shim keeps the time of a private post: the server shows an update with what it is sent, be it 1970.
    create_at: post.created_ms, update_at: isPrivate ? Date.now() : post.edited_ms ?? post.created_ms, edit_at: 0, delete_at: 0, file_ids: post.file_ids, hashtags: "", pending_post_id: "",
    original_id: "", reply_count: 0, is_pinned: false,
    // What the client draws below a message comes from here, by the server's choice.
    metadata: Array.isArray(props.attachments) ? { embeds: [{ type: "message_attachment" }] } : {},
  };
}

/** Presses a button of an attachment. */
export const pressAction = (postId, actionId) => ask("POST", `posts/${postId}/actions/${actionId}`, { request_id: `${Date.now()}.${Math.random()}` });

async function loadPosts(channelId) {
  const { posts, private: own } = await ask("GET", `channels/${encodeURIComponent(channelId)}/posts`);
  const all = [...posts.map((post) => toPost(post, false)), ...own.map((post) => toPost(post, true))].sort((one, other) => other.create_at - one.create_at);
  const byId = Object.fromEntries(all.map((post) => [post.id, post]));
  const order = all.filter((post) => !post.root_id).map(({ id }) => id);
  store.dispatch({ type: PostTypes.RECEIVED_POSTS, data: { posts: byId, order } });
  store.dispatch({ type: PostTypes.RECEIVED_POSTS_IN_CHANNEL, channelId, recent: true, data: { posts: byId, order } });
  for (const rootId of new Set(all.map((post) => post.root_id).filter(Boolean))) {
    store.dispatch({ type: PostTypes.RECEIVED_POSTS_IN_THREAD, rootId, data: { posts: Object.fromEntries(all.filter((post) => post.root_id === rootId).map((post) => [post.id, post])) } });
  }
}

function listen() {
  const stream = new EventSource(url("/chat/events"));
  addEventListener("pagehide", () => stream.close());
  let wasLost = false;
  return new Promise((resolve) => {
    stream.onopen = () => {
      if (wasLost) handlers.reconnect?.();
      wasLost = false;
      resolve();
    };
    stream.onerror = () => { wasLost = true; };
    stream.onmessage = ({ data }) => hear(JSON.parse(data));
  });
}

/** What the server says of itself. */
export function hear(news) {
  switch (news.type) {
    case "post":
    case "private": {
      const post = toPost(news.post, news.type === "private");
      const isKnown = post.id in store.getState().entities.posts.posts;
      store.dispatch({ type: isKnown ? PostTypes.RECEIVED_POST : PostTypes.RECEIVED_NEW_POST, data: post, features: { crtEnabled: true } });
      break;
    }
    case "post-deleted":
    case "private-removed": {
      const post = store.getState().entities.posts.posts[news.id];
      if (post) store.dispatch({ type: PostTypes.POST_REMOVED, data: post });
      break;
    }
    case "plugin-event":
      handlers.events.get(`custom_zoom_${news.event}`)?.({ data: news.payload });
      break;
    default:
  }
}

/** Selects a thread in the Threads view, or leaves the view. */
export function selectThread(threadId) {
  const post = store.getState().entities.posts.posts[threadId];
  if (post) store.dispatch({ type: ThreadTypes.RECEIVED_THREAD, data: { team_id: TEAM.id, thread: { id: threadId, post, participants: [], reply_count: 0, last_reply_at: 0, last_viewed_at: 0, is_following: true, unread_replies: 0, unread_mentions: 0 } } });
  store.dispatch({ type: "CHANGED_SELECTED_THREAD", data: { team_id: TEAM.id, thread_id: threadId } });
}

/** Goes to a channel; '' is what the Threads view selects. */
export const selectChannel = (channelId) => store.dispatch({ type: ChannelTypes.SELECT_CHANNEL, data: channelId });
