// Loads the plugin as the client does.

import { registryFor } from "./registry.jsx";
import { store } from "./store.jsx";

window.plugins = {};
window.registerPlugin = (id, plugin) => {
  window.plugins[id]?.uninitialize?.();
  window.plugins[id] = plugin;
};

/** What the plugin wants to hear of. */
export const handlers = { events: new Map(), reconnect: undefined };

/** Adds the script tag, and initializes the plugin when it has run. */
export function loadPlugin(manifest, siteUrl) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.id = `plugin_${manifest.id}`;
    script.type = "text/javascript";
    script.src = siteUrl + manifest.webapp.bundle_path;
    script.defer = true;
    script.onload = () => {
      const plugin = window.plugins[manifest.id];
      if (plugin?.initialize) plugin.initialize(registryFor(manifest, store, handlers), store);
      resolve();
    };
    script.onerror = () => reject(new Error(`there is no bundle at ${script.src}`));
    document.head.append(script);
  });
}

/** As when it is turned off in the System Console. */
export function removePlugin(manifest) {
  window.plugins[manifest.id].uninitialize?.();
  document.getElementById(`plugin_${manifest.id}`).remove();
}
