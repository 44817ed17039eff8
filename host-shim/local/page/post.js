// One message.

import { ask } from "./api.js";
import { card } from "./card.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { trying } from "./notice.js";
import { count, timeOfDay } from "./time.js";

/** A post as an element. `openThread(id)` shows its thread, where it can have one. */
export function post(it, model, { isPrivate = false, openThread } = {}) {
  const author = model.user(it.user_id);
  const mayDelete = !isPrivate && (it.user_id === model.state.me || model.me.is_admin);
  const replies = openThread ? model.thread(it.id) : [];
  const isMeeting = it.card?.kind === "custom_zoom";
  return h("article", { class: isPrivate ? "post post-private" : "post", "aria-label": `${author.display_name}`, tabindex: "-1" },
    avatar(author),
    h("div", { class: "post-content" },
      h("p", { class: "post-head" },
        h("span", { class: "author" }, author.display_name),
        author.is_bot && h("span", { class: "tag" }, "Plugin"),
        author.is_guest && h("span", { class: "tag" }, "Guest"),
        timeOfDay(it.created_ms),
        isPrivate && h("span", { class: "only-you" }, icon("eye"), "Only visible to you"),
        it.edited_ms !== null && !it.by_plugin && h("span", { class: "quiet-text" }, "edited")),
      !isMeeting && h("div", { class: "post-text" }, markdown(it.message, model.names)),
      it.card && card(it, model),
      it.file_ids.map((id) => h("a", { class: "file", href: `/files/${encodeURIComponent(id)}` }, icon("file"), "Download the file")),
      replies.length > 0 && h("button", { type: "button", class: "replies", "data-focus": "thread", onclick: () => openThread(it.id) },
        icon("reply"), count(replies.length, "reply", "replies"))),
    h("div", { class: "post-actions" },
      openThread && !isPrivate && action("Reply in thread", "reply", () => openThread(it.id)),
      mayDelete && action("Delete", "trash", () => ask("DELETE", `/api/posts/${encodeURIComponent(it.id)}`)),
      isPrivate && action("Dismiss", "close", () => ask("DELETE", `/api/private/${encodeURIComponent(it.id)}`))));
}

/** What of a post and its surroundings shows: as long as it is the same, the element stays. */
export function signature(it, model, extra = "") {
  const replies = model.posts.filter((other) => other.root_id === it.id).length;
  return JSON.stringify([it, replies, model.state.me, extra]);
}

/** A person's initials on a colour of their own. */
export function avatar(user) {
  const initials = user.display_name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
  const hue = [...user.id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 6, 7);
  return h("span", { class: `avatar avatar-${user.is_bot ? "bot" : hue}`, "aria-hidden": "true" }, user.is_bot ? icon("video") : initials);
}

function action(label, name, work) {
  return h("button", { type: "button", class: "quiet", title: label, "aria-label": label, "data-focus": name, onclick: () => trying(async () => work()) }, icon(name));
}
