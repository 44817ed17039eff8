// The box that messages are written in, with completion of commands.

import { argumentHelp, suggestions } from "./completion.js";
import { announce, h } from "./dom.js";
import { icon } from "./icons.js";
import { trying } from "./notice.js";

/** A message box. `id` names its field, `label` says where the words go, `send(text)` sends them. */
export class Composer {
  #model;
  #send;
  #options = [];
  #active = -1;
  #sending = false;

  constructor(model, { id, label, send }) {
    this.#model = model;
    this.#send = send;
    this.list = h("ul", { id: `${id}-options`, class: "completion", role: "listbox", "aria-label": "Commands", hidden: true });
    this.help = h("p", { class: "argument-help", id: `${id}-help` });
    this.field = h("textarea", {
      id, rows: "1", "aria-label": label, placeholder: label, autocomplete: "off", maxlength: "16383",
      "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-describedby": this.help.id,
      oninput: () => this.#complete(), onkeydown: (event) => this.#key(event), onblur: () => this.#close(),
    });
    this.button = h("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"));
    this.element = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.#submit(); } },
      this.list, h("div", { class: "composer-box" }, this.field, this.button), this.help);
  }

  /** What the empty box says, and whether anything can be written. */
  label(label, isClosed) {
    this.field.setAttribute("aria-label", label);
    this.field.placeholder = isClosed ? "This channel is archived: only commands work here" : label;
  }

  #complete() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 180)}px`;
    const command = this.#model.state.command;
    const options = suggestions(command, this.field.value);
    this.help.textContent = options.length ? "" : argumentHelp(command, this.field.value);
    if (!options.length) {
      this.#close();
      return;
    }
    if (this.list.hidden) announce(`${options.length} suggestions. Use the arrow keys, and Enter to take one.`);
    this.#options = options;
    this.#active = 0;
    this.#draw();
  }

  #draw() {
    this.list.replaceChildren(...this.#options.map((option, at) => h("li", {
      id: `${this.field.id}-option-${at}`, role: "option", "aria-selected": String(at === this.#active),
      onmousedown: (event) => { event.preventDefault(); this.#choose(at); },
    }, h("span", { class: "option-name" }, option.label, option.hint && h("span", { class: "option-hint" }, ` ${option.hint}`)),
    h("span", { class: "option-help" }, option.help))));
    this.list.hidden = false;
    this.field.setAttribute("aria-activedescendant", `${this.field.id}-option-${this.#active}`);
    this.list.children[this.#active]?.scrollIntoView({ block: "nearest" });
  }

  #close() {
    this.#options = [];
    this.#active = -1;
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  #choose(at) {
    this.field.value = this.#options[at].text;
    this.#complete();
  }

  #key(event) {
    if (event.isComposing) return;
    const isOpen = this.#options.length > 0;
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#active = (this.#active + step + this.#options.length) % this.#options.length;
      this.#draw();
    } else if (isOpen && event.key === "Escape") {
      this.#close();
    } else if (isOpen && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey) {
      this.#choose(this.#active);
    } else if (event.key === "Enter" && !event.shiftKey) {
      this.#submit();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  async #submit() {
    const text = this.field.value;
    if (!text.trim() || this.#sending) return;
    this.#sending = true;
    this.element.setAttribute("aria-busy", "true");
    this.field.value = "";
    this.#complete();
    const sent = await trying(async () => { await this.#send(text); return true; });
    if (!sent && !this.field.value) this.field.value = text;
    this.#sending = false;
    this.element.removeAttribute("aria-busy");
  }
}
