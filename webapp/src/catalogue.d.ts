declare module 'catalogue:en' {
  /** English, ids without `zoom.web.`. */
  const english: Readonly<Record<string, string>>;
  export default english;
}

declare module 'catalogue:locales' {
  /** The locales of i18n/ but for English. */
  const locales: readonly string[];
  export default locales;
}

declare module '*.css' {
  const css: string;
  export default css;
}
