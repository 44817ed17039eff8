// The simulated Zoom beside the chat.

import { ask } from "./api.js";
import { h, reconcile } from "./dom.js";
import { notice, trying } from "./notice.js";
import { count, when } from "./time.js";

const MISHAPS = [
  ["", "is answered as it should be"],
  ["unauthorized", "is refused: wrong credentials (401)"],
  ["unknown-user", "meets an unknown user (404)"],
  ["rate-limit", "is one too many (429)"],
  ["bad-gateway", "gets a page in HTML (502)"],
  ["false-success", "gets an error that looks like success (200)"],
  ["slow", "is answered too late"],
  ["dropped", "is cut off"],
];

const STATES = { waiting: "Not started", started: "Running", ended: "Ended" };

/** The panel: meetings with what can happen to them, Zoom's moods, and what it did last. */
export class Panel {
  title = "Simulated Zoom";
  rootId = null;
  #zoom = null;
  #isAsking = false;
  #askAgain = false;

  constructor() {
    this.meetings = h("div", { class: "meetings" });
    this.personal = h("div", { class: "meetings" });
    this.mishap = h("select", { id: "mishap", onchange: () => post("mishap", { kind: this.mishap.value || null }) },
      MISHAPS.map(([value, label]) => h("option", { value }, label)));
    this.signing = h("input", { id: "signing", type: "checkbox", onchange: () => post("signing", { on: this.signing.checked }) });
    this.events = h("ol", { class: "events" });
    this.calls = h("ol", { class: "events" });
    this.element = h("div", { class: "panel", tabindex: "0", role: "group", "aria-label": "Simulated Zoom" },
      h("h3", {}, "Meetings"), this.meetings,
      h("h3", {}, "Zoom's next answer"),
      h("div", { class: "field" }, h("label", { for: "mishap" }, "The next call"), this.mishap),
      h("div", { class: "check" }, this.signing, h("label", { for: "signing" }, "Sign events")),
      h("h3", {}, "Events sent to the plugin"), this.events,
      h("button", { type: "button", class: "button", onclick: () => this.#redeliver() }, "Redeliver last event"),
      h("h3", {}, "Calls from the plugin"), this.calls,
      h("details", {}, h("summary", {}, "Personal meetings"), this.personal));
  }

  /** Asks what happened and draws it; one question at a time. */
  async draw() {
    if (this.#isAsking) {
      this.#askAgain = true;
      return true;
    }
    this.#isAsking = true;
    do {
      this.#askAgain = false;
      this.#zoom = await trying(() => ask("GET", "/api/zoom")) ?? this.#zoom;
    } while (this.#askAgain);
    this.#isAsking = false;
    if (this.#zoom) this.#show(this.#zoom);
    return true;
  }

  focus() {
    this.element.focus();
  }

  #show(zoom) {
    list(this.meetings, zoom.meetings, meeting, "None yet. Type /zoom start and a topic.");
    list(this.personal, zoom.personal, meeting, "None.");
    this.mishap.value = zoom.mishap ?? "";
    this.signing.checked = zoom.signed;
    list(this.events, zoom.events, event, "None yet.");
    list(this.calls, zoom.calls, call, "None yet.");
  }

  #redeliver() {
    return trying(async () => {
      const { event } = await ask("POST", "/api/zoom/redeliver", {});
      notice(`Zoom sends ${event} once more.`);
    });
  }
}

function list(element, items, build, nothing) {
  const wanted = items.map((item) => [String(item.id), JSON.stringify(item), () => build(item)]);
  if (!wanted.length) wanted.push(["none", "", () => h(element.tagName === "OL" ? "li" : "p", { class: "quiet-text" }, nothing)]);
  reconcile(element, wanted);
}

function post(path, body = {}) {
  return trying(() => ask("POST", `/api/zoom/${path}`, body));
}

function meeting(it) {
  const path = `meetings/${it.id}`;
  const isRunning = it.status === "started";
  const button = (label, action, body, kind = "") => h("button", {
    type: "button", class: `button ${kind}`, "data-focus": action, onclick: () => post(`${path}/${action}`, typeof body === "function" ? body() : body),
  }, label);
  const minutes = h("select", { "aria-label": "Length of the meeting", "data-focus": "minutes" },
    h("option", { value: "" }, "now"),
    [15, 47, 65].map((length) => h("option", { value: String(length) }, `after ${length} minutes`)));
  return h("section", { class: `meeting meeting-${it.status}`, "aria-label": it.topic },
    h("h4", {}, it.topic),
    h("p", { class: "quiet-text" }, h("span", { class: "state" }, STATES[it.status]), ` · ${it.host} · ${spaced(it.id)}`),
    isRunning && h("p", { class: "quiet-text" }, it.present.length ? `${count(it.present.length, "person", "people")}: ${it.present.map((who) => who.name).join(", ")}` : "Nobody is in it."),
    h("div", { class: "meeting-actions" },
      !isRunning && button(it.status === "ended" ? "Start again" : "Start", "start", {}, "button-primary"),
      isRunning && button("Someone joins", "join", {}),
      isRunning && it.present.length > 0 && button("Someone leaves", "leave", {}),
      isRunning && h("span", { class: "end" },
        button("End", "end", () => ({ minutes: minutes.value ? Number(minutes.value) : null }), "button-danger"), minutes)));
}

function event(it) {
  const answer = it.status ?? { pending: "under way", retrying: "will try again" }[it.state] ?? it.state;
  return h("li", {}, h("code", {}, it.event), h("span", { class: "quiet-text" }, `${it.again ? "again, " : ""}${when(it.at_ms)} → ${answer}`));
}

function call(it) {
  return h("li", {}, h("code", {}, `${it.method} ${it.path}`), h("span", { class: "quiet-text" }, `${when(it.at_ms)} → ${it.status ?? "no answer"}`));
}

/** `123 4567 8901` */
function spaced(id) {
  return String(id).replace(/^(\d{3})(\d{3,4})(\d{4})$/, "$1 $2 $3");
}
