// Puts the page together.

import { ask } from "./api.js";
import { openForm } from "./form.js";
import { isWebUrl } from "./markdown.js";
import { Model } from "./model.js";
import { notice } from "./notice.js";
import { zoomPane } from "./panel.js";
import { sidebar } from "./sidebar.js";
import { threadPane } from "./thread.js";
import { timeline } from "./timeline.js";

const app = document.getElementById("app");
const side = document.getElementById("side");
const model = new Model();

try {
  await model.listen();
  // The plugin answers in the language and time zone of whoever asks it.
  await ask("POST", "/api/regional", { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  await model.load();
} catch (error) {
  notice(error.message, { isError: true });
  throw error;
}

const isNarrow = () => matchMedia("(max-width: 1080px)").matches;

function openDrawer() {
  app.dataset.drawer = "open";
  document.querySelector('.channel-link[tabindex="0"]')?.focus();
}

function closeDrawer() {
  if (app.dataset.drawer !== "open") return;
  app.dataset.drawer = "closed";
  document.querySelector(".drawer-open")?.focus();
}

/** `zoom`, `thread` or `none`. */
function showSide(what) {
  app.dataset.side = what;
  side.hidden = what === "none";
  const pane = { zoom, thread }[what];
  side.setAttribute("aria-label", what === "thread" ? "Thread" : "Zoom");
  side.replaceChildren(...(pane ? [pane.element] : []));
  // Away from the page the panel hears nothing.
  if (what === "zoom") zoom.open();
  markToggle();
}

function markToggle() {
  document.getElementById("zoom-toggle")?.setAttribute("aria-expanded", String(app.dataset.side === "zoom"));
}

function closeSide(refocus) {
  showSide("none");
  document.querySelector(refocus)?.focus();
}

const zoom = zoomPane(model, () => closeSide("#zoom-toggle"));
const thread = threadPane(model, () => {
  const wasFocused = side.contains(document.activeElement);
  showSide(!isNarrow() && zoomWasOpen ? "zoom" : "none");
  if (wasFocused) document.getElementById("message-box")?.focus();
});
let zoomWasOpen = !isNarrow();

function openThread(rootId) {
  showSide("thread");
  thread.open(rootId);
  thread.focus();
}

function toggleZoom() {
  zoomWasOpen = app.dataset.side !== "zoom";
  if (!zoomWasOpen) {
    showSide("none");
    return;
  }
  showSide("zoom");
  if (isNarrow()) zoom.focus();
}

sidebar(document.getElementById("sidebar"), model, closeDrawer);
const box = timeline(document.getElementById("main"), model, { openDrawer, toggleZoom, openThread, shown: markToggle });
document.getElementById("scrim").addEventListener("click", closeDrawer);

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (app.dataset.drawer === "open") closeDrawer();
  else if (app.dataset.side === "thread") showSide(!isNarrow() && zoomWasOpen ? "zoom" : "none");
  else if (app.dataset.side === "zoom" && isNarrow()) closeSide("#zoom-toggle");
});

async function follow() {
  const wanted = decodeURIComponent(location.hash.replace(/^#\//, ""));
  const channels = model.state.channels;
  const channel = channels.find((known) => known.id === wanted) ?? channels.find((known) => known.id === "town-square") ?? channels[0];
  if (!channel || channel.id === model.channelId) return;
  if (app.dataset.side === "thread") showSide(!isNarrow() && zoomWasOpen ? "zoom" : "none");
  try {
    await model.open(channel.id);
    if (!isNarrow()) box.focus();
  } catch (error) {
    notice(error.message, { isError: true });
  }
}

model.addEventListener("form", (event) => openForm(event.detail, model));
model.addEventListener("event", (event) => {
  const url = event.detail.payload?.meeting_url;
  if (url && isWebUrl(url)) notice("Your meeting is ready. ", { link: { url, label: "Open it" } });
});
addEventListener("hashchange", follow);
addEventListener("visibilitychange", () => model.markRead());

model.tell("chrome");
if (zoomWasOpen) showSide("zoom");
await follow();
app.dataset.ready = "yes";
