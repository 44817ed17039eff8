// What the sources import that is no file: the host's libraries and the catalogue.
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

import * as esbuild from 'esbuild';

/** The oldest browsers that Mattermost 10.7 runs in: older ones it sends away. */
export const BROWSERS = ['chrome122', 'firefox121', 'safari17.4'];

/** Libraries that Mattermost's web client brings, the names under which it shows them, and what is used of them. */
const GLOBALS = {
  react: ['React', 'createElement', 'Fragment', 'useState', 'useEffect', 'useRef'],
  'react-intl': ['ReactIntl', 'FormattedMessage', 'createIntl', 'useIntl'],
  'react-redux': ['ReactRedux', 'useSelector'],
};
const PREFIX = 'zoom.web.';

/** Takes libraries from `window` instead of bundling them. */
export const hostGlobals = () => ({
  name: 'host-globals',
  setup(build) {
    const names = Object.keys(GLOBALS).join('|');
    build.onResolve({filter: new RegExp(`^(${names})$`)}, ({path}) => ({path, namespace: 'host'}));
    build.onLoad({filter: /.*/, namespace: 'host'}, ({path}) => {
      const [name, ...used] = GLOBALS[path];
      // Calls without an effect: what nobody imports is left out.
      const lines = used.map((part) => `export const ${part} = /* @__PURE__ */ (() => ${name}.${part})();`);
      return {contents: [...lines, `export default /* @__PURE__ */ (() => ${name})();`].join('\n')};
    });
  },
});

/** `catalogue:en`, the English texts of the web client without their prefix, and `catalogue:locales`, the other languages. */
export const catalogue = (folder) => ({
  name: 'catalogue',
  setup(build) {
    build.onResolve({filter: /^catalogue:/}, ({path}) => ({path, namespace: 'catalogue'}));
    build.onLoad({filter: /.*/, namespace: 'catalogue'}, ({path}) => ({
      contents: JSON.stringify(path === 'catalogue:en' ? english(folder) : locales(folder)),
      loader: 'json',
    }));
  },
});

/** The web client's texts of a file of the catalogue, by their whole ids. */
export function webTexts(file) {
  const all = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
  return Object.fromEntries(all.filter(([id]) => id.startsWith(PREFIX)));
}

function english(folder) {
  const entries = Object.entries(webTexts(join(folder, 'en.json')));
  return Object.fromEntries(entries.map(([id, text]) => [id.slice(PREFIX.length), text]));
}

function locales(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => name.slice(0, -'.json'.length)).filter((name) => name !== 'en').sort();
}

/** The stylesheet without what only people read. */
export const smallCss = () => ({
  name: 'small-css',
  setup(build) {
    build.onLoad({filter: /\.css$/}, async ({path}) => {
      const {code} = await esbuild.transform(readFileSync(path, 'utf8'), {loader: 'css', minify: true, target: BROWSERS});
      return {contents: code.trim(), loader: 'text'};
    });
  },
});
