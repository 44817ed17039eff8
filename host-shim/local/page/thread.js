// A thread beside the channel.

import { Composer } from "./composer.js";
import { h, reconcile } from "./dom.js";
import { post, signature } from "./post.js";

/** The thread below `rootId`; `say(text, rootId)` sends a reply. */
export class Thread {
  #model;

  constructor(model, rootId, say) {
    this.#model = model;
    this.rootId = rootId;
    this.list = h("div", { class: "timeline", role: "log", "aria-label": "Messages in the thread", tabindex: "0" });
    this.composer = new Composer(model, { id: "thread-box", label: "Reply in the thread", send: (text) => say(text, rootId) });
    this.element = h("div", { class: "thread" }, this.list, this.composer.element);
    this.title = "Thread";
  }

  draw() {
    const model = this.#model;
    const root = model.posts.find((it) => it.id === this.rootId);
    const all = [
      ...(root ? [[root, false]] : []),
      ...[...model.thread(this.rootId).map((it) => [it, false]), ...model.replies.filter((it) => it.root_id === this.rootId).map((it) => [it, true])]
        .sort(([a], [b]) => a.created_ms - b.created_ms),
    ];
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    reconcile(this.list, all.map(([it, isPrivate]) => [it.id, signature(it, model, isPrivate), () => post(it, model, { isPrivate })]));
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
    return Boolean(root);
  }

  focus() {
    this.composer.field.focus();
  }
}
