/**
 * Which posts the server vouches for. Any user can write a post of our types with any props; only what this plugin has made
 * is drawn as a card.
 */
import {useEffect, useState} from 'react';

import {get} from './host/http';
import type {Post} from './host/types';
import {isPostId} from './host/url';

/** Posts in one request: the server's limit. */
const BATCH = 50;
/** Questions of so many milliseconds go together: the posts of a channel appear at once. */
const GATHER = 16;
/** How long a failed request waits at first and at most, in milliseconds. */
const [FIRST_RETRY, LAST_RETRY] = [3_000, 60_000];

export interface Vouching {
  /** Whether this plugin made the post; `undefined` while that is not known. */
  verdict(id: string): boolean | undefined;
  /** Calls back when there is a verdict on a post. Returns what ends that. */
  watch(id: string, watcher: () => void): () => void;
  /** Asks again for what the server did not vouch for: the connection was lost, and it may know more by now. */
  again(): void;
  /** Asks no more. */
  stop(): void;
}

/** `ask` answers which of the posts are ours, and `undefined` when it could not find out. */
export function vouchingBy(ask = askServer): Vouching {
  const known = new Map<string, boolean>();
  const watched = new Map<() => void, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retry = FIRST_RETRY;
  let stopped = false;

  /** Posts on the screen without a verdict. */
  const undecided = () => [...new Set(watched.values())].filter((id) => isPostId(id) && !known.has(id));

  const schedule = (delay: number) => {
    if (!stopped && timer === undefined && undecided().length) {
      timer = setTimeout(() => void flush(), delay);
    }
  };

  const flush = async () => {
    const ids = undecided().slice(0, BATCH);
    const ours = ids.length ? await ask(ids) : [];
    timer = undefined;
    if (ours) {
      retry = FIRST_RETRY;
      ids.forEach((id) => known.set(id, ours.includes(id)));
      [...watched].forEach(([watcher, id]) => ids.includes(id) && watcher());
      schedule(0);
    } else {
      schedule(retry);
      retry = Math.min(retry * 2, LAST_RETRY);
    }
  };

  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };

  return {
    verdict: (id) => known.get(id),
    watch(id, watcher) {
      watched.set(watcher, id);
      schedule(GATHER);
      return () => watched.delete(watcher);
    },
    again() {
      [...known].forEach(([id, ours]) => ours || known.delete(id));
      cancel();
      schedule(GATHER);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}

async function askServer(ids: readonly string[]): Promise<readonly unknown[] | undefined> {
  const {status, body} = await get(`api/v1/cards?ids=${ids.join()}`);
  return status === 200 && Array.isArray(body['ours']) ? body['ours'] : undefined;
}

/** Whether a component may draw its post. */
export function useVouched(vouching: Vouching, {id, type}: Post): boolean {
  const [, redraw] = useState({});
  // Nobody but the server makes private posts, and it keeps none that it could be asked for.
  const trusted = type === 'system_ephemeral';
  useEffect(() => (trusted ? undefined : vouching.watch(id, () => redraw({}))), [vouching, id, trusted]);
  return trusted || vouching.verdict(id) === true;
}
