// The box for messages and commands.
//
// The box is a multi-line text field, which HTML lets have no other role. So it is a text field with a list below it:
// `aria-controls` and `aria-activedescendant` lead to the options, and what there is to choose is said aloud.

import { announce, h } from "./dom.js";
import { complete } from "./completion.js";
import { icon } from "./icons.js";
import { isWebUrl } from "./markdown.js";
import { notice, trying } from "./notice.js";
import { count } from "./time.js";

/** A message box. `rootId` gives the thread it writes to; `placeholder` its label. */
export function composer(model, { id, placeholder, rootId = () => null }) {
  const list = h("ul", { class: "options", role: "listbox", id: `${id}-options`, "aria-label": "Commands", hidden: true });
  const hint = h("p", { class: "argument-hint", hidden: true });
  const box = h("textarea", { id, class: "box", rows: "1", "aria-autocomplete": "list", "aria-controls": `${id}-options`, autocomplete: "off", spellcheck: "true" });
  const send = h("button", { type: "submit", class: "button button-primary square", "aria-label": "Send", title: "Send" }, icon("send"));
  const form = h("form", { class: "composer" }, h("div", { class: "options-place" }, list, hint), h("div", { class: "box-frame" }, box, send));
  const drafts = new Map();
  let options = [];
  let active = 0;
  let draftOf = null;

  const isOpen = () => !list.hidden;
  const close = () => show([], null);
  const show = (found, argument) => {
    options = found;
    active = 0;
    list.hidden = !found.length;
    hint.hidden = !argument;
    hint.replaceChildren(...(argument ? [h("code", {}, argument.hint), ` ${argument.help}`] : []));
    list.replaceChildren(...found.map((option, at) => h("li", {
      role: "option", id: `${id}-option-${at}`, class: "option", onpointerdown: (event) => { event.preventDefault(); accept(at); },
    }, h("span", { class: "option-label" }, option.label, option.hint && h("span", { class: "option-hint" }, ` ${option.hint}`)), h("span", { class: "option-help" }, option.help))));
    mark();
    if (found.length) announce(`${count(found.length, "command")} to choose from with the arrow keys: ${found.map((option) => option.label).join(", ")}.`);
    else if (argument) announce(argument.help);
  };
  const mark = () => {
    // What scrolls has to be in reach of the keyboard.
    list.tabIndex = list.scrollHeight > list.clientHeight ? 0 : -1;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    if (options.length) box.setAttribute("aria-activedescendant", `${id}-option-${active}`);
    else box.removeAttribute("aria-activedescendant");
    list.children[active]?.scrollIntoView({ block: "nearest" });
  };
  const accept = (at) => {
    box.value = options[at].text;
    box.setSelectionRange(box.value.length, box.value.length);
    typed();
  };
  const typed = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    const { options: found, hint: argument } = complete(box.value, model.state.command);
    show(found, argument);
  };
  /** What Enter would choose, unless it stands there already. */
  const wanted = () => (isOpen() && options[active].text.trimEnd() !== box.value.trimEnd() ? active : null);

  box.addEventListener("input", typed);
  box.addEventListener("blur", () => { list.hidden = true; box.removeAttribute("aria-activedescendant"); });
  box.addEventListener("focus", () => { if (box.value) typed(); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (isOpen() && step) {
      event.preventDefault();
      active = (active + step + options.length) % options.length;
      mark();
    } else if (isOpen() && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (isOpen() && event.key === "Tab" && !event.shiftKey && wanted() !== null) {
      event.preventDefault();
      accept(active);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (wanted() === null) form.requestSubmit();
      else accept(active);
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    typed();
    const answer = await trying(() => model.say(text, rootId()));
    if (answer === undefined && !box.value) {
      box.value = text;
      typed();
    }
    if (answer?.open_url) openLink(answer.open_url);
  });

  return {
    element: form,
    focus: () => box.focus(),
    /** Keeps what was typed so far for where it was typed, and shows what was typed here. */
    reset(key) {
      if (draftOf !== null) drafts.set(draftOf, box.value);
      draftOf = key;
      box.value = drafts.get(key) ?? "";
      box.placeholder = placeholder();
      box.setAttribute("aria-label", placeholder());
      typed();
      close();
    },
  };
}

/** A command's answer wants a page opened. Browsers may refuse that; then a link is shown. */
function openLink(url) {
  if (!isWebUrl(url)) return;
  notice("Your meeting is ready. ", { link: { url, label: "Open it" } });
}
