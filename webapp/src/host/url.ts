/** The only places that make addresses for links. Nothing that a post says becomes one, but for an id. */

declare global {
  interface Window {
    /** Where Mattermost lives on its host: '' or '/chat'. */
    basename?: string;
  }
}

export const PLUGIN_ID = 'zoom';

const base = () => (window.basename ?? '').replace(/\/+$/, '');

/** An address of this plugin on the server that is open. */
export const pluginUrl = (path: string) => `${base()}/plugins/${PLUGIN_ID}/${path}`;

/** Where people join the meeting of a card, or of `post/` and a post: the server looks it up. `undefined` for anything else. */
export const joinUrl = (card: unknown) =>
  typeof card === 'string' && /^(post\/)?[\w-]{1,128}$/.test(card) ? pluginUrl(`join/${card}`) : undefined;

/** Where a post is shown. `undefined` for what is no post's id. */
export const postUrl = (post: unknown) =>
  typeof post === 'string' && isPostId(post) ? `${base()}/_redirect/pl/${post}` : undefined;

/** Whether a text may be the id of a post that the server knows; those on their way there have a colon. */
export const isPostId = (text: string) => /^[\w-]{1,64}$/.test(text);

/** A web address of a meeting, as the server answered it. `undefined` for another scheme. */
export function meetingAddress(url: string): string | undefined {
  const parsed = parse(url);
  return /^https?:/.test(parsed ?? '') ? parsed : undefined;
}

/** A page of this plugin, as the server answered it. `undefined` for any other page. */
export function pluginPage(url: string, siteUrl: string): string | undefined {
  const {origin} = location;
  const parsed = parse(url, origin);
  const own = [pluginUrl(''), `${siteUrl.replace(/\/+$/, '')}/plugins/${PLUGIN_ID}/`].map((page) => parse(page, origin));
  return own.some((page) => page && parsed?.startsWith(page)) ? parsed : undefined;
}

/** In its one form: without `..`, capitals in the host, a port that goes without saying. */
function parse(url: string, base?: string): string | undefined {
  try {
    return new URL(url, base).href;
  } catch {
    return undefined;
  }
}
