/** Times and lengths as the user reads them. */
import type {IntlShape} from 'react-intl';

import {timeZone, uses24Hours} from './host/state';
import type {State} from './host/types';
import {message} from './i18n';

/** A date and a time of day, `5 Jan 2026, 14:05`, in the user's language, zone and clock. */
export function moment(state: State, locale: string, ms: number): string {
  const format = (language: string | undefined, zone: {timeZone?: string}) =>
    new Intl.DateTimeFormat(language, {
      dateStyle: 'medium',
      timeStyle: 'short',
      // `hour12: false` makes midnight 24:00 in some languages.
      ...(uses24Hours(state) ? {hourCycle: 'h23'} : {hour12: true}),
      ...zone,
    }).format(ms);
  const zone = timeZone(state);
  try {
    return format(locale, zone ? {timeZone: zone} : {});
  } catch {
    // A zone or a locale that this browser does not know.
    return format(undefined, {});
  }
}

/** `1 hour 5 minutes`, as the server says it in its texts. */
export function length(intl: IntlShape, ms: number): string {
  const all = Math.floor(Math.max(0, ms) / 60_000);
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  return intl.formatMessage(message(all ? 'length.words' : 'length.short'), {hours, minutes}).trim();
}
