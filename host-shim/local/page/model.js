// What the page knows, and how it changes.

import { ask, requestId } from "./api.js";

/** The chat as this user sees it. Listeners hear of `chrome` (everything around the messages), `posts`, `zoom`, `log`, `form` and `event`. */
export class Model extends EventTarget {
  /** Everything around the messages, as the host gave it. */
  state = null;
  /** Id of the open channel. */
  channelId = null;
  /** Posts of the open channel, oldest first. */
  posts = [];
  /** What this user alone sees in the open channel. */
  replies = [];
  /** The first post that was unread when the channel was opened. */
  firstUnread = null;

  async load() {
    do {
      this.#isMissed = false;
      this.state = await ask("GET", "/api/state");
    } while (this.#isMissed);
    this.tell("chrome");
  }

  /** News came in before there was anything to change. */
  #isMissed = false;

  /** Listens to news. Resolves once it hears them, or cannot: what is loaded after that misses nothing. */
  listen() {
    const stream = new EventSource("/api/events");
    addEventListener("pagehide", () => stream.close());
    return new Promise((resolve) => {
      stream.onmessage = (message) => {
        this.#hear(JSON.parse(message.data));
        resolve();
      };
      stream.onerror = () => {
        this.#setConnected(false);
        resolve();
      };
    });
  }

  /** News of the open channel that came in while its posts were on their way; null when none are. */
  #meanwhile = null;

  isConnected = true;

  get me() { return this.user(this.state.me); }
  get channel() { return this.state.channels.find((channel) => channel.id === this.channelId); }

  user(id) {
    return this.state.users.find((user) => user.id === id) ?? { id, username: id, display_name: "Someone" };
  }

  /** What a channel is called; a direct channel by the other one in it. */
  channelName(channel) {
    return channel.kind === "direct" ? this.partner(channel).display_name : channel.display_name;
  }

  partner(channel) {
    return this.user(channel.members.find((id) => id !== this.state.me) ?? this.state.me);
  }

  /** For mentions in Markdown. */
  names = {
    user: (name) => this.state.users.find((user) => user.username === name)?.username,
    channel: (name) => this.state.channels.find((channel) => channel.id === name)?.display_name,
  };

  async open(channelId) {
    this.channelId = channelId;
    this.posts = [];
    this.replies = [];
    this.firstUnread = null;
    this.tell("chrome");
    this.tell("posts");
    await this.#loadPosts();
  }

  async #loadPosts() {
    const channelId = this.channelId;
    const meanwhile = (this.#meanwhile = []);
    const loaded = await ask("GET", `/api/channels/${encodeURIComponent(channelId)}/posts`);
    if (this.#meanwhile === meanwhile) this.#meanwhile = null;
    if (channelId !== this.channelId) return;
    this.posts = loaded.posts;
    this.replies = loaded.private;
    for (const change of meanwhile) change();
    const unread = this.channel?.unread ?? 0;
    const others = this.posts.filter((post) => post.user_id !== this.state.me);
    this.firstUnread = unread ? others.at(-Math.min(unread, others.length))?.id ?? null : null;
    this.tell("posts");
    this.markRead();
  }

  /** Notes that everything here was seen, when somebody is looking. */
  async markRead() {
    const channel = this.channel;
    const last = this.posts.at(-1);
    if (!channel?.unread || !last || document.visibilityState !== "visible") return;
    channel.unread = 0;
    this.tell("chrome");
    await ask("POST", `/api/channels/${encodeURIComponent(channel.id)}/read`, { up_to: last.id });
  }

  say(message, rootId) {
    return ask("POST", `/api/channels/${encodeURIComponent(this.channelId)}/posts`, { message, root_id: rootId ?? null, request_id: requestId() });
  }

  /** The replies below a first post, oldest first. */
  thread(rootId) {
    return this.posts.filter((post) => post.root_id === rootId);
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** A change of the open channel's posts, made again when posts that were asked for before it come after it. */
  #change(change) {
    change();
    this.#meanwhile?.push(change);
    this.tell("posts");
  }

  async #hear(news) {
    // What is loaded first tells it all, unless it was on its way already.
    if (!this.state) {
      this.#isMissed ||= news.type !== "hello";
      return;
    }
    switch (news.type) {
      case "hello": {
        const isNew = this.state.boot !== news.boot || this.state.me !== news.me || !this.isConnected;
        this.#setConnected(true);
        if (isNew) await this.reload();
        break;
      }
      case "reload": await this.reload(); break;
      case "state": await this.load(); break;
      case "post": this.#take(news.post); break;
      case "post-deleted":
        this.#change(() => { this.posts = this.posts.filter((post) => post.id !== news.id); });
        break;
      case "private":
        if (news.post.channel_id === this.channelId) {
          this.#change(() => { this.replies = [...this.replies.filter((post) => post.id !== news.post.id), news.post]; });
        }
        break;
      case "private-removed":
        this.#change(() => { this.replies = this.replies.filter((post) => post.id !== news.id); });
        break;
      case "read": {
        const channel = this.state.channels.find((known) => known.id === news.channel_id);
        if (channel) channel.unread = news.unread;
        this.tell("chrome");
        break;
      }
      case "form": this.tell("form", news.form); break;
      case "zoom": this.tell("zoom"); break;
      case "log": this.tell("log", news.line); break;
      case "plugin-event": this.tell("event", news); break;
    }
  }

  async reload() {
    await this.load();
    if (this.channelId) await this.#loadPosts();
    this.tell("zoom");
  }

  #take(post) {
    const channel = this.state.channels.find((known) => known.id === post.channel_id);
    if (!channel) {
      this.load();
      return;
    }
    const isNew = post.edited_ms === null;
    if (post.channel_id === this.channelId) {
      this.#change(() => {
        const at = this.posts.findIndex((known) => known.id === post.id);
        this.posts = at < 0 ? [...this.posts, post] : this.posts.with(at, post);
      });
    }
    if (isNew && post.user_id !== this.state.me) {
      channel.unread += 1;
      if (channel.id === this.channelId && document.visibilityState === "visible") this.markRead();
      else this.tell("chrome");
    }
  }

  #setConnected(isConnected) {
    if (this.isConnected === isConnected) return;
    this.isConnected = isConnected;
    this.tell("chrome");
  }
}
