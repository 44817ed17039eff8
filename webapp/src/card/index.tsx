/** The posts of this plugin. */
import React, {type ComponentType} from 'react';

import type {Post, PostProps, Registry, Store} from '../host/types';
import {useVouched, type Vouching} from '../vouch';
import {Meeting} from './meeting';
import {PlainPost, type Facts} from './parts';
import {Question} from './question';
import {Recording} from './recording';

interface Drawn {
  store: Store;
  post: Post;
  compact: boolean;
}

/** Registers a component for each type of post that this plugin makes. */
export function registerCards(registry: Registry, store: Store, vouching: Vouching): void {
  const register = (type: string, Draw: ComponentType<Drawn>) =>
    registry.registerPostTypeComponent(type, function ZoomPost({post, compactDisplay}: PostProps) {
      const vouched = useVouched(vouching, post);
      return vouched ? <Draw store={store} post={post} compact={compactDisplay === true} /> : <PlainPost post={post} />;
    });
  register('custom_zoom', Card);
  register('custom_zoom_transcript', Recording);
  register('custom_zoom_chat', Recording);
}

function Card({store, post, compact}: Drawn) {
  const facts: Facts = post.props;
  switch (facts['meeting_status']) {
    case 'STARTED':
    case 'ENDED':
      return <Meeting facts={facts} post={post} compact={compact} />;
    case 'RECENTLY_CREATED':
    case 'WHICH_MEETING_ID':
      return <Question store={store} post={post} facts={facts} compact={compact} />;
    default:
      return <PlainPost post={post} />;
  }
}
