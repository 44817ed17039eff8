// A small part of Markdown, as elements: paragraphs, lists, headings, code, bold, italic, links and mentions.
// Whatever is not understood stays text. Links lead to http and https only.

import { h } from "./dom.js";

/** The text as elements. `names` knows usernames and channels: { user(name), channel(name) } give what to show, or nothing. */
export function markdown(text, names) {
  return blocks(text.replaceAll("\r\n", "\n").split("\n"), names);
}

/** Whether a URL may be linked. */
export function isWebUrl(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

function blocks(lines, names) {
  const out = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) out.push(h("p", {}, paragraph.flatMap((line, at) => (at ? [h("br"), ...inline(line, names)] : inline(line, names)))));
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    if (line.startsWith("```")) {
      const end = lines.findIndex((other, index) => index > at && other.startsWith("```"));
      const last = end < 0 ? lines.length : end;
      flush();
      out.push(h("pre", { tabindex: "0", role: "group", "aria-label": "Code" }, h("code", {}, lines.slice(at + 1, last).join("\n"))));
      at = last;
    } else if (/^\s*[-*] /.test(line)) {
      flush();
      const items = [];
      while (at < lines.length && /^\s*[-*] /.test(lines[at])) items.push(lines[at++].replace(/^\s*[-*] /, ""));
      at -= 1;
      out.push(h("ul", {}, items.map((item) => h("li", {}, inline(item, names)))));
    } else if (/^#{1,6} /.test(line)) {
      flush();
      out.push(h("p", { class: "heading" }, h("strong", {}, inline(line.replace(/^#+ /, ""), names))));
    } else if (line.trim() === "") {
      flush();
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return out;
}

const ESCAPED = /^\\([!-/:-@[-`{-~])/;
const CODE = /^(`+)(.+?)\1(?!`)/;
const LINK = /^\[((?:\\.|[^[\]\\])+)\]\((\S+?)\)/;
const AUTOLINK = /^https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]]/;
const BOLD = /^\*\*(?=\S)((?:\\.|[^\\])+?)\*\*/;
const ITALIC = /^([*_])(?=\S)((?:\\.|[^*_\\])+?)\1(?![A-Za-z0-9])/;
const USER = /^@([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])/;
const CHANNEL = /^~([a-z0-9][a-z0-9_-]*)/;

function inline(text, names) {
  const out = [];
  let plain = "";
  const push = (element, length) => {
    if (plain) out.push(plain);
    plain = "";
    out.push(element);
    return length;
  };
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const atWordStart = at === 0 || !/[A-Za-z0-9]/.test(text[at - 1]);
    const taken = special(rest, atWordStart, names, push);
    if (taken) {
      at += taken;
    } else {
      const escaped = rest.match(ESCAPED);
      plain += escaped ? escaped[1] : rest[0];
      at += escaped ? 2 : 1;
    }
  }
  if (plain) out.push(plain);
  return out;
}

/** What begins here, or 0. Gives the length that was used up. */
function special(rest, atWordStart, names, push) {
  let match;
  if ((match = rest.match(CODE))) return push(h("code", {}, match[2]), match[0].length);
  if ((match = rest.match(LINK)) && isWebUrl(match[2])) return push(link(match[2], inline(match[1], names)), match[0].length);
  if ((match = rest.match(BOLD))) return push(h("strong", {}, inline(match[1], names)), match[0].length);
  if (!atWordStart) return 0;
  if ((match = rest.match(AUTOLINK))) return push(link(match[0], [match[0]]), match[0].length);
  if ((match = rest.match(ITALIC))) return push(h("em", {}, inline(match[2], names)), match[0].length);
  if ((match = rest.match(USER)) && names.user(match[1])) return push(h("span", { class: "mention" }, `@${names.user(match[1])}`), match[0].length);
  if ((match = rest.match(CHANNEL)) && names.channel(match[1])) return push(h("a", { class: "mention", href: `#/${match[1]}` }, names.channel(match[1])), match[0].length);
  return 0;
}

function link(url, children) {
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}
