// One message.

import { ask } from "./api.js";
import { card, deed, replacesMessage } from "./card.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { trying } from "./notice.js";
import { avatar } from "./people.js";
import { count, timeOfDay, when } from "./time.js";

/** Draws a post. `inThread` leaves out what leads to the thread; `follows` joins it to the post above; `openThread` opens one. */
export function post(message, model, { inThread = false, follows = false, openThread }) {
  const author = model.user(message.user_id);
  const isPrivate = message.id.startsWith("private");
  const replies = inThread ? [] : model.thread(message.id);
  const classes = ["post", follows && "post-follows", isPrivate && "post-private"].filter(Boolean).join(" ");
  return h("article", { class: classes, tabindex: "-1", "aria-label": `${author.display_name}${isPrivate ? ", only visible to you" : ""}` },
    follows ? h("span", { class: "post-gutter" }, timeOfDay(message.created_ms)) : avatar(author),
    h("div", { class: "post-body" },
      !follows && h("p", { class: "post-head" },
        h("span", { class: "post-author" }, author.display_name),
        deed(message) && h("span", { class: "post-deed" }, deed(message)),
        author.is_bot && h("span", { class: "tag" }, "App"),
        timeOfDay(message.created_ms),
        isPrivate && h("span", { class: "only-you" }, icon("eye"), "Only visible to you")),
      content(message, model),
      files(message),
      replies.length > 0 && h("button", { type: "button", class: "thread-link", "data-focus": "thread", onclick: () => openThread(message.id) },
        h("span", { class: "faces", "aria-hidden": "true" }, [...new Set(replies.map((reply) => reply.user_id))].slice(0, 3).map((id) => avatar(model.user(id), "avatar-tiny"))),
        count(replies.length, "reply", "replies"), h("span", { class: "thread-last" }, `last at ${when(replies.at(-1).created_ms)}`))),
    actions(message, model, { isPrivate, inThread, openThread }));
}

function content(message, model) {
  const text = replacesMessage(message) ? [] : [h("div", { class: "prose" }, markdown(message.message, model.names),
    message.edited_ms !== null && !message.card && h("span", { class: "edited" }, "(edited)"))];
  return message.card ? [...text, card(message, model)] : text;
}

function files(message) {
  return message.file_ids.length > 0 && h("ul", { class: "files" }, message.file_ids.map((id) => h("li", {}, h("a", { class: "button", href: `/files/${encodeURIComponent(id)}` }, icon("file"), "Download the file"))));
}

function actions(message, model, { isPrivate, inThread, openThread }) {
  const may = model.state.me === message.user_id || model.me.is_admin;
  const remove = (path) => () => trying(() => ask("DELETE", path));
  const id = encodeURIComponent(message.id);
  const buttons = isPrivate
    ? [action("close", "Dismiss", remove(`/api/private/${id}`))]
    : [
      !inThread && !model.channel?.archived && action("reply", "Reply in a thread", () => openThread(message.root_id ?? message.id)),
      may && action("trash", "Delete", remove(`/api/posts/${id}`)),
    ];
  return h("div", { class: "post-actions" }, buttons);
}

function action(name, label, run) {
  return h("button", { type: "button", class: "quiet square", "aria-label": label, title: label, "data-focus": name, onclick: run }, icon(name));
}
