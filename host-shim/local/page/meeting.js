// The room behind a simulated join link.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { trying } from "./notice.js";
import { avatar } from "./people.js";
import { length, when } from "./time.js";

const room = document.getElementById("room");
const id = Number(location.pathname.split("/").at(-1));
const state = await ask("GET", "/api/state");
const me = state.users.find((user) => user.id === state.me);

async function show() {
  const zoom = await trying(() => ask("GET", "/api/zoom"));
  if (!zoom) return;
  const meeting = [...zoom.meetings, ...zoom.personal].find((known) => known.id === id);
  const focus = document.activeElement?.dataset?.focus;
  room.replaceChildren(...(meeting ? draw(meeting).filter(Boolean) : nothing()));
  if (focus) room.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
}

function draw(meeting) {
  document.title = meeting.topic;
  const mine = meeting.present.find((who) => who.email && who.email === me.email) ?? meeting.present.find((who) => who.name === me.display_name);
  const act = (deed, body = {}) => async () => {
    await trying(() => ask("POST", `/api/zoom/meetings/${id}/${deed}`, body));
    await show();
  };
  const button = (name, kind, deed, body) => h("button", { type: "button", class: `button ${kind}`, "data-focus": deed, onclick: act(deed, body) }, name);
  const isHost = meeting.host_email === me.email;
  const runs = meeting.status === "started";
  return [
    h("p", { class: "room-sign" }, icon("video"), "Simulated Zoom"),
    h("h1", {}, meeting.topic),
    h("p", { class: "room-facts" }, `Hosted by ${meeting.host}`, " · ", h("span", { class: "number" }, String(meeting.id))),
    h("p", { class: `room-state is-${meeting.status}`, role: "status" }, words(meeting)),
    runs && h("ul", { class: "room-people", "aria-label": "In the meeting" }, meeting.present.map((who) => h("li", {}, avatar({ id: who.name, display_name: who.name }), who.name))),
    h("div", { class: "room-buttons" },
      !runs && (isHost ? button(meeting.status === "ended" ? "Start again" : "Start the meeting", "button-primary", "start") : h("p", {}, "The host has to start it.")),
      runs && !mine && button("Join", "button-primary", "join", { email: me.email, name: me.display_name }),
      runs && mine && button("Leave", "", "leave", { user_id: mine.user_id }),
      runs && isHost && button("End for all", "button-danger", "end")),
    h("p", { class: "room-note" }, "There is no sound and no picture here: this room only does what Zoom would tell the chat about. ", h("a", { href: "/" }, "To the chat")),
  ];
}

function words(meeting) {
  if (meeting.status === "started") return `Running since ${when(meeting.started_ms)}`;
  if (meeting.status === "ended") return `Ended. It lasted ${length(meeting.ended_ms - meeting.started_ms)}.`;
  return "Not started yet";
}

function nothing() {
  return [h("h1", {}, "No such meeting"), h("p", { class: "room-note" }, "The simulated Zoom forgets its meetings when the program ends. ", h("a", { href: "/" }, "To the chat"))];
}

await show();
const stream = new EventSource("/api/events");
stream.onmessage = (message) => {
  if (["zoom", "hello", "reload"].includes(JSON.parse(message.data).type)) show();
};
