import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, test} from 'node:test';

import {createIntl} from 'react-intl';

import type {Registry, State, Translations} from '../src/host/types';
import {fileFor, message, registerTexts, say, type Key} from '../src/i18n';
import {browse, json, storeOf, type Page} from './support';

declare const WEBAPP: string;
const BUTTON = 'zoom.web.start.button';
let page: Page;
beforeEach(() => {
  page = browse();
});

function texts(): Record<string, string> {
  const all = JSON.parse(readFileSync(join(WEBAPP, '../i18n/en.json'), 'utf8')) as Record<string, string>;
  return Object.fromEntries(Object.entries(all).filter(([id]) => id.startsWith('zoom.web.')));
}

function sources(folder = join(WEBAPP, 'src')): string {
  return readdirSync(folder, {withFileTypes: true})
    .map((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : readFileSync(join(folder, entry.name), 'utf8')))
    .join('\n');
}

test('each text of the catalogue is used, and each can be formatted', () => {
  const used = sources();
  // Ids that are put together: their beginnings.
  const built = ['card.', 'question.', 'check.'].filter((start) => used.includes(`\`${start}\${`));
  const intl = createIntl({locale: 'en', onError: (error) => assert.fail(error)});
  const values = {status: 500, by: 'ada', provider: 'Zoom', hours: 1, minutes: 2, name: 'x'};
  for (const [id, text] of Object.entries(texts())) {
    const key = id.slice('zoom.web.'.length);
    assert.ok(used.includes(`'${key}'`) || built.some((start) => key.startsWith(start)), `${id} is used nowhere`);
    const words = intl.formatMessage(message(key as Key), values);
    assert.ok(words && !words.includes('{'), id);
    assert.doesNotMatch(text, /'/, `${id}: a straight apostrophe quotes`);
  }
});

test('a locale has its file, its language has it, or it reads English', () => {
  const files: [string, string | undefined][] = [
    ['de', 'de'],
    ['de-AT', 'de'],
    ['pt', 'pt-BR'],
    ['pt-BR', 'pt-BR'],
    ['zh-CN', 'zh-CN'],
    ['zh-TW', undefined],
    ['en', undefined],
    ['en-AU', undefined],
    ['ko', undefined],
  ];
  for (const [locale, file] of files) {
    assert.equal(fileFor(locale), file, locale);
  }
});

/** The client: it takes the texts of a source for the current locale, or for the one that it changes to. */
function client(locale: string, loaded: boolean) {
  const users = (to: string): State['entities'] extends {users?: infer U} ? U : never => ({
    currentUserId: 'me',
    profiles: {me: {locale: to} as never},
  });
  const store = storeOf({users: users(locale), views: {i18n: {translations: loaded ? {[locale]: {host: 'text'}} : {}}}});
  let source: (locale: string) => Translations = () => ({});
  let registered = 0;
  const put = (to: string, more: Translations) => {
    const state = store.getState();
    const translations = {...state.views?.i18n?.translations, [to]: {...state.views?.i18n?.translations?.[to], ...more}};
    store.set({...state, views: {i18n: {translations}}});
  };
  const current = () => store.getState().entities.users?.profiles?.['me']?.locale ?? '';
  const registry = {
    registerTranslations: (given: typeof source) => {
      source = given;
      registered += 1;
      const more = given(current());
      if (store.getState().views?.i18n?.translations?.[current()]) {
        put(current(), more);
      }
    },
  } as unknown as Registry;
  return {
    store,
    registry,
    ask: (to: string) => source(to),
    put,
    change: (to: string) => {
      const state = store.getState();
      store.set({...state, entities: {...state.entities, users: users(to)}});
    },
    registered: () => registered,
    shown: () => store.getState().views?.i18n?.translations?.[current()]?.[BUTTON],
  };
}

const arrive = () => new Promise((resolve) => setTimeout(resolve, 5));

test('English is there at once, and nothing is fetched for it', async () => {
  const {registry, store, shown} = client('en', true);
  registerTexts(registry, store);
  await arrive();
  assert.equal(shown(), 'Start a Zoom meeting');
  assert.deepEqual(page.requests, []);
});

test('another language is English until it has come, then it is registered again', async () => {
  page.answers.push(json(200, {[BUTTON]: 'Zoom-Meeting starten'}));
  const {registry, store, shown, registered} = client('de', true);
  registerTexts(registry, store);
  assert.equal(shown(), 'Start a Zoom meeting');
  await arrive();
  assert.equal(shown(), 'Zoom-Meeting starten');
  assert.equal(page.requests[0]?.url, '/plugins/zoom/public/i18n/de.json');
  assert.equal(say(store, 'start.button'), 'Zoom-Meeting starten');
  assert.equal(say(store, 'card.join'), 'Join the meeting');
  assert.equal(registered(), 2);
});

test('texts that come before the client’s own are registered when these are there', async () => {
  page.answers.push(json(200, {[BUTTON]: 'Zoom-Meeting starten'}));
  const {registry, store, shown, put, ask} = client('de', false);
  registerTexts(registry, store);
  const early = ask('de');
  await arrive();
  assert.equal(shown(), undefined);
  // The client keeps what it was given when it began to fetch its own.
  put('de', early);
  assert.equal(shown(), 'Zoom-Meeting starten');
});

test('a client that does not ask while its own texts are on their way still shows ours', async () => {
  page.answers.push(json(200, {[BUTTON]: 'Zoom-Meeting starten'}));
  const {registry, store, shown, put} = client('de', false);
  // As the client does: it asks the source only when it has texts already.
  const careful: Registry = {
    ...registry,
    registerTranslations: (source) => {
      registry.registerTranslations(store.getState().views?.i18n?.translations?.['de'] ? source : () => ({}));
    },
  };
  registerTexts(careful, store);
  await arrive();
  assert.deepEqual(page.requests, []);
  put('de', {host: 'text'});
  assert.equal(shown(), 'Start a Zoom meeting');
  await arrive();
  assert.equal(shown(), 'Zoom-Meeting starten');
});

test('a change of the language fetches the other one', async () => {
  page.answers.push(json(200, {[BUTTON]: 'Démarrer'}));
  const {registry, store, shown, put, ask, change} = client('en', true);
  registerTexts(registry, store);
  const early = ask('fr');
  await arrive();
  put('fr', early);
  change('fr');
  assert.equal(shown(), 'Démarrer');
});

test('a file that cannot be had leaves English, and is asked for when the client asks again', async () => {
  page.answers.push(json(404, {}), json(200, {[BUTTON]: 'Zoom-Meeting starten'}));
  const {registry, store, shown, ask} = client('de', true);
  registerTexts(registry, store);
  await arrive();
  assert.equal(shown(), 'Start a Zoom meeting');
  ask('de');
  await arrive();
  assert.equal(shown(), 'Zoom-Meeting starten');
});

test('a client without a store of texts is told once more', async () => {
  page.answers.push(json(200, {[BUTTON]: 'Zoom-Meeting starten'}));
  const store = storeOf({users: {currentUserId: 'me', profiles: {me: {locale: 'de'} as never}}});
  let last: Translations = {};
  registerTexts({registerTranslations: (source: (locale: string) => Translations) => (last = source('de'))} as unknown as Registry, store);
  await arrive();
  assert.equal(last[BUTTON], 'Zoom-Meeting starten');
});

test('after the plugin was removed nothing is registered', async () => {
  page.answers.push(json(200, {[BUTTON]: 'Zoom-Meeting starten'}));
  const {registry, store, registered} = client('de', true);
  registerTexts(registry, store)();
  await arrive();
  store.set({...store.getState()});
  assert.equal(registered(), 1);
});
