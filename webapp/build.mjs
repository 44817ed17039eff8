// Makes dist/main.js and dist/public. The same sources give the same bytes.
import {mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, copyFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

import * as esbuild from 'esbuild';

import {BROWSERS, catalogue, hostGlobals, smallCss, webTexts} from './plugins.mjs';

/** The largest bundle that may be shipped, in bytes: 20 KiB; docs/size.md says what is in it. The official plugin's has 346,754. */
const LIMIT = Number(process.env.WEBAPP_LIMIT ?? 20_480);

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const texts = join(here, '../i18n');

rmSync(dist, {recursive: true, force: true});
await esbuild.build({
  absWorkingDir: here,
  entryPoints: ['src/index.tsx'],
  outfile: 'dist/main.js',
  bundle: true,
  format: 'iife',
  target: BROWSERS,
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  jsx: 'transform',
  jsxFactory: 'h',
  jsxFragment: 'F',
  inject: ['jsx.mjs'],
  plugins: [hostGlobals(), catalogue(texts), smallCss()],
  logLevel: 'warning',
});
const pages = join(dist, 'public', 'i18n');
mkdirSync(pages, {recursive: true});
for (const file of readdirSync(texts).filter((name) => name.endsWith('.json')).sort()) {
  writeFileSync(join(pages, file), `${JSON.stringify(webTexts(join(texts, file)))}\n`);
}
for (const file of readdirSync(join(here, 'public')).sort()) {
  copyFileSync(join(here, 'public', file), join(dist, 'public', file));
}

const main = join(dist, 'main.js');
const raw = statSync(main).size;
const gzip = gzipSync(readFileSync(main)).length;
console.log(`webapp/dist/main.js: ${raw} bytes, ${gzip} with gzip; at most ${LIMIT}`);
if (raw > LIMIT) {
  console.error(`the bundle is ${raw - LIMIT} bytes larger than it may be`);
  process.exit(1);
}
