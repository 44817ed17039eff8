/** Requests to this plugin's own routes. */
import {pluginUrl} from './url';

export interface Reply {
  /** HTTP status, or 0 when the server could not be reached. */
  status: number;
  /** The JSON of the answer, which may be a list; an empty object where there was none. */
  body: Readonly<Record<string, unknown>>;
}

export const get = (path: string) => ask(path);

export const post = (path: string, body: unknown) =>
  ask(
    path,
    {
      'Content-Type': 'application/json',
      // Mattermost passes the user on to a plugin only with its own token against forged requests.
      'X-CSRF-Token': cookie('MMCSRF'),
    },
    {method: 'POST', body: JSON.stringify(body)},
  );

async function ask(path: string, headers?: Record<string, string>, init?: RequestInit): Promise<Reply> {
  try {
    const response = await fetch(pluginUrl(path), {
      ...init,
      headers: {'X-Requested-With': 'XMLHttpRequest', ...headers},
    });
    const body: unknown = await response.json().catch(() => undefined);
    return {status: response.status, body: isObject(body) ? body : {}};
  } catch {
    return {status: 0, body: {}};
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A member of an answer or of a post's props, when it is text. */
export const text = (value: unknown) => (typeof value === 'string' ? value : '');

function cookie(name: string): string {
  const found = document.cookie.split(/; */).find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? '';
}
