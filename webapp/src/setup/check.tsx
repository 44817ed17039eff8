/** What `/zoom doctor` says, as a list. */
import React from 'react';

import {Button, Words, useWhileShown} from '../card/parts';
import {get, isObject, text, type Reply} from '../host/http';
import {message, type Key} from '../i18n';
import {useIntl} from 'react-intl';
import {refusal} from '../start/follow';
import {Rich} from '../rich';

const STATES = ['good', 'warning', 'bad'] as const;

export function Check() {
  const [reply, setReply] = useWhileShown<Reply | 'busy'>();
  const busy = reply === 'busy';
  const check = async () => {
    setReply('busy');
    setReply(await get('api/v1/doctor'));
  };
  return (
    <>
      <p>
        <Words id='check.about' />
      </p>
      <Button aria-disabled={busy} onClick={() => void (busy || check())}>
        <Words id='check.button' />
      </Button>
      <div aria-live='polite' aria-busy={busy}>
        {reply === 'busy' ? <Words id='check.busy' /> : reply && <Findings {...reply} />}
      </div>
    </>
  );
}

function Findings(reply: Reply) {
  const intl = useIntl();
  const list: unknown = reply.body;
  if (!Array.isArray(list)) {
    return <Rich words={refusal(reply, (key, values) => intl.formatMessage(message(key), values))} />;
  }
  return (
    <ul>
      {list.filter(isObject).map(({check, state, found, remedy}, at) => {
        const known = STATES.find((one) => one === state);
        return (
          <li key={at}>
            <strong>
              {known && <Words id={`check.${known}` satisfies Key} />} {text(check)}
            </strong>
            <Rich words={text(found)} />
            <Rich words={text(remedy)} />
          </li>
        );
      })}
    </ul>
  );
}
