// Puts the page together.

import { Composer } from "./composer.js";
import { announce, h } from "./dom.js";
import { showForm } from "./form.js";
import { icon } from "./icons.js";
import { Model } from "./model.js";
import { trying } from "./notice.js";
import { Panel } from "./panel.js";
import { Sidebar } from "./sidebar.js";
import { Thread } from "./thread.js";
import { Timeline } from "./timeline.js";
import { isWebUrl } from "./markdown.js";

const ROOMY = matchMedia("(min-width: 1100px)");
const THEMES = { system: "light", light: "dark", dark: "system" };

const model = new Model();
const app = document.getElementById("app");
const side = document.getElementById("side");
let pane = null;
let before = null;

/** Sends words, and follows where the plugin leads. */
async function say(text, rootId) {
  const answer = await model.say(text, rootId);
  if (answer?.open_url && isWebUrl(answer.open_url)) open(answer.open_url, "_blank", "noopener");
}

const timeline = new Timeline(model, (id) => show(threadOf(id)));
const composer = new Composer(model, { id: "message-box", label: "Write a message", send: (text) => say(text) });
const sidebar = new Sidebar(document.getElementById("sidebar"), model, openChannel);
const title = h("h1", { class: "channel-title" });
const purpose = h("p", { class: "channel-purpose" });
const banner = h("div", { class: "banners" });
const zoomButton = h("button", { type: "button", class: "button", "aria-expanded": "false", "aria-controls": "side", onclick: () => show(pane instanceof Panel ? null : new Panel()) }, icon("panel"), "Zoom panel");
const themeButton = h("button", { type: "button", class: "quiet", onclick: nextTheme });
const menuButton = h("button", { type: "button", class: "quiet menu-button", "aria-label": "Channels", "aria-expanded": "false", "aria-controls": "sidebar", onclick: () => drawer(app.dataset.drawer !== "open") }, icon("menu"));

document.getElementById("main").append(
  h("header", { class: "header" }, menuButton, h("div", { class: "header-text" }, title, purpose), themeButton, zoomButton),
  banner, timeline.element, composer.element);
document.getElementById("scrim").addEventListener("click", () => drawer(false));
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (app.dataset.drawer === "open") drawer(false);
  else if (pane && !ROOMY.matches) show(null);
});
document.addEventListener("visibilitychange", () => trying(() => model.markRead()));

model.addEventListener("chrome", drawChrome);
model.addEventListener("posts", drawPosts);
model.addEventListener("zoom", () => { if (pane instanceof Panel) pane.draw(); });
model.addEventListener("form", ({ detail }) => showForm(detail, model));

await trying(() => model.load());
if (model.state) {
  showTheme();
  const wanted = decodeURIComponent(location.hash.slice(1));
  const first = model.state.channels.find((channel) => channel.id === wanted) ?? model.state.channels[0];
  await trying(() => model.open(first.id));
  if (model.state.simulated && ROOMY.matches) show(new Panel(), false);
  model.listen();
}

function openChannel(id) {
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  drawer(false);
  if (pane instanceof Thread) show(null);
  trying(() => model.open(id)).then(() => composer.field.focus());
}

function threadOf(id) {
  return new Thread(model, id, say);
}

/** Shows a pane beside the channel, or none. */
function show(next, withFocus = true) {
  pane = next;
  app.dataset.side = next ? (next instanceof Panel ? "zoom" : "thread") : "none";
  side.hidden = !next;
  side.setAttribute("aria-label", next?.title ?? "Details");
  zoomButton.setAttribute("aria-expanded", String(next instanceof Panel));
  if (!next) {
    side.replaceChildren();
    if (withFocus) (before?.isConnected ? before : composer.field).focus();
    return;
  }
  if (withFocus) before = document.activeElement;
  side.replaceChildren(
    h("header", { class: "header" }, h("h2", { class: "channel-title" }, next.title),
      h("button", { type: "button", class: "quiet", "aria-label": `Close: ${next.title}`, onclick: () => show(null) }, icon("close"))),
    next.element);
  next.draw();
  if (withFocus) next.focus();
}

function drawer(isOpen) {
  app.dataset.drawer = isOpen ? "open" : "closed";
  menuButton.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) document.querySelector("#sidebar [aria-current]")?.focus();
}

function drawChrome() {
  sidebar.draw();
  zoomButton.hidden = !model.state.simulated;
  const problems = model.state.problems.map((problem) => h("p", { class: "banner" }, icon("warning"), h("span", {}, problem.message)));
  if (!model.isConnected) problems.unshift(h("p", { class: "banner" }, icon("warning"), h("span", {}, "The connection to the chat is lost. It comes back by itself when the program runs again.")));
  banner.replaceChildren(...problems);
  const channel = model.channel;
  if (!channel) return;
  const name = model.channelName(channel);
  title.textContent = name;
  purpose.textContent = channel.archived ? `Archived. ${channel.purpose}` : channel.kind === "direct" ? model.partner(channel).note : channel.purpose;
  document.title = `${name} – Local Chat`;
  composer.label(`Write to ${name}`, channel.archived);
}

let heard = new Set();
function drawPosts() {
  timeline.draw();
  if (pane instanceof Thread && !pane.draw() && model.posts.length) show(null);
  const fresh = model.replies.filter((reply) => !heard.has(reply.id) && reply.root_id && pane?.rootId !== reply.root_id);
  if (fresh.length) show(threadOf(fresh.at(-1).root_id), false);
  const last = model.replies.at(-1);
  if (last && !heard.has(last.id)) announce(`Only visible to you: ${last.message}`);
  heard = new Set([...heard, ...model.replies.map((reply) => reply.id)]);
}

function nextTheme() {
  const next = THEMES[theme()];
  if (next === "system") localStorage.removeItem("theme");
  else localStorage.setItem("theme", next);
  showTheme();
}

function theme() {
  return localStorage.getItem("theme") ?? "system";
}

function showTheme() {
  const chosen = theme();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  themeButton.replaceChildren(icon({ light: "sun", dark: "moon", system: "system" }[chosen]));
  themeButton.title = `Theme: ${chosen}`;
  themeButton.setAttribute("aria-label", `Theme: ${chosen}. Change it to ${THEMES[chosen]}`);
}
