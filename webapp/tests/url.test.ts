import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';

import {isPostId, joinUrl, pluginUrl, postUrl} from '../src/host/url';
import {browse} from './support';

beforeEach(() => {
  browse();
});

test('links lead to this server only, whatever a post says', () => {
  assert.equal(joinUrl('00ff'), '/plugins/zoom/join/00ff');
  assert.equal(joinUrl('82345678901-00ff'), '/plugins/zoom/join/82345678901-00ff');
  assert.equal(joinUrl('post/abc1'), '/plugins/zoom/join/post/abc1');
  for (const forged of ['', 'post/', 'post/..', 'post/a/b', 'other/a', '../../api', 'https://evil.example', 'javascript:alert(1)', '00ff?x', '00ff/', ' 00ff', 5, null, {}]) {
    assert.equal(joinUrl(forged), undefined, String(forged));
  }
  const id = 'abcdefghijklmnopqrstuvwxyz';
  assert.equal(postUrl(id), `/_redirect/pl/${id}`);
  for (const forged of ['', '..', '../x', 'a/b', 'a:b', 'a?b', 'a%2fb', undefined, []]) {
    assert.equal(postUrl(forged), undefined, String(forged));
  }
});

test('below a path, links stay below it', () => {
  browse({basename: '/chat/'});
  assert.equal(pluginUrl('x'), '/chat/plugins/zoom/x');
  assert.equal(joinUrl('0a'), '/chat/plugins/zoom/join/0a');
  assert.equal(postUrl('post1'), '/chat/_redirect/pl/post1');
});

test('only what the server may know is asked for', () => {
  assert.equal(isPostId('x'.repeat(64)), true);
  assert.equal(isPostId('x'.repeat(65)), false);
  assert.equal(isPostId('me:1700000000000'), false);
});
