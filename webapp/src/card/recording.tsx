/** A transcript or a chat of a meeting. The file itself is drawn by the client, below. */
import React from 'react';
import {useSelector} from 'react-redux';

import {summarizer} from '../host/state';
import type {Post, State} from '../host/types';
import {Button, PlainPost, Words} from './parts';

export function Recording({post}: {post: Post}) {
  const summarize = useSelector((state: State) => summarizer(state));
  return (
    <>
      <PlainPost post={post} />
      {summarize && (
        <Button onClick={() => summarize(post)}>
          <Words id={post.type === 'custom_zoom_chat' ? 'recording.summarize_chat' : 'recording.summarize'} />
        </Button>
      )}
    </>
  );
}
