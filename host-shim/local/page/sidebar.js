// The list of channels, who one acts as, and the colours.

import { ask } from "./api.js";
import { h, reconcile, rove } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./menu.js";
import { trying } from "./notice.js";
import { avatar } from "./people.js";

const THEMES = [["system", "As the system"], ["light", "Light"], ["dark", "Dark"]];

/** Fills the sidebar and keeps it true. `model` is the chat; `closeDrawer` hides the sidebar on phones. */
export function sidebar(element, model, closeDrawer) {
  const channels = h("ul", { class: "channel-list" });
  const direct = h("ul", { class: "channel-list" });
  const lists = h("div", { class: "channel-lists" },
    h("h2", { class: "label", id: "channels-label" }, "Channels"), channels,
    h("h2", { class: "label", id: "direct-label" }, "Direct messages"), direct);
  channels.setAttribute("aria-labelledby", "channels-label");
  direct.setAttribute("aria-labelledby", "direct-label");
  const connection = h("p", { class: "connection", role: "status" });
  const me = h("button", { type: "button", class: "me" });
  const theme = h("button", { type: "button", class: "quiet square" });
  element.append(
    h("div", { class: "brand" }, h("img", { src: "/assets/icon.svg", alt: "", width: "26", height: "26" }), h("span", { class: "brand-name" }, "Local Chat"),
      h("button", { type: "button", class: "quiet square drawer-close", "aria-label": "Close the channel list", onclick: closeDrawer }, icon("close"))),
    lists, connection,
    h("div", { class: "sidebar-foot" }, h("div", { class: "menu-place me-place" }, me), h("div", { class: "menu-place" }, theme)));
  const roving = rove(lists, ".channel-link");
  menuButton(me, "Act as", () => people(model));
  menuButton(theme, "Colours", () => themes(showTheme));
  const showTheme = () => {
    const chosen = document.documentElement.dataset.theme ?? "system";
    theme.replaceChildren(icon({ light: "sun", dark: "moon" }[chosen] ?? "system"));
    theme.setAttribute("aria-label", `Colours: ${THEMES.find(([id]) => id === chosen)[1]}`);
  };
  showTheme();

  model.addEventListener("chrome", () => {
    const rows = (wanted) => model.state.channels.filter(wanted).sort((a, b) => a.archived - b.archived).map((channel) => row(channel, model, closeDrawer));
    reconcile(channels, rows((channel) => channel.kind !== "direct"));
    reconcile(direct, rows((channel) => channel.kind === "direct"));
    document.getElementById("direct-label").hidden = !direct.children.length;
    roving.refresh(lists.querySelector('[aria-current="page"]'));
    connection.textContent = model.isConnected ? "" : "Not connected. Trying again…";
    me.replaceChildren(avatar(model.me), h("span", { class: "me-words" }, h("span", { class: "me-name" }, model.me.display_name), h("span", { class: "me-note" }, note(model.me))), h("span", { class: "unseen" }, "Act as somebody else"), icon("chevron"));
  });
}

function row(channel, model, closeDrawer) {
  const isOpen = channel.id === model.channelId;
  const name = model.channelName(channel);
  const unread = isOpen ? 0 : channel.unread;
  const build = () => h("li", {}, h("a", {
    class: `channel-link${unread ? " has-unread" : ""}`, href: `#/${channel.id}`, "aria-current": isOpen && "page", tabindex: "-1", onclick: closeDrawer, "data-focus": "link",
  },
  channel.kind === "direct" ? avatar(model.partner(channel), "avatar-small") : icon(channel.archived ? "archive" : channel.kind === "private" ? "lock" : "hash"),
  h("span", { class: "channel-name" }, name),
  channel.archived && h("span", { class: "unseen" }, " (archived)"),
  unread > 0 && h("span", { class: "badge" }, String(unread), h("span", { class: "unseen" }, " unread"))));
  return [channel.id, JSON.stringify([isOpen, name, unread, channel.archived, channel.kind]), build];
}

function people(model) {
  return model.state.people.map((id) => model.user(id)).map((user) => ({
    label: user.display_name,
    detail: note(user),
    lead: avatar(user),
    checked: user.id === model.state.me,
    choose: () => trying(async () => {
      await ask("POST", "/api/me", { id: user.id });
      location.reload();
    }),
  }));
}

function note(user) {
  return user.note || (user.is_admin ? "Administrator" : user.is_guest ? "Guest" : user.email ?? "No e-mail address");
}

function themes(show) {
  const chosen = document.documentElement.dataset.theme ?? "system";
  return THEMES.map(([id, label]) => ({
    label, lead: icon({ light: "sun", dark: "moon" }[id] ?? "system"), checked: id === chosen,
    choose: () => {
      if (id === "system") {
        localStorage.removeItem("theme");
        delete document.documentElement.dataset.theme;
      } else {
        localStorage.setItem("theme", id);
        document.documentElement.dataset.theme = id;
      }
      show();
    },
  }));
}
