// The panel of the simulated Zoom: what happens at Zoom is decided here.

import { ask } from "./api.js";
import { h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { notice, trying } from "./notice.js";
import { length, timeOfDay } from "./time.js";

const MISHAPS = [
  ["", "answers rightly"],
  ["unknown-user", "404: does not know the user"],
  ["unauthorized", "401: refuses the app’s credentials"],
  ["rate-limit", "429: too many calls"],
  ["bad-gateway", "502: a page in HTML"],
  ["false-success", "200 with an error inside"],
  ["slow", "answers too late (12 seconds)"],
  ["dropped", "drops the connection"],
];
const LENGTHS = [["", "now"], ["5", "after 5 minutes"], ["47", "after 47 minutes"], ["65", "after 1 hour 5 minutes"]];
const LOG_LINES_MAX = 50;

/** The panel's pane. `close` closes it. */
export function zoomPane(model, close) {
  const simulated = model.state.simulated;
  const meetings = h("ul", { class: "meeting-list" });
  const empty = h("p", { class: "empty" }, "No meeting yet. Type ", h("code", {}, "/zoom start Sprint review"), " in a channel, or press “Start a meeting”.");
  const personal = h("ul", { class: "meeting-list" });
  const events = h("ol", { class: "trace" });
  const calls = h("ol", { class: "trace" });
  const log = h("ol", { class: "trace trace-log" });
  const mishap = h("select", { "aria-label": "What Zoom does with the next call", onchange: (event) => trying(() => ask("POST", "/api/zoom/mishap", { kind: event.target.value || null })) }, MISHAPS.map(([value, label]) => h("option", { value }, label)));
  const signing = h("input", { type: "checkbox", role: "switch", id: "signing", onchange: async (event) => {
    await trying(() => ask("POST", "/api/zoom/signing", { on: event.target.checked }));
    refresh();
  } });
  const redeliver = h("button", { type: "button", class: "button", onclick: async () => {
    const sent = await trying(() => ask("POST", "/api/zoom/redeliver", {}));
    if (sent) notice(`Sent ${sent.event} once more.`);
  } }, "Send the last event again");

  const body = simulated ? [
    section("Meetings", empty, meetings),
    h("details", { class: "fold" }, h("summary", {}, "Personal meetings"), h("p", { class: "hint" }, "Post one with ", h("code", {}, "/zoom share"), " and its number or link."), personal),
    section("The next call", h("div", { class: "row" }, h("span", { "aria-hidden": "true" }, "Zoom"), mishap)),
    section("Events",
      h("label", { class: "row row-switch", for: "signing" }, h("span", {}, "Sign events", h("span", { class: "hint" }, "As with Zoom’s Secret Token")), signing),
      redeliver, events),
    h("details", { class: "fold" }, h("summary", {}, "The plugin’s calls"), calls),
    h("details", { class: "fold" }, h("summary", {}, "The plugin’s log"), log),
  ] : [
    h("p", { class: "hint" }, "This chat uses the Zoom account of your settings file: meetings are real."),
    section("The plugin’s log", log),
  ];
  // Unseen until it is known what happens at Zoom.
  const content = h("div", { class: "scroller panel-body", hidden: simulated }, body);
  const element = h("div", { class: "pane" },
    h("header", { class: "pane-head" }, h("div", {}, h("h2", {}, simulated ? "Simulated Zoom" : "Zoom"), simulated && h("p", {}, "What happens at Zoom, you decide here.")),
      h("button", { type: "button", class: "quiet square", "aria-label": "Close the Zoom panel", onclick: close }, icon("close"))),
    content);

  const show = (zoom) => {
    empty.hidden = zoom.meetings.length > 0;
    reconcile(meetings, zoom.meetings.map((meeting) => [String(meeting.id), JSON.stringify(meeting), () => meetingRow(meeting)]));
    reconcile(personal, zoom.personal.map((meeting) => [String(meeting.id), JSON.stringify(meeting), () => personalRow(meeting)]));
    reconcile(events, zoom.events.map((event) => [String(event.id), JSON.stringify(event), () => eventRow(event)]));
    reconcile(calls, zoom.calls.map((call) => [String(call.id), JSON.stringify(call), () => callRow(call)]));
    if (document.activeElement !== mishap) mishap.value = zoom.mishap ?? "";
    signing.checked = zoom.signed;
    content.hidden = false;
  };
  const showLog = (lines) => {
    log.replaceChildren(...(lines.length ? lines.map((line) => h("li", { class: `log-${line.level}` }, timeOfDay(line.at_ms), h("span", { class: "log-text" }, line.text), h("span", { class: "status" }, line.level))) : [h("li", {}, "Nothing yet.")]));
  };
  let lines = [];
  let asked = false;
  const refresh = async () => {
    if (!simulated || !element.isConnected || asked) return;
    // Changes come in bunches: one look a moment later sees them all.
    asked = true;
    await new Promise((resolve) => setTimeout(resolve, 60));
    asked = false;
    const zoom = await trying(() => ask("GET", "/api/zoom"));
    if (zoom) show(zoom);
  };
  model.addEventListener("zoom", refresh);
  model.addEventListener("log", (event) => {
    lines = [event.detail, ...lines].slice(0, LOG_LINES_MAX);
    showLog(lines);
  });
  const begin = async () => {
    const loaded = await trying(() => ask("GET", "/api/log"));
    if (loaded) lines = loaded.lines.toReversed().slice(0, LOG_LINES_MAX);
    showLog(lines);
  };
  begin();

  return { element, open: refresh, focus: () => element.querySelector("button").focus() };
}

function section(title, ...children) {
  return h("section", { class: "section", "aria-label": title }, h("h3", {}, title), children);
}

function meetingRow(meeting) {
  const state = { waiting: "Not started", started: "Running", ended: "Ended" }[meeting.status];
  const path = `/api/zoom/meetings/${meeting.id}`;
  const act = (deed, body = {}) => () => trying(() => ask("POST", `${path}/${deed}`, body));
  const runs = meeting.status === "started";
  const after = h("select", { "aria-label": `When ${meeting.topic} ends`, "data-focus": "after" }, LENGTHS.map(([value, label]) => h("option", { value }, label)));
  const end = () => act("end", { minutes: after.value ? Number(after.value) : null })();
  return h("li", { class: `meeting-row is-${meeting.status}` },
    h("div", { class: "meeting-row-head" }, h("p", { class: "meeting-row-topic" }, meeting.topic), h("span", { class: `pill pill-${meeting.status}` }, state)),
    h("p", { class: "hint" }, meeting.host, " · ", h("span", { class: "number" }, String(meeting.id))),
    meeting.ended_ms && h("p", { class: "hint" }, `Lasted ${length(meeting.ended_ms - meeting.started_ms)}`),
    meeting.present.length > 0 && h("ul", { class: "present", "aria-label": "In the meeting" }, meeting.present.map((who) => h("li", {}, who.name, h("button", { type: "button", class: "quiet", "aria-label": `${who.name} leaves`, "data-focus": `leave-${who.user_id}`, onclick: act("leave", { user_id: who.user_id }) }, icon("close"))))),
    meeting.recording && h("p", { class: "hint" }, h("a", { href: meeting.recording, target: "_blank", rel: "noreferrer" }, "Its recording")),
    h("div", { class: "buttons" }, runs
      ? [h("button", { type: "button", class: "button", "data-focus": "join", onclick: act("join") }, "Someone joins"), h("span", { class: "joined" }, h("button", { type: "button", class: "button button-danger", "data-focus": "end", onclick: end }, "End"), after)]
      : [
        meeting.status === "ended" && !meeting.recording && h("button", { type: "button", class: "button", "data-focus": "record", onclick: act("record") }, "Record it"),
        h("button", { type: "button", class: "button button-primary", "data-focus": "start", onclick: act("start") }, meeting.status === "ended" ? "Start again" : "Start"),
      ]));
}

function personalRow(meeting) {
  const copy = async () => {
    await navigator.clipboard.writeText(meeting.join_url);
    notice("The link is copied.");
  };
  return h("li", { class: "meeting-row" },
    h("div", { class: "meeting-row-head" }, h("p", { class: "meeting-row-topic" }, meeting.host), h("span", { class: "number" }, String(meeting.id))),
    h("div", { class: "buttons" },
      h("button", { type: "button", class: "button", "data-focus": "copy", onclick: () => trying(copy) }, icon("copy"), "Copy the link"),
      h("button", { type: "button", class: "button", "data-focus": "start", onclick: () => trying(() => ask("POST", `/api/zoom/meetings/${meeting.id}/start`, {})) }, "Start")));
}

function eventRow(event) {
  const good = event.state.state === "delivered";
  const words = { delivered: "taken", refused: "refused", dropped: "given up", scheduled: "waiting", sending: "on its way", held: "held", not_sent: "not sent" };
  return h("li", { title: event.answer || null }, timeOfDay(event.at_ms), h("span", { class: "trace-name" }, event.event, event.again && h("em", {}, " again")), h("span", { class: `status ${good ? "is-good" : "is-bad"}` }, `${event.status ?? ""} ${words[event.state.state] ?? ""}`));
}

function callRow(call) {
  return h("li", {}, timeOfDay(call.at_ms), h("span", { class: "trace-name" }, `${call.method} ${decodeURIComponent(call.path)}`), h("span", { class: `status ${call.status && call.status < 400 ? "is-good" : "is-bad"}` }, call.status ?? "no answer"));
}
