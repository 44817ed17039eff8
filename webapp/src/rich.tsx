/** Sentences with a little Markdown: `code`, **strong**; links as their words. No link is made. */
import React from 'react';

export function Rich({words}: {words: string}) {
  if (!words) {
    return null;
  }
  return (
    <div dir='auto'>
      {pieces(words).map(({kind: Kind, words: inner}, at) => (Kind ? <Kind key={at}>{inner}</Kind> : inner))}
    </div>
  );
}

/** The words alone, for a post that is not drawn as a card. */
export const plainWords = (words: string) => pieces(words).map((piece) => piece.words).join('');

interface Piece {
  kind?: 'code' | 'strong';
  words: string;
}

/** Splits a sentence. A link is shown as `words (address)`, unless it says its own address. */
export function pieces(words: string): Piece[] {
  const found: Piece[] = [];
  const pattern = /`([^`]+)`|\*\*((?:\\.|[^\\])+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|\\([!-/:-@[-`{-~])/g;
  let from = 0;
  for (const match of words.matchAll(pattern)) {
    const [all, code, strong, label, target, escaped] = match;
    plain(found, words.slice(from, match.index));
    if (code !== undefined) {
      found.push({kind: 'code', words: code});
    } else if (strong !== undefined) {
      found.push({kind: 'strong', words: unescaped(strong)});
    } else {
      plain(found, escaped ?? (label === target ? (label ?? '') : `${label} (${target})`));
    }
    from = match.index + all.length;
  }
  plain(found, words.slice(from));
  return found;
}

function plain(found: Piece[], words: string): void {
  const last = found[found.length - 1];
  if (last && !last.kind) {
    last.words += words;
  } else if (words) {
    found.push({words});
  }
}

const unescaped = (words: string) => words.replace(/\\([!-/:-@[-`{-~])/g, '$1');
