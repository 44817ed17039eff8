/** A meeting that can be joined, or is over. */
import React, {type ReactNode} from 'react';
import {useIntl} from 'react-intl';

import {text} from '../host/http';
import type {Key} from '../i18n';
import {length} from '../time';
import {Fact, Frame, Join, Moment, Words, spaced, timeOf, topicOf, type Facts} from './parts';

export function Meeting({facts, compact}: {facts: Facts; compact: boolean}) {
  const ended = facts['meeting_status'] === 'ENDED';
  const by = text(facts['meeting_creator_username']);
  const began = timeOf(facts['meeting_start_time']);
  const over = ended ? timeOf(facts['meeting_end_time']) : undefined;
  const status = ended ? 'ended' : began ? 'running' : 'waiting';
  const lines: [Key, ReactNode][] = [
    ['card.by', by && `@${by}`],
    [facts['meeting_personal'] === true ? 'card.personal_id' : 'card.id', spaced(facts['meeting_id'])],
    ['card.passcode', text(facts['meeting_passcode'])],
    ['card.began', began && <Moment ms={began} />],
    ['card.over', over && <Moment ms={over} />],
    ['card.length', began && over && <Length ms={over - began} />],
  ];
  return (
    <Frame title={topicOf(facts) || <Words id='card.untitled' />} compact={compact}>
      <div className={`zoom-status zoom-${status}`}>
        <Words id={`card.${status}`} />
      </div>
      <dl>{lines.map(([name, value]) => value && <Fact key={name} name={name} value={value} />)}</dl>
      {!ended && (
        <div className='zoom-buttons'>
          <Join card={facts['card_id']} />
        </div>
      )}
    </Frame>
  );
}

function Length({ms}: {ms: number}) {
  return <>{length(useIntl(), ms)}</>;
}
