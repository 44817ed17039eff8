/** A sentence for the user alone, in the channel or the thread where something was asked for. */
import type {Place} from '../start/place';
import {randomId} from './random';
import {showThread} from './thread';
import type {Store} from './types';

/**
 * Shows `text` (Markdown) as a private post: in the thread, which is opened, or in the channel where no thread can be. Where the
 * client takes none, a dialog shows it: no refusal gets lost.
 */
export function notice(store: Store, {channelId, rootId}: Place, text: string): void {
  const id = randomId();
  const now = Date.now();
  try {
    const post = {
      id,
      channel_id: channelId,
      root_id: showThread(store, rootId) ? rootId : '',
      create_at: now,
      update_at: now,
      delete_at: 0,
      // As the client itself writes such posts: they are nobody's.
      user_id: '0',
      type: 'system_ephemeral',
      message: text,
      props: {},
      metadata: {},
    };
    store.dispatch({type: 'RECEIVED_NEW_POST', data: post, features: {crtEnabled: false}});
    if (channelId && store.getState().entities.posts.posts[id]) {
      return;
    }
  } catch {
    // The dialog comes.
  }
  alert(text);
}
