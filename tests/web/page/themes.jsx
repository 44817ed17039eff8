// The client's five themes as CSS variables, as it sets them.

import Preferences from "mattermost-redux/constants/preferences";

const VARIABLES = {
  sidebarBg: "sidebar-bg", sidebarText: "sidebar-text", centerChannelBg: "center-channel-bg", centerChannelColor: "center-channel-color", linkColor: "link-color",
  buttonBg: "button-bg", buttonColor: "button-color", errorTextColor: "error-text", mentionBg: "mention-bg", mentionColor: "mention-color", onlineIndicator: "online-indicator",
  awayIndicator: "away-indicator", dndIndicator: "dnd-indicator", mentionHighlightBg: "mention-highlight-bg", mentionHighlightLink: "mention-highlight-link", newMessageSeparator: "new-message-separator",
  sidebarHeaderBg: "sidebar-header-bg", sidebarHeaderTextColor: "sidebar-header-text-color",
};

export const THEMES = Preferences.THEMES;

/** Turns the page to a theme. */
export function applyTheme(name) {
  const theme = THEMES[name];
  for (const [key, variable] of Object.entries(VARIABLES)) {
    const style = document.documentElement.style;
    style.setProperty(`--${variable}`, theme[key]);
    style.setProperty(`--${variable}-rgb`, [1, 3, 5].map((at) => parseInt(theme[key].slice(at, at + 2), 16)).join(","));
  }
  document.documentElement.dataset.theme = name;
}
