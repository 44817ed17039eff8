import assert from 'node:assert/strict';
import {beforeEach, mock, test} from 'node:test';

import {vouchingBy, type Verdicts} from '../src/vouch';
import {browse, json} from './support';

const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) {
    await Promise.resolve();
  }
};
/** Lets time pass, in steps as small as what is waited for: what is begun on the way begins then, not at the end. */
const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= 16) {
    mock.timers.tick(Math.min(16, left));
    await settle();
  }
};
const nothing = () => undefined;

/** A server that vouches for what `ours` has at the moment, knows others for certain, and nothing of the rest. */
function server(ours: string[], others: string[] = []) {
  const asked: string[][] = [];
  const ask = (ids: readonly string[]): Promise<Verdicts> => {
    asked.push([...ids]);
    return Promise.resolve({ours: ids.filter((id) => ours.includes(id)), others: ids.filter((id) => others.includes(id))});
  };
  return {ask, asked};
}

/** Lets time pass, and gives the seconds, rounded, at which something was counted. */
async function secondsOf(count: () => number, seconds: number): Promise<number[]> {
  const at: number[] = [];
  for (let ms = 0; ms < seconds * 1000; ms += 16) {
    const before = count();
    await pass(16);
    at.push(...Array<number>(count() - before).fill(Math.round(ms / 1000)));
  }
  return at;
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({apis: ['setTimeout']});
  browse();
});

test('the posts of a channel are asked for together, at most 50 in a request, each once', async () => {
  const ids = Array.from({length: 60}, (_, n) => `post${String(n)}`);
  const {ask, asked} = server(['post0'], ids.slice(1));
  const vouching = vouchingBy(ask);
  let calls = 0;
  for (const id of ids) {
    vouching.watch(id, 1, () => (calls += 1));
    vouching.watch(id, 1, () => (calls += 1));
  }
  await pass(16);
  assert.deepEqual(asked.map((batch) => batch.length), [50]);
  await pass(16);
  assert.deepEqual(asked.map((batch) => batch.length), [50, 10]);
  assert.equal(new Set(asked.flat()).size, 60);
  assert.equal(calls, 2);
  assert.deepEqual([vouching.verdict('post0'), vouching.verdict('post1'), vouching.verdict('other')], [true, false, false]);
  vouching.watch('post0', 1, nothing);
  vouching.watch('post1', 1, nothing);
  await pass(300_000);
  assert.equal(asked.length, 2);
});

test('f14_a_post_that_the_server_does_not_know_yet_is_asked_for_again_and_drawn_when_it_does', async () => {
  const ours: string[] = [];
  const {ask, asked} = server(ours);
  const vouching = vouchingBy(ask);
  let drawn = 0;
  vouching.watch('post1', 1, () => (drawn += 1));
  await pass(16);
  assert.deepEqual([asked.length, drawn, vouching.verdict('post1')], [1, 0, false]);
  ours.push('post1');
  await pass(1100);
  assert.deepEqual([asked.length, drawn, vouching.verdict('post1')], [2, 1, true]);
  await pass(300_000);
  assert.equal(asked.length, 2);
});

test('f14_what_the_server_never_knows_is_asked_for_seven_times_in_a_minute_and_then_no_more', async () => {
  const {ask, asked} = server([]);
  vouchingBy(ask).watch('post1', 1, nothing);
  assert.deepEqual(await secondsOf(() => asked.length, 300), [0, 1, 3, 7, 15, 31, 63]);
});

test('f14_a_certain_no_is_believed_at_once', async () => {
  const {ask, asked} = server([], ['post1']);
  vouchingBy(ask).watch('post1', 1, nothing);
  await pass(300_000);
  assert.equal(asked.length, 1);
});

test('f14_a_new_post_does_not_wait_for_those_that_wait', async () => {
  const {ask, asked} = server(['post2']);
  const vouching = vouchingBy(ask);
  vouching.watch('post1', 1, nothing);
  await secondsOf(() => asked.length, 20);
  asked.length = 0;
  vouching.watch('post2', 1, nothing);
  await pass(16);
  assert.deepEqual(asked, [['post2']]);
  assert.equal(vouching.verdict('post2'), true);
});

test('f70_a_post_that_changes_is_asked_for_again_though_the_answer_was_no', async () => {
  const ours: string[] = [];
  const {ask, asked} = server(ours, ['old1']);
  const vouching = vouchingBy(ask);
  let drawn = 0;
  const leave = vouching.watch('old1', 1, nothing);
  await pass(16);
  ours.push('old1');
  leave();
  vouching.watch('old1', 2, () => (drawn += 1));
  await pass(16);
  assert.deepEqual([asked.length, drawn, vouching.verdict('old1')], [2, 1, true]);
  vouching.watch('old1', 3, nothing);
  await pass(300_000);
  assert.equal(asked.length, 2);
});

test('a request that fails is made again, later and later, while the post is on the screen', async () => {
  let asked = 0;
  const vouching = vouchingBy(() => {
    asked += 1;
    return Promise.resolve(undefined);
  });
  const leave = vouching.watch('post1', 1, nothing);
  assert.deepEqual(await secondsOf(() => asked, 300), [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  leave();
  await pass(300_000);
  assert.equal(asked, 10);
  assert.equal(vouching.verdict('post1'), false);
});

test('what left the screen before it was known is asked for when it is back', async () => {
  const {ask, asked} = server([]);
  const vouching = vouchingBy(ask);
  const leave = vouching.watch('post1', 1, nothing);
  await pass(16);
  leave();
  await pass(300_000);
  assert.equal(asked.length, 1);
  vouching.watch('post1', 1, nothing);
  await pass(16);
  assert.equal(asked.length, 2);
});

test('after a lost connection only what was not vouched for is asked for again', async () => {
  const {ask, asked} = server(['ours'], ['other']);
  const vouching = vouchingBy(ask);
  vouching.watch('ours', 1, nothing);
  vouching.watch('other', 1, nothing);
  await pass(16);
  vouching.again();
  assert.equal(vouching.verdict('ours'), true);
  await pass(16);
  assert.deepEqual(asked, [['ours', 'other'], ['other']]);
});

test('nothing is asked after the plugin was removed, nor for what is no id', async () => {
  const {ask, asked} = server([]);
  const vouching = vouchingBy(ask);
  vouching.watch('user:1700000000000', 1, nothing);
  vouching.watch('a,b', 1, nothing);
  await pass(100_000);
  assert.equal(asked.length, 0);
  vouching.watch('post1', 1, nothing);
  vouching.stop();
  await pass(100_000);
  assert.ok(asked.flat().length <= 1);
  const before = asked.length;
  vouching.watch('post2', 1, nothing);
  vouching.again();
  await pass(100_000);
  assert.equal(asked.length, before);
});

test('stopping during a request ends it too', async () => {
  let asked = 0;
  let fail = () => undefined as void;
  const vouching = vouchingBy(() => {
    asked += 1;
    return new Promise((resolve) => (fail = () => resolve(undefined)));
  });
  vouching.watch('post1', 1, nothing);
  await pass(16);
  vouching.stop();
  fail();
  await settle();
  await pass(100_000);
  assert.equal(asked, 1);
});

test('the server is asked by its route, and an answer of another form is none', async () => {
  for (const [answer, asked, verdict] of [
    [json(200, {ours: ['post1'], others: []}), 1, true],
    [json(200, {ours: [], others: ['post1']}), 1, false],
    [json(200, {ours: 'post1', others: []}), 2, false],
    [json(200, {ours: ['post1']}), 2, false],
    [json(403, {error: 'No.'}), 2, false],
  ] as const) {
    const page = browse({basename: '/chat'});
    page.answers.push(answer, json(200, {ours: [], others: ['post1']}));
    const vouching = vouchingBy();
    vouching.watch('post1', 1, nothing);
    mock.timers.tick(16);
    // The answer is read by what knows no mocked time.
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    await turn();
    await turn();
    mock.timers.tick(1000);
    mock.timers.tick(16);
    await turn();
    await turn();
    vouching.stop();
    assert.equal(page.requests[0]?.url, '/chat/plugins/zoom/api/v1/cards?ids=post1');
    assert.equal(page.requests.length, asked);
    assert.equal(vouching.verdict('post1'), verdict);
  }
});
