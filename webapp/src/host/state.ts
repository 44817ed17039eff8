/** What is read from the Redux store. */
import type {State} from './types';

export const currentUser = (state: State) => state.entities.users?.profiles?.[state.entities.users.currentUserId ?? ''];

/** The language that the client is shown in. */
export const currentLocale = (state: State) =>
  currentUser(state)?.locale || state.entities.general?.config?.DefaultClientLocale || 'en';

export const siteUrl = (state: State) => state.entities.general?.config?.SiteURL || location.origin;

/** The time zone that the user has chosen; `undefined` is the browser's. */
export function timeZone(state: State): string | undefined {
  const zone = currentUser(state)?.timezone;
  const chosen = String(zone?.useAutomaticTimezone) === 'false' ? zone?.manualTimezone : zone?.automaticTimezone;
  return chosen || undefined;
}

/** Whether the user wants 14:05 instead of 2:05 PM. */
export const uses24Hours = (state: State) =>
  state.entities.preferences?.myPreferences?.['display_settings--use_military_time']?.value === 'true';

/** What reads a transcript and sums it up, where a plugin for that is there. */
export function summarizer(state: State): ((post: unknown) => void) | undefined {
  const found = state['plugins-mattermost-ai']?.callsPostButtonClickedTranscription;
  return typeof found === 'function' ? (found as (post: unknown) => void) : undefined;
}
