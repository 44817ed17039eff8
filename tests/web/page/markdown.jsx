// As much of the client's Markdown as the plugin's sentences have.

import React from "react";

const PATTERN = /`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|\\([!-/:-@[-`{-~])/g;

export function Markdown({ text }) {
  return text.split(/\n{2,}/).map((paragraph, index) => <p key={index}>{inline(paragraph)}</p>);
}

function inline(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(PATTERN)) {
    const [all, code, strong, label, target, escaped] = match;
    parts.push(text.slice(from, match.index));
    if (code !== undefined) parts.push(<code key={match.index}>{code}</code>);
    else if (strong !== undefined) parts.push(<strong key={match.index}>{inline(strong)}</strong>);
    else if (label !== undefined) parts.push(<a key={match.index} href={target} target="_blank" rel="noopener noreferrer">{label}</a>);
    else parts.push(escaped);
    from = match.index + all.length;
  }
  return [...parts, text.slice(from)];
}
