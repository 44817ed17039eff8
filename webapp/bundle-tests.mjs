// Makes the tests into modules that Node runs: it reads neither TypeScript nor the catalogue by itself.
import {readdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import * as esbuild from 'esbuild';

import {catalogue, smallCss} from './plugins.mjs';

const here = dirname(fileURLToPath(import.meta.url));
// Beside the libraries, which are found from there.
const outdir = join(here, 'node_modules/.tests');
rmSync(outdir, {recursive: true, force: true});
await esbuild.build({
  absWorkingDir: here,
  entryPoints: readdirSync(join(here, 'tests')).filter((name) => /\.test\.tsx?$/.test(name)).map((name) => `tests/${name}`),
  outdir,
  outExtension: {'.js': '.cjs'},
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  define: {WEBAPP: JSON.stringify(here)},
  plugins: [catalogue(join(here, '../i18n')), smallCss()],
  logLevel: 'warning',
});
