/** The catalogue. English is in the bundle; the other languages are fetched when somebody reads them. */
import english from 'catalogue:en';
import locales from 'catalogue:locales';
import {createIntl} from 'react-intl';

import type catalogue from '../../i18n/en.json';
import {currentLocale} from './host/state';
import type {Registry, Store, Translations} from './host/types';
import {pluginUrl} from './host/url';

type Id = keyof typeof catalogue;
/** A text of the web client, by its id without `zoom.web.`. */
export type Key = Id extends infer I ? (I extends `zoom.web.${infer K}` ? K : never) : never;
export type Values = Record<string, string | number>;

const PREFIX = 'zoom.web.';

/** A text for react-intl. */
export const message = (key: Key) => ({id: PREFIX + key, defaultMessage: english[key] ?? ''});

/** A text where no component is at hand. */
export function say(store: Store, key: Key, values?: Values): string {
  const locale = currentLocale(store.getState());
  const messages = store.getState().views?.i18n?.translations?.[locale] ?? {};
  return createIntl({locale, messages, onError: () => undefined}).formatMessage(message(key), values);
}

/** The file for a locale of the client: `pt-BR` for `pt`, `de` for `de-AT`. `undefined`: English. */
export function fileFor(locale: string): string | undefined {
  const language = (tag: string) => tag.split('-')[0];
  return (
    locales.find((known) => known === locale) ??
    // Traditional characters are no variety of the simplified ones.
    locales.find((known) => known !== 'zh-CN' && language(known) === language(locale))
  );
}

/**
 * Registers the texts. The client asks for a locale and takes what is there at that moment, so they are registered again when
 * they have come, and when the client's own texts, which it fetches too, have replaced them.
 */
export function registerTexts(registry: Registry, store: Store): () => void {
  const bundled = full(english);
  const fetched = new Map<string, Translations>();
  const source = (locale: string) => {
    void load(locale);
    return fetched.get(locale) ?? bundled;
  };
  let seen: unknown;
  let done = false;

  async function load(locale: string): Promise<void> {
    const file = fileFor(locale);
    if (!file || fetched.has(locale)) {
      return;
    }
    fetched.set(locale, bundled);
    try {
      // A newer version of the plugin may have come: the browser asks whether its copy still holds.
      const response = await fetch(pluginUrl(`public/i18n/${file}.json`), {cache: 'no-cache'});
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      fetched.set(locale, {...bundled, ...((await response.json()) as Translations)});
      seen = undefined;
      if (store.getState().views?.i18n) {
        settle();
      } else if (!done) {
        registry.registerTranslations(source);
      }
    } catch {
      // English stays; the next time that the client asks it is tried again.
      fetched.delete(locale);
    }
  }

  function settle(): void {
    const state = store.getState();
    const locale = currentLocale(state);
    const shown = state.views?.i18n?.translations?.[locale];
    // Where the client did not ask: it asks when it is told again.
    const ours = fetched.get(locale) ?? bundled;
    // Each state of the client's texts is looked at once: registering makes a new one.
    if (done || !shown || shown === seen) {
      return;
    }
    seen = shown;
    if (Object.keys(ours).some((id) => shown[id] === undefined || (shown[id] === bundled[id] && ours[id] !== bundled[id]))) {
      registry.registerTranslations(source);
    }
  }

  registry.registerTranslations(source);
  const unsubscribe = store.subscribe(settle);
  return () => {
    done = true;
    unsubscribe();
  };
}

function full(short: Readonly<Record<string, string>>): Translations {
  return Object.fromEntries(Object.entries(short).map(([key, words]) => [PREFIX + key, words]));
}
