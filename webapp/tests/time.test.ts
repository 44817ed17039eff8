import assert from 'node:assert/strict';
import {test} from 'node:test';

import {createIntl} from 'react-intl';

import type {State} from '../src/host/types';
import {length, moment} from '../src/time';
import {storeOf} from './support';

const WHEN = Date.UTC(2026, 0, 5, 23, 5);
const plain = (words: string) => words.replace(/\s/g, ' ');

function user(timezone: Record<string, string>, military = false): State {
  const preference = {category: 'display_settings', name: 'use_military_time', user_id: 'me', value: String(military)};
  return storeOf({
    users: {currentUserId: 'me', profiles: {me: {timezone} as never}},
    preferences: {myPreferences: {'display_settings--use_military_time': preference}},
  }).getState();
}

test('times are in the zone and the clock that the user has chosen', () => {
  const tokyo = {useAutomaticTimezone: 'false', automaticTimezone: 'Europe/Berlin', manualTimezone: 'Asia/Tokyo'};
  assert.equal(plain(moment(user(tokyo), 'en', WHEN)), 'Jan 6, 2026, 8:05 AM');
  assert.equal(plain(moment(user(tokyo, true), 'en', WHEN)), 'Jan 6, 2026, 08:05');
  const berlin = {...tokyo, useAutomaticTimezone: 'true'};
  assert.equal(plain(moment(user(berlin, true), 'de', WHEN)), '06.01.2026, 00:05');
  assert.equal(plain(moment(user(berlin), 'en', WHEN)), 'Jan 6, 2026, 12:05 AM');
});

test('a zone and a language that nobody knows are no reason to show nothing', () => {
  const nowhere = {useAutomaticTimezone: 'false', automaticTimezone: '', manualTimezone: 'Moon/Crater'};
  assert.match(moment(user(nowhere), 'en', WHEN), /2026/);
  assert.match(moment(user({}), 'no such language', WHEN), /2026/);
  assert.match(moment(storeOf().getState(), 'en', WHEN), /2026/);
});

test('lengths are in words, whole minutes', () => {
  const intl = createIntl({locale: 'en'});
  const minute = 60_000;
  const said: [number, string][] = [
    [-5, 'less than a minute'],
    [59_999, 'less than a minute'],
    [minute, '1 minute'],
    [47 * minute, '47 minutes'],
    [60 * minute, '1 hour'],
    [61 * minute, '1 hour 1 minute'],
    [125 * minute + 59_000, '2 hours 5 minutes'],
    [120 * minute, '2 hours'],
  ];
  for (const [ms, words] of said) {
    assert.equal(length(intl, ms), words);
  }
});
