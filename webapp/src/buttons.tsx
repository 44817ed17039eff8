/** The ways to start a meeting. */
import React from 'react';
import {FormattedMessage, useIntl} from 'react-intl';

import type {Channel, Registry, Store} from './host/types';
import {pluginUrl} from './host/url';
import {message} from './i18n';
import {inChannel, inThread, inView} from './start/place';
import {starter} from './start/start';

export function registerButtons(registry: Registry, store: Store): void {
  const start = starter(store);
  // The client reads the words for screen readers out of an element of exactly this type.
  const words = <FormattedMessage {...message('start.button')} />;
  const inHeader = (channel?: Channel) => void start(inChannel(channel?.id));
  registry.registerCallButtonAction(<CallButton />, <CallMenuItem />, inHeader, <Camera />, words);
  registry.registerChannelHeaderButtonAction(<Camera />, inHeader, words, words);
  registry.registerAppBarComponent(
    pluginUrl('public/icon.svg'),
    (channel) => void start(inView(store.getState(), channel?.id)),
    words,
  );
  registry.registerPostDropdownMenuAction(
    <FormattedMessage {...message('start.in_thread')} />,
    (post) => void start(inThread(store.getState(), post)),
    (post) => Boolean(inThread(store.getState(), post)),
  );
  registry.registerChannelHeaderMenuAction(words, (channelId) => void start(inChannel(channelId)));
}

/** The click is handled by what the client puts around it. */
function CallButton() {
  const label = useIntl().formatMessage(message('start.button'));
  return (
    <button type='button' className='style--none zoom-call' aria-label={label} title={label}>
      <Camera />
    </button>
  );
}

function CallMenuItem() {
  return (
    <button type='button' className='style--none'>
      <Camera /> <FormattedMessage {...message('start.button')} />
    </button>
  );
}

function Camera() {
  return (
    <svg viewBox='0 0 24 24' width='18' height='18' fill='currentColor' aria-hidden='true'>
      <path d='M4 6h10a2 2 0 0 1 2 2v2.5l4.4-3.1A1 1 0 0 1 22 8.2v7.6a1 1 0 0 1-1.6.8L16 13.5V16a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z' />
    </svg>
  );
}
