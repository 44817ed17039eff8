// Builds the page for each React that Mattermost's clients have, with the libraries of the same time.

import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

const HOSTS = {
  // 10.x and 11.0
  17: { react: "react-17", "react-dom": "react-dom-17", "react-intl": "react-intl-6", "react-redux": "react-redux-7", redux: "redux-4", "react-renderer": "./page/renderer-17.jsx" },
  // 11.1 and later
  18: { react: "react-18", "react-dom": "react-dom-18", "react-intl": "react-intl-7", "react-redux": "react-redux-9", redux: "redux-5", "react-renderer": "./page/renderer-18.jsx" },
  // 12
  19: { react: "react-19", "react-dom": "react-dom-19", "react-intl": "react-intl-7", "react-redux": "react-redux-9", redux: "redux-5", "react-renderer": "./page/renderer-18.jsx" },
};

await Promise.all(Object.entries(HOSTS).map(([react, alias]) => build({
  absWorkingDir: here,
  entryPoints: { [`host-${react}`]: "page/main.jsx" },
  outdir: "dist",
  bundle: true,
  format: "iife",
  platform: "browser",
  mainFields: ["module", "main"],
  jsx: "transform",
  alias,
  // React says what is wrong with a component only so.
  define: { "process.env.NODE_ENV": '"development"', global: "window" },
  logLevel: "warning",
})));
await build({ absWorkingDir: here, entryPoints: ["page/page.css"], outdir: "dist", bundle: true, external: ["*.woff2"], logLevel: "warning" });
