import assert from 'node:assert/strict';
import {test} from 'node:test';

import React from 'react';

import {Setup} from '../src/setup';
import {pieces} from '../src/rich';
import {browse, draw} from './support';

const configOf = (secret: string | undefined, site = 'https://chat.example/chat/') => ({
  ServiceSettings: {SiteURL: site},
  PluginSettings: {Plugins: {zoom: secret === undefined ? {} : {webhooksecret: secret}}},
});

test('the addresses are whole, with the secret out of sight', () => {
  browse();
  const markup = draw(<Setup config={configOf('s3cret&x')} />);
  assert.match(markup, /https:\/\/chat.example\/chat\/plugins\/zoom\/webhook\?secret=••••••••</);
  assert.match(markup, /https:\/\/chat.example\/chat\/plugins\/zoom\/deauthorization\?secret=••••••••</);
  assert.match(markup, /https:\/\/chat.example\/chat\/plugins\/zoom\/oauth2\/complete</);
  assert.doesNotMatch(markup, /s3cret/);
  assert.match(markup, /aria-label="Copy: OAuth Redirect URL"/);
});

test('a secret that the server keeps to itself is as good as one that is known', () => {
  browse();
  const markup = draw(<Setup config={configOf('*'.repeat(32))} />);
  assert.doesNotMatch(markup, /\*\*|no Webhook Secret/);
  assert.match(markup, /secret=••••••••</);
});

test('a secret or a Site URL that is missing is named', () => {
  browse();
  for (const secret of [undefined, '', ' ']) {
    const markup = draw(<Setup config={configOf(secret)} />);
    assert.match(markup, /no Webhook Secret yet/);
    assert.match(markup, /secret=WEBHOOKSECRET</);
  }
  assert.match(draw(<Setup config={configOf('x', '')} />), /no Site URL/);
  assert.match(draw(<Setup />), /no Site URL.*no Webhook Secret/s);
});

test('sentences of the server show their code and stress, and make no link', () => {
  assert.deepEqual(pieces('Type `/zoom connect` **now**.'), [
    {words: 'Type '},
    {kind: 'code', words: '/zoom connect'},
    {words: ' '},
    {kind: 'strong', words: 'now'},
    {words: '.'},
  ]);
  assert.deepEqual(pieces('See [Zoom](https://zoom.us) or [https://a.b](https://a.b)'), [
    {words: 'See Zoom (https://zoom.us) or https://a.b'},
  ]);
  assert.deepEqual(pieces('2 \\* 3 \\_x\\_ **a\\*b**'), [{words: '2 * 3 _x_ '}, {kind: 'strong', words: 'a*b'}]);
  assert.deepEqual(pieces('a ` b ** c [d'), [{words: 'a ` b ** c [d'}]);
  assert.deepEqual(pieces(''), []);
});
