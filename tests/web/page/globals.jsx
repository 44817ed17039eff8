// What the client puts on `window` for plugins. Only what all its versions from 10 on have; the rest stays away, so that a bundle
// that needs it fails here.

window.React = require("react");
window.ReactDOM = require("react-dom");
window.ReactIntl = require("react-intl");
window.Redux = require("redux");
window.ReactRedux = require("react-redux");

/** Where the client lives on its host: '' or a path. The script's own address tells. */
window.basename = new URL(document.currentScript.src).pathname.replace(/\/static\/.*/, "");

export const url = (path) => `${window.basename}${path}`;
