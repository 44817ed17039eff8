/** The addresses for Zoom, each with a button that copies it. */
import React from 'react';
import {useIntl} from 'react-intl';

import {Button, Said, Words, useWhileShown} from '../card/parts';
import {get, text} from '../host/http';
import {message, type Key} from '../i18n';
import {PLACEHOLDER, address, inAddress, isHidden, type Site} from './address';
import {copy} from './copy';

const MASK = '••••••••';

/** Names and paths; whether the address holds the secret. */
const ADDRESSES: readonly (readonly [Key, string, boolean])[] = [
  ['setup.webhook', 'webhook', true],
  ['setup.redirect', 'oauth2/complete', false],
  ['setup.deauthorization', 'deauthorization', true],
];

export function Addresses({site}: {site: Site}) {
  // '' is not set; asterisks are what the server sends in place of a secret.
  const [secret = '', setSecret] = useWhileShown(site.secret);
  const [shown, setShown] = useWhileShown(false);
  const [said, setSaid] = useWhileShown<Key>();

  /** The secret in an address, asked for where only asterisks are known. */
  const find = async (): Promise<string> => {
    const found = isHidden(secret) ? text((await get('api/v1/setup')).body['webhook_secret']) || secret : secret;
    setSecret(found);
    return inAddress(found);
  };

  const toggle = async () => {
    setSaid(!shown && (await find()) === PLACEHOLDER ? 'setup.secret_hidden' : undefined);
    setShown(!shown);
  };

  const copyOne = async (path: string, withSecret: boolean) => {
    const value = withSecret ? await find() : undefined;
    const done = await copy(address(site, path, value));
    setSaid(!done ? 'setup.not_copied' : value === PLACEHOLDER ? 'setup.secret_hidden' : 'setup.copied');
  };

  const visible = secret && !shown ? MASK : inAddress(secret);
  return (
    <>
      {!site.url && <Warning id='setup.no_site_url' />}
      {!secret && <Warning id='setup.no_secret' />}
      <ul>
        {ADDRESSES.map(([name, path, withSecret]) => (
          <Address
            key={path}
            name={name}
            value={address(site, path, withSecret ? visible : undefined)}
            onCopy={() => void copyOne(path, withSecret)}
          />
        ))}
      </ul>
      {secret && (
        <Button onClick={() => void toggle()}>
          <Words id={shown ? 'setup.hide' : 'setup.show'} />
        </Button>
      )}{' '}
      <Said id={said} />
    </>
  );
}

function Warning({id}: {id: Key}) {
  return (
    <p>
      <strong>
        <Words id={id} />
      </strong>
    </p>
  );
}

function Address({name, value, onCopy}: {name: Key; value: string; onCopy: () => void}) {
  const intl = useIntl();
  const label = intl.formatMessage(message(name));
  return (
    <li className='zoom-address'>
      {label}
      <code dir='ltr'>{value}</code>
      <Button aria-label={intl.formatMessage(message('setup.copy_named'), {name: label})} onClick={onCopy}>
        <Words id='setup.copy' />
      </Button>
    </li>
  );
}
