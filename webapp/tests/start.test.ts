import assert from 'node:assert/strict';
import {beforeEach, test} from 'node:test';

import {pressGuard, SAME_PRESS} from '../src/start/guard';
import {inChannel, inThread, inView} from '../src/start/place';
import {starter} from '../src/start/start';
import {browse, html, json, storeOf, type Page} from './support';

const MEETING = 'https://zoom.us/j/123';
let page: Page;
beforeEach(() => {
  page = browse();
});

test('a press opens a tab, asks once with token and id, and leads the tab to the meeting', async () => {
  page.answers.push(json(200, {meeting_url: MEETING}));
  const store = storeOf();
  await starter(store)({channelId: 'channel1', rootId: 'root1'});
  assert.equal(page.opened.length, 1);
  assert.deepEqual([page.opened[0]?.at, page.opened[0]?.opener, page.opened[0]?.closed], [MEETING, null, false]);
  assert.match(page.opened[0]?.words[0] ?? '', /Opening/);
  assert.equal(page.requests.length, 1);
  const {url, init} = page.requests[0] ?? {url: '', init: {}};
  assert.equal(url, '/plugins/zoom/api/v1/meetings');
  const headers = new Headers(init.headers);
  assert.deepEqual(
    [init.method, headers.get('X-CSRF-Token'), headers.get('X-Requested-With'), headers.get('Content-Type')],
    ['POST', 'token', 'XMLHttpRequest', 'application/json'],
  );
  const {request_id: id, ...rest} = JSON.parse(String(init.body)) as Record<string, string>;
  assert.deepEqual(rest, {channel_id: 'channel1', root_id: 'root1'});
  assert.match(id ?? '', /^[0-9a-z]{26}$/);
  assert.deepEqual(store.notices(), []);
});

test('the tab is opened before anything is waited for', () => {
  page.answers.push(json(200, {meeting_url: MEETING}));
  void starter(storeOf())({channelId: 'channel1', rootId: ''});
  assert.equal(page.opened.length, 1);
});

test('below a path, the request goes below it', async () => {
  page = browse({basename: '/chat'});
  page.answers.push(json(200, {meeting_url: MEETING}));
  await starter(storeOf())({channelId: 'channel1', rootId: ''});
  assert.equal(page.requests[0]?.url, '/chat/plugins/zoom/api/v1/meetings');
});

test('two presses at once are one request, in each place', async () => {
  page.answers.push(json(200, {meeting_url: MEETING}), json(200, {meeting_url: MEETING}));
  const start = starter(storeOf());
  const here = {channelId: 'channel1', rootId: ''};
  await Promise.all([start(here), start(here), start({...here, rootId: 'root1'})]);
  await start(here);
  assert.equal(page.requests.length, 2);
  assert.equal(page.opened.length, 2);
});

test('the guard lets go a second after the press, also when the work fails', async () => {
  let now = 5000;
  let done = 0;
  const press = pressGuard(() => now);
  const work = () => {
    done += 1;
    return Promise.reject(new Error('broken'));
  };
  await assert.rejects(press('here', work));
  now += SAME_PRESS - 1;
  await press('here', work);
  assert.equal(done, 1);
  now += 1;
  await assert.rejects(press('here', work));
  assert.equal(done, 2);
});

test('the guard holds as long as the work takes', async () => {
  let now = 0;
  let release = () => undefined as void;
  const press = pressGuard(() => now);
  const first = press('here', () => new Promise<void>((resolve) => (release = resolve)));
  now = 60_000;
  let second = false;
  await press('here', async () => {
    second = true;
    return Promise.resolve();
  });
  assert.equal(second, false);
  release();
  await first;
});

test('who has to connect first is led to the page of this plugin, on this address or the Site URL', async () => {
  for (const connect of [
    'https://chat.example/plugins/zoom/oauth2/connect?state=1',
    'https://other-name.example/chat/plugins/zoom/oauth2/connect?state=1',
  ]) {
    page = browse();
    page.answers.push(json(200, {meeting_url: '', connect_url: connect}));
    const store = storeOf({general: {config: {SiteURL: 'https://other-name.example/chat/'}}});
    await starter(store)({channelId: 'channel1', rootId: ''});
    assert.equal(page.opened[0]?.at, connect);
    assert.deepEqual(store.notices(), []);
  }
});

test('an answer that leads anywhere else is not followed', async () => {
  const answers = [
    {meeting_url: 'javascript:alert(1)'},
    {meeting_url: 'data:text/html,x'},
    {meeting_url: '', connect_url: 'https://chat.example.evil.example/plugins/zoom/'},
    {meeting_url: '', connect_url: 'https://chat.example/plugins/zoomer/oauth2/connect'},
    {meeting_url: '', connect_url: 'https://chat.example/plugins/zoom/../other/'},
    {meeting_url: '', connect_url: 'https://evil.example/?https://chat.example/plugins/zoom/'},
  ];
  for (const answer of answers) {
    page = browse();
    page.answers.push(json(200, answer));
    const store = storeOf();
    await starter(store)({channelId: 'channel1', rootId: ''});
    assert.deepEqual([page.opened[0]?.at, page.opened[0]?.closed], ['', true], JSON.stringify(answer));
    assert.match(store.notices()[0] ?? '', /leads to no meeting/);
  }
});

test('who was asked something in private gets no tab and no other sentence', async () => {
  page.answers.push(json(200, {meeting_url: ''}));
  const store = storeOf();
  await starter(store)({channelId: 'channel1', rootId: ''});
  assert.equal(page.opened[0]?.closed, true);
  assert.deepEqual(store.notices(), []);
});

/** What Mattermost's client offers for the panel of threads, with the thread that is open, and those that were opened. */
function panel(selected = '') {
  const shown: string[] = [];
  const products = {
    selectRhsPost: (id: string) => ({type: 'SELECT_POST', postId: shown.push(id)}),
    getRhsSelectedPostId: () => selected,
    getIsRhsOpen: () => Boolean(selected),
  };
  return {products, shown};
}

test('f71_a_thread_that_nobody_looks_at_is_opened_for_what_is_asked_or_said_in_it', async () => {
  const views = {threads: {selectedThreadIdInTeam: {team: 'root1'}}};
  const posts = {posts: {root1: {id: 'root1', channel_id: 'channel1', root_id: ''}}} as never;
  const cases: [string, () => Response, string, Parameters<typeof storeOf>[0], string[]][] = [
    ['a question', json(200, {meeting_url: ''}), '', {}, ['root1']],
    ['a question, another thread open', json(200, {meeting_url: ''}), 'root2', {}, ['root1']],
    ['a question, the thread open', json(200, {meeting_url: ''}), 'root1', {}, []],
    ['a question, in the Threads view', json(200, {meeting_url: ''}), '', {views, posts}, []],
    ['a meeting', json(200, {meeting_url: MEETING}), '', {}, []],
  ];
  for (const [what, answer, selected, state, expected] of cases) {
    const {products, shown} = panel(selected);
    page = browse({products});
    page.answers.push(answer);
    await starter(storeOf(state))({channelId: 'channel1', rootId: 'root1'});
    assert.deepEqual(shown, expected, what);
  }
  const {products, shown} = panel();
  page = browse({products});
  page.answers.push(json(403, {error: 'No.'}));
  await starter(storeOf())({channelId: 'channel1', rootId: 'root1'});
  assert.equal(shown[0], 'root1', 'a refusal');
  const blocked = panel();
  page = browse({products: blocked.products, blocked: true});
  page.answers.push(json(200, {meeting_url: MEETING}));
  await starter(storeOf())({channelId: 'channel1', rootId: 'root1'});
  assert.deepEqual(blocked.shown, ['root1'], 'no tab');
  const channel = panel('root1');
  page = browse({products: channel.products});
  page.answers.push(json(403, {error: 'No.'}));
  await starter(storeOf())({channelId: 'channel1', rootId: ''});
  assert.deepEqual(channel.shown, [], 'the channel needs no panel');
});

test('f71_where_no_thread_can_be_opened_a_refusal_stands_in_the_channel', async () => {
  page.answers.push(json(403, {error: 'No.'}));
  const store = storeOf();
  await starter(store)({channelId: 'channel1', rootId: 'root1'});
  assert.deepEqual(store.dispatched.map(({data}) => data?.root_id), ['']);
});

test('a refusal stands in the thread where the meeting was wanted', async () => {
  page = browse({products: panel('root1').products});
  page.answers.push(json(403, {error: 'Meetings are not allowed here.'}));
  const store = storeOf();
  await starter(store)({channelId: 'channel1', rootId: 'root1'});
  assert.equal(page.opened[0]?.closed, true);
  const [{type, data} = {type: ''}] = store.dispatched;
  assert.equal(type, 'RECEIVED_NEW_POST');
  assert.deepEqual(
    [data?.channel_id, data?.root_id, data?.type, data?.message],
    ['channel1', 'root1', 'system_ephemeral', 'Meetings are not allowed here.'],
  );
  assert.deepEqual(page.alerts, []);
});

test('a meeting whose card could not be posted is opened, and that is said', async () => {
  page.answers.push(json(500, {error: 'The card could not be posted.', meeting_url: MEETING}));
  const store = storeOf();
  await starter(store)({channelId: 'channel1', rootId: ''});
  assert.equal(page.opened[0]?.at, MEETING);
  assert.deepEqual(store.notices(), ['The card could not be posted.']);
});

test('answers without a sentence get one', async () => {
  const cases: [() => Response, RegExp][] = [
    [html(404), /not running/],
    [json(401, {message: 'Invalid session'}), /signed in/],
    [html(502), /error 502/],
    [html(200), /error 200/],
  ];
  for (const [answer, sentence] of cases) {
    page = browse();
    page.answers.push(answer);
    const store = storeOf();
    await starter(store)({channelId: 'channel1', rootId: ''});
    assert.match(store.notices()[0] ?? '', sentence);
    assert.equal(page.opened[0]?.closed, true);
  }
  page = browse();
  const store = storeOf();
  await starter(store)({channelId: 'channel1', rootId: ''});
  assert.match(store.notices()[0] ?? '', /could not be reached/);
});

test('a browser that opens no tab is named, with what to do', async () => {
  page = browse({blocked: true});
  page.answers.push(json(200, {meeting_url: MEETING}));
  const store = storeOf();
  await starter(store)({channelId: 'channel1', rootId: ''});
  assert.match(store.notices()[0] ?? '', /opened no tab for the meeting/);
  // No link of the answer's stands in a post.
  assert.doesNotMatch(store.notices()[0] ?? '', /zoom\.us/);

  page = browse({blocked: true});
  page.answers.push(json(200, {meeting_url: '', connect_url: 'https://chat.example/plugins/zoom/oauth2/connect'}));
  const other = storeOf();
  await starter(other)({channelId: 'channel1', rootId: ''});
  assert.match(other.notices()[0] ?? '', /\/zoom connect/);
});

test('the desktop app opens the address itself: it takes no empty window', async () => {
  page = browse({userAgent: 'Mozilla/5.0 Chrome/120 Electron/28 Mattermost/5.6'});
  page.answers.push(json(200, {meeting_url: MEETING}));
  await starter(storeOf())({channelId: 'channel1', rootId: ''});
  assert.deepEqual(page.opened.map(({first}) => first), [MEETING]);
  page.answers.push(json(403, {error: 'No.'}));
  await starter(storeOf())({channelId: 'channel1', rootId: ''});
  assert.equal(page.opened.length, 1);
});

test('where the client takes no post, a dialog shows the sentence', async () => {
  page.answers.push(json(403, {error: 'No.'}));
  const store = storeOf();
  await starter({...store, dispatch: () => undefined})({channelId: 'channel1', rootId: ''});
  assert.deepEqual(page.alerts, ['No.']);
  await starter(store)(undefined);
  assert.match(page.alerts[1] ?? '', /Open a channel/);
  assert.equal(page.requests.length, 1);
});

test('the Threads view counts for a button that stands in no channel', () => {
  const thread = {id: 'root1', channel_id: 'of-thread'} as never;
  const views = {threads: {selectedThreadIdInTeam: {team: 'root1', other: 'root2'}}};
  const inStore = storeOf({posts: {posts: {root1: thread}}, views}).getState();
  assert.deepEqual(inView(inStore, 'channel1'), {channelId: 'of-thread', rootId: 'root1'});
  const inThreads = storeOf({threads: {threads: {root1: {post: thread}}}, views}).getState();
  assert.deepEqual(inView(inThreads, undefined), {channelId: 'of-thread', rootId: 'root1'});
  const left = storeOf({views: {threads: {selectedThreadIdInTeam: {team: ''}}}}).getState();
  assert.deepEqual(inView(left, 'channel1'), inChannel('channel1'));
  assert.deepEqual(inView(left, undefined), inChannel('current'));
  assert.equal(inView(storeOf({channels: {}}).getState(), ''), undefined);
});

test('the menu of a message leads into its thread, or begins one', () => {
  const posts = {
    root1: {id: 'root1', channel_id: 'c', root_id: '', type: ''},
    reply: {id: 'reply', channel_id: 'c', root_id: 'root1', type: 'custom_zoom'},
    note: {id: 'note', channel_id: 'c', root_id: '', type: 'system_join_channel'},
    private: {id: 'private', channel_id: 'c', root_id: '', type: 'system_ephemeral'},
    'me:17': {id: 'me:17', channel_id: 'c', root_id: '', type: ''},
  } as never;
  const state = storeOf({posts: {posts}}).getState();
  assert.deepEqual(inThread(state, 'root1'), {channelId: 'c', rootId: 'root1'});
  assert.deepEqual(inThread(state, 'reply'), {channelId: 'c', rootId: 'root1'});
  for (const id of ['note', 'private', 'me:17', 'unknown']) {
    assert.equal(inThread(state, id), undefined, id);
  }
});
