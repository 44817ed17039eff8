import assert from 'node:assert/strict';
import {beforeEach, mock, test} from 'node:test';

import {vouchingBy} from '../src/vouch';
import {browse, json} from './support';

const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) {
    await Promise.resolve();
  }
};
const pass = async (ms: number) => {
  mock.timers.tick(ms);
  await settle();
};

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({apis: ['setTimeout']});
  browse();
});

test('the posts of a channel are asked for together, at most 50 in a request, each once', async () => {
  const asked: string[][] = [];
  const vouching = vouchingBy((ids) => {
    asked.push([...ids]);
    return Promise.resolve(ids.slice(0, 1));
  });
  let calls = 0;
  for (let n = 0; n < 60; n += 1) {
    vouching.watch(`post${String(n)}`, () => (calls += 1));
    vouching.watch(`post${String(n)}`, () => (calls += 1));
  }
  await pass(16);
  assert.deepEqual(asked.map((ids) => ids.length), [50]);
  await pass(0);
  assert.deepEqual(asked.map((ids) => ids.length), [50, 10]);
  assert.equal(new Set(asked.flat()).size, 60);
  assert.equal(calls, 120);
  assert.deepEqual([vouching.verdict('post0'), vouching.verdict('post1'), vouching.verdict('other')], [true, false, undefined]);
  vouching.watch('post0', () => undefined);
  await pass(60_000);
  assert.equal(asked.length, 2);
});

test('a request that fails is made again, later and later, while the post is on the screen', async () => {
  const times: number[] = [];
  let now = 0;
  const vouching = vouchingBy(() => {
    times.push(now);
    return Promise.resolve(undefined);
  });
  const leave = vouching.watch('post1', () => undefined);
  for (; now < 30_000; now += 1000) {
    await pass(1000);
  }
  assert.deepEqual(times, [0, 3000, 9000, 21_000]);
  leave();
  for (; now < 200_000; now += 1000) {
    await pass(1000);
  }
  assert.equal(times.length, 4);
  assert.equal(vouching.verdict('post1'), undefined);
});

test('after a lost connection only what was not vouched for is asked for again', async () => {
  const asked: string[][] = [];
  const vouching = vouchingBy((ids) => {
    asked.push([...ids]);
    return Promise.resolve(['ours']);
  });
  vouching.watch('ours', () => undefined);
  vouching.watch('other', () => undefined);
  await pass(16);
  vouching.again();
  assert.equal(vouching.verdict('ours'), true);
  await pass(16);
  assert.deepEqual(asked, [['ours', 'other'], ['other']]);
});

test('nothing is asked after the plugin was removed, nor for what is no id', async () => {
  let asked = 0;
  const vouching = vouchingBy(() => {
    asked += 1;
    return Promise.resolve(undefined);
  });
  vouching.watch('user:1700000000000', () => undefined);
  vouching.watch('a,b', () => undefined);
  await pass(100_000);
  assert.equal(asked, 0);
  vouching.watch('post1', () => undefined);
  vouching.stop();
  await pass(100_000);
  assert.equal(asked, 0);
});

test('stopping during a request ends it too', async () => {
  let asked = 0;
  let fail = () => undefined as void;
  const vouching = vouchingBy(() => {
    asked += 1;
    return new Promise((resolve) => (fail = () => resolve(undefined)));
  });
  vouching.watch('post1', () => undefined);
  await pass(16);
  vouching.stop();
  fail();
  await settle();
  await pass(100_000);
  assert.equal(asked, 1);
});

test('the server is asked by its route, and an answer of another form vouches for nothing', async () => {
  for (const [answer, verdict] of [
    [json(200, {ours: ['post1']}), true],
    [json(200, {ours: []}), false],
    [json(200, {ours: 'post1'}), undefined],
    [json(403, {error: 'No.'}), undefined],
  ] as const) {
    const page = browse({basename: '/chat'});
    page.answers.push(answer);
    const vouching = vouchingBy();
    vouching.watch('post1', () => undefined);
    vouching.watch('post2', () => undefined);
    mock.timers.tick(16);
    mock.timers.reset();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    vouching.stop();
    assert.equal(page.requests[0]?.url, '/chat/plugins/zoom/api/v1/cards?ids=post1,post2');
    assert.equal(vouching.verdict('post1'), verdict);
    mock.timers.enable({apis: ['setTimeout']});
  }
});
