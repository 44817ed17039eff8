/** Every press ends here: one press, one request, one tab. */
import {post} from '../host/http';
import {notice} from '../host/notice';
import {randomId} from '../host/random';
import {currentLocale} from '../host/state';
import type {Store} from '../host/types';
import {say} from '../i18n';
import {openTab} from '../tab';
import {follow} from './follow';
import {pressGuard} from './guard';
import type {Place} from './place';

/** Makes the function that the buttons call with where they stand. */
export function starter(store: Store, press = pressGuard()): (place: Place | undefined) => Promise<void> {
  return (place) => {
    if (!place) {
      notice(store, {channelId: '', rootId: ''}, say(store, 'start.nowhere'));
      return Promise.resolve();
    }
    return press(`${place.channelId} ${place.rootId}`, async () => {
      await request(store, place, 'meetings', {channel_id: place.channelId, root_id: place.rootId});
    });
  };
}

/** Asks the server for a meeting, with a tab for it unless it is only shared. To be called within a press. `true` when all is well. */
export async function request(
  store: Store,
  place: Place,
  route: string,
  wanted: Readonly<Record<string, unknown>>,
  share?: boolean,
): Promise<boolean> {
  const tab = share ? undefined : openTab(say(store, 'start.opening'), currentLocale(store.getState()));
  return follow(store, place, tab, await post(`api/v1/${route}`, {...wanted, request_id: randomId()}));
}
