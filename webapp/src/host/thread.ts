/** The panel beside the channel that a thread is read in. */
import {openThread} from '../start/place';
import type {State, Store} from './types';

declare global {
  interface Window {
    /** What Mattermost offers to what it counts among its products. */
    ProductApi?: {
      selectRhsPost(postId: string): never;
      getRhsSelectedPostId(state: State): string;
      getIsRhsOpen(state: State): boolean;
    };
  }
}

/**
 * Opens a thread, unless the person looks at it: a closed one shows nothing of what is said in it. `true` when what is said there
 * can be seen; '' is the channel itself.
 */
export function showThread(store: Store, rootId: string): boolean {
  const panel = window.ProductApi;
  const state = store.getState();
  if (!rootId || openThread(state)?.rootId === rootId) {
    return true;
  }
  if (panel && !(panel.getIsRhsOpen(state) && panel.getRhsSelectedPostId(state) === rootId)) {
    store.dispatch(panel.selectRhsPost(rootId));
  }
  return Boolean(panel);
}
