/** What cards consist of. */
import React, {useEffect, useRef, useState, type ButtonHTMLAttributes, type ReactNode} from 'react';
import {useIntl} from 'react-intl';
import {useSelector} from 'react-redux';

import {text} from '../host/http';
import type {Post, State} from '../host/types';
import {joinUrl} from '../host/url';
import {message, type Key} from '../i18n';
import {plainWords} from '../rich';
import {moment} from '../time';

/** The facts of a post, whatever they are: nobody has checked them. */
export type Facts = Readonly<Record<string, unknown>>;

let frames = 0;

/** A box that a screen reader names by its first line. Not a heading: posts stand at no level of the page's outline. */
export function Frame({title, compact, children}: {title: ReactNode; compact: boolean; children: ReactNode}) {
  // The same post may stand in the channel and beside it.
  const [id] = useState(() => `zoom-card-${(frames += 1)}`);
  return (
    <div className={compact ? 'zoom-card zoom-compact' : 'zoom-card'} role='group' aria-labelledby={id}>
      <div className='zoom-title' id={id} dir='auto'>
        {title}
      </div>
      {children}
    </div>
  );
}

export function Words({id, values}: {id: Key; values?: Record<string, string | number>}) {
  return <>{useIntl().formatMessage(message(id), values)}</>;
}

/** What a press has led to, for screen readers too. It stands there before it says something: only changes are read out. */
export function Said({id}: {id: Key | undefined}) {
  return <span role='status'>{id && <Words id={id} />}</span>;
}

/** The link into a meeting, unless the card has none. The group around it names the meeting. */
export function Join({card}: {card: unknown}) {
  return joinUrl(card) ? (
    <a className='zoom-button zoom-primary' href={joinUrl(card)} target='_blank' rel='noopener noreferrer'>
      <Words id='card.join' />
    </a>
  ) : null;
}

/** A state that may be set by what goes on after its component has left the page. */
export function useWhileShown<T>(initial?: T): [T | undefined, (value: T | undefined) => void] {
  const [value, set] = useState(initial);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  return [value, (next) => shown.current && set(next)];
}

/** Not `disabled` while it works: keyboards would lose their place. */
export function Button(props: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type='button' className='zoom-button' {...props} />;
}

/** A line of a card: what it says, and its value. */
export function Fact({name, value}: {name: Key; value: ReactNode}) {
  return (
    <>
      <dt>
        <Words id={name} />
      </dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  );
}

export function Moment({ms}: {ms: number}) {
  const {locale} = useIntl();
  const shown = useSelector((state: State) => moment(state, locale, ms));
  return <time dateTime={new Date(ms).toISOString()}>{shown}</time>;
}

/** The topic, unless nobody gave one: then `Zoom Meeting` stands for it. */
export const topicOf = (facts: Facts) => {
  const topic = text(facts['meeting_topic']).trim();
  return topic === 'Zoom Meeting' ? '' : topic;
};

/** A time in milliseconds since the Unix epoch that can be shown. */
export const timeOf = (value: unknown) =>
  typeof value === 'number' && value > 0 && value < 8.64e15 ? value : undefined;

/** `123 4567 8901`, as Zoom writes it. '' for what is no meeting's number. */
export function spaced(number: unknown): string {
  const digits = typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? String(number) : '';
  const cut = {9: 6, 10: 6, 11: 7}[digits.length];
  return cut ? `${digits.slice(0, 3)} ${digits.slice(3, cut)} ${digits.slice(cut)}` : digits;
}

/**
 * A post of our types that we did not make, or do not know: its words, and nothing that can be pressed. Where the client draws the
 * attachments itself the style hides ours.
 */
export function PlainPost({post}: {post: Post}) {
  const attachments: unknown = post.props['attachments'];
  const lines: string[] = [];
  for (const attachment of Array.isArray(attachments) ? attachments : []) {
    const facts = (attachment ?? {}) as Facts;
    lines.push(text(facts['title']), text(facts['text']));
  }
  return (
    <div className='zoom-plain' dir='auto'>
      {plainWords(post.message)}
      <div className='zoom-below'>{lines.filter(Boolean).map(plainWords).join('\n')}</div>
    </div>
  );
}
