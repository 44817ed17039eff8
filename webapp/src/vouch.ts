/**
 * Which posts the server vouches for. Any user can write a post of our types with any props; only what this plugin has made, or took
 * over, is drawn as a card.
 */
import {useEffect, useState} from 'react';

import {get} from './host/http';
import type {Post} from './host/types';
import {isPostId} from './host/url';

/** Posts in one request: the server's limit. */
const BATCH = 50;
/** Questions of so many milliseconds go together: the posts of a channel appear at once. */
const GATHER = 16;
/**
 * How long a post waits, in milliseconds, before it is asked for again: at first; the longest wait while the server does not know it;
 * the longest wait while no answer comes. The server tells strangers' posts for certain when they are a minute old.
 */
const [FIRST_WAIT, LAST_WAIT, LAST_RETRY] = [1_000, 64_000, 60_000];

export interface Vouching {
  /** Whether the server vouches for a post. */
  verdict(id: string): boolean;
  /** Calls back when it does. A post that has changed since is another `version`: it is asked for anew. Returns what ends that. */
  watch(id: string, version: number, watcher: () => void): () => void;
  /** Asks again for all that the server did not vouch for: the connection was lost, and it may know more by now. */
  again(): void;
  /** Asks no more. */
  stop(): void;
}

/** Ids of posts that are ours, and of those that are certainly not. All others the server does not know yet. */
export interface Verdicts {
  ours: readonly unknown[];
  others: readonly unknown[];
}

/** `ask` answers `undefined` when it could not find out. */
export function vouchingBy(ask = askServer): Vouching {
  const ours = new Set<string>();
  /** Posts on the screen, as `id version`, by who wants to know. */
  const watched = new Map<() => void, string>();
  /** How long each of them waited last; Infinity when there is nothing more to ask. */
  const waits = new Map<string, number>();
  const queue = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const enqueue = (key: string) => {
    if (stopped || ![...watched.values()].includes(key)) {
      // Whoever shows it again asks again.
      waits.delete(key);
    } else if (isPostId(idOf(key))) {
      queue.add(key);
      timer ??= setTimeout(() => void flush(), GATHER);
    }
  };

  const flush = async () => {
    const keys = [...queue].slice(0, BATCH);
    keys.forEach((key) => queue.delete(key));
    timer = queue.size ? setTimeout(() => void flush(), GATHER) : undefined;
    const found = await ask(keys.map(idOf));
    for (const key of keys) {
      const id = idOf(key);
      if (found?.ours.includes(id)) {
        ours.add(id);
        watched.forEach((at, watcher) => idOf(at) === id && watcher());
      } else {
        const wait = found?.others.includes(id) ? Infinity : Math.max(FIRST_WAIT, 2 * (waits.get(key) ?? 0));
        const next = found ? wait : Math.min(wait, LAST_RETRY);
        waits.set(key, next);
        if (next < LAST_WAIT) {
          setTimeout(enqueue, next, key);
        }
      }
    }
  };

  return {
    verdict: (id) => ours.has(id),
    watch(id, version, watcher) {
      const key = `${id} ${version}`;
      watched.set(watcher, key);
      if (!ours.has(id) && !waits.has(key)) {
        waits.set(key, 0);
        enqueue(key);
      }
      return () => watched.delete(watcher);
    },
    again() {
      waits.clear();
      watched.forEach((key) => ours.has(idOf(key)) || enqueue(key));
    },
    stop() {
      stopped = true;
    },
  };
}

const idOf = (key: string) => key.replace(/ .*/, '');

async function askServer(ids: readonly string[]): Promise<Verdicts | undefined> {
  const {body} = await get(`api/v1/cards?ids=${ids.join()}`);
  const {ours, others} = body;
  return Array.isArray(ours) && Array.isArray(others) ? {ours, others} : undefined;
}

/** Whether a component may draw its post. */
export function useVouched(vouching: Vouching, {id, type, update_at: version}: Post): boolean {
  const [, redraw] = useState({});
  // Nobody but the server makes private posts, and it keeps none that it could be asked for.
  const trusted = type === 'system_ephemeral';
  useEffect(() => (trusted ? undefined : vouching.watch(id, version, () => redraw({}))), [vouching, id, version, trusted]);
  return trusted || vouching.verdict(id);
}
