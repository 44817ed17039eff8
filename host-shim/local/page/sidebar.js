// The list of channels, and who the page acts as.

import { ask } from "./api.js";
import { h, reconcile, rove } from "./dom.js";
import { icon } from "./icons.js";
import { trying } from "./notice.js";
import { avatar } from "./post.js";

/** Fills the sidebar. `open(channelId)` opens a channel. */
export class Sidebar {
  #model;
  #open;

  constructor(element, model, open) {
    this.#model = model;
    this.#open = open;
    this.list = h("ul", { class: "channels" });
    this.roving = rove(this.list, "button");
    this.select = h("select", { id: "who", onchange: () => this.#switch() });
    this.note = h("p", { class: "who-note" });
    element.append(
      h("p", { class: "brand" }, h("img", { src: "/assets/icon.svg", alt: "", width: "28", height: "28" }), "Local Chat"),
      this.list,
      h("div", { class: "who" }, h("label", { for: "who" }, "You are"), this.select, this.note));
  }

  draw() {
    const model = this.#model;
    reconcile(this.list, model.state.channels.map((channel) => {
      const isOpen = channel.id === model.channelId;
      const unread = isOpen ? 0 : channel.unread;
      return [channel.id, JSON.stringify([channel, isOpen, unread, model.state.me, model.state.statuses]), () => this.#item(channel, isOpen, unread)];
    }));
    this.roving.refresh(this.list.querySelector("[aria-current]"));
    this.select.replaceChildren(...model.state.people.map((id) => h("option", { value: id }, model.user(id).display_name)));
    this.select.value = model.state.me;
    this.note.textContent = model.me.note;
  }

  #item(channel, isOpen, unread) {
    const model = this.#model;
    const kind = channel.archived ? "archive" : channel.kind === "private" ? "lock" : "hash";
    return h("li", {}, h("button", {
      type: "button", class: unread ? "channel channel-unread" : "channel", "aria-current": isOpen && "page", "data-focus": "channel",
      onclick: () => this.#open(channel.id),
    },
    channel.kind === "direct" ? avatar(model.partner(channel)) : icon(kind),
    h("span", { class: "channel-name" }, model.channelName(channel)),
    channel.archived && h("span", { class: "unseen" }, "archived"),
    channel.kind === "private" && h("span", { class: "unseen" }, "private"),
    unread > 0 && h("span", { class: "badge" }, String(unread), h("span", { class: "unseen" }, " unread"))));
  }

  #switch() {
    return trying(async () => {
      await ask("POST", "/api/me", { id: this.select.value });
      location.reload();
    });
  }
}
