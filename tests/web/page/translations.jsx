// How the client gets its texts, and those of plugins.

import { url } from "./globals.jsx";

const sources = new Map();

export const currentLocale = (state) => state.entities.users.profiles[state.entities.users.currentUserId]?.locale || "en";
export const translationsOf = (state, locale) => state.views.i18n.translations[locale];

/** A plugin's texts go in beside those that are there; where none are there yet, they come with them. */
export function registerPluginTranslationsSource(pluginId, source) {
  sources.set(pluginId, source);
  return (dispatch, getState) => {
    const locale = currentLocale(getState());
    const known = translationsOf(getState(), locale);
    if (known) dispatch({ type: "RECEIVED_TRANSLATIONS", data: { locale, translations: { ...known, ...source(locale) } } });
  };
}

/** English is in the client; other languages come from the server, over what plugins have. */
export function loadTranslations(locale) {
  return async (dispatch) => {
    const translations = {};
    for (const source of sources.values()) Object.assign(translations, source(locale));
    if (locale !== "en") Object.assign(translations, await (await fetch(url(`/static/i18n/${locale}.json`))).json());
    dispatch({ type: "RECEIVED_TRANSLATIONS", data: { locale, translations } });
  };
}
