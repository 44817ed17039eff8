// Cards that the plugin posts: meetings in a shape of their own, everything else by its texts, links and buttons.

import { ask, requestId } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isWebUrl, markdown } from "./markdown.js";
import { follow, trying } from "./notice.js";
import { length, when } from "./time.js";

/** Draws a post's card, as a group: of regions, which lead through the page, there may be no two with one name. Nothing
 *  where there is nothing to read or press in it. */
export function card(post, model) {
  const { title, text, links, buttons } = post.card;
  if (!title && !text && !links.length && !buttons.length) return null;
  const drawn = replacesMessage(post) ? meeting(post, post.card.data, model) : plain(post, model);
  drawn.append(...footer(post));
  return drawn;
}

/** Whether the card is a meeting's, and so says all that the message says. */
export function replacesMessage(post) {
  return post.by_plugin && post.card?.kind === "custom_zoom" && ["STARTED", "ENDED"].includes(post.card.data.meeting_status);
}

/** What a meeting's post says in one line, for its author's name to stand before. */
export function deed(post) {
  if (!replacesMessage(post)) return "";
  return post.card.data.meeting_status === "ENDED" ? "held a Zoom meeting" : "started a Zoom meeting";
}

function meeting(post, facts, model) {
  const isOver = facts.meeting_status === "ENDED";
  const runs = !isOver && facts.meeting_start_time !== undefined;
  const state = isOver ? "Ended" : runs ? "In progress" : "Ready to join";
  const rows = [];
  if (facts.meeting_start_time !== undefined) rows.push(["Started", when(facts.meeting_start_time, post.created_ms)]);
  if (isOver && facts.meeting_start_time !== undefined) rows.push(["Lasted", length(facts.meeting_end_time - facts.meeting_start_time)]);
  if (facts.meeting_id !== undefined) rows.push([facts.meeting_personal ? "Personal Meeting ID" : "Meeting ID", spaced(facts.meeting_id)]);
  const passcode = !isOver && passcodeOf(post.card.text);
  if (passcode) rows.push(["Passcode", passcode]);
  return h("section", { role: "group", class: `card meeting meeting-${isOver ? "over" : runs ? "live" : "ready"}`, "aria-label": `Zoom meeting: ${post.card.title}, ${state.toLowerCase()}` },
    h("div", { class: "meeting-head" },
      h("span", { class: "meeting-sign" }, icon("video")),
      h("div", { class: "meeting-title" }, h("p", { class: "meeting-topic" }, post.card.title), h("p", { class: "meeting-state" }, h("span", { class: "dot", "aria-hidden": "true" }), state)),
      !isOver && joinLinks(post, model)),
    h("dl", { class: "facts" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

function joinLinks(post) {
  const links = post.card.links.filter((link) => isWebUrl(link.url));
  return h("div", { class: "meeting-links" }, links.map((link, at) => h("a", {
    class: at ? "button" : "button button-primary", href: link.url, target: "_blank", rel: "noopener noreferrer", "data-focus": `link-${at}`,
  }, at ? link.label : "Join", !at && h("span", { class: "unseen" }, ` ${post.card.title}`))));
}

function plain(post, model) {
  return h("section", { role: "group", class: "card", "aria-label": post.card.title || post.card.fallback },
    post.card.title && h("p", { class: "card-title" }, post.card.title),
    h("div", { class: "card-text prose" }, markdown(post.card.text, model.names)),
    post.card.links.length > 0 && h("p", { class: "card-links" }, post.card.links.filter((link) => isWebUrl(link.url)).map((link, at) => h("a", { href: link.url, target: "_blank", rel: "noopener noreferrer", "data-focus": `link-${at}` }, link.label))));
}

function footer(post) {
  const buttons = post.card.buttons.map((button) => h("button", {
    type: "button", class: `button ${{ primary: "button-primary", danger: "button-danger", default: "" }[button.style]}`, "data-focus": `button-${button.id}`,
    onclick: (event) => press(event.currentTarget, post.id, button.id),
  }, button.label));
  return buttons.length ? [h("div", { class: "card-buttons" }, buttons)] : [];
}

async function press(button, postId, buttonId) {
  button.disabled = true;
  const answer = await trying(() => ask("POST", `/api/posts/${encodeURIComponent(postId)}/actions/${encodeURIComponent(buttonId)}`, { request_id: requestId() }));
  button.disabled = false;
  follow(answer);
}

/** The plugin's card has the passcode in its text, as people may need it on a telephone. */
function passcodeOf(text) {
  return text.match(/^Passcode: (.+)$/m)?.[1].replace(/\\(.)/g, "$1");
}

/** `123 4567 8901`, as Zoom writes it. */
function spaced(number) {
  const digits = String(number);
  const sizes = { 9: [3, 3, 3], 10: [3, 3, 4], 11: [3, 4, 4] }[digits.length];
  if (!sizes) return digits;
  let at = 0;
  return sizes.map((size) => digits.slice(at, (at += size))).join(" ");
}
