/** Where a meeting is wanted. */
import type {State} from '../host/types';
import {isPostId} from '../host/url';

export interface Place {
  channelId: string;
  /** The post that the thread hangs on; '' is the channel itself. */
  rootId: string;
}

/** The channel that a button stands in. A thread beside it does not count: the buttons are the channel's. */
export const inChannel = (channelId: string | undefined): Place | undefined =>
  channelId ? {channelId, rootId: ''} : undefined;

/** Where the person looks, for a button that stands in no channel: the thread that is open in the Threads view, or the channel. */
export function inView(state: State, channelId: string | undefined): Place | undefined {
  return openThread(state) ?? inChannel(channelId || state.entities.channels?.currentChannelId);
}

/**
 * The thread of a message, or the one that it begins. Nothing for what cannot be answered: notes of the system, posts that are
 * still being sent.
 */
export function inThread(state: State, postId: string): Place | undefined {
  const post = isPostId(postId) ? state.entities.posts.posts[postId] : undefined;
  return post && !post.type.startsWith('system_')
    ? {channelId: post.channel_id, rootId: post.root_id || post.id}
    : undefined;
}

/** The thread of the Threads view. The client forgets it when the view is left. */
export function openThread(state: State): Place | undefined {
  const {posts, teams, threads} = state.entities;
  const id = state.views?.threads?.selectedThreadIdInTeam?.[teams?.currentTeamId ?? ''];
  const root = id ? (posts.posts[id] ?? threads?.threads?.[id]?.post) : undefined;
  return id && root ? {channelId: root.channel_id, rootId: id} : undefined;
}
