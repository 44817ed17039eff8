/** The built bundle, as Mattermost loads it. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {runInNewContext} from 'node:vm';

import React from 'react';
import * as ReactIntl from 'react-intl';
import * as ReactRedux from 'react-redux';

import {storeOf} from './support';

declare const WEBAPP: string;
const dist = join(WEBAPP, 'dist');
const main = () => readFileSync(join(dist, 'main.js'), 'utf8');

test('it is small, runs no text, and asks for nothing that a host lacks', () => {
  const code = main();
  assert.ok(statSync(join(dist, 'main.js')).size <= 20_480);
  assert.doesNotMatch(code, /\beval\(|new Function|innerHTML|jsx-runtime|useId|useSyncExternalStore|createRoot|findDOMNode/);
  assert.doesNotMatch(code, /\brequire\(|\bimport\(/);
});

test('the same sources give the same bytes', () => {
  const print = () =>
    readdirSync(dist, {recursive: true})
      .map(String)
      .sort()
      .filter((name) => statSync(join(dist, name)).isFile())
      .map((name) => `${name} ${createHash('sha256').update(readFileSync(join(dist, name))).digest('hex')}`);
  const before = print();
  execFileSync(process.execPath, [join(WEBAPP, 'build.mjs')]);
  assert.deepEqual(print(), before);
  assert.ok(before.some((line) => line.startsWith('public/icon.svg ')));
});

test('a bundle that grows too large is refused', () => {
  assert.throws(
    () => execFileSync(process.execPath, [join(WEBAPP, 'build.mjs')], {env: {...process.env, WEBAPP_LIMIT: '100'}, stdio: 'pipe'}),
    /bytes larger than it may be/,
  );
});

test('each language is beside it, with the web client’s texts only', () => {
  const locales = readdirSync(join(WEBAPP, '../i18n')).filter((name) => name.endsWith('.json')).sort();
  assert.deepEqual(readdirSync(join(dist, 'public/i18n')).sort(), locales);
  for (const name of locales) {
    const texts = JSON.parse(readFileSync(join(dist, 'public/i18n', name), 'utf8')) as Record<string, string>;
    assert.deepEqual(Object.keys(texts).filter((id) => !id.startsWith('zoom.web.')), []);
  }
});

test('it registers itself while it loads, and uses the registry as all versions know it', () => {
  const plugins = new Map<string, {initialize: (registry: unknown, store: unknown) => void; uninitialize: () => void}>();
  const styles: {textContent: string; remove: () => void}[] = [];
  const window = {
    React,
    ReactIntl,
    ReactRedux,
    basename: '/chat',
    location: {origin: 'https://chat.example'},
    registerPlugin: (id: string, plugin: never) => plugins.set(id, plugin),
  };
  const document = {
    createElement: () => ({textContent: '', remove: () => styles.pop()}),
    head: {append: (style: (typeof styles)[0]) => styles.push(style)},
  };
  runInNewContext(main(), {...window, window, document, fetch: () => Promise.reject(new Error('offline')), performance, setTimeout, clearTimeout});
  const plugin = plugins.get('zoom');
  assert.ok(plugin);

  const calls: [string, unknown[]][] = [];
  const registry = new Proxy({}, {get: (_, name) => (...given: unknown[]) => calls.push([String(name), given])});
  plugin.initialize(registry, storeOf());
  assert.deepEqual(
    calls.map(([name, given]) => `${name} ${String(given.length)}`).sort(),
    [
      'registerAdminConsoleCustomSetting 3',
      'registerAppBarComponent 3',
      'registerCallButtonAction 5',
      'registerChannelHeaderButtonAction 4',
      'registerChannelHeaderMenuAction 2',
      'registerPostDropdownMenuAction 3',
      'registerPostTypeComponent 2',
      'registerPostTypeComponent 2',
      'registerPostTypeComponent 2',
      'registerReconnectHandler 1',
      'registerTranslations 1',
    ],
  );
  const given = (name: string) => calls.find(([called]) => called === name)?.[1] ?? [];
  assert.equal(given('registerAppBarComponent')[0], '/chat/plugins/zoom/public/icon.svg');
  // The client makes the name for screen readers out of these two props of this very type.
  const tooltip = given('registerChannelHeaderButtonAction')[3] as React.ReactElement<{id: string; defaultMessage: string}>;
  assert.equal(tooltip.type, ReactIntl.FormattedMessage);
  assert.deepEqual(tooltip.props, {id: 'zoom.web.start.button', defaultMessage: 'Start a Zoom meeting'});
  assert.equal(styles.length, 1);
  plugin.uninitialize();
  assert.equal(styles.length, 0);
});
