// What the page is asked for in its address.

import React, { useContext } from "react";

const query = new URLSearchParams(location.search);

export const startOptions = {
  /** `channel`, `search` (the channel's posts as results), `threads` or `console`. */
  view: query.get("view") ?? "channel",
  channelId: query.get("channel") ?? "town-square",
  theme: query.get("theme") ?? "denim",
  compact: query.has("compact"),
  appBar: !query.has("no-app-bar"),
  /** Whether the plugin's part is loaded: it is missing where the bundle was made without it. */
  plugin: !query.has("no-plugin"),
  /** Posts as the apps for phones draw them, which know no part of any plugin. */
  native: query.has("native"),
  preferences: { use_military_time: String(query.has("military")), message_display: query.has("compact") ? "compact" : "clean" },
};

export const Options = React.createContext(startOptions);
export const useOptions = () => useContext(Options);
