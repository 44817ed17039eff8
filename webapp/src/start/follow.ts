/** What is done with the server's answer to a start, or to a question about one. */
import {text, type Reply} from '../host/http';
import {notice} from '../host/notice';
import {siteUrl} from '../host/state';
import {showThread} from '../host/thread';
import type {Store} from '../host/types';
import {meetingAddress, pluginPage} from '../host/url';
import {say, type Key, type Values} from '../i18n';
import type {Tab} from '../tab';
import type {Place} from './place';

/**
 * Leads the tab, where one was opened, to the meeting or to where an account is connected, or closes it and says why. `true` when
 * all is well.
 */
export function follow(store: Store, place: Place, tab: Tab | undefined, reply: Reply): boolean {
  // Something between here and the server may answer with a page of its own.
  const answered = reply.status === 200 && typeof reply.body['meeting_url'] === 'string';
  const error = answered ? '' : refusal(reply, (key, values) => say(store, key, values));
  // A meeting may stand although its card could not be posted: both are told.
  const connect = text(reply.body['connect_url']);
  const meeting = text(reply.body['meeting_url']);
  const address = connect ? pluginPage(connect, siteUrl(store.getState())) : meetingAddress(meeting);
  const foreign = Boolean(connect || meeting) && !address;
  const blocked = address && tab ? !tab.go(address) : false;
  if (!address) {
    tab?.close();
    // Nobody is led anywhere: there is something to read where the meeting was wanted, such as a question.
    showThread(store, place.rootId);
  }
  if (error) {
    notice(store, place, error);
  } else if (foreign) {
    notice(store, place, say(store, 'start.address'));
  } else if (blocked) {
    notice(store, place, say(store, connect ? 'start.blocked_connect' : 'start.blocked'));
  }
  return !error && !foreign;
}

const KNOWN: Record<number, Key> = {0: 'error.unreachable', 401: 'error.signed_out', 404: 'error.not_running'};

/** Why the server did not do it: its own sentence, or what the status says. */
export const refusal = ({status, body}: Reply, format: (key: Key, values: Values) => string) =>
  text(body['error']) || format(KNOWN[status] ?? 'error.failed', {status});
