// What the page is asked for in its address.

import React, { useContext } from "react";

const query = new URLSearchParams(location.search);

export const startOptions = {
  /** `channel`, `threads` or `console`. */
  view: query.get("view") ?? "channel",
  channelId: query.get("channel") ?? "town-square",
  theme: query.get("theme") ?? "denim",
  compact: query.has("compact"),
  appBar: !query.has("no-app-bar"),
  preferences: { use_military_time: String(query.has("military")), message_display: query.has("compact") ? "compact" : "clean" },
};

export const Options = React.createContext(startOptions);
export const useOptions = () => useContext(Options);
