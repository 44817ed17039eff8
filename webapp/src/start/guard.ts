/** One press is one request, however often a button fires: touch screens report a tap as a touch and as a click. */

/** From a press on, the next one at the same place counts as the same for so long, in milliseconds. */
export const SAME_PRESS = 1000;

export type Press = (key: string, work: () => Promise<void>) => Promise<void>;

/**
 * Makes a function that runs `work`, unless work for the same key runs, or was begun just now: an answer that comes at once
 * must not let the click of the same tap through. `now` is a clock that does not go back, in milliseconds.
 */
export function pressGuard(now: () => number = () => performance.now()): Press {
  const until = new Map<string, number>();
  return async (key, work) => {
    if (now() < (until.get(key) ?? 0)) {
      return;
    }
    const end = now() + SAME_PRESS;
    until.set(key, Infinity);
    try {
      await work();
    } finally {
      until.set(key, end);
    }
  };
}
