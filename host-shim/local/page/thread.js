// A thread beside the channel.

import { composer } from "./composer.js";
import { h, reconcile, rove } from "./dom.js";
import { icon } from "./icons.js";
import { post } from "./post.js";
import { count } from "./time.js";

/** A pane for threads. `close` closes it. */
export function threadPane(model, close) {
  let rootId = null;
  const posts = h("div", { class: "posts", role: "log", "aria-label": "Messages of the thread" });
  const scroller = h("div", { class: "scroller" }, posts);
  const box = composer(model, { id: "thread-box", placeholder: () => "Reply in this thread", rootId: () => rootId });
  const element = h("div", { class: "pane" },
    h("header", { class: "pane-head" }, h("h2", {}, "Thread"), h("button", { type: "button", class: "quiet square", "aria-label": "Close the thread", onclick: close }, icon("close"))),
    scroller, h("footer", { class: "foot" }, box.element));
  const roving = rove(posts, ".post");

  const show = () => {
    if (!rootId || !element.isConnected) return;
    const root = model.posts.find((message) => message.id === rootId);
    if (!root) {
      if (model.posts.length) close();
      return;
    }
    const replies = [...model.thread(rootId), ...model.replies.filter((reply) => reply.root_id === rootId)].sort((a, b) => a.created_ms - b.created_ms);
    const row = (message) => [message.id, JSON.stringify(message), () => post(message, model, { inThread: true })];
    const between = ["rule", String(replies.length), () => h("div", { class: "rule" }, h("span", {}, replies.length ? count(replies.length, "reply", "replies") : "No replies yet"))];
    reconcile(posts, [row(root), between, ...replies.map(row)]);
    roving.refresh();
    scroller.scrollTop = scroller.scrollHeight;
  };
  model.addEventListener("posts", show);

  return {
    element,
    open(id) {
      if (rootId !== id) posts.replaceChildren();
      rootId = id;
      box.reset(id);
      show();
    },
    focus: () => box.focus(),
  };
}
