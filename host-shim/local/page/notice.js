// Short notices in the corner.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isWebUrl } from "./markdown.js";

const SHOWN_MS = 8000;

/** Shows a sentence, with a link where one is given, until it is closed or some seconds have passed. */
export function notice(sentence, { link, isError = false } = {}) {
  const close = () => element.remove();
  const element = h("div", { class: isError ? "notice notice-error" : "notice" },
    h("span", { class: "notice-text" }, sentence,
      link && h("a", { href: link.url, target: "_blank", rel: "noopener noreferrer", onclick: close }, link.label)),
    h("button", { type: "button", class: "quiet", "aria-label": "Close the notice", onclick: close }, icon("close")));
  document.getElementById("notices").append(element);
  setTimeout(close, SHOWN_MS);
}

/** Runs something that asks the host, and shows its sentence when it refuses. */
export async function trying(work) {
  try {
    return await work();
  } catch (error) {
    notice(error.message, { isError: true });
    return undefined;
  }
}

/** Offers the page that the plugin would like to open: browsers let nobody open one by itself. */
export function follow(answer) {
  const url = answer?.open_url;
  if (url && isWebUrl(url)) notice("Your meeting is ready. ", { link: { url, label: "Open it in a new tab" } });
}
