// A menu below or above a button, for keyboards and pointers.

import { h, rove } from "./dom.js";

/** Makes `button` open a menu. `items` gives [{ label, detail, lead, checked, choose }]. */
export function menuButton(button, label, items) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  let menu = null;

  const close = (refocus) => {
    menu?.remove();
    menu = null;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) button.focus();
  };
  const outside = (event) => {
    if (!menu.contains(event.target) && !button.contains(event.target)) close(false);
  };
  const open = () => {
    menu = h("div", { class: "menu", role: "menu", "aria-label": label }, items().map((item) => h("button", {
      type: "button", role: "menuitemradio", class: "menu-item", tabindex: "-1", "aria-checked": String(item.checked),
      onclick: () => { close(true); item.choose(); },
    }, item.lead, h("span", { class: "menu-words" }, h("span", { class: "menu-label" }, item.label), item.detail && h("span", { class: "menu-detail" }, item.detail)))));
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); close(true); }
      if (event.key === "Tab") close(false);
    });
    button.after(menu);
    button.setAttribute("aria-expanded", "true");
    rove(menu, "[role=menuitemradio]");
    (menu.querySelector('[aria-checked="true"]') ?? menu.firstElementChild).focus();
    document.addEventListener("pointerdown", outside, true);
  };
  button.addEventListener("click", () => (menu ? close(true) : open()));
  button.addEventListener("keydown", (event) => {
    if (!menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      open();
    }
  });
}
