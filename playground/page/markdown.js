// Discord's markdown, line by line: quotes, headings, lists; what stands within the lines is for inline.js.

import { inline } from './inline.js';

const quoteAll = />>> ([\s\S]+)/y;
const quoteLines = /(?:> [^\n]*(?:\n|$))+/y;
const heading = /(#{1,3}) +([^\n]+)\n?/y;
const subtext = /-# +([^\n]+)\n?/y;
const listLines = /(?: *(?:[-*]|\d{1,9}\.) +\S[^\n]*(?:\n|$))+/y;
const listLine = /^( *)(?:[-*]|(\d+)\.) +(.+)/;
const line = /(?:```[\s\S]+?```|[^\n])*\n?/y; // a code block belongs to the line that opens it

/** Reads a whole text into a tree of strings and typed objects. */
export function markdown(text, quoted = false) {
  const nodes = [];
  let paragraph = '';
  const flush = (text) => nodes.push(...inline(text));
  for (let at = 0; at < text.length;) {
    const [block, length] = blockAt(text, at, quoted) ?? [];
    if (block) {
      flush(paragraph.replace(/\n$/, ''));
      paragraph = '';
      nodes.push(...block);
      at += length;
    } else {
      const [taken] = matchAt(line, text, at);
      paragraph += taken;
      at += taken.length;
    }
  }
  flush(paragraph);
  return nodes;
}

function blockAt(text, at, quoted) {
  let match;
  if (!quoted && (match = matchAt(quoteAll, text, at))) {
    return [[{ type: 'quote', children: markdown(match[1], true) }], match[0].length];
  }
  if (!quoted && (match = matchAt(quoteLines, text, at))) {
    const within = match[0].replace(/\n$/, '').replace(/^> /gm, '');
    return [[{ type: 'quote', children: markdown(within, true) }], match[0].length];
  }
  if ((match = matchAt(heading, text, at))) {
    return [[{ type: 'heading', level: match[1].length, children: inline(match[2]) }], match[0].length];
  }
  if ((match = matchAt(subtext, text, at))) {
    return [[{ type: 'subtext', children: inline(match[1]) }], match[0].length];
  }
  if ((match = matchAt(listLines, text, at))) {
    return [lists(match[0].trimEnd().split('\n').map(listItem)), match[0].length];
  }
  return null;
}

function listItem(text) {
  const [, indent, number, content] = listLine.exec(text);
  return { indent: indent.length, number: number && Number(number), content };
}

// Items indented further than the first belong to the item above them; where bullets turn to numbers, a new list begins.
function lists(items) {
  const found = [];
  const { indent } = items[0];
  for (let at = 0; at < items.length;) {
    const { number, content } = items[at];
    const below = items.slice(at + 1).findIndex((item) => item.indent <= indent);
    const end = below < 0 ? items.length : at + 1 + below;
    const children = [...inline(content), ...(end > at + 1 ? lists(items.slice(at + 1, end)) : [])];
    const ordered = number !== undefined;
    if (found.at(-1)?.ordered !== ordered) found.push({ type: 'list', ordered, start: number, items: [] });
    found.at(-1).items.push(children);
    at = end;
  }
  return found;
}

function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
