/** What stands in for the browser and for Mattermost's client around the unit that is tested. */
import React, {type ReactElement} from 'react';
import {renderToStaticMarkup} from 'react-dom/server';
import {IntlProvider} from 'react-intl';
import {Provider} from 'react-redux';

import type {Post, State, Store} from '../src/host/types';

export interface Dispatched {
  type: string;
  data?: {id: string; message: string; channel_id: string; root_id: string; type: string};
  features?: unknown;
}

/** A store that keeps new posts as the client does, and what was dispatched. */
export function storeOf(changes: Partial<State['entities']> & {views?: State['views']} = {}) {
  const {views, ...entities} = changes;
  let state: State = {
    entities: {
      channels: {currentChannelId: 'current'},
      general: {config: {SiteURL: 'https://chat.example'}},
      posts: {posts: {}},
      teams: {currentTeamId: 'team'},
      users: {currentUserId: 'me', profiles: {}},
      ...entities,
    },
    ...(views ? {views} : {}),
  };
  const dispatched: Dispatched[] = [];
  const listeners = new Set<() => void>();
  const store: Store & {dispatched: Dispatched[]; set: (next: State) => void; notices: () => string[]} = {
    dispatched,
    getState: () => state,
    dispatch(action) {
      const known = action as Dispatched;
      dispatched.push(known);
      if (known.type === 'RECEIVED_NEW_POST' && known.data) {
        const posts = {...state.entities.posts.posts, [known.data.id]: known.data as unknown as Post};
        state = {...state, entities: {...state.entities, posts: {posts}}};
      }
      return action;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      state = next;
      listeners.forEach((listener) => listener());
    },
    notices: () => dispatched.map(({data}) => data?.message ?? ''),
  };
  return store;
}

/** What a page would have shown, asked and opened. */
export interface Page {
  opened: FakeTab[];
  alerts: string[];
  requests: {url: string; init: RequestInit}[];
  /** The answers to come, first first; a function may wait or throw. */
  answers: (() => Response | Promise<Response>)[];
}

export interface FakeTab {
  first: string;
  closed: boolean;
  opener: unknown;
  at: string;
  title: string;
  words: string[];
}

export interface PageOptions {
  /** What the client offers to products, if it does. */
  products?: unknown;
  basename?: string;
  cookie?: string;
  userAgent?: string;
  blocked?: boolean;
}

/** Puts a page in the place of the browser's globals. */
export function browse({products, basename = '', cookie = 'a=b; MMCSRF=token', userAgent = 'Firefox', blocked = false}: PageOptions = {}): Page {
  const page: Page = {opened: [], alerts: [], requests: [], answers: []};
  const open = (first: string) => {
    if (blocked) {
      return null;
    }
    const tab = {first, closed: false, opener: 'this page', at: first, title: '', words: [] as string[]};
    page.opened.push(tab);
    return Object.assign(tab, {
      document: fakeDocument(tab),
      location: {replace: (url: string) => (tab.at = url)},
      close: () => (tab.closed = true),
    });
  };
  const globals = {
    window: {basename, open, ProductApi: products},
    location: {origin: 'https://chat.example'},
    alert: (words: string) => page.alerts.push(words),
    document: {cookie},
    navigator: {userAgent},
    fetch: async (url: string, init: RequestInit = {}) => {
      page.requests.push({url, init});
      const answer = page.answers.shift();
      if (!answer) {
        throw new Error(`nobody answers ${url}`);
      }
      return answer();
    },
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, {value, configurable: true, writable: true});
  }
  return page;
}

function fakeDocument(tab: FakeTab) {
  const element = () => ({style: {}, textContent: ''});
  return {
    set title(words: string) {
      tab.title = words;
    },
    documentElement: {},
    createElement: element,
    head: {append: () => undefined},
    body: {append: ({textContent}: {textContent: string}) => tab.words.push(textContent)},
  };
}

export const json = (status: number, body: unknown) => () => new Response(JSON.stringify(body), {status});
export const html = (status: number) => () => new Response('<!doctype html>', {status});

/** Drawn as HTML, in English unless said. */
export const draw = (element: ReactElement, store: Store = storeOf(), locale = 'en') =>
  renderToStaticMarkup(
    <Provider store={store as never}>
      <IntlProvider locale={locale} onError={() => undefined}>
        {element}
      </IntlProvider>
    </Provider>,
  );

export const postOf = (changes: Partial<Post>) =>
  ({id: 'post1', channel_id: 'channel1', root_id: '', message: '', type: 'custom_zoom', create_at: 1, update_at: 1, props: {}, ...changes}) as Post;
