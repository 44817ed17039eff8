// Cards: facts, links and buttons that the plugin hangs on a post.

import { ask, requestId } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isWebUrl, markdown } from "./markdown.js";
import { trying } from "./notice.js";
import { length, when } from "./time.js";

/** The card of a post. */
export function card(post, model) {
  const { kind, title, text, links, buttons, data } = post.card;
  const meeting = kind === "custom_zoom" ? meetingFacts(data) : null;
  return h("section", { class: meeting ? `card card-${meeting.state}` : "card", "aria-label": title || "Card" },
    meeting && h("p", { class: "card-status" }, icon("video"), h("span", {}, meeting.status)),
    title && h("h3", { class: "card-title" }, title),
    meeting?.times && h("p", { class: "card-times" }, meeting.times),
    h("div", { class: "card-text" }, markdown(meeting?.state === "ended" ? withoutTimes(text) : text, model.names)),
    links.length + buttons.length > 0 && h("div", { class: "card-actions" },
      links.filter((link) => isWebUrl(link.url)).map((link, at) => h("a", {
        href: link.url, target: "_blank", rel: "noopener noreferrer", class: at ? "button" : "button button-primary", "data-focus": `link-${at}`,
      }, link.label)),
      buttons.map((button) => h("button", {
        type: "button", class: `button button-${button.style}`, "data-focus": `button-${button.id}`, onclick: () => press(post, button),
      }, button.label))));
}

function press(post, button) {
  return trying(async () => {
    const path = `/api/posts/${encodeURIComponent(post.id)}/actions/${encodeURIComponent(button.id)}`;
    const answer = await ask("POST", path, { request_id: requestId() });
    if (answer?.open_url && isWebUrl(answer.open_url)) open(answer.open_url, "_blank", "noopener");
  });
}

/** How a Zoom meeting stands; times in the reader's own time zone. */
function meetingFacts({ meeting_status: status, meeting_start_time: start, meeting_end_time: end }) {
  if (status !== "ENDED") return { state: "running", status: start ? `Zoom meeting · running since ${when(start)}` : "Zoom meeting · join now" };
  const lasted = start && end ? `lasted ${length(end - start)}` : "";
  return {
    state: "ended",
    status: ["Zoom meeting · ended", lasted].filter(Boolean).join(" · "),
    times: start && end ? `${when(start)} – ${when(end, start)}` : "",
  };
}

/** The plain text has the times in UTC for those who see nothing else. */
function withoutTimes(text) {
  return text.split("\n").filter((line) => !/^(Started|Length): /.test(line)).join("\n");
}
