/** The linter's rules catch what they are there for: each line breaks one. */
import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';

import {ESLint} from 'eslint';
import typescript from 'typescript-eslint';

declare const WEBAPP: string;
// Rules that need types are left to `./lint`: they ask for files that are there.
const eslint = new ESLint({cwd: WEBAPP, overrideConfig: [typescript.configs.disableTypeChecked]});

/** Rules that a source breaks, in the place of a file. */
async function broken(source: string, file = 'src/card/meeting.tsx'): Promise<string[]> {
  const [result] = await eslint.lintText(source, {filePath: join(WEBAPP, file)});
  return (result?.messages ?? []).map(({ruleId, message}) => ruleId ?? message);
}

const JSX = "import React from 'react';\n";

test('HTML is not set from texts', async () => {
  for (const source of [
    `${JSX}export const A = (p: {t: string}) => <div dangerouslySetInnerHTML={{__html: p.t}} />;`,
    'export const a = (e: HTMLElement, t: string) => { e.innerHTML = t; };',
    'export const a = (e: HTMLElement, t: string) => { e.outerHTML = t; };',
    "export const a = (e: HTMLElement, t: string) => e.insertAdjacentHTML('afterend', t);",
    `${JSX}export const a = (t: string) => React.createElement('div', {dangerouslySetInnerHTML: {__html: t}});`,
  ]) {
    assert.ok((await broken(source)).includes('no-restricted-syntax'), source);
  }
});

test('links lead where the functions for addresses say, and nowhere else', async () => {
  const link = (value: string) => `${JSX}import {joinUrl} from '../host/url';\nexport const A = (p: {u: string}) => <a href=${value}>x{joinUrl(p.u)}</a>;`;
  assert.deepEqual(await broken(link('{joinUrl(p.u)}')), []);
  for (const value of ['{p.u}', '{`/x/${p.u}`}', "'https://zoom.us'", '{String(p.u)}', '{p.u || joinUrl(p.u)}', '{(p as any).joinUrl(p.u)}']) {
    assert.ok((await broken(link(value))).includes('no-restricted-syntax'), value);
  }
  for (const source of [
    `${JSX}export const A = (p: {u: string}) => <form action={p.u} />;`,
    `${JSX}export const A = (p: {u: string}) => React.createElement('a', {href: p.u});`,
    "export const a = (e: HTMLElement, u: string) => e.setAttribute('href', u);",
    'export const a = (e: HTMLAnchorElement, u: string) => { e.href = u; };',
    'export const a = (u: string) => { window.location.href = u; };',
    'export const a = (u: string) => { window.location.assign(u); };',
    'export const a = (u: string) => { location.replace(u); };',
    `${JSX}export const A = (p: object) => <a {...p}>x</a>;`,
  ]) {
    assert.ok((await broken(source)).includes('no-restricted-syntax'), source);
  }
});

test('windows are opened by src/tab.ts alone, and tabs within presses alone', async () => {
  const open = "export const a = () => window.open('https://zoom.us');";
  assert.ok((await broken(open)).includes('no-restricted-syntax'));
  assert.deepEqual(await broken(open, 'src/tab.ts'), []);
  assert.ok((await broken('export const a = () => { const {open} = window; open("x"); };')).includes('no-restricted-syntax'));
  const tab = "import {openTab} from '../tab';\nexport const a = () => openTab('x', 'en');";
  assert.ok((await broken(tab)).includes('no-restricted-syntax'));
  assert.ok((await broken(tab, 'src/index.tsx')).includes('no-restricted-syntax'));
  assert.deepEqual(await broken(tab, 'src/start/start.ts'), []);
  const request = "import {request} from '../start/start';\nexport const a = request;";
  assert.ok((await broken(request)).includes('no-restricted-syntax'));
  assert.deepEqual(await broken(request, 'src/card/question.tsx'), []);
  assert.ok((await broken(open, 'src/start/start.ts')).includes('no-restricted-syntax'));
});

test('no text is run as a program', async () => {
  assert.ok((await broken('export const a = (t: string): unknown => eval(t);')).includes('no-eval'));
  assert.ok((await broken('export const a = (t: string): unknown => new Function(t);')).includes('no-new-func'));
  assert.ok((await broken("export const a = 'javascript:alert(1)';")).includes('no-script-url'));
});

test('what people hear and press is sound', async () => {
  assert.ok((await broken(`${JSX}export const A = () => <div onClick={() => 1}>x</div>;`)).includes('jsx-a11y/click-events-have-key-events'));
  assert.ok((await broken(`${JSX}export const A = () => <button>x</button>;`)).includes('react/button-has-type'));
});
