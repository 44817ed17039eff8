/** A meeting that can be joined, or is over. */
import React from 'react';
import {useIntl} from 'react-intl';

import {text} from '../host/http';
import {length} from '../time';
import {Fact, Frame, Join, Moment, Words, spaced, timeOf, topicOf, type Facts} from './parts';

export function Meeting({facts, compact}: {facts: Facts; compact: boolean}) {
  const ended = facts['meeting_status'] === 'ENDED';
  const number = spaced(facts['meeting_id']);
  const passcode = text(facts['meeting_passcode']);
  const by = text(facts['meeting_creator_username']);
  const began = timeOf(facts['meeting_start_time']);
  const over = timeOf(facts['meeting_end_time']);
  const status = ended ? 'ended' : began ? 'running' : 'waiting';
  return (
    <Frame title={topicOf(facts) || <Words id='card.untitled' />} compact={compact}>
      <div className={`zoom-status zoom-${status}`}>
        <Words id={`card.${status}`} />
      </div>
      <dl>
        {by && (
          <Fact name='card.by'>
            <bdi>@{by}</bdi>
          </Fact>
        )}
        {number && (
          <Fact name={facts['meeting_personal'] === true ? 'card.personal_id' : 'card.id'}>
            <bdi>{number}</bdi>
          </Fact>
        )}
        {passcode && (
          <Fact name='card.passcode'>
            <bdi>{passcode}</bdi>
          </Fact>
        )}
        {began && (
          <Fact name='card.began'>
            <Moment ms={began} />
          </Fact>
        )}
        {ended && over && (
          <Fact name='card.over'>
            <Moment ms={over} />
          </Fact>
        )}
        {ended && began && over && (
          <Fact name='card.length'>
            <Length ms={over - began} />
          </Fact>
        )}
      </dl>
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
