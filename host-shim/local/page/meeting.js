// What a simulated join link leads to.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { trying } from "./notice.js";
import { count } from "./time.js";

const room = document.getElementById("room");
const [, , kind, text] = location.pathname.split("/");
const id = Number(text);
let state = null;
let zoom = null;

async function draw() {
  await trying(async () => {
    [state, zoom] = await Promise.all([ask("GET", "/api/state"), ask("GET", "/api/zoom")]);
  });
  if (!zoom) return;
  const meeting = [...zoom.meetings, ...zoom.personal].find((known) => known.id === id);
  if (!meeting) {
    room.replaceChildren(h("h1", {}, "This meeting is gone"), h("p", {}, "The simulated Zoom forgets its meetings when the chat's program ends."), back());
    return;
  }
  document.title = `${meeting.topic} – simulated Zoom`;
  const me = state.users.find((user) => user.id === state.me);
  const mine = meeting.present.find((who) => who.email === me.email || who.name === me.display_name);
  const isRunning = meeting.status === "started";
  const button = (label, action, body, look = "") => h("button", { type: "button", class: `button ${look}`, onclick: () => act(action, body) }, label);
  room.replaceChildren(
    h("p", { class: "card-status" }, "Simulated Zoom meeting"),
    h("h1", {}, meeting.topic),
    h("p", {}, sentence(meeting, mine)),
    h("ul", { class: "present" }, meeting.present.map((who) => h("li", {}, who.name))),
    h("div", { class: "meeting-actions" },
      !isRunning && button(kind === "s" || meeting.host_email === me.email ? "Start the meeting" : "Start it as the host would", "start", {}, "button-primary"),
      isRunning && !mine && button(`Join as ${me.display_name}`, "join", { email: me.email, name: me.display_name }, "button-primary"),
      isRunning && mine && button("Leave", "leave", { user_id: mine.user_id }),
      isRunning && button("End the meeting for all", "end", {}, "button-danger")),
    back());
}

function sentence(meeting, mine) {
  if (meeting.status === "ended") return "This meeting has ended.";
  if (meeting.status !== "started") return `${meeting.host} has not started the meeting yet.`;
  return `${mine ? "You are in the meeting. " : ""}${count(meeting.present.length, "person is", "people are")} in it.`;
}

function act(action, body) {
  return trying(async () => {
    await ask("POST", `/api/zoom/meetings/${id}/${action}`, body);
    await draw();
  });
}

function back() {
  return h("p", {}, h("a", { href: "/" }, "Back to the chat"));
}

await draw();
new EventSource("/api/events").onmessage = (message) => {
  if (JSON.parse(message.data).type === "zoom") draw();
};
