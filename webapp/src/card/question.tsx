/** What the plugin asks a user in private before a meeting starts. */
import React from 'react';

import {isObject, text} from '../host/http';
import type {Post, Store} from '../host/types';
import {joinUrl, postUrl} from '../host/url';
import {pressGuard} from '../start/guard';
import {request} from '../start/start';
import {Button, Frame, Join, Said, Words, topicOf, useWhileShown, type Facts} from './parts';

const BUTTONS = ['another', 'personal', 'unique'] as const;

interface Props {
  store: Store;
  post: Post;
  facts: Facts;
  compact: boolean;
}

/** A question with its answers: the ID of the meeting, or, where another one was started here just now, whether to join that. */
export function Question(props: Props) {
  const {facts, compact} = props;
  const by = text(facts['meeting_creator_username']) || 'NOBODY';
  const provider = text(facts['meeting_provider']);
  const recent = facts['meeting_status'] === 'RECENTLY_CREATED';
  return (
    <Frame
      title={<Words id={recent ? 'question.recent' : 'question.which'} values={{by, provider}} />}
      compact={compact}
    >
      <div dir='auto'>{topicOf(facts)}</div>
      <Answers {...props} />
    </Frame>
  );
}

const press = pressGuard();

function Answers({store, post, facts}: Props) {
  const [said, setSaid] = useWhileShown<'question.busy' | 'question.done'>();
  const share = facts['share'] === true;
  const answers: unknown[] = Array.isArray(facts['answers']) ? facts['answers'] : [];

  const answer = (button: string, wanted: unknown) =>
    press(post.id, async () => {
      setSaid('question.busy');
      const place = {channelId: post.channel_id, rootId: post.root_id};
      const {question} = facts;
      const fine = await request(store, place, 'answers', {question, button, post_id: post.id, wanted}, share);
      setSaid(fine ? 'question.done' : undefined);
    });

  return (
    <div className='zoom-buttons' aria-busy={said === 'question.busy'}>
      <Existing facts={facts} />
      {answers.filter(isObject).map(({button, wanted}) => {
        const known = BUTTONS.find((one) => one === button);
        return (
          known && (
            <Button
              key={known}
              aria-disabled={Boolean(said)}
              onClick={() => void (said ?? answer(known, wanted))}
            >
              <Words id={share ? 'question.share' : `question.${known}`} />
            </Button>
          )
        );
      })}
      <Said id={said} />
    </div>
  );
}

/** The way to the meeting that is there: into it when it is ours, otherwise to its post. */
function Existing({facts}: {facts: Facts}) {
  const post = facts['recent_post_id'];
  if (joinUrl(facts['card_id'])) {
    return <Join card={facts['card_id']} />;
  }
  return postUrl(post) ? (
    <a className='zoom-button' href={postUrl(post)}>
      <Words id='question.show' />
    </a>
  ) : null;
}
