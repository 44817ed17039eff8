// The messages of the open channel.

import { h, reconcile } from "./dom.js";
import { post, signature } from "./post.js";
import { dayName, startOfDay } from "./time.js";

/** The list of messages; `openThread(id)` shows a thread. */
export class Timeline {
  #model;
  #openThread;
  #channelId = null;

  constructor(model, openThread) {
    this.#model = model;
    this.#openThread = openThread;
    this.element = h("div", { class: "timeline", role: "log", "aria-label": "Messages", tabindex: "0" });
  }

  draw() {
    const model = this.#model;
    const list = this.element;
    const isOther = this.#channelId !== model.channelId;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    this.#channelId = model.channelId;
    if (model.channel) list.setAttribute("aria-label", `Messages in ${model.channelName(model.channel)}`);
    const wanted = [];
    let day = null;
    for (const [it, isPrivate] of merged(model)) {
      const itsDay = startOfDay(it.created_ms);
      if (itsDay !== day) wanted.push([`day-${itsDay}`, dayName(itsDay), () => h("p", { class: "day" }, h("span", {}, dayName(itsDay)))]);
      day = itsDay;
      if (it.id === model.firstUnread) wanted.push(["unread", "", () => h("p", { class: "day day-unread" }, h("span", {}, "New messages"))]);
      wanted.push([it.id, signature(it, model, isPrivate), () => post(it, model, { isPrivate, openThread: this.#openThread })]);
    }
    if (!wanted.length) wanted.push(["empty", "", () => h("p", { class: "empty" }, "Nothing was said here yet.")]);
    reconcile(list, wanted);
    if (atEnd || isOther) list.scrollTop = list.scrollHeight;
  }
}

/** First posts of threads, and private replies outside of threads, by time. */
function merged(model) {
  const posts = model.posts.filter((it) => !it.root_id).map((it) => [it, false]);
  const replies = model.replies.filter((it) => !it.root_id).map((it) => [it, true]);
  return [...posts, ...replies].sort(([a], [b]) => a.created_ms - b.created_ms);
}
