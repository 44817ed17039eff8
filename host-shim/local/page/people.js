// Who somebody is: a picture made of initials, and the menu to act as somebody else.

import { h } from "./dom.js";

/** Two letters on a colour of one's own. */
export function avatar(user, size = "") {
  const letters = user.display_name.split(/\s+/).map((word) => word[0] ?? "").join("").slice(0, 2).toUpperCase();
  return h("span", { class: `avatar ${size} ${user.is_bot ? "avatar-bot" : `tint-${tint(user.id)}`}`, "aria-hidden": "true" }, letters);
}

function tint(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 1009;
  return sum % 6;
}
