// The open channel: its heading, its messages, its message box.

import { ask, requestId } from "./api.js";
import { composer } from "./composer.js";
import { h, reconcile, rove } from "./dom.js";
import { icon } from "./icons.js";
import { isWebUrl } from "./markdown.js";
import { notice, trying } from "./notice.js";
import { avatar } from "./people.js";
import { post } from "./post.js";
import { count, dayName, startOfDay } from "./time.js";

/** Posts of one author this close together are drawn as one block. */
const TOGETHER_MS = 5 * 60_000;

/** Fills the main part. `doors` are what the rest of the page does: openDrawer, toggleZoom, openThread. */
export function timeline(element, model, doors) {
  const head = h("header", { class: "head" });
  const problems = h("div", { class: "problems", role: "status" });
  const posts = h("div", { class: "posts", role: "log", "aria-label": "Messages" });
  const scroller = h("div", { class: "scroller" }, posts);
  const foot = h("footer", { class: "foot" });
  const box = composer(model, { id: "message-box", placeholder: () => `Message ${model.channel ? model.channelName(model.channel) : ""}` });
  element.append(head, problems, scroller, foot);
  const roving = rove(posts, ".post");
  let channelId = null;

  model.addEventListener("chrome", () => {
    const channel = model.channel;
    if (!channel) return;
    document.title = `${model.channelName(channel)} · Local Chat`;
    showHead(head, channel, model, doors);
    showProblems(problems, model);
    const archived = channel.archived ? "archived" : "open";
    if (foot.dataset.shows !== archived) {
      foot.dataset.shows = archived;
      foot.replaceChildren(channel.archived ? h("p", { class: "archived" }, icon("archive"), "This channel is archived. It can be read, but nothing more can be posted.") : box.element);
    }
    if (channelId !== channel.id) box.reset(channel.id);
  });

  model.addEventListener("posts", () => {
    const isNew = channelId !== model.channelId;
    const atEnd = isNew || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    if (isNew) posts.replaceChildren();
    channelId = model.channelId;
    reconcile(posts, rows(model, doors));
    roving.refresh();
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  });
  new ResizeObserver(() => {
    if (scroller.dataset.end === "yes") scroller.scrollTop = scroller.scrollHeight;
  }).observe(scroller);
  scroller.addEventListener("scroll", () => {
    scroller.dataset.end = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80 ? "yes" : "no";
  });
  return box;
}

function rows(model, doors) {
  const all = [...model.posts.filter((message) => !message.root_id), ...model.replies.filter((message) => !message.root_id)]
    .sort((a, b) => a.created_ms - b.created_ms || (a.id < b.id ? -1 : 1));
  const rows = [["start", "start", () => beginning(model)]];
  let above = null;
  for (const message of all) {
    const day = startOfDay(message.created_ms);
    if (!above || startOfDay(above.created_ms) !== day) rows.push([`day-${day}`, dayName(day), () => h("div", { class: "rule" }, h("span", {}, dayName(day)))]);
    if (message.id === model.firstUnread) rows.push(["new", "new", () => h("div", { class: "rule rule-new" }, h("span", {}, "New"))]);
    const follows = Boolean(above) && above.user_id === message.user_id && message.created_ms - above.created_ms < TOGETHER_MS && !above.card && !message.card
      && !isPrivate(above) && !isPrivate(message) && message.id !== model.firstUnread && startOfDay(above.created_ms) === day;
    const replies = model.thread(message.id).map((reply) => reply.id);
    rows.push([message.id, JSON.stringify([message, follows, replies, model.channel?.archived]), () => post(message, model, { follows, openThread: doors.openThread })]);
    above = message;
  }
  return rows;
}

const isPrivate = (message) => message.id.startsWith("private");

function beginning(model) {
  const channel = model.channel;
  if (!channel) return h("div", {});
  const name = model.channelName(channel);
  return h("div", { class: "beginning" }, h("h2", {}, name), h("p", {}, channel.kind === "direct" ? `Only you and ${name} read this.` : channel.purpose || `This is the beginning of ${name}.`));
}

function showHead(head, channel, model, doors) {
  const signature = JSON.stringify([channel.id, channel.members.length, model.state.simulated, model.channelName(channel)]);
  if (head.dataset.signature === signature) return;
  head.dataset.signature = signature;
  const name = model.channelName(channel);
  const start = h("button", { type: "button", class: "button button-start", onclick: (event) => startMeeting(event.currentTarget, model) }, icon("video"), h("span", { class: "wide-only" }, "Start a meeting"), h("span", { class: "unseen narrow-only" }, "Start a meeting"));
  head.replaceChildren(
    h("button", { type: "button", class: "quiet square drawer-open", "aria-label": "Open the channel list", onclick: doors.openDrawer }, icon("menu")),
    h("div", { class: "head-sign" }, channel.kind === "direct" ? avatar(model.partner(channel)) : icon(channel.archived ? "archive" : channel.kind === "private" ? "lock" : "hash")),
    h("div", { class: "head-words" }, h("h1", {}, name), h("p", {}, channel.kind === "direct" ? "Direct message" : [count(channel.members.length, "member"), channel.purpose].filter(Boolean).join(" · "))),
    start,
    h("button", { type: "button", class: "button", id: "zoom-toggle", "aria-controls": "side", onclick: doors.toggleZoom }, icon("panel"), h("span", {}, "Zoom")));
  doors.shown();
}

function showProblems(element, model) {
  const signature = JSON.stringify(model.state.problems);
  if (element.dataset.signature === signature) return;
  element.dataset.signature = signature;
  element.replaceChildren(...(model.state.problems.length ? [h("div", { class: "problem-box" }, icon("warning"), h("div", {}, h("strong", {}, "The Zoom plugin is not set up yet"), h("ul", {}, model.state.problems.map((problem) => h("li", {}, problem.message)))))] : []));
}

/** What the plugin's button in a chat client does. */
async function startMeeting(button, model) {
  button.disabled = true;
  const body = { channel_id: model.channelId, request_id: requestId() };
  const answer = await trying(() => ask("POST", "/plugins/zoom/api/v1/meetings", body));
  button.disabled = false;
  if (answer?.meeting_url && isWebUrl(answer.meeting_url)) notice("Your meeting is ready. ", { link: { url: answer.meeting_url, label: "Open it" } });
}
