/** A meeting that can be joined, or is over. */
import React, {type ReactNode} from 'react';
import {useIntl} from 'react-intl';

import {text} from '../host/http';
import type {Post} from '../host/types';
import type {Key} from '../i18n';
import {length} from '../time';
import {Fact, Frame, Join, Moment, Words, spaced, timeOf, topicOf, type Facts} from './parts';

/** No meeting lasts longer, in milliseconds: whatever an older card says, nobody can join. Ours are told when they end. */
const LONGEST = 30 * 3_600_000;

/** The official plugin's cards have no `card_id`, and count from when they were posted: the server knows them by their post. */
export function Meeting({facts, post, compact}: {facts: Facts; post: Post; compact: boolean}) {
  const intl = useIntl();
  const card = facts['card_id'];
  const ended = facts['meeting_status'] === 'ENDED' || (!card && Date.now() - post.create_at > LONGEST);
  const by = text(facts['meeting_creator_username']);
  const began = timeOf(facts['meeting_start_time'] ?? (!card && ended && post.create_at));
  const over = ended ? timeOf(facts['meeting_end_time']) : undefined;
  const status = ended ? 'ended' : began ? 'running' : 'waiting';
  const lines: [Key, ReactNode][] = [
    ['card.by', by && `@${by}`],
    [facts['meeting_personal'] === true ? 'card.personal_id' : 'card.id', spaced(facts['meeting_id'])],
    ['card.passcode', text(facts['meeting_passcode'])],
    ['card.began', began && <Moment ms={began} />],
    ['card.over', over && <Moment ms={over} />],
    ['card.length', began && over && length(intl, over - began)],
  ];
  return (
    <Frame title={topicOf(facts) || <Words id='card.untitled' />} compact={compact}>
      <div className={`zoom-status zoom-${status}`}>
        <Words id={`card.${status}`} />
      </div>
      <dl>{lines.map(([name, value]) => value && <Fact key={name} name={name} value={value} />)}</dl>
      {!ended && (
        <div className='zoom-buttons'>
          <Join card={card ?? `post/${post.id}`} />
        </div>
      )}
    </Frame>
  );
}
