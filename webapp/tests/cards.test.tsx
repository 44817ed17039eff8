import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';

import React, {type ComponentType} from 'react';

import {registerCards} from '../src/card';
import {spaced} from '../src/card/parts';
import type {Post, PostProps, Registry} from '../src/host/types';
import type {Vouching} from '../src/vouch';
import {browse, draw, postOf, storeOf} from './support';

const BEGAN = Date.UTC(2026, 0, 5, 9, 0);
const CARD = {
  meeting_id: 12345678901,
  meeting_link: 'https://zoom.us/j/12345678901',
  meeting_status: 'STARTED',
  meeting_personal: false,
  meeting_topic: 'Sprint review',
  meeting_creator_username: 'ada',
  meeting_provider: 'Zoom',
  card_id: '00ff',
};

beforeEach(() => {
  browse();
});

/** A post as the client draws it, when the server vouches for `ours`. */
function shown(post: Post, {ours = true, compactDisplay = false, store = storeOf(), locale = 'en'} = {}) {
  const components = new Map<string, ComponentType<PostProps>>();
  const registry = {
    registerPostTypeComponent: (type: string, component: ComponentType<PostProps>) => {
      components.set(type, component);
      return type;
    },
  } as unknown as Registry;
  const vouching = {verdict: () => ours, watch: () => () => undefined} as unknown as Vouching;
  registerCards(registry, store, vouching);
  const type = typeof post.props['type'] === 'string' ? post.props['type'] : post.type;
  const Component = components.get(type);
  assert.ok(Component, `nobody draws ${type}`);
  return draw(<Component post={post} compactDisplay={compactDisplay} />, store, locale);
}

const words = (markup: string) => markup.replace(/<[^>]*>/g, '|').replace(/\|+/g, '|');

test('a meeting that goes on: what, by whom, its number, and the way in', () => {
  const markup = shown(postOf({props: {...CARD, meeting_start_time: BEGAN}}));
  assert.match(words(markup), /Sprint review\|In progress\|Started by\|@ada\|Meeting ID\|123 4567 8901\|Started\|/);
  assert.match(markup, /<a [^>]*href="\/plugins\/zoom\/join\/00ff"[^>]*>Join the meeting<\/a>/);
  assert.match(markup, /target="_blank" rel="noopener noreferrer"/);
  assert.match(markup, /<time dateTime="2026-01-05T09:00:00.000Z">/);
  assert.doesNotMatch(markup, /zoom\.us/);
});

test('the box is a group that its first line names', () => {
  const [, id] = /role="group" aria-labelledby="([^"]+)"/.exec(shown(postOf({props: CARD}))) ?? [];
  const again = shown(postOf({props: CARD}));
  assert.ok(id);
  assert.doesNotMatch(again, new RegExp(`"${id}"`));
  assert.match(again, /<div class="zoom-title" id="zoom-card-\d+" dir="auto">Sprint review<\/div>/);
  assert.doesNotMatch(again, /<h\d/);
});

test('a meeting that nobody has entered yet, without topic, number and creator', () => {
  const markup = shown(postOf({props: {meeting_status: 'STARTED', meeting_topic: 'Zoom Meeting', card_id: '0a'}}));
  assert.equal(words(markup), '|Zoom meeting|Ready to join|Join the meeting|');
});

test('what Zoom will ask for is said', () => {
  assert.match(words(shown(postOf({props: {...CARD, meeting_passcode: 'k3*Q9'}}))), /\|Passcode\|k3\*Q9\|/);
});

test('a personal meeting is called so', () => {
  assert.match(words(shown(postOf({props: {...CARD, meeting_personal: true}}))), /\|Personal Meeting ID\|123 4567 8901\|/);
});

test('a meeting that is over: from when to when and how long, no way in', () => {
  const markup = shown(
    postOf({props: {...CARD, meeting_status: 'ENDED', meeting_start_time: BEGAN, meeting_end_time: BEGAN + 47 * 60_000}}),
  );
  assert.match(words(markup), /\|Ended\|.*\|Length\|47 minutes\|$/);
  assert.equal(markup.match(/<time/g)?.length, 2);
  assert.doesNotMatch(markup, /<a /);
});

test('a card that the server vouches for no more says all that it says elsewhere, without markup', () => {
  const message = 'The Zoom meeting **Sprint \\*review\\*** has ended. It lasted 47 minutes.';
  const attachments = [{title: 'Sprint review', text: 'Started by @alice\nMeeting ID: 123 4567 8901'}];
  const markup = shown(postOf({props: {...CARD, attachments}, message}), {ours: false});
  assert.equal(
    words(markup),
    '|The Zoom meeting Sprint *review* has ended. It lasted 47 minutes.|Sprint review\nStarted by @alice\nMeeting ID: 123 4567 8901|',
  );
});

test('a forged post is words, and its links lead nowhere', () => {
  const props = {
    ...CARD,
    from_bot: 'true',
    attachments: [{title: 'Join', title_link: 'https://evil.example', text: '[Join](https://evil.example)'}, 'odd', null],
  };
  for (const type of ['custom_zoom', 'custom_zoom_transcript', 'custom_zoom_chat']) {
    const markup = shown(postOf({type, props, message: 'Come to <b>https://evil.example</b>'}), {ours: false});
    assert.doesNotMatch(markup, /<a |<b>|href|<button/);
    assert.match(words(markup), /Come to &lt;b&gt;https:\/\/evil.example&lt;\/b&gt;\|Join\nJoin \(https:\/\/evil.example\)/);
    assert.doesNotMatch(markup, /12345678901/);
  }
});

test('props of odd kinds break nothing and open nothing', () => {
  for (const odd of [null, 5, [], {}, 'https://evil.example', '"><script>', -1, 1e300, Number.NaN]) {
    const props = Object.fromEntries(Object.keys(CARD).map((key) => [key, odd as unknown]));
    for (const status of ['STARTED', 'ENDED', 'RECENTLY_CREATED', 'WHICH_MEETING_ID', 'NEW', odd]) {
      const markup = shown(
        postOf({props: {...props, meeting_status: status, answers: odd, meeting_start_time: odd, meeting_end_time: odd}}),
      );
      assert.doesNotMatch(markup, /href="(?!\/plugins\/zoom\/join\/)|<script/);
    }
  }
});

// As the official plugin writes them.
const {card_id: _, meeting_personal: __, ...OFFICIAL} = CARD;

test('f70_a_card_of_the_official_plugin_is_a_card_with_a_link_by_its_post', () => {
  const markup = shown(postOf({id: 'old1', create_at: Date.now(), props: OFFICIAL}));
  assert.match(words(markup), /Sprint review\|Ready to join\|Started by\|@ada\|Meeting ID\|123 4567 8901\|Join the meeting\|$/);
  assert.match(markup, /<a [^>]*href="\/plugins\/zoom\/join\/post\/old1"/);
  assert.doesNotMatch(markup, /zoom\.us/);
  assert.doesNotMatch(shown(postOf({id: 'a/../b', create_at: Date.now(), props: OFFICIAL})), /<a /);
});

test('f70_an_official_card_that_has_ended_counts_from_its_post_as_that_plugin_does', () => {
  const props = {...OFFICIAL, meeting_status: 'ENDED', meeting_end_time: BEGAN + 47 * 60_000};
  const markup = shown(postOf({create_at: BEGAN, props}));
  assert.match(words(markup), /\|Ended\|.*\|Started\|.*\|Length\|47 minutes\|$/);
  assert.match(markup, /<time dateTime="2026-01-05T09:00:00.000Z">/);
  assert.doesNotMatch(markup, /<a /);
});

test('f70_an_official_card_that_nobody_ended_says_join_for_no_longer_than_a_meeting_can_last', () => {
  const hours = (ago: number) => shown(postOf({create_at: Date.now() - ago * 3_600_000, props: OFFICIAL}));
  assert.match(words(hours(29)), /Ready to join/);
  assert.match(words(hours(31)), /\|Ended\|/);
  assert.doesNotMatch(hours(31), /<a /);
  // Ours are told when they end.
  assert.match(shown(postOf({create_at: 1, props: CARD})), /<a /);
});

test('the question after a recent meeting: join it, or start another', () => {
  const props = {
    ...CARD,
    type: 'custom_zoom',
    meeting_status: 'RECENTLY_CREATED',
    question: 'q1',
    answers: [{button: 'another', wanted: {channel_id: 'c'}}, {button: 'unknown', wanted: {}}],
    recent_post_id: 'post9',
  };
  const markup = shown(postOf({type: 'system_ephemeral', props}), {ours: false});
  assert.match(words(markup), /^\|ada started a Zoom meeting here just now\|Sprint review\|Join the meeting\|Start a new meeting\|$/);
  assert.match(markup, /role="status"/);

  const { card_id: _, ...foreign} = props;
  const other = shown(postOf({type: 'system_ephemeral', props: {...foreign, share: true, meeting_creator_username: ''}}));
  assert.match(words(other), /^\|Somebody started .*\|Show that meeting\|Post it all the same\|$/);
  assert.match(other, /href="\/_redirect\/pl\/post9"/);
});

test('the question which ID it shall be', () => {
  const props = {
    type: 'custom_zoom',
    meeting_status: 'WHICH_MEETING_ID',
    meeting_topic: 'Zoom Meeting',
    question: 'q1',
    answers: [
      {button: 'personal', wanted: {}},
      {button: 'unique', wanted: {}},
    ],
  };
  const markup = shown(postOf({type: 'system_ephemeral', props}));
  assert.match(words(markup), /^\|Which ID shall the meeting have\?\|Use my Personal Meeting ID\|Use a new meeting ID\|$/);
});

test('a private post is trusted by its type alone, which no user can give a post', () => {
  const props = {...CARD, type: 'custom_zoom'};
  assert.match(shown(postOf({type: 'system_ephemeral', props}), {ours: false}), /<a /);
  assert.doesNotMatch(shown(postOf({type: 'custom_zoom', props}), {ours: false}), /<a /);
});

test('a transcript is its sentence, and a way to sum it up where a plugin offers that', () => {
  const post = postOf({type: 'custom_zoom_transcript', message: 'The transcript is attached.'});
  assert.equal(words(shown(post)), '|The transcript is attached.|');
  const store = storeOf();
  store.set({...store.getState(), 'plugins-mattermost-ai': {callsPostButtonClickedTranscription: () => undefined}});
  assert.equal(words(shown(post, {store})), '|The transcript is attached.|Create a summary of the meeting|');
  assert.match(words(shown({...post, type: 'custom_zoom_chat'}, {store})), /summary of the chat/);
});

test('compact display has a class of its own', () => {
  assert.match(shown(postOf({props: CARD}), {compactDisplay: true}), /class="zoom-card zoom-compact"/);
});

test('numbers are grouped as Zoom groups them', () => {
  const groups: [unknown, string][] = [
    [123456789, '123 456 789'],
    [1234567890, '123 456 7890'],
    [12345678901, '123 4567 8901'],
    [123, '123'],
    ['12345678901', ''],
    [1.5, ''],
    [0, ''],
    [undefined, ''],
  ];
  for (const [number, group] of groups) {
    assert.equal(spaced(number), group);
  }
});
