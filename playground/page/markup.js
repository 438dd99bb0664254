// Draws what markdown.js read: one function for each type of node.

import { codeBlock } from './copy.js';
import { el, icon, outside } from './dom.js';
import { inline } from './inline.js';
import { markdown } from './markdown.js';
import { channelKinds } from './store.js';
import { timeElement, timeStyles } from './time.js';

/** Draws a text with all of Discord's markdown; `names` knows users, roles and channels by id. */
export function markup(text, names) {
  return draw(markdown(text), names);
}

/** Draws a title: what fits into a line, without links and mentions. */
export function titleMarkup(text) {
  return draw(inline(text, false));
}

/** Draws one line: no quotes, headings and lists. */
export function lineMarkup(text, names) {
  return draw(inline(text), names);
}

function draw(nodes, names) {
  return nodes.map((node) => (typeof node === 'string' ? node : drawings[node.type](node, names)));
}

const wrap = (tag, className) => (node, names) => el(tag, { class: className }, draw(node.children, names));
const mention = (text) => el('span', { class: 'mention' }, text);

const drawings = {
  bold: wrap('strong'),
  italic: wrap('em'),
  underline: wrap('u'),
  strike: wrap('s'),
  quote: wrap('blockquote'),
  subtext: wrap('small'),
  spoiler,
  code: (node) => el('code', {}, node.text),
  fence: (node) => codeBlock(node.text),
  heading: (node, names) => el(`h${node.level + 3}`, {}, draw(node.children, names)),
  list,
  link: (node, names) => outside(node.address, { title: node.address }, draw(node.children, names)),
  time,
  user: (node, names) => mention(`@${names.user(node.id)?.username ?? 'unknown-user'}`),
  role: (node, names) => mention(`@${names.role(node.id)?.name ?? 'deleted-role'}`),
  channel,
  command: (node) => mention(node.name),
  everyone: (node) => mention(node.name),
  emoji: (node) => node.name,
};

function list({ ordered, start, items }, names) {
  return el(ordered ? 'ol' : 'ul', { start }, items.map((item) => el('li', {}, draw(item, names))));
}

function channel({ id }, names) {
  const found = names.channel(id);
  if (!found) return mention('#unknown');
  return el('a', { class: 'mention', href: `#/${id}` }, icon(channelKinds[found.type] ?? 'text'), found.name);
}

function time({ unix, style }) {
  const date = new Date(unix * 1000);
  if (Number.isNaN(date.getTime())) return mention('Invalid date');
  const node = timeElement(date, timeStyles[style](date), 'timestamp');
  if (style === 'R') node.dataset.relative = '';
  return node;
}

function spoiler(node, names) {
  const text = el('span', { inert: true }, draw(node.children, names));
  const cover = el('span', { class: 'spoiler', role: 'button', tabindex: 0, 'aria-label': 'Spoiler, press to show' }, text);
  const reveal = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    text.inert = false;
    for (const name of ['role', 'tabindex', 'aria-label']) cover.removeAttribute(name);
    cover.classList.add('revealed');
    cover.removeEventListener('click', reveal);
    cover.removeEventListener('keydown', reveal);
  };
  cover.addEventListener('click', reveal);
  cover.addEventListener('keydown', reveal);
  return cover;
}
